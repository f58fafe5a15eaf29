"""A sidecar in this process, which misses no message."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sentio_bridge.client import Requester
from sentio_bridge.config.loader import Sidecar as Ports
from sentio_bridge.config.loader import parse
from sentio_bridge.core.outgoing import Outgoing
from sentio_bridge.outputs.output import Output
from sentio_bridge.protocol import codec
from sentio_bridge.server.sidecar import Sidecar
from sentio_bridge.transport.ports import bind
from sentio_sensors import MonotonicClock

from .conftest import DEADLINE

Request = Callable[..., dict[str, Any]]


class Collected:
    """Output that collects every message."""

    leaves_machine = False

    def __init__(self, sent: list[bytes]) -> None:
        self._sent = sent

    def publish(self, messages: Sequence[Outgoing]) -> None:
        self._sent.extend(message.encoded for message in messages)

    def close(self) -> None:
        pass


@contextmanager
def running(text: str) -> Iterator[tuple[Request, list[bytes]]]:
    """Run a sidecar and collect its messages."""
    sent: list[bytes] = []
    with serving(text, Collected(sent)) as request:
        yield request, sent


@contextmanager
def serving(text: str, *outputs: Output) -> Iterator[Request]:
    """Run a sidecar with further outputs in this process."""
    sockets = bind(Ports(state_port=0, control_port=0))
    control = sockets.control_endpoint
    stop = threading.Event()
    sidecar = Sidecar(parse(text), MonotonicClock(), sockets, outputs)
    thread = threading.Thread(target=sidecar.run, args=(stop,))
    thread.start()
    try:
        with Requester(control, timeout=DEADLINE) as requester:
            yield requester.try_call
    finally:
        stop.set()
        sidecar.wake()
        thread.join(DEADLINE)


def until(
    sent: list[bytes], condition: Callable[[dict[str, Any]], bool], kind: bytes = b"detail/"
) -> None:
    """Wait for a message of ``kind`` whose body fulfils ``condition``."""
    end, checked = time.monotonic() + DEADLINE, 0
    while time.monotonic() < end:
        for message in sent[checked:]:
            checked += 1
            if message.startswith(kind) and condition(codec.decode_map(body(message))):
                return
        time.sleep(0.02)
    raise AssertionError("never fulfilled")


def body(message: bytes) -> bytes:
    return codec.split_message(message)[2]


def of_kind(kind: bytes, messages: list[bytes]) -> list[bytes]:
    return [message for message in messages if message.startswith(kind)]


def details_of(messages: list[bytes]) -> list[dict[str, Any]]:
    """Return the details without the recorder's status, which a replay does not have."""
    return [
        {k: v for k, v in codec.decode_map(body(m)).items() if k != "recording"}
        for m in of_kind(b"detail/", messages)
    ]
