"""Uneven stamps become even, at the rate that the device really has."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sentio_sensors.runtime.dejitter import Dejitter

JITTER = 0.010
SECONDS = 600


def run(stamps: Sequence[np.ndarray], rate: float) -> np.ndarray:
    filter_ = Dejitter(rate)
    return np.concatenate([filter_.straighten(chunk) for chunk in stamps])


def sent(rate: float, off: float, chunk: int, jitter: float, seconds: float, seed: int = 0):  # type: ignore[no-untyped-def]
    """Return the true times of a device whose rate is off, and its stamps in chunks."""
    real = rate * (1 + off)
    count = max(1, int(seconds * real) // chunk) * chunk
    true = 1000.0 + np.arange(1, count + 1) / real
    noise = np.random.default_rng(seed).normal(0, jitter, count) if jitter else np.zeros(count)
    return true, np.split(true + noise, count // chunk)


def gaps(times: np.ndarray, rate: float) -> int:
    return int((np.diff(times) > max(3 / rate, 0.05)).sum())


@pytest.mark.parametrize(
    ("rate", "off", "chunk"),
    [
        (250.0, -0.03, 8), (250.0, 0.03, 25), (250.0, -0.003, 500), (64.0, 0.01, 6),
        (64.0, -0.03, 500), (1000.0, 0.03, 100), (4.0, -0.0075, 4),
    ],
)  # fmt: skip
@pytest.mark.parametrize("jitter", [0.0, JITTER])
def test_a_wrong_rate_leaves_no_bias(rate: float, off: float, chunk: int, jitter: float) -> None:
    true, chunks = sent(rate, off, chunk, jitter, SECONDS if rate < 250 else 200)
    even = run(chunks, rate)
    error = (even - true)[60 * chunk :] if len(chunks) > 120 else (even - true)[len(true) // 2 :]
    assert len(even) == len(true)
    assert abs(error.mean()) < 1e-3
    assert np.percentile(np.abs(error), 99) < max(2e-3, 0.5 / rate)
    assert gaps(even, rate) == 0
    assert np.diff(even).min() > 0


@pytest.mark.parametrize("chunk", [25, 64])
def test_deduced_stamps_do_not_hide_the_rate(chunk: int) -> None:
    """One stamp a chunk, the others one nominal period apart, as LSL deduces them."""
    rate, real = 250.0, 242.5
    ends = 1000.0 + np.arange(chunk, 60 * real, chunk) / real
    chunks = [end - np.arange(chunk)[::-1] / rate for end in ends]
    filter_ = Dejitter(rate)
    even = np.concatenate([filter_.straighten(c) for c in chunks])
    true = 1000.0 + np.arange(1, len(even) + 1) / real
    assert np.abs(even - true)[10 * chunk :].max() < 5e-4
    assert filter_.rate_hz == pytest.approx(real, rel=1e-5)
    assert gaps(even, rate) == 0


def test_deduced_stamps_that_scatter_are_averaged() -> None:
    rate, real, chunk = 250.0, 257.5, 25
    ends = 1000.0 + np.arange(chunk, SECONDS * real, chunk) / real
    stamps = ends + np.random.default_rng(0).normal(0, JITTER, len(ends))
    even = run([stamp - np.arange(chunk)[::-1] / rate for stamp in stamps], rate)
    error = even - (1000.0 + np.arange(1, len(even) + 1) / real)
    # 60 stamps of 10 ms cannot show the time to 2 ms; 1,200 can.
    assert abs(error[60 * chunk :].mean()) < 1e-3
    assert np.abs(error[1200 * chunk :]).max() < 2e-3


def one_stamp_a_chunk(rate: float, off: float, chunk: int, count: int, seed: int):  # type: ignore[no-untyped-def]
    """Return the ends of a device's chunks, and their stamps, which scatter by 10 ms."""
    ends = 1000.0 + np.arange(1, count + 1) * chunk / (rate * (1 + off))
    return ends, ends + np.random.default_rng(seed).normal(0, JITTER, count)


