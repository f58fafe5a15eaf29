"""Tests with BrainFlow's boards without hardware: synthetic, playback, streaming."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from sentio_recording.manifest import Clocks, Manifest
from sentio_recording.recorder import Recorder
from sentio_recording.recording import Recording
from sentio_recording.stamps import times_of
from sentio_sensors import AbsentError, Chunk, EndOfSource, FormatError, MonotonicClock, Role
from sentio_sensors.brainflow.boards import boards
from sentio_sensors.brainflow.channels import streams_of
from sentio_sensors.brainflow.source import BrainflowSettings, BrainflowSource
from sentio_sensors.channel_roles import Choices

pytest.importorskip("brainflow")
CLOCK = MonotonicClock()

REGULAR = pytest.approx(0.004, abs=1e-4)
"""Seconds between samples. A busy machine stops the synthetic board, a thread that sleeps between
its samples; it makes up for the pause with a burst.
"""


def manifest() -> Manifest:
    clocks = Clocks(monotonic=CLOCK.now(), wall="2026-01-01T00:00:00+00:00")
    return Manifest(id="board", clocks=clocks)


@pytest.fixture
def synthetic() -> Iterator[BrainflowSource]:
    source = BrainflowSource(BrainflowSettings(board="synthetic"), CLOCK)
    yield source
    source.close()


def read(source: BrainflowSource, stream: str, samples: int) -> list[Chunk]:
    chunks: list[Chunk] = []
    end = CLOCK.now() + 20
    while sum(map(len, chunks)) < samples:
        assert CLOCK.now() < end
        chunks.extend(c for c in source.read(0.5) if c.stream.endswith(stream))
    return chunks


def test_board_description_defines_the_streams(synthetic: BrainflowSource) -> None:
    specs = {spec.role: spec for spec in synthetic.open()}
    assert set(specs) == {Role.EEG, Role.PPG, Role.EDA, Role.TEMP, Role.ACCEL, Role.OTHER}
    assert specs[Role.EEG].rate_hz == 250
    assert [c.label for c in specs[Role.EEG].channels][:3] == ["Fz", "C3", "Cz"]
    assert specs[Role.EEG].channels[0].unit == "uV"


def undisturbed(source: BrainflowSource) -> list[Chunk]:
    """Return a second from the opening on in which nothing stopped the board's thread."""
    mean = median = 0.0
    end = CLOCK.now() + 60.0
    while CLOCK.now() < end:
        source.open()
        chunks = read(source, "/eeg", 250)
        stamps = np.concatenate([chunk.stamps.original for chunk in chunks if chunk.stamps])
        mean, median = np.mean(np.diff(stamps)), np.median(np.diff(stamps))
        # Times follow the mean of all stamps: one long pause changes them for seconds.
        if mean == REGULAR and median == REGULAR:
            return chunks
        source.close()
    raise AssertionError(f"the board's own interval is {median:.4f} s, its mean {mean:.4f} s")


def test_samples_are_recent_regular_and_complete(synthetic: BrainflowSource) -> None:
    chunks = undisturbed(synthetic)
    times = np.concatenate([chunk.times for chunk in chunks])
    assert abs(times[-1] - CLOCK.now()) < 1.0
    assert np.diff(times).min() > 0
    assert np.median(np.diff(times)) == REGULAR
    assert sum(chunk.lost for chunk in chunks) == 0
    assert chunks[0].values.shape[1] == 16


def test_board_in_use_is_refused(synthetic: BrainflowSource) -> None:
    synthetic.open()
    other = BrainflowSource(BrainflowSettings(board="synthetic"), CLOCK)
    with pytest.raises(AbsentError, match="another source"):
        other.open()
    other.close()
    del other
    read(synthetic, "/eeg", 25)  # the first still works
    synthetic.close()
    again = BrainflowSource(BrainflowSettings(board="synthetic"), CLOCK)
    assert again.open()
    again.close()


