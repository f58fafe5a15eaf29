"""OSC output over a real UDP socket."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator

import pytest

from sentio_bridge.core.outgoing import EventMessage, FrameMessage
from sentio_bridge.errors import ConfigError
from sentio_bridge.outputs import configured
from sentio_bridge.outputs.osc import OscOutput, OscSettings, safe
from sentio_bridge.protocol.bodies import EventBody
from sentio_bridge.protocol.frame import AffectFrame, State, pack


def frame(subject: str, sent: float, **values: float) -> FrameMessage:
    mask, vector = pack(values)
    return FrameMessage(AffectFrame(subject, 1, 0, sent, sent, State.OK, mask, vector))


def parsed(datagram: bytes) -> tuple[str, float]:
    """Decode an OSC message with one float, as specified."""
    assert len(datagram) % 4 == 0
    address, rest = datagram.split(b"\0", 1)
    rest = rest[-(len(address) + 1) % 4 :]
    assert rest[:4] == b",f\0\0"
    (value,) = struct.unpack(">f", rest[4:])
    return address.decode(), value


@pytest.fixture
def receiver() -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        sock.settimeout(10.0)
        yield sock


def received(receiver: socket.socket, count: int) -> dict[str, float]:
    return dict(parsed(receiver.recv(2048)) for _ in range(count))


def waiting(receiver: socket.socket) -> bool:
    receiver.setblocking(False)
    try:
        return bool(receiver.recv(2048))
    except BlockingIOError:
        return False
    finally:
        receiver.settimeout(10.0)


def test_each_known_entry_is_a_separate_message(receiver: socket.socket) -> None:
    output = OscOutput(OscSettings(port=receiver.getsockname()[1]))
    output.publish(
        [
            EventMessage("ann", EventBody(1, 0, 1.0, "marker", "boss", {})),
            frame("ann", 1.0, arousal=0.5, heart_rate=70.25),
            frame("ben", 1.0, arousal=-0.25),
        ]
    )
    assert received(receiver, 3) == {
        "/sentio/ann/arousal": 0.5,
        "/sentio/ann/heart_rate": 70.25,
        "/sentio/ben/arousal": -0.25,
    }
    assert not waiting(receiver)
    output.close()


def test_rate_limit_applies_to_each_subject(receiver: socket.socket) -> None:
    port = receiver.getsockname()[1]
    output = OscOutput(OscSettings(port=port, rate_hz=8.0, entries=["arousal"]))
    for step in range(12):
        for subject in ("ann", "ben"):
            output.publish([frame(subject, 1.0 + step / 32, arousal=step / 16, valence=0.5)])
    datagrams = [parsed(receiver.recv(2048)) for _ in range(6)]
    assert not waiting(receiver)
    assert datagrams == [
        (f"/sentio/{subject}/arousal", step / 16)
        for step in (0, 4, 8)
        for subject in ("ann", "ben")
    ]
    output.publish([frame("ann", 0.5, arousal=1.0)])  # a replay has jumped back
    assert received(receiver, 1) == {"/sentio/ann/arousal": 1.0}
    output.close()


def test_missing_receiver_raises_nothing() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        port = sock.getsockname()[1]
    output = OscOutput(OscSettings(port=port, rate_hz=120.0))
    for step in range(20):
        output.publish([frame("ann", float(step), arousal=0.5)])
    output.close()
    output.close()


def test_configuration_opens_the_output_or_states_the_mistake(receiver: socket.socket) -> None:
    (output,) = configured([{"type": "osc", "port": receiver.getsockname()[1]}])
    output.publish([frame("ann", 1.0, stress=0.5)])
    assert received(receiver, 1) == {"/sentio/ann/stress": 0.5}
    output.close()
    for table, word in (
        ({"type": "ocs"}, "osc"),
        ({}, "osc"),
        ({"type": "osc", "prt": 1}, "port"),
        ({"type": "osc", "port": 0}, "port"),
        ({"type": "osc", "entries": ["arousel"]}, "arousel"),
        ({"type": "osc", "host": "no such host"}, "host"),
    ):
        with pytest.raises(ConfigError) as caught:
            configured([table])
        assert word in str(caught.value)


def test_subject_name_cannot_change_the_address() -> None:
    assert safe("ann/../*b c") == "ann_.._.._b_c".replace("_.._..", "_.._", 1)
    assert safe("plain-1") == "plain-1"


def test_receiver_on_this_machine_is_known() -> None:
    for host, leaves in (("127.0.0.1", False), ("localhost", False), ("192.0.2.7", True)):
        output = OscOutput(OscSettings(host=host))
        assert output.leaves_machine is leaves
        output.close()
