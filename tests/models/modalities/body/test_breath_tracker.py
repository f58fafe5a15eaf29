"""Tests of breathing from 4 to 30 a minute, and of signals without it."""

import numpy as np
import pytest
from tests.models.modalities.body.streams import column, ecg, play, pulse, steady

from sentio_models import Signal
from sentio_models.modalities.body import BodyEstimator
from sentio_models.modalities.body.breath_series import belt, ground
from sentio_models.modalities.body.breath_tracker import SERIES_HZ, BreathTracker, Series


def follow(values, seen_hz=2.0, heart=lambda now: None, **more):
    """Return ``(time, answer)`` of a tracker that is given one growing series."""
    tracker, results, step = BreathTracker(), [], float("inf")
    for last in range(60, len(values), 4):
        one = Series(values[max(0, last - 240) : last], seen_hz, **more)
        now = last / SERIES_HZ
        results.append((now, tracker.update([one], step, heart(now))))
        step = 1.0
    return results


def breathing(rates, noise=0.1, seed=0):
    """Return a belt's series of breathing rates given at ``SERIES_HZ``."""
    turns = np.cumsum(np.asarray(rates) / 60 / SERIES_HZ)
    rng = np.random.default_rng(seed)
    return np.sin(2 * np.pi * turns) + noise * rng.standard_normal(len(turns))


@pytest.mark.parametrize("rate", [4, 5, 6, 8, 10, 12, 15, 20, 25, 30])
@pytest.mark.parametrize("noise", [0.05, 0.4])
def test_rates_from_4_to_30_are_known_within_one_breath(rate, noise):
    results = [b for now, b in follow(breathing([rate] * 480, noise)) if now > 60]
    known = [b for b in results if b.quality > 0]
    assert len(known) >= 0.8 * len(results)
    assert np.mean([abs(b.rate - rate) for b in known]) < 1.0


def _jittering(rng):
    at = np.arange(0, 152, 0.9)
    return np.interp(np.arange(600) / 4, at, 0.9 + 0.03 * rng.standard_normal(len(at)))


@pytest.mark.parametrize(
    ("make", "more"),
    [
        (lambda rng: rng.standard_normal(600), {}),
        (lambda rng: np.cumsum(rng.standard_normal(600)), {}),
        (_jittering, {"seen_hz": 1.1, "floor": 0.003, "apart": 4}),
    ],
    ids=["noise", "drift", "beats that jitter"],
)
def test_what_is_not_a_breath_is_published_under_2_percent_of_the_time(make, more):
    shares = [
        [b.quality > 0 for _, b in follow(make(np.random.default_rng(seed)), **more)]
        for seed in range(8)
    ]
    assert np.mean(shares) < 0.02


@pytest.mark.parametrize("ends", [(12, 16), (16, 11), (8, 6)])
def test_a_change_is_followed_within_a_breath_and_a_half_or_10_seconds(ends):
    n = int(240 * SERIES_HZ)
    rates = np.interp(np.arange(n) / SERIES_HZ, [100, 130], ends)
    results = follow(breathing(rates))
    times = np.array([now for now, _ in results])
    means = np.array([b.rate for _, b in results])
    late = max(10.0, 1.5 * 60 / min(ends))
    turning = (times > 105) & (times < 135)
    delayed = np.interp(times - late - 1.0, [100, 130], ends)
    sign = np.sign(ends[1] - ends[0])
    assert np.mean(sign * (means - delayed)[turning]) > 0


def _turning(heart):
    """Return times, errors and deviations of breathing that turns at 100 s."""
    rates = np.interp(np.arange(int(140 * SERIES_HZ)) / SERIES_HZ, [100, 106], [12, 17])
    results = follow(breathing(rates), heart=heart)
    rows = [
        (now, abs(b.rate - np.interp(now, [100, 106], [12, 17])), b.sd)
        for now, b in results
        if now > 60 and b.quality > 0
    ]
    return np.array(rows).T