def test_only_requested_roles_are_read() -> None:
    source = BrainflowSource(BrainflowSettings(board=-1, roles=(Role.ECG, Role.PPG)), CLOCK)
    assert [spec.role for spec in source.open()] == [Role.ECG, Role.PPG]
    source.close()


def test_channels_get_the_roles_and_units_that_the_user_states(tmp_path: Path) -> None:
    """An ECG on an input of an EEG board; recordings keep the driver's stamps."""
    settings = BrainflowSettings(
        board="synthetic",
        roles={"F8": Role.ECG},
        units={"Fz": "mV", "C3": "parsec"},
        ignore=("battery*", "P*", "ppg*"),
    )
    source = BrainflowSource(settings, CLOCK)
    streams = source.open()
    specs = {spec.role: spec for spec in streams}
    assert [c.label for c in specs[Role.ECG].channels] == ["F8"]
    labels = [c.label for c in specs[Role.EEG].channels]
    assert not {"F8", "C3", "Pz", "PO7"} & set(labels)
    assert Role.PPG not in specs
    other = next(spec for spec in streams if spec.role is Role.OTHER).channels
    assert len({spec.id for spec in streams}) == len(streams)
    assert other[0].label == "C3"
    assert other[0].unit == "parsec"
    chunks: dict[str, list[Chunk]] = {spec.id: [] for spec in streams}
    recorder = Recorder(tmp_path / "rec", manifest(), CLOCK)
    recorder.start()
    for spec in streams:
        recorder.stream(spec)
    end = CLOCK.now() + 20
    while sum(map(len, chunks[specs[Role.EEG].id])) < 250 and CLOCK.now() < end:
        for chunk in source.read(0.5):
            chunks[chunk.stream].append(chunk)
            recorder.chunk(chunk)
    source.close()
    recorder.stop()
    eeg = np.concatenate([chunk.values for chunk in chunks[specs[Role.EEG].id]])
    ratio = np.ptp(eeg[:, labels.index("Fz")]) / np.ptp(eeg[:, labels.index("Cz")])
    assert ratio > 100  # millivolts became microvolts
    with Recording(tmp_path / "rec") as recording:
        (number,) = recording.numbers(specs[Role.EEG].id)
        stamps = recording.stamps(number)
        assert stamps is not None
        expected = [chunk.stamps for chunk in chunks[specs[Role.EEG].id]]
        assert np.array_equal(
            stamps.stamps, np.concatenate([s.original for s in expected if s is not None])
        )
        assert abs(stamps.stamps[-1] - time.time()) < 60  # the driver's wall clock
        aligned = stamps.stamps + stamps.offsets
        assert np.abs(times_of(recording, number) - aligned).max() < 0.2


def test_an_odd_row_never_refuses_a_board() -> None:
    description = {
        "name": "Odd",
        "sampling_rate": 250,
        "timestamp_channel": 9,
        "eeg_channels": [1, 2],
        "emg_channels": [1, 2, 3],
        "eog_channels": [4],
        "battery_channel": 7,
        "other_channels": [5, 6],
    }
    streams = {s.spec.role: s for s in streams_of(description)}
    assert {role: s.rows.tolist() for role, s in streams.items()} == {
        Role.EEG: [1, 2], Role.EMG: [3], Role.EOG: [4], Role.OTHER: [7, 5, 6],
    }  # fmt: skip
    only = {s.spec.role: s.rows.tolist() for s in streams_of(description, (Role.EMG, Role.EEG))}
    assert only == {Role.EEG: [1, 2], Role.EMG: [1, 2, 3]}
    choices = Choices({"eeg2": Role.ECG}, {"eeg2": "nV", "eeg1": "furlong"}, ["other*"])
    chosen = {s.spec.role: s for s in streams_of(description, (), choices)}
    assert chosen[Role.OTHER].rows.tolist() == [1, 7]
    data = np.arange(20.0).reshape(10, 2) * 1000
    assert chosen[Role.ECG].values(data).ravel().tolist() == [4.0, 5.0]


