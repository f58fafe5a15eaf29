"""Tests of heart rates from 38 to 190 in three shapes at six rates."""

import numpy as np
import pytest
from tests.models.modalities.body.streams import column, follow, steady

from sentio_models.modalities.body.heart_tracker import HeartTracker
from sentio_research.data.synthetic_hearts import COMPLEXES, PULSES, wave

SECONDS = 30.0
RATES = {
    "ppg": (25.0, 32.0, 50.0, 64.0, 100.0, 250.0),
    "ecg": (64.0, 125.0, 130.0, 250.0, 256.0, 500.0),
}
SHAPES = {"ppg": PULSES, "ecg": COMPLEXES}
CASES = [
    (role, shape, rate) for role in ("ppg", "ecg") for shape in SHAPES[role] for rate in RATES[role]
]


def assess(role, shape, rate, bpm):
    """Return the share of the time that the rate is known, and its mean error."""
    beats = steady(bpm, SECONDS, jitter=0.002, seed=bpm)
    values = wave(beats, SHAPES[role][shape], rate, SECONDS)
    values += 0.02 * np.random.default_rng(bpm).standard_normal(len(values))
    results = follow(HeartTracker(), {role: (column(1000 * values), rate)}, SECONDS, 1.0)
    late = [heart for now, heart in results if now >= 10]
    known = [heart.rate for heart in late if heart is not None and heart.known]
    error = float(np.mean(np.abs(np.array(known) - bpm))) if known else np.inf
    return len(known) / len(late), error


def assert_known_and_right(found):
    """Known at least 98 % of the time, with an error under 1 beat/min, at each rate."""
    assert min(known for known, _ in found.values()) >= 0.98, found
    assert max(error for _, error in found.values()) < 1.0, found


@pytest.mark.parametrize("role", ["ppg", "ecg"])
def test_some_rates_of_every_case_are_known_and_right(role):
    found = {}
    for place, (kind, shape, rate) in enumerate(CASES):
        for bpm in range(38 + 4 * (place % 19), 191, 76):
            if kind == role:
                found[shape, rate, bpm] = assess(role, shape, rate, bpm)
    assert_known_and_right(found)


@pytest.mark.parametrize("shape", PULSES)
def test_a_pause_between_two_slow_beats_is_not_a_sensor_that_was_taken_off(shape):
    assert_known_and_right({bpm: assess("ppg", shape, 100.0, bpm) for bpm in (38, 40, 41, 43)})


@pytest.mark.parametrize(
    "step", [pytest.param(6, marks=pytest.mark.slow), pytest.param(1, marks=pytest.mark.figure)]
)
@pytest.mark.parametrize(("role", "shape", "rate"), CASES)
def test_all_rates_are_known_and_right(role, shape, rate, step):
    """With step 6 each case has a sixth of the rates, and each shape all of them."""
    first = 38 + RATES[role].index(rate) % step
    assert_known_and_right({bpm: assess(role, shape, rate, bpm) for bpm in range(first, 191, step)})