def test_the_deviation_grows_with_the_heart_before_the_rate_follows():
    times, errors, sds = _turning(lambda now: float(np.interp(now, [100, 106], [62, 80])))
    calm, turning = times < 100, (times > 103) & (times < 112)
    assert errors[turning].max() > 3.0
    assert np.sqrt(np.mean((errors / sds)[turning] ** 2)) < 1.2
    assert sds[turning].mean() > 3 * sds[calm].mean()


def test_a_breath_without_a_heart_is_less_certain_and_so_is_one_whose_heart_is_lost():
    times, _, known = _turning(lambda now: 62.0)
    _, _, alone = _turning(lambda now: None)
    _, _, lost = _turning(lambda now: 62.0 if now < 80 else None)
    assert (alone > 1.5 * known)[times < 100].all()
    assert lost[times < 80] == pytest.approx(known[times < 80])
    assert lost[times > 82] == pytest.approx(alone[times > 82])


def test_the_phase_is_that_of_the_breath():
    rate, n = 12.0, int(90 * SERIES_HZ)
    results = follow(breathing([rate] * n, 0.02))
    # The series crests a quarter of a breath after each whole turn.
    for now, breath in results[-20:]:
        turns = (round(now * SERIES_HZ)) * rate / 60 / SERIES_HZ - 0.25
        assert abs((breath.phase - turns + 0.5) % 1.0 - 0.5) < 0.08


def test_the_baseline_alone_is_not_evidence():
    values = breathing([15.0] * 400, 0.02)
    assert all(b.quality == 0 for _, b in follow(values, group="ground"))


def _published(recording, seconds=90.0, since=40.0):
    results = [e for now, e in play(BodyEstimator(), recording, seconds) if now > since]
    found = [e.readings["breathing_rate"].mean for e in results if "breathing_rate" in e.readings]
    return len(found) / len(results), np.array(found)


@pytest.mark.parametrize("role", ["ppg", "ecg"])
@pytest.mark.parametrize("breaths", [6.0, 15.0])
def test_beats_that_breathing_moves_give_its_rate(role, breaths):
    beats = steady(70, 90, breaths=breaths, swing=0.04, jitter=0.006)
    make = pulse if role == "ppg" else ecg
    share, found = _published({role: make(beats, seconds=90.0)})
    assert share >= 0.8
    assert np.abs(found - breaths).mean() < 1.0


@pytest.mark.parametrize(
    "bpm", [90, *(pytest.param(bpm, marks=pytest.mark.slow) for bpm in (60, 65, 72))]
)
def test_a_metronome_does_not_breathe_although_its_baseline_moves(bpm):
    for role, make, rate in (("ppg", pulse, 64.0), ("ecg", ecg, 130.0)):
        values, rate = make(steady(bpm, 90), rate=rate, seconds=90.0, noise=0.01)
        t = np.arange(len(values)) / rate
        values = values + 0.2 * np.ptp(values) * column(np.sin(2 * np.pi * 0.25 * t))
        share, _ = _published({role: (values, rate)}, since=5.0)
        assert share < 0.02


@pytest.mark.parametrize("kind", ["noise", "drift", "nobody"])
def test_a_belt_without_a_breath_is_silent(kind):
    noise = np.random.default_rng(4).standard_normal(25 * 90)
    drift = np.cumsum(noise)
    values = {"noise": noise, "drift": drift, "nobody": np.round(512 + 0.5 * noise)}[kind]
    share, _ = _published({"resp": (column(values), 25.0)}, since=5.0)
    assert share < 0.02


def test_an_accelerometer_at_rest_shows_breathing():
    t = np.arange(90 * 32) / 32
    rng = np.random.default_rng(0)
    accel = 0.003 * rng.standard_normal((len(t), 3)) + [0.0, 0.0, 1.0]
    accel[:, 0] += 0.006 * np.sin(2 * np.pi * 0.2 * t)
    share, found = _published({"accel": (accel, 32.0)})
    assert share >= 0.8
    assert np.abs(found - 12.0).mean() < 0.5


@pytest.mark.parametrize("count", [1, 2, 5, 9])
def test_first_samples_of_a_belt_give_no_series(count: int) -> None:
    times = np.arange(count) / 25.0
    first = Signal(np.ones((count, 1), np.float32), times - times[-1], 25.0, ("resp",))
    assert belt(first) == []
    assert ground(first) == []
