"""Clocks of senders that are not the LSL clock are found, corrected and followed."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from sentio_sensors import Channel, Chunk, Role, StreamSpec
from sentio_sensors.runtime.chunk_validator import ChunkValidator
from sentio_sensors.runtime.dejitter import Dejitter
from sentio_sensors.runtime.sender_clock import SenderClock

WALL = 1_790_000_000.0
START = 5000.0
RATE, CHUNK, DELAY = 64.0, 8, 0.01


def run(
    stamp: Callable[[np.ndarray], np.ndarray], seconds: float = 60.0, seed: int = 0
) -> tuple[np.ndarray, SenderClock, list[tuple[str, ...]]]:
    """Return the error of each corrected stamp, the clock and its remarks over time."""
    clock = SenderClock("device", RATE, WALL)
    rng = np.random.default_rng(seed)
    errors, remarks = [], []
    for first in range(0, int(seconds * RATE), CHUNK):
        true = START + np.arange(first, first + CHUNK) / RATE
        arrived = float(true[-1] + DELAY + rng.exponential(0.003))
        errors.append(clock.correct(stamp(true), arrived) - true)
        remarks.append(clock.remarks(arrived))
    return np.concatenate(errors), clock, remarks


def test_stamps_of_the_lsl_clock_are_kept() -> None:
    errors, clock, remarks = run(lambda t: t)
    assert np.abs(errors).max() == 0
    assert clock.offset == 0
    assert set(remarks) == {()}


@pytest.mark.parametrize("offset", [2.0, 0.5, -5.0, -70.0, 3600.0, WALL - START])
def test_a_constant_offset_is_corrected_and_reported(offset: float) -> None:
    errors, clock, remarks = run(lambda t: t + offset)
    # Only the shortest delay of the transport remains. An offset of a few seconds into the past
    # could be a slow device at first.
    settled = int(RATE) if -60 < offset < 0 else 0
    errors, remarks = errors[settled:], remarks[settled // CHUNK :]
    assert np.abs(errors).max() < 0.05
    assert np.abs(errors[len(errors) // 2 :] - DELAY).max() < 0.01
    assert clock.offset == pytest.approx(-offset, abs=0.05)
    assert remarks[0][0] == remarks[-1][0]
    assert remarks[-1][0].startswith("clock_offset:")
    assert float(remarks[-1][0].split(":")[1]) == pytest.approx(-offset, abs=0.05)


@pytest.mark.parametrize(
    ("unit", "name"),
    [(1e-3, "ms"), (1e-6, "us"), (1e-7, "100ns"), (1e-9, "ns"), (86400.0, "days")],
)
@pytest.mark.parametrize("origin", [WALL - START, 0.0, -4000.0])
def test_other_units_are_recognised(unit: float, name: str, origin: float) -> None:
    errors, _, remarks = run(lambda t: (t + origin) / unit)
    assert np.abs(errors[int(RATE) :]).max() < 0.05
    assert f"clock_unit:{name}" in remarks[-1]


@pytest.mark.parametrize(
    ("unit", "name", "epoch"),
    [(1e-7, "100ns", 11_644_473_600), (1e-7, "100ns", 62_135_596_800),
     (86400.0, "days", 25_569 * 86400), (86400.0, "days", 719_529 * 86400)],
)  # fmt: skip
def test_counts_of_windows_spreadsheets_and_matlab_show_in_one_stamp(
    unit: float, name: str, epoch: float
) -> None:
    """A stream without a rate, whose stamps come one by one."""
    clock = SenderClock("device", 0.0, WALL)
    for at in START + np.arange(40) * 0.5:
        corrected = clock.correct(np.array([(at + WALL - START + epoch) / unit]), at + DELAY)
        assert corrected[0] == pytest.approx(at, abs=0.05)
    assert f"clock_unit:{name}" in clock.remarks(START + 20)


def test_one_stamp_a_chunk_in_milliseconds_is_recognised() -> None:
    """LSL deduces the others one nominal period, in seconds, apart."""
    errors, _, remarks = run(lambda t: t[-1] * 1e3 - np.arange(CHUNK)[::-1] / RATE)
    ends = errors[CHUNK - 1 :: CHUNK]
    assert np.abs(ends[8:]).max() < 0.05
    assert "clock_unit:ms" in remarks[-1]


@pytest.mark.parametrize("days", [46_000.0, 740_000.0])
@pytest.mark.parametrize(("rate", "chunk"), [(32.0, 1), (64.0, 2), (250.0, 8), (100.0, 30)])
def test_seconds_that_look_like_the_present_in_days_are_seconds(
    rate: float, chunk: int, days: float
) -> None:
    """After half a day a clock has as many seconds as a spreadsheet has days."""
    clock = SenderClock("device", rate, WALL)
    rng = np.random.default_rng(1)
    start = days + 100.0
    for first in range(0, int(10 * rate), chunk):
        true = start + np.arange(first, first + chunk) / rate
        arrived = float(true[-1] + DELAY + rng.exponential(0.002))
        corrected = clock.correct(true - 100.0, arrived)
        if true[0] > start + 1.0:
            assert np.abs(corrected - true).max() < 0.05
    assert clock.offset == pytest.approx(100.0, abs=0.05)
    assert clock.seconds(np.array([days]))[0] == days


@pytest.mark.parametrize("step", [10.0, -10.0, -100.0, 3600.0, 0.6, -0.6])
def test_a_step_is_followed_within_a_chunk_and_reported(step: float) -> None:
    at = START + 15.0
    errors, _, remarks = run(lambda t: t + np.where(t[-1] > at, step, 0.0))
    assert np.abs(errors).max() < 0.06
    steps = {code for codes in remarks for code in codes if code.startswith("clock_step")}
    assert len(steps) == 1
    assert float(steps.pop().split(":")[1]) == pytest.approx(step, abs=0.05)
    assert not any(code.startswith("clock_step") for code in remarks[-1])  # it is long past


@pytest.mark.parametrize("step", [10.0, -10.0, -100.0, 0.3, -0.3, 2.0, -70.0])
@pytest.mark.parametrize("pull", [0.01, 0.13, 0.4])
def test_a_step_inside_what_is_read_at_once_loses_no_sample(step: float, pull: float) -> None:
    """What follows the clock in a source: even times, then only those in order."""
    for seed in range(4):
        rng = np.random.default_rng(seed)
        true = START + np.arange(1, int(30 * RATE) // CHUNK * CHUNK + 1) / RATE
        stamps = true + np.where(true > START + 15 + 0.03 * seed, step, 0.0)
        sent = np.repeat(true[CHUNK - 1 :: CHUNK], CHUNK) + 0.004
        clock, dejitter = SenderClock("device", RATE, WALL), Dejitter(RATE)
        validator = ChunkValidator(StreamSpec("x/ppg", Role.PPG, RATE, (Channel("p"),)))
        now, first, errors = START, 0, []
        while first < len(true):
            now += pull * rng.uniform(0.5, 1.5)
            last = int(np.searchsorted(sent, now))
            block = stamps[first:last]
            for part in clock.parts(block) if last > first else ():
                times = dejitter.straighten(clock.correct(block[part], now), arrived=now)
                chunk = Chunk("x/ppg", times, np.zeros((len(times), 1), np.float32))
                assert validator.clean(chunk, now) is not None
                errors.append(times - true[first:last][part])
            first = last
        assert validator.rejected == 0
        error = np.abs(np.concatenate(errors))
        assert error.max() < (0.31 if step == 0.3 else 1e-6)  # as short a one may be lost samples
        assert error[len(error) // 2 + int(4 * RATE) :].max() < 0.03  # followed within seconds


@pytest.mark.parametrize("off", [-0.2, -0.03, 0.03, 0.2])
@pytest.mark.parametrize(("rate", "chunk"), [(64.0, 500), (250.0, 500), (250.0, 25), (4.0, 20)])
def test_stamps_deduced_from_a_wrong_rate_are_not_a_step(
    off: float, rate: float, chunk: int
) -> None:
    """The first stamps of a long chunk lie before those of the chunk before."""
    clock = SenderClock("device", rate, WALL)
    for number in range(1, 80):
        end = START + number * chunk / (rate * (1 + off))
        stamps = end - np.arange(chunk)[::-1] / rate
        for part in clock.parts(stamps):
            corrected = clock.correct(stamps[part], end + DELAY)
            assert np.array_equal(corrected, stamps[part])
        assert clock.remarks(end + DELAY) == ()


def test_a_clock_that_drifts_is_followed() -> None:
    errors, _, _ = run(lambda t: WALL + (t - START) * (1 + 300e-6), seconds=600)
    assert np.abs(errors).max() < 0.05


@pytest.mark.parametrize("offset", [0.0, 1.7e9, -70.0])
@pytest.mark.parametrize("rate", [64.0, 250.0])
def test_a_long_chunk_that_is_read_in_parts_is_not_a_foreign_clock(
    offset: float, rate: float
) -> None:
    clock = SenderClock("device", rate, WALL)
    for push in range(4):
        true = START + (500 * push + np.arange(500)) / rate
        arrived = float(true[-1])
        for part in np.split(true, [3, 100, 101]):
            arrived += 0.004
            corrected = clock.correct(part + offset, arrived)
        assert np.abs(corrected - part).max() < 0.05
        assert not any(code.startswith("clock_step") for code in clock.remarks(arrived))
    assert bool(clock.offset) == bool(offset)


def test_stamps_from_a_nominal_rate_are_followed() -> None:
    """Stamps counted at a rate 3 % too low fall behind without limit."""
    errors, _, _ = run(lambda t: START + (t - START) * 0.97, seconds=200)
    assert np.abs(errors).max() < 2.5


@pytest.mark.parametrize("slow", [0.003, 0.01, 0.03])
def test_a_slow_foreign_clock_is_followed_as_it_falls_behind(slow: float) -> None:
    """Of samples counted from 0 at a nominal rate that the device does not reach."""
    errors, clock, _ = run(lambda t: (t - START) * (1 - slow), seconds=150)
    assert np.abs(errors[len(errors) // 3 :]).max() < 0.03 + 6 * slow
    assert clock.offset == pytest.approx(START + 150 * slow, abs=0.03 + 6 * slow)


def test_a_sender_that_repeats_its_stamps_ends_nothing() -> None:
    for stamp in (lambda t: np.full(len(t), 5.0), lambda t: np.floor(t + WALL)):
        clock, filter_ = SenderClock("device", RATE, WALL), Dejitter(RATE)
        for first in range(0, int(60 * RATE), CHUNK):
            true = START + np.arange(first, first + CHUNK) / RATE
            arrived = float(true[-1] + DELAY)
            even = filter_.straighten(clock.correct(stamp(true), arrived), arrived=arrived)
            assert np.isfinite(even).all()
            assert abs(even[-1] - true[-1]) < 20


def test_a_pause_and_a_burst_are_not_a_step() -> None:
    clock = SenderClock("device", RATE, WALL)
    true = START + np.arange(int(20 * RATE)) / RATE
    for part in np.array_split(true[true < START + 10], 80):
        clock.correct(part, float(part[-1]) + DELAY)
    waiting = true[(true >= START + 10) & (true < START + 13)]
    late = clock.correct(waiting, START + 13.01)
    assert np.abs(late - waiting).max() == 0
    rest = true[true >= START + 13]
    assert np.abs(clock.correct(rest[:8], float(rest[7]) + DELAY) - rest[:8]).max() == 0
    assert clock.offset == 0


def test_events_may_be_sent_late_announced_and_out_of_order() -> None:
    clock = SenderClock("game", 0.0, WALL)
    for stamp, arrived in ((START - 20, START), (START + 0.9, START + 1), (START - 5, START + 2)):
        assert clock.correct(np.array([stamp]), arrived).tolist() == [stamp]
    assert clock.remarks(START + 2) == ()


def test_events_of_another_clock_are_corrected() -> None:
    clock = SenderClock("game", 0.0, WALL)
    for at in (0.0, 7.0, 30.0):
        corrected = clock.correct(np.array([WALL + at]), START + at + 0.01)
        assert corrected[0] == pytest.approx(START + at, abs=0.02)


def test_one_garbage_stamp_moves_nothing() -> None:
    clock = SenderClock("device", RATE, WALL)
    for place in range(20):
        true = START + (place + np.arange(8) / 8)
        sent = true.copy()
        if place == 10:
            sent[-1] += 1e6
        corrected = clock.correct(sent, float(true[-1]) + DELAY)
        assert np.array_equal(corrected, sent)
    assert clock.offset == 0
    assert clock.remarks(START + 20) == ()


def test_the_offset_that_lsl_measures_is_added() -> None:
    clock = SenderClock("device", RATE, WALL)
    stamps = np.array([100.0, 100.1])
    assert clock.correct(stamps, 5100.15, measured=5000.0).tolist() == [5100.0, 5100.1]
    assert clock.offset == 0


def test_stamps_that_are_not_finite_stay_so() -> None:
    clock = SenderClock("device", RATE, WALL)
    assert np.isnan(clock.correct(np.array([np.nan]), START)).all()
    corrected = clock.correct(np.array([np.nan, WALL]), START)
    assert np.isnan(corrected[0])
    assert corrected[1] == pytest.approx(START)
