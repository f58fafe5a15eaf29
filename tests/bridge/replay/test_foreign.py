"""Replay of a foreign recording: results do not depend on the speed."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from sentio_bridge.core.outgoing import TimedOutgoing
from sentio_bridge.errors import ConfigError
from sentio_bridge.protocol import codec
from sentio_bridge.replay.foreign import LEAD, ForeignReplay
from sentio_bridge.replay.player import Player, played
from sentio_recording.manifest import Clocks, Manifest
from sentio_recording.recording import Recording
from sentio_recording.storage import Storage
from sentio_recording.tracks import blocks
from sentio_recording.xdf.headers import StreamInfo
from sentio_sensors import Channel, ManualClock, Role, StreamSpec
from sentio_sensors.files.track import Track
from sentio_sensors.simulated import SimulatedSource, SimulateSettings

MANIFEST = Manifest(id="t", clocks=Clocks(monotonic=1000.0, wall=""))


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write two minutes of a wristband, described as by LabRecorder."""
    folder = tmp_path_factory.mktemp("other") / "rec"
    clock = ManualClock()
    source = SimulatedSource(SimulateSettings(roles=(Role.PPG, Role.EDA), seed=3), clock)
    storage = Storage(folder, MANIFEST, 1000.0, reserved=0)
    for spec in source.open():
        kind = spec.role.value.upper()
        info = StreamInfo(f"Band {kind}", kind, spec.channels, spec.rate_hz, "float32", spec.id)
        storage.open(spec.id, info, 1000.0)
    game = StreamInfo("Game", "Markers", (Channel("name", ""),), 0.0, "string", "game")
    storage.open("game", game, 1000.0)
    while clock.now() < 1120.0:
        for chunk in source.read(0.1):
            storage.samples(chunk.stream, chunk.times, chunk.values)
    storage.samples("game", np.array([1050.0]), np.array([["boss"]], object))
    storage.end(clock.now(), "stopped", {})
    return folder / "data.xdf"


def rates(messages: list[TimedOutgoing]) -> list[float]:
    frames = [codec.decode_affect(s.message) for s in messages if s.message.startswith(b"affect/")]
    return [rate for frame in frames if (rate := frame.get("heart_rate")) is not None]


@pytest.fixture(scope="module")
def complete(file: Path) -> list[TimedOutgoing]:
    with Recording(file) as recording:
        return list(ForeignReplay(recording, {}).messages())


@pytest.mark.slow
def test_heart_rate_does_not_depend_on_speed(file: Path, complete: list[TimedOutgoing]) -> None:
    assert 55 < np.median(rates(complete)) < 80  # the simulated rate, not twice
    for speed in (0.0, 7.0, 100.0):
        with Recording(file) as recording:
            run, clock = ForeignReplay(recording, {}), ManualClock()
            player = Player(lambda at, _, r=run: r.messages(at), clock, speed=speed)
            replayed = list(played(player, clock))
        assert [s.message for s in replayed] == [s.message for s in complete]


def test_frames_are_continuous_and_contain_markers(complete: list[TimedOutgoing]) -> None:
    times = [s.time for s in complete if s.message.startswith(b"affect/")]
    assert max(np.diff(times)) < 0.3
    events = [
        codec.decode_map(codec.split_message(s.message)[2])
        for s in complete
        if s.message[:5] == b"event"
    ]
    (marker,) = [e for e in events if e["kind"] == "marker"]
    assert (marker["name"], marker["time"]) == ("boss", 1050.0)


def test_seek_starts_with_a_lead(file: Path) -> None:
    with Recording(file) as recording:
        run = ForeignReplay(recording, {})
        (first,) = islice(run.messages(100.0), 1)
        assert first.time == pytest.approx(run.first + 100.0 - LEAD, abs=0.3)
        clock = ManualClock()
        player = Player(lambda at, _: run.messages(at), clock, first=run.first, speed=0.0)
        player.seek(30.0)
        assert rates(list(played(player, clock)))


def test_recording_without_roles_is_refused(data_dir: Path) -> None:
    with (
        Recording(data_dir / "xdf_examples" / "empty_streams.xdf") as recording,
        pytest.raises(ConfigError, match="test stream 0 counter"),
    ):
        ForeignReplay(recording, {})


@pytest.mark.parametrize("jump", [1e6, 1e12, 1e308])
def test_clock_jump_does_not_allocate_memory(jump: float) -> None:
    spec = StreamSpec("a/eda", Role.EDA, 4.0, (Channel("EDA", "uS"),))
    times = np.concatenate([np.arange(40) / 4, jump + np.arange(40) / 4])
    track = Track(spec, times, np.zeros((80, 1), np.float32))
    chunks = list(blocks([track]))
    assert np.array_equal(np.concatenate([c.times for c in chunks]), times)
    assert len(chunks) <= 80


def test_clock_jump_is_skipped(tmp_path: Path, make_eda: Callable[[float], Path]) -> None:
    with Recording(make_eda(1e9)) as recording:
        messages = list(ForeignReplay(recording, {"*": Role.EDA}).messages())
    assert messages[-1].time > 1e9
    assert len(messages) < 2000


@pytest.fixture
def make_eda(tmp_path: Path) -> Callable[[float], Path]:
    def build(jump: float) -> Path:
        storage = Storage(tmp_path / "jump", MANIFEST, 0.0, reserved=0)
        storage.open("x", StreamInfo("x", "x", (Channel("x", ""),), 4.0, "float32", "x"), 0.0)
        for start in (1.0, jump):
            storage.samples("x", start + np.arange(40) / 4, np.ones((40, 1), np.float32))
        storage.end(jump, "stopped", {})
        return tmp_path / "jump" / "data.xdf"

    return build