def test_missing_role_is_refused() -> None:
    source = BrainflowSource(BrainflowSettings(board="synthetic", roles=(Role.RESP,)), CLOCK)
    with pytest.raises(FormatError, match="resp"):
        source.open()
    source.close()


def test_unknown_board_suggests_the_nearest_name() -> None:
    with pytest.raises(AbsentError, match="ganglion"):
        BrainflowSource(BrainflowSettings(board="gangleon"), CLOCK).open()
    assert {"synthetic", "cyton", "muse_2"} <= set(boards())


def test_unresponsive_board_raises_absent() -> None:
    source = BrainflowSource(BrainflowSettings(board="cyton", serial_port="/dev/null"), CLOCK)
    with pytest.raises(AbsentError, match="switched on"):
        source.open()
    source.close()
    source = BrainflowSource(BrainflowSettings(board="cyton", serial_port="/dev/no-such"), CLOCK)
    with pytest.raises(AbsentError, match="no serial port /dev/no-such"):
        source.open()


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """Write one second of the synthetic board, with three packages missing."""
    from brainflow.board_shim import BoardIds, BoardShim, BrainFlowInputParams
    from brainflow.data_filter import DataFilter

    board = BoardShim(BoardIds.SYNTHETIC_BOARD, BrainFlowInputParams())
    board.prepare_session()
    board.start_stream()
    end = CLOCK.now() + 20
    while board.get_board_data_count() < 300 and CLOCK.now() < end:
        CLOCK.sleep(0.01)
    data = board.get_board_data()[:, :260]
    board.stop_stream()
    board.release_session()
    path = tmp_path / "recording.csv"
    kept = np.ascontiguousarray(np.delete(data, [50, 51, 200], axis=1))
    DataFilter.write_file(kept, str(path), "w")
    return path


def test_file_is_played_with_losses_counted_to_its_end(recording: Path) -> None:
    settings = BrainflowSettings(
        board="playback_file", file=str(recording), master_board="synthetic"
    )
    source = BrainflowSource(settings, CLOCK)
    source.open()
    chunks: list[Chunk] = []
    with pytest.raises(EndOfSource):  # noqa: PT012 - it takes some readings
        while True:
            chunks.extend(c for c in source.read(0.5) if c.stream.endswith("/eeg"))
    source.close()
    assert sum(map(len, chunks)) >= 250
    assert sum(chunk.lost for chunk in chunks) == 3


ALONE = """
ip link set lo up && ip route add 224.0.0.0/4 dev lo && ip link set lo multicast on && exec "$@"
"""
"""Separate network namespace: BrainFlow's multicast must not leave this machine."""

STREAM = """
from sentio_sensors import MonotonicClock
from sentio_sensors.brainflow.boards import binding
from sentio_sensors.brainflow.source import BrainflowSettings, BrainflowSource

clock = MonotonicClock()
shim = binding()
board = shim.BoardShim(-1, shim.BrainFlowInputParams())
board.prepare_session()
board.start_stream(4500, "streaming_board://225.1.1.1:6677")
source = BrainflowSource(BrainflowSettings(
    board="streaming", ip_address="225.1.1.1", ip_port=6677, master_board="synthetic"), clock)
source.open()
end, count = clock.now() + 20, 0
while count < 50 and clock.now() < end:
    count += sum(len(c) for c in source.read(0.5) if c.stream.endswith("/eeg"))
source.close()
board.stop_stream()
board.release_session()
print(count >= 50)
"""


def test_streamed_board_is_read() -> None:
    if shutil.which("unshare") is None or shutil.which("ip") is None or os.geteuid() != 0:
        pytest.skip("no network namespace: needs root, unshare and ip")
    command = ["unshare", "--net", "sh", "-c", ALONE, "sh", sys.executable, "-c", STREAM]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "True", done.stderr
