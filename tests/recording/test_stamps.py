"""Original stamps are recorded, and times are derived from the whole recording."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sentio_recording.export.table import tables
from sentio_recording.manifest import Clocks, Manifest
from sentio_recording.recorder import Recorder
from sentio_recording.recording import Recording
from sentio_recording.remove import Removal, remove
from sentio_recording.stamps import settled, straightened, times_of
from sentio_recording.xdf.reader import Samples
from sentio_sensors import Channel, Chunk, ManualClock, Role, Stamps, StreamSpec
from sentio_sensors.runtime.dejitter import Dejitter

JITTER = 0.010


def deduced(ends: np.ndarray, chunk: int, rate: float) -> np.ndarray:
    return (ends[:, None] - np.arange(chunk)[::-1] / rate).ravel()


@pytest.mark.parametrize("rate", [64.0, 250.0])
@pytest.mark.parametrize("off", [-0.03, -0.003, 0.01, 0.03])
@pytest.mark.parametrize("chunk", [1, 25, 100])
def test_ten_minutes_are_right_from_the_first_sample(rate: float, off: float, chunk: int) -> None:
    rng = np.random.default_rng(1)
    real = rate * (1 + off)
    true = 1000.0 + np.arange(1, int(600 * real) // chunk * chunk + 1) / real
    each = straightened(true + rng.normal(0, JITTER, len(true)), rate)
    error = each - true
    assert abs(error.mean()) < 1e-3
    assert np.percentile(np.abs(error), 99) < max(2e-3, 0.5 / rate)
    assert np.diff(each).max() < 1.5 / real
    if chunk > 1:  # one stamp a chunk
        ends = true[chunk - 1 :: chunk]
        stamps = deduced(ends + rng.normal(0, JITTER, len(ends)), chunk, rate)
        error = straightened(stamps, rate) - true
        assert abs(error.mean()) < 1e-3
        assert np.percentile(np.abs(error), 99) < max(2e-3, 0.5 / rate)


@pytest.mark.parametrize("count", [40, 76, 200])
def test_few_stamps_are_used_as_well_as_one_regression_can(count: int) -> None:
    """Chunks of eight seconds with one stamp each: the best that ten minutes allow."""
    rate, chunk, errors, limits = 64.0, 500, [], []
    for seed in range(24):
        ends = 1000.0 + np.arange(1, count + 1) * chunk / (rate * 1.01)
        stamps = ends + np.random.default_rng(seed).normal(0, JITTER, count)
        even = straightened(deduced(stamps, chunk, rate), rate)[chunk - 1 :: chunk]
        errors.append(even - ends)
        at = np.arange(count)
        limits.append(np.polyval(np.polyfit(at, stamps - ends, 1), at))
    assert np.std(errors) < 1.25 * np.std(limits)
    assert abs(np.mean(errors)) < 1e-3


@pytest.mark.parametrize("count", [77, 154, 601])
def test_the_mean_error_of_few_stamps_reaches_its_bound(count: int) -> None:
    """One stamp a chunk leaves ``count`` stamps in ten minutes.

    The Cramér-Rao bound of the mean of a line through ``n`` stamps with normal errors of deviation
    s is s / sqrt(n), of any unbiased estimator: 1.14, 0.81 and 0.41 ms here for 10 ms. So a mean
    error under 1 ms cannot be promised for less than some 700 stamps (99 % of recordings); with
    77 it is exceeded in 38 % of them.
    """
    rate, chunk, seeds = 64.0, 50_000 // count, [*range(20), 58, 206, 224, 282]
    errors, distances = [], []
    for seed in seeds:
        ends = 1000.0 + np.arange(1, count + 1) * chunk / (rate * 1.003)
        noise = np.random.default_rng(seed).normal(0, JITTER, count)
        even = straightened(deduced(ends + noise, chunk, rate), rate)[chunk - 1 :: chunk]
        at = np.arange(count)
        errors.append(float((even - ends).mean()))
        distances.append(np.abs(even - ends - np.polyval(np.polyfit(at, noise, 1), at)).max())
    bound = JITTER / count**0.5
    assert abs(np.mean(errors)) < 4 * bound / len(seeds) ** 0.5
    assert np.std(errors) < 1.2 * bound
    # Also where the first steps happen to look exact (seeds 17, 58, 206, 224, 282).
    assert max(distances) < 1e-3


@pytest.mark.parametrize("jitter", [0.0, 0.002, JITTER])
def test_gaps_stay_where_they_are(jitter: float) -> None:
    rate, real = 64.0, 63.6
    true = 1000.0 + np.arange(int(300 * real)) / real
    keep = np.mod(true - 997.5, 5) > 0.3
    stamps = true[keep] + np.random.default_rng(0).normal(0, 1, keep.sum()) * jitter
    times = straightened(stamps, rate)
    assert np.abs(times - true[keep]).max() < max(1e-6, 0.3 * jitter)
    steps, expected = np.diff(times), np.diff(true[keep])
    assert np.array_equal(steps > 0.05, expected > 0.05)


def test_each_single_lost_sample_of_an_exact_sender_is_found() -> None:
    true = 1000.0 + np.arange(25_000) / 250.0
    keep = np.arange(len(true)) % 250 != 100
    arrived = np.repeat(true[9::10] + 0.002, 10)
    assert np.abs(straightened(true[keep], 250.0, arrived[keep]) - true[keep]).max() < 1e-6


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(-1e9, 1e9), min_size=0, max_size=200), st.sampled_from([1.0, 64.0, 1e3]))
def test_any_stamps_give_ascending_times(stamps: list[float], rate: float) -> None:
    times = straightened(np.array(stamps, np.float64), rate)
    assert len(times) == len(stamps)
    assert (np.diff(times) > 0).all() or len(times) < 2 or np.abs(times).max() > 1e6


class Counted(Recording):
    """A recording that counts the chunks that are read."""

    read = 0

    def chunks(self, only: Collection[int] | None = None) -> Iterator[Samples]:
        for part in super().chunks(only):
            self.read += 1
            yield part


def recorded(folder: Path, spec: StreamSpec, chunks: list[Chunk]) -> Recording:
    clock = ManualClock(1000.0)
    manifest = Manifest(id="x", clocks=Clocks(monotonic=1000.0, wall="2026-01-01T00:00:00+00:00"))
    recorder = Recorder(folder, manifest, clock)
    recorder.start()
    recorder.stream(spec)
    for chunk in chunks:
        recorder.chunk(chunk)
    assert recorder.stop().reason == "stopped"
    return Recording(folder)


def test_a_recording_has_both_the_stamps_and_the_times(tmp_path: Path) -> None:
    rate, real, offset = 100.0, 99.0, -50.0
    true = 1000.0 + np.arange(1, 12_001) / real
    sent = true - offset + np.random.default_rng(0).normal(0, 0.002, len(true))
    live = Dejitter(rate)
    spec = StreamSpec("lsl:cap/eeg", Role.EEG, rate, (Channel("Cz", "uV"),))
    chunks = [
        Chunk(
            spec.id,
            live.straighten(part + offset),
            np.ones((len(part), 1), np.float32),
            stamps=Stamps(part, offset, float(part[-1] + offset + 0.004)),
        )
        for part in np.split(sent, 1200)
    ]
    with recorded(tmp_path / "rec", spec, chunks) as recording:
        times = recording.samples(1)[0]
        assert np.array_equal(times, np.concatenate([c.times for c in chunks]))
        originals = recording.stamps(1)
        assert originals is not None
        assert np.array_equal(originals.stamps, sent)
        assert set(originals.offsets) == {offset}
        assert np.abs(originals.arrived - true - 0.004).max() < 0.2
        derived = times_of(recording, 1)
        assert np.abs(derived - true).max() < 0.5e-3
        assert np.abs(times - true)[:600].max() > np.abs(derived - true)[:600].max()
    with Counted(tmp_path / "rec") as recording:
        (table,) = tables(recording)
        assert np.array_equal(table.times, derived)
        assert recording.read == 2 * len(chunks)  # each chunk, and its stamps, once


def test_stamps_that_were_kept_live_stay_as_they_are(tmp_path: Path) -> None:
    spec = StreamSpec("lsl:cap/eeg", Role.EEG, 100.0, (Channel("Cz", "uV"),))
    stamps = 1000.0 + np.cumsum(np.random.default_rng(0).uniform(0.001, 0.02, 50))
    chunk = Chunk(spec.id, stamps, np.ones((50, 1), np.float32), stamps=Stamps(stamps, 0.0, 1001.0))
    with recorded(tmp_path / "rec", spec, [chunk]) as recording:
        assert np.array_equal(times_of(recording, 1), stamps)


def test_a_correction_that_settles_late_holds_from_the_begin() -> None:
    arrived = 500.0 + np.arange(400) * 0.1
    seconds = arrived - arrived[0]
    late = np.where(seconds < 0.3, 0.05, np.where(seconds < 2, 0.02, 0.0)) - 70.0
    deduced_late = arrived + 70.0 + np.where(np.arange(400) % 4 == 3, 0.02, 0.0)
    assert settled(late, deduced_late, arrived) == pytest.approx(-70.0)
    # A clock that stepped, one that runs fast, and one that falls behind are followed live.
    step = np.where(seconds < 4, 0.2, 0.0)
    fast = -0.03 * seconds
    slow = 0.15 * np.floor(seconds / 5)
    for right in (step, fast, slow):
        assert settled(right, arrived - right, arrived) == pytest.approx(right, abs=1e-9)


def test_a_stream_without_original_stamps_keeps_its_own(tmp_path: Path) -> None:
    spec = StreamSpec("sim/ppg", Role.PPG, 50.0, (Channel("p"),))
    times = 1000.0 + np.arange(20) / 50
    chunk = Chunk(spec.id, times, np.ones((20, 1), np.float32))
    with recorded(tmp_path / "rec", spec, [chunk]) as recording:
        assert recording.stamps(1) is None
        assert np.array_equal(times_of(recording, 1), times)


def test_stamps_go_with_their_stream_and_stay_with_it(tmp_path: Path) -> None:
    """Two streams in another clock, each plugged in twice; one of them is removed."""
    clock = ManualClock(1000.0)
    manifest = Manifest(id="x", clocks=Clocks(monotonic=1000.0, wall="2026-01-01T00:00:00+00:00"))
    recorder = Recorder(tmp_path / "rec", manifest, clock)
    recorder.start()
    expected: dict[str, list[np.ndarray]] = {}
    for start in (1000.0, 1010.0):
        for place, name in enumerate(("lsl:cap/eeg", "lsl:band/eda")):
            spec = StreamSpec(name, Role.EEG if place == 0 else Role.EDA, 50.0, (Channel("x"),))
            recorder.stream(spec)
            times = start + place + np.arange(20) / 50
            original = Stamps(times + 1.7e9, -1.7e9, start + 1)
            recorder.chunk(Chunk(name, times, np.ones((20, 1), np.float32), stamps=original))
            expected.setdefault(name, []).append(times + 1.7e9)
    recorder.stop()
    for gone in ((), ("lsl:cap/eeg",)):
        remove(tmp_path / "rec", Removal(lambda i: i.name in gone, lambda *_: False, lambda m: m))  # noqa: B023
        with Recording(tmp_path / "rec") as recording:
            for name, originals in expected.items():
                numbers = recording.numbers(name)
                assert len(numbers) == (0 if name in gone else 2)
                for number, stamps in zip(numbers, originals, strict=bool(numbers)):
                    found = recording.stamps(number)
                    assert found is not None
                    assert np.array_equal(found.stamps, stamps)
            assert len(recording.sides) == 4 - 2 * len(gone)
            assert sum(info.kind == "Stamps" for info in recording.streams.values()) == len(
                recording.sides
            )
    assert b"lsl:cap" not in (tmp_path / "rec" / "data.xdf").read_bytes()
