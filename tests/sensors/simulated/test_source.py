"""Tests of the simulated source: timing, chunks, reconnection, counted losses."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sentio_sensors import AbsentError, Chunk, DisconnectedError, ManualClock, Role
from sentio_sensors.simulated import Fault, SimulatedSource, SimulateSettings
from sentio_sensors.simulated.streams import tracks

FAST = SimulateSettings(
    roles=(Role.EEG, Role.PPG, Role.EDA, Role.AUDIO, Role.FACE, Role.MARKER), scenario="stress-test"
)


def play(source: SimulatedSource, clock: ManualClock, seconds: float) -> dict[str, list[Chunk]]:
    chunks: dict[str, list[Chunk]] = {spec.id: [] for spec in source.open()}
    end = clock.now() + seconds
    while clock.now() < end:
        for chunk in source.read(0.1):
            chunks[chunk.stream].append(chunk)
    return chunks


def test_every_role_has_its_rate_and_exact_stamps() -> None:
    clock = ManualClock(500.0)
    source = SimulatedSource(SimulateSettings(roles=tuple(Role)), clock)
    specs = {spec.id: spec for spec in source.open()}
    devices_only = {Role.RR, Role.EOG, Role.EMG, Role.OTHER}
    assert {spec.role for spec in specs.values()} == set(Role) - devices_only
    for stream, chunks in play(source, clock, 4.0).items():
        rate = specs[stream].rate_hz
        if rate == 0:
            continue
        times = np.concatenate([chunk.times for chunk in chunks])
        assert len(times) == pytest.approx(4 * rate, abs=max(2, rate * 0.05))
        assert np.allclose(np.diff(times), 1 / rate)
        assert all(len(chunk.values) == len(chunk.times) for chunk in chunks)
        assert all(
            chunk.values.shape[1] == len(specs[stream].channels)
            for chunk in chunks
            if specs[stream].role is not Role.VIDEO
        )


def test_samples_arrive_at_their_capture_time() -> None:
    clock = ManualClock()
    source = SimulatedSource(FAST, clock)
    source.open()
    for _ in range(200):
        for chunk in source.read(1.0):
            assert -1e-9 < clock.now() - chunk.times[-1] < 0.1
            if chunk.stream.endswith(("eeg", "audio", "face")):
                assert clock.now() - chunk.times[-1] < 0.005


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(1, 3000), min_size=1, max_size=12), st.integers(0, 3_000_000))
def test_any_cut_gives_the_same_samples(cuts: list[int], start: int) -> None:
    for track in TRACKS:
        whole = track.values(start, sum(cuts))
        at, parts = start, []
        for count in cuts:
            parts.append(track.values(at, count))
            at += count
        assert np.array_equal(whole, np.concatenate(parts))


TRACKS = tracks(FAST)


def test_reconnection_and_second_source_continue_the_same_person() -> None:
    clock = ManualClock(100.0)
    source = SimulatedSource(FAST, clock, origin=100.0)
    play(source, clock, 2.0)
    source.close()
    source.close()
    clock.sleep(3.0)
    again = play(source, clock, 1.0)
    late = ManualClock(105.0)
    other = play(SimulatedSource(FAST, late, origin=100.0), late, 1.0)
    first = again["sim1/eeg"][0]
    twin = next(c for c in other["sim1/eeg"] if abs(c.times[0] - first.times[0]) < 0.01)
    shift = round((first.times[0] - twin.times[0]) * 250)
    assert np.array_equal(first.values[max(0, -shift) :][:4], twin.values[max(0, shift) :][:4])


def test_pause_returns_newest_second_and_lost_count() -> None:
    clock = ManualClock()
    source = SimulatedSource(FAST, clock)
    source.open()
    clock.sleep(10.0)
    eeg = next(chunk for chunk in source.read(0) if chunk.stream == "sim1/eeg")
    assert len(eeg) == 250
    assert eeg.lost == pytest.approx(2250, abs=8)
    assert clock.now() - eeg.times[-1] < 0.04


def test_segments_are_sent_as_markers() -> None:
    clock = ManualClock()
    source = SimulatedSource(
        SimulateSettings(roles=(Role.MARKER, Role.EDA), scenario="stress-test"), clock
    )
    markers = play(source, clock, 90.0)["sim1/marker"]
    assert [str(chunk.values[0, 0]) for chunk in markers] == ["rest", "stress", "recovery"]
    assert markers[1].times[0] == pytest.approx(1040.0)


def faulty(*faults: Fault) -> tuple[SimulatedSource, ManualClock]:
    clock = ManualClock()
    roles = (Role.EEG, Role.PPG)
    return SimulatedSource(SimulateSettings(roles=roles, faults=faults), clock), clock


def test_dropout_is_counted_and_stall_is_not() -> None:
    source, clock = faulty(
        Fault(kind="dropout", at=1, seconds=0.5, role=Role.EEG),
        Fault(kind="stall", at=2, seconds=1, role=Role.EEG),
    )
    chunks = play(source, clock, 4.0)
    eeg = chunks["sim1/eeg"]
    assert sum(chunk.lost for chunk in eeg) == 125
    times = np.concatenate([chunk.times for chunk in eeg]) - 1000
    assert not ((times >= 1) & (times < 1.5)).any()
    assert not ((times >= 2) & (times < 3)).any()
    assert times[-1] > 3.9
    assert sum(chunk.lost for chunk in chunks["sim1/ppg"]) == 0


def test_faults_affect_only_their_time_and_channel() -> None:
    source, clock = faulty(
        Fault(kind="flat", at=1, seconds=1, role=Role.EEG, channel=2),
        Fault(kind="nan", at=1, seconds=0.5, role=Role.EEG, channel=0, every=2),
        Fault(kind="motion", at=1, seconds=1, role=Role.PPG),
    )
    chunks = play(source, clock, 4.0)
    times = np.concatenate([c.times for c in chunks["sim1/eeg"]]) - 1000
    eeg = np.concatenate([c.values for c in chunks["sim1/eeg"]])
    at = (times >= 1) & (times < 2)
    assert (eeg[at, 2] == 0).all()
    assert (eeg[~at, 2] != 0).all()
    nan = ((times >= 1) & (times < 1.5)) | ((times >= 3) & (times < 3.5))
    assert np.array_equal(np.isnan(eeg[:, 0]), nan)
    assert not np.isnan(eeg[:, 1:]).any()
    ppg = np.concatenate([c.values for c in chunks["sim1/ppg"]])
    times = np.concatenate([c.times for c in chunks["sim1/ppg"]]) - 1000
    at = (times >= 1) & (times < 2)
    assert ppg[at].std() > 3 * ppg[~at].std()


def test_unplugged_device_disconnects_and_returns() -> None:
    source, clock = faulty(Fault(kind="unplug", at=1, seconds=2))
    source.open()
    while clock.now() < 1000.95:
        assert source.read(0.02) is not None
    clock.sleep(0.1)
    with pytest.raises(DisconnectedError, match="unplugged"):
        source.read(0.1)
    source.close()
    with pytest.raises(AbsentError):
        source.open()
    clock.sleep(2.5)
    source.open()
    assert source.read(0.1)