def test_stamps_of_chunks_are_used_as_well_as_a_regression_can() -> None:
    """No unbiased estimator beats a regression of all stamps: 2 / sqrt(n)."""
    rate, chunk, counts = 250.0, 25, (20, 60, 150, 300)
    errors, limits = [], []
    for seed in range(24):
        ends, stamps = one_stamp_a_chunk(
            rate, (-0.03, -0.003, 0.01, 0.03)[seed % 4], chunk, 300, seed
        )
        parts = [stamp - np.arange(chunk)[::-1] / rate for stamp in stamps]
        last = run(parts, rate)[chunk - 1 :: chunk] - ends
        errors.append([last[n - 1] for n in counts])
        fits = [np.polyfit(np.arange(1 - n, 1), stamps[:n] - ends[n - 1], 1)[1] for n in counts]
        limits.append(fits)
    error, limit = (np.sqrt(np.mean(np.square(e), axis=0)) for e in (errors, limits))
    assert (error < 1.1 * limit).all(), (error, limit)
    assert np.allclose(limit, 2 * JITTER / np.sqrt(counts), rtol=0.35)


def test_few_stamps_that_scatter_invent_no_gap() -> None:
    """The deviation of the first eight may come out several times too small."""
    for seed in range(300):
        _, stamps = one_stamp_a_chunk(64.0, 0.01, 8, 24, seed)
        filter_ = Dejitter(64.0)
        for stamp in stamps:
            filter_.straighten(stamp - np.arange(8)[::-1] / 64.0)
        assert filter_.jumps == 0, seed


