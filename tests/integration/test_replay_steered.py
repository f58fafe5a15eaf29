"""`sentio replay` for its clients: control port, roles of channels, and LSL."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from benchmarks.offline_session import live
from sentio_bridge.cli import replay as command
from sentio_bridge.client import (
    AffectFrame,
    Requester,
    Subscription,
    decode_affect,
    decode_map,
    split_message,
)
from sentio_bridge.config.loader import Sidecar as Ports
from sentio_bridge.replay.server import PlayedRecording, foreign, native, publish
from sentio_bridge.transport.ports import bind
from sentio_recording.manifest import Clocks, Manifest
from sentio_recording.recorder import Recorder
from sentio_recording.recording import Recording
from sentio_recording.tracks import tracks, unknown
from sentio_sensors import Channel, Chunk, MonotonicClock, Role, StreamSpec
from sentio_sensors.files import play

from .conftest import DEADLINE

EXAMPLES = "xdf_examples"


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Path:
    _, folder = live(
        tmp_path_factory.mktemp("rec"), "demo", 8, 8.0, '["adapt", "record", "record_raw"]'
    )
    return folder


@contextmanager
def serving(played: PlayedRecording, **options: Any) -> Iterator[tuple[Requester, Subscription]]:
    """Publish in a thread, with a client connected to it."""
    sockets, stop = bind(Ports(state_port=0, control_port=0)), threading.Event()
    state, control = sockets.state_endpoint, sockets.control_endpoint
    thread = threading.Thread(
        target=publish, args=(played, sockets, MonotonicClock(), stop), kwargs=options, daemon=True
    )
    thread.start()
    try:
        with (
            Requester(control, timeout=DEADLINE) as requester,
            Subscription(state, [b"affect/"]) as sub,
        ):
            yield requester, sub
    finally:
        stop.set()
        thread.join(DEADLINE)
        assert not thread.is_alive()


def check_details_continue(endpoint: str, epoch: int) -> None:
    """Check that a paused replay repeats its details, also for a new subscriber."""
    with Subscription(endpoint, [b"detail/"]) as late:
        received = [message for message in (late.receive(DEADLINE) for _ in range(2)) if message]
    first, second = (decode_map(split_message(message)[2]) for message in received)
    assert all(first[key] == second[key] for key in ("state", "values", "why", "epoch"))
    assert first["epoch"] == epoch
    assert first["sent"] < second["sent"]
    assert first["seq"] < second["seq"]


@pytest.mark.parametrize("compute", [True, False])
def test_clients_pause_seek_and_speed_up_a_replay(session: Path, compute: bool) -> None:
    with Recording(session) as recording:
        played = native(recording, compute=compute)
        with serving(played, speed=1.0, loop=True) as (requester, sub):
            hello = requester.try_call("hello", client="test")
            assert hello["subjects"] == ["player"]
            first = sub.receive(DEADLINE)
            assert first is not None
            assert decode_affect(first).epoch == hello["epoch"]
            status = requester.try_call("replay", action="pause")["replay"][session.name]
            assert status["paused"]
            # A paused replay repeats its state as keepalive.
            paused: list[AffectFrame] = []  # the first may have been sent before the pause
            end = time.monotonic() + DEADLINE
            while len(paused) < 3 or len({frame.vector.tobytes() for frame in paused[-3:]}) > 1:
                assert time.monotonic() < end
                if message := sub.receive(DEADLINE):
                    paused.append(decode_affect(message))
            assert all(a.seq < b.seq and a.sent < b.sent for a, b in pairwise(paused))
            if compute:  # details are recomputed; they are not recorded
                check_details_continue(hello["state_endpoint"], hello["epoch"])
            assert requester.try_call("replay", action="pause")["replay"][session.name] == status
            status = requester.try_call("replay", action="seek", time=6.0)["replay"][session.name]
            assert status == {"position": 6.0, "paused": True}
            assert requester.try_call("replay", action="speed", speed=0.5)["ok"]
            assert requester.try_call("replay", action="resume")["ok"]
            epoch = requester.try_call("hello")["epoch"]
            assert epoch != hello["epoch"]
            while (message := sub.receive(DEADLINE)) and decode_affect(message).epoch != epoch:
                pass
            assert message is not None
            frame = decode_affect(message)
            assert abs(frame.sent - requester.try_call("time")["time"]) < 40.0
            status = requester.try_call("replay", action="pause")["replay"][session.name]
            assert 6.0 <= status["position"] < 8.0
            assert not requester.try_call("replay", action="speed", speed=1000)["ok"]
            assert requester.try_call("replay", action="seek")["error"]["code"] == "bad_argument"
            assert requester.try_call("marker", name="x")["error"]["code"] == "refused"


def test_clients_control_the_replay_of_a_foreign_file(data_dir: Path) -> None:
    with Recording(data_dir / EXAMPLES / "clock_resets.xdf") as recording:
        with serving(foreign(recording, {}), speed=20.0, loop=True) as (requester, sub):
            end = time.monotonic() + DEADLINE
            weight = None
            while weight is None and time.monotonic() < end:
                message = sub.receive(1.0)
                weight = decode_affect(message).get("eeg_quality") if message else None
            assert weight is not None
            status = requester.try_call("replay", action="seek", time=100.0)["replay"]
            assert status["clock_resets.xdf"]["position"] == pytest.approx(100.0)
            assert requester.try_call("replay", action="pause")["replay"]["clock_resets.xdf"][
                "paused"
            ]


def sentio(*arguments: object, answers: str = "") -> tuple[int, str]:
    app = typer.Typer()
    command.register(app)
    ports = ("--port", "0", "--control-port", "0")
    result = CliRunner().invoke(
        app, [*(str(argument) for argument in arguments), *ports], input=answers
    )
    return result.exit_code, result.output


def test_undescribed_streams_are_mapped_by_option(data_dir: Path) -> None:
    path = data_dir / EXAMPLES / "empty_streams.xdf"
    code, output = sentio(path, "--speed", "100")
    assert code == 2
    assert "skipped: Data stream: test stream 0 counter (ch:00)" in output
    assert "Empty data" not in output.splitlines()[0]
    assert "--map STREAM=ROLE" in output
    code, output = sentio(path, "--speed", "100", "--map", "Data stream*=eda")
    assert code == 0
    assert "skipped: Data" not in output
    assert sentio(path, "--map", "Data stream*=nonsense")[0] == 2
    assert sentio(path, "--map", "Data*=eda", "--speed", "max")[0] == 0


def test_roles_are_requested_at_a_terminal(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "interactive", lambda: True)
    path = data_dir / EXAMPLES / "empty_streams.xdf"
    code, output = sentio(path, "--speed", "100", answers="what\neda,eda\neda\n-\n")
    assert code == 0
    assert "'what' is not a role" in output
    assert "2 roles for 1 channels" in output
    code, output = sentio(path, "--speed", "100", answers="-\n-\n")
    assert code == 2


def test_map_selects_streams_and_channels(data_dir: Path) -> None:
    with Recording(data_dir / EXAMPLES / "minimal.xdf") as recording:
        (eeg,) = (i for i in recording.streams.values() if i.name == "SendDataC")
        label = eeg.channels[1].label
        roles = {"SendDataC": Role.PPG, f"SendDataC/{label}": Role.EDA}
        assert {t.spec.role for t in tracks(recording, {"SendDataC": Role.PPG})} == {
            Role.PPG, Role.MARKER
        }  # fmt: skip
        by_channel = tracks(recording, {f"SendDataC/{label}": Role.EDA})
        assert {t.spec.role for t in by_channel} == {Role.EEG, Role.EDA, Role.MARKER}
        (eda,) = (t for t in by_channel if t.spec.role is Role.EDA)
        assert [channel.label for channel in eda.spec.channels] == [label]
        assert unknown(recording, roles) == []
        assert unknown(recording, {}) == []


def test_other_programs_read_the_streams_over_lsl(tmp_path: Path) -> None:
    pylsl = pytest.importorskip("pylsl", exc_type=ImportError)
    name = f"amp-{uuid.uuid4().hex[:8]}"
    eeg = StreamSpec(f"{name}/eeg", Role.EEG, 100.0, (Channel("Fz", "uV"), Channel("Cz", "uV")))
    game = StreamSpec(f"{name}/marker", Role.MARKER, 0.0, (Channel("name", ""),))
    manifest = Manifest(id="t", clocks=Clocks(monotonic=50.0, wall="2026-01-01T00:00:00Z"))
    recorder = Recorder(tmp_path / "rec", manifest, MonotonicClock())
    recorder.start()
    values = np.random.default_rng(3).normal(size=(300, 2)).astype(np.float32)
    times = 50.0 + np.arange(300) / 100
    for spec in (eeg, game):
        recorder.stream(spec)
    for at in range(0, 300, 10):
        recorder.chunk(Chunk(eeg.id, times[at : at + 10], values[at : at + 10]))
    recorder.chunk(Chunk(game.id, np.array([51.5]), np.array([["boss"]], object)))
    recorder.stop()
    stop = threading.Event()
    with Recording(tmp_path / "rec") as recording:
        recorded = tracks(recording)
        sender = threading.Thread(
            target=play,
            args=(recorded, MonotonicClock()),
            kwargs={"speed": 1.0, "loop": True, "stop": stop.is_set},
        )
        sender.start()
        try:
            got, stamps, info = read_lsl(pylsl, eeg.id, 400)
            marks, moments, _ = read_lsl(pylsl, game.id, 1)
        finally:
            stop.set()
            sender.join(DEADLINE)
    assert (info.type(), info.nominal_srate(), info.channel_count()) == ("EEG", 100.0, 2)
    node = info.desc().child("channels").child("channel")
    described = []
    while not node.empty():
        described.append((node.child_value("label"), node.child_value("unit")))
        node = node.next_sibling("channel")
    assert described == [("Fz", "uV"), ("Cz", "uV")]
    first = int(np.flatnonzero((values == got[0]).all(axis=1))[0])
    order = (first + np.arange(len(got))) % 300
    assert np.array_equal(got, values[order])  # every value, in the order of the loop
    steps = np.diff(stamps)[np.diff(order) == 1]
    assert np.allclose(steps, 0.01, atol=1e-6)
    assert marks[0] == ["boss"]
    # The marker has the timestamp of the sample with which it was recorded.
    sample_times = [s for s, o in zip(stamps, order, strict=True) if o == 150]
    length = np.median(np.diff(sample_times)) if len(sample_times) > 1 else 3.02
    distance = (moments[0] - sample_times[0]) / length
    assert abs(distance - round(distance)) < 0.01


def read_lsl(pylsl: Any, name: str, count: int) -> tuple[Any, np.ndarray, Any]:
    """Read ``count`` samples with pylsl only, like another program."""
    (found,) = pylsl.resolve_byprop("name", name, 1, DEADLINE)
    inlet = pylsl.StreamInlet(found, max_buflen=30)
    info = inlet.info(DEADLINE)
    values: list[list[Any]] = []
    stamps: list[float] = []
    end = time.monotonic() + DEADLINE
    while len(values) < count and time.monotonic() < end:
        value, stamp = inlet.pull_sample(1.0)
        if value is not None:
            values.append(value)
            stamps.append(stamp)
    inlet.close_stream()
    text = values and isinstance(values[0][0], str)
    return (values if text else np.asarray(values, np.float32)), np.asarray(stamps), info
