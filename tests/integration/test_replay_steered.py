"""`sentio replay` as its clients meet it: steered on its control port, and read over LSL."""

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
    split,
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
def serving(played: PlayedRecording, **more: Any) -> Iterator[tuple[Requester, Subscription]]:
    """Publish in a thread, with a client connected to it."""
    sockets, stop = bind(Ports(state_port=0, control_port=0)), threading.Event()
    state, control = sockets.state_endpoint, sockets.control_endpoint
    thread = threading.Thread(
        target=publish, args=(played, sockets, MonotonicClock(), stop), kwargs=more, daemon=True
    )
    thread.start()
    try:
        with Requester(control, timeout=DEADLINE) as ask, Subscription(state, [b"affect/"]) as sub:
            yield ask, sub
    finally:
        stop.set()
        thread.join(DEADLINE)
        assert not thread.is_alive()


def check_details_go_on(endpoint: str, epoch: int) -> None:
    """Of a replay that stands still, two details in a row say the same; for who comes late too."""
    with Subscription(endpoint, [b"detail/"]) as late:
        heard = [message for message in (late.receive(DEADLINE) for _ in range(2)) if message]
    one, two = (decode_map(split(message)[2]) for message in heard)
    assert all(one[key] == two[key] for key in ("state", "values", "why", "epoch"))
    assert one["epoch"] == epoch
    assert one["sent"] < two["sent"]
    assert one["seq"] < two["seq"]


@pytest.mark.parametrize("compute", [True, False])
def test_clients_pause_seek_and_hurry_a_replay(session: Path, compute: bool) -> None:
    with Recording(session) as recording:
        played = native(recording, compute=compute)
        with serving(played, speed=1.0, loop=True) as (asker, sub):
            hello = asker.request("hello", client="test")
            assert hello["subjects"] == ["player"]
            first = sub.receive(DEADLINE)
            assert first is not None
            assert decode_affect(first).epoch == hello["epoch"]
            told = asker.request("replay", action="pause")["replay"][session.name]
            assert told["paused"]
            # It goes on saying where it stands: silence would mean trouble.
            still: list[AffectFrame] = []  # what was sent before it stood comes first
            end = time.monotonic() + DEADLINE
            while len(still) < 3 or len({frame.vector.tobytes() for frame in still[-3:]}) > 1:
                assert time.monotonic() < end
                if message := sub.receive(DEADLINE):
                    still.append(decode_affect(message))
            assert all(a.seq < b.seq and a.sent < b.sent for a, b in pairwise(still))
            if compute:  # details are computed again, and not among the recorded frames
                check_details_go_on(hello["state_endpoint"], hello["epoch"])
            assert asker.request("replay", action="pause")["replay"][session.name] == told
            told = asker.request("replay", action="seek", time=6.0)["replay"][session.name]
            assert told == {"position": 6.0, "paused": True}
            assert asker.request("replay", action="speed", speed=0.5)["ok"]
            assert asker.request("replay", action="resume")["ok"]
            epoch = asker.request("hello")["epoch"]
            assert epoch != hello["epoch"]
            while (message := sub.receive(DEADLINE)) and decode_affect(message).epoch != epoch:
                pass
            assert message is not None
            frame = decode_affect(message)
            assert abs(frame.sent - asker.request("time")["time"]) < DEADLINE
            told = asker.request("replay", action="pause")["replay"][session.name]
            assert 6.0 <= told["position"] < 8.0
            assert not asker.request("replay", action="speed", speed=1000)["ok"]
            assert asker.request("replay", action="seek")["error"]["code"] == "bad_argument"
            assert asker.request("marker", name="x")["error"]["code"] == "refused"


def test_a_file_of_another_program_is_steered(data_dir: Path) -> None:
    with Recording(data_dir / EXAMPLES / "clock_resets.xdf") as recording:
        with serving(foreign(recording, {}), speed=20.0, loop=True) as (asker, sub):
            end = time.monotonic() + DEADLINE
            weight = None
            while weight is None and time.monotonic() < end:
                message = sub.receive(1.0)
                weight = decode_affect(message).get("eeg_quality") if message else None
            assert weight is not None
            told = asker.request("replay", action="seek", time=100.0)["replay"]
            assert told["clock_resets.xdf"]["position"] == pytest.approx(100.0)
            assert asker.request("replay", action="pause")["replay"]["clock_resets.xdf"]["paused"]


def sentio(*words: object, answers: str = "") -> tuple[int, str]:
    app = typer.Typer()
    command.register(app)
    ports = ("--port", "0", "--control-port", "0")
    result = CliRunner().invoke(app, [*(str(word) for word in words), *ports], input=answers)
    return result.exit_code, result.output


def test_what_says_not_what_it_measures_is_mapped(data_dir: Path) -> None:
    path = data_dir / EXAMPLES / "empty_streams.xdf"
    code, said = sentio(path, "--speed", "100")
    assert code == 2
    assert "left out: Data stream: test stream 0 counter (ch:00)" in said
    assert "Empty data" not in said.splitlines()[0]
    assert "--map STREAM=ROLE" in said
    code, said = sentio(path, "--speed", "100", "--map", "Data stream*=eda")
    assert code == 0
    assert "left out: Data" not in said
    assert sentio(path, "--map", "Data stream*=nonsense")[0] == 2
    assert sentio(path, "--map", "Data*=eda", "--speed", "max")[0] == 0


def test_somebody_at_a_terminal_is_asked(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "at_a_terminal", lambda: True)
    path = data_dir / EXAMPLES / "empty_streams.xdf"
    code, said = sentio(path, "--speed", "100", answers="what\neda,eda\neda\n-\n")
    assert code == 0
    assert "'what' is none" in said
    assert "2 for 1" in said
    code, said = sentio(path, "--speed", "100", answers="-\n-\n")
    assert code == 2


def test_a_map_names_streams_channels_or_both(data_dir: Path) -> None:
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


def test_another_program_reads_the_streams_over_lsl(tmp_path: Path) -> None:
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
        found = tracks(recording)
        sender = threading.Thread(
            target=play,
            args=(found, MonotonicClock()),
            kwargs={"speed": 1.0, "loop": True, "stop": stop.is_set},
        )
        sender.start()
        try:
            got, stamps, info = heard(pylsl, eeg.id, 400)
            marks, moments, _ = heard(pylsl, game.id, 1)
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
    assert np.array_equal(got, values[order])  # every value, none left out, in the loop's order
    steps = np.diff(stamps)[np.diff(order) == 1]
    assert np.allclose(steps, 0.01, atol=1e-6)
    assert marks[0] == ["boss"]
    # The marker keeps its place: it falls on the stamp of the sample beside which it was recorded.
    beside = [s for s, o in zip(stamps, order, strict=True) if o == 150]
    length = np.median(np.diff(beside)) if len(beside) > 1 else 3.02
    away = (moments[0] - beside[0]) / length
    assert abs(away - round(away)) < 0.01


def heard(pylsl: Any, name: str, count: int) -> tuple[Any, np.ndarray, Any]:
    """Read so many samples with pylsl alone, as any other program would."""
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