@pytest.mark.parametrize("lost", [1, 4, 40])
def test_a_gap_among_the_first_stamps_is_kept(lost: int) -> None:
    rate, real, chunk = 250.0, 247.5, 10
    true = 1000.0 + np.arange(1, 6001) / real
    true = np.delete(true, np.arange(120, 120 + lost * chunk))
    ends = true[chunk - 1 :: chunk] + np.random.default_rng(1).normal(0, 5e-4, len(true) // chunk)
    even = run([end - np.arange(chunk)[::-1] / rate for end in ends], rate)
    assert np.abs(even - true)[30 * chunk :].max() < 2e-3
    assert gaps(even, rate) == 1 or lost == 1


def test_a_push_that_is_read_in_two_parts_is_one_run() -> None:
    rate, real, chunk = 250.0, 242.5, 100
    ends = 1000.0 + np.arange(chunk, 120 * real, chunk) / real
    rng = np.random.default_rng(0)
    parts = []
    for end in ends:
        stamps = end - np.arange(chunk)[::-1] / rate
        parts += [part for part in np.split(stamps, [rng.integers(0, chunk)]) if len(part)]
    even = run(parts, rate)
    true = 1000.0 + np.arange(1, len(even) + 1) / real
    assert np.abs(even - true)[20 * chunk :].max() < 2e-3


def test_a_drifting_device_is_followed() -> None:
    true = np.arange(30_000) / 250.0 * (1 + 200e-6)  # 200 ppm slow
    rng = np.random.default_rng(0)
    arrival = true + rng.exponential(0.004, len(true))
    bunches = [np.full(10, arrival[i + 9]) for i in range(0, len(true), 10)]
    even = run(bunches, 250.0)
    error = even - true
    assert np.abs(error[2500:]).max() < 0.015
    assert error[2500:].std() < 0.003
    assert np.diff(even).min() > 0


def test_a_gap_is_kept_as_a_gap() -> None:
    before = [np.arange(i, i + 10) / 100.0 for i in range(0, 200, 10)]
    after = [5.0 + np.arange(i, i + 10) / 100.0 for i in range(200, 400, 10)]
    even = run(before + after, 100.0)
    assert even[199] == pytest.approx(1.99, abs=1e-6)
    assert even[200] == pytest.approx(7.0, abs=1e-6)


@pytest.mark.parametrize("jitter", [0.0, 0.002])
def test_missing_samples_stay_missing_at_a_wrong_rate(jitter: float) -> None:
    """0.3 s are lost every 5 s, as over a bad Bluetooth link; the stamps stay right."""
    rate, real = 250.0, 252.5
    true = 1000.0 + np.arange(int(300 * real)) / real
    stamps = true + (np.random.default_rng(0).normal(0, jitter, len(true)) if jitter else 0.0)
    keep = np.mod(true - 1000.0, 5) > 0.3
    even = run(np.array_split(stamps[keep], keep.sum() // 8), rate)
    error = even - true[keep]
    assert gaps(even, rate) == gaps(true[keep], rate)
    assert np.percentile(np.abs(error), 99) < 1e-3
    assert abs(error.mean()) < 1e-4


def test_each_single_lost_sample_is_noticed() -> None:
    true = 1000.0 + np.arange(25_000) / 250.0
    keep = np.arange(len(true)) % 250 != 100
    filter_ = Dejitter(250.0)
    parts = [
        filter_.straighten(part, arrived=part[-1] + 0.002)
        for part in np.array_split(true[keep], 3000)
    ]
    assert np.abs(np.concatenate(parts) - true[keep]).max() < 1e-6


def test_a_late_burst_is_not_a_gap() -> None:
    """A sender that stamps when it sends stalls for 0.2 s and then sends what is due."""
    true = 1000.0 + np.arange(5000) / 250.0
    stamps = true.copy()
    stall = (true > 1010.0) & (true < 1010.2)
    stamps[stall] = 1010.2
    edges = [*range(8, 2496, 8), int(np.flatnonzero(stall)[-1]) + 4]
    edges += [*range(edges[-1] + 8, 5000, 8)]
    even = run(np.split(stamps, edges), 250.0)
    assert np.abs(even - true).max() < 0.005


def test_a_rate_that_is_far_off_is_learnt() -> None:
    true, chunks = sent(250.0, -0.2, 25, 0.0, 60)
    filter_ = Dejitter(250.0)
    even = np.concatenate([filter_.straighten(c - 0) for c in chunks])
    assert filter_.rate_known
    assert filter_.rate_hz == pytest.approx(200.0, rel=1e-3)
    assert np.abs(even - true)[len(true) // 2 :].max() < 1e-3


def test_stamps_that_are_not_finite_are_left_to_the_validator() -> None:
    filter_ = Dejitter(100.0)
    even = filter_.straighten(np.array([1.0, np.nan, 1.01, np.inf]))
    assert np.isfinite(even).tolist() == [True, False, True, False]
    assert filter_.straighten(np.array([np.nan]))[0] != 0
    assert len(filter_.straighten(np.empty(0))) == 0


@given(st.lists(st.integers(1, 40), min_size=1, max_size=40), st.randoms())
def test_time_never_runs_backwards_while_the_jitter_is_small(sizes: list[int], random) -> None:  # type: ignore[no-untyped-def]
    stamps, index = [], 0
    for size in sizes:
        index += size
        stamps.append(np.full(size, index / 250.0 + random.uniform(0, 0.05)))
    even = run(stamps, 250.0)
    assert (np.diff(even) > 0).all()


@settings(max_examples=20, deadline=None)
@given(
    rate=st.sampled_from([25.0, 64.0, 128.0, 250.0, 512.0]),
    off=st.floats(-0.03, 0.03),
    chunk=st.integers(1, 120),
    jitter=st.sampled_from([0.0, 1e-4, 2e-3, JITTER]),
    seed=st.integers(0, 1 << 16),
)
def test_any_rate_and_chunk_gives_even_unbiased_times(
    rate: float, off: float, chunk: int, jitter: float, seed: int
) -> None:
    true, chunks = sent(rate, off, chunk, jitter, 40, seed)
    even = run(chunks, rate)
    half = len(true) // 2
    assert len(even) == len(true)
    assert (np.diff(even) > 0).all()
    assert np.abs(even - true)[half:].mean() < max(1e-3, 0.25 / rate)
    assert gaps(even[half:], rate) == 0


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.lists(st.floats(-1e9, 1e9) | st.just(np.nan), min_size=1, max_size=8),
        min_size=1,
        max_size=30,
    )
)
@example([[0.0, 0.0], [0.0, -2.0]])
def test_any_stamps_give_ascending_times(chunks: list[list[float]]) -> None:
    filter_ = Dejitter(100.0)
    newest = -np.inf
    for chunk in chunks:
        times = filter_.straighten(np.array(chunk, np.float64))
        times = times[np.isfinite(times)]
        if not len(times):
            continue
        assert (np.diff(times) > 0).all()
        assert times[0] > newest or newest - times[-1] > 1.0  # a clock that stepped back
        newest = times[-1]


def test_one_garbage_stamp_is_forgotten() -> None:
    filter_ = Dejitter(100.0)
    for first in range(0, 1000, 10):
        true = 500.0 + np.arange(first, first + 10) / 100
        stamps = true.copy()
        if first == 500:
            stamps[-1] += 1e6
        times = filter_.straighten(stamps, arrived=true[-1] + 0.01)
        if first != 500:
            assert np.abs(times - true).max() < 0.01
        assert np.abs(times - true)[:9].max() < 0.01
