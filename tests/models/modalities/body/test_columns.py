"""Of several columns of a pulse sensor the clearest one is used, and named."""

import numpy as np
import pytest
from tests.models.modalities.body.streams import steady

from sentio_models import Signal, Window
from sentio_models.modalities.body.estimator import BodyEstimator
from sentio_research.data.synthetic_hearts import PULSES, wave


@pytest.mark.parametrize("place", [0, 1, 2])
def test_the_column_with_the_pulse_is_used_and_named(place):
    """As a Muse sends them: ambient light, infrared and red, of very different sizes."""
    rng = np.random.default_rng(place)
    rate, seconds = 64.0, 40.0
    beats = wave(steady(72, seconds, jitter=0.005), PULSES["notched"], rate, seconds)
    columns = [2000 + rng.normal(0, 4, len(beats)) for _ in range(3)]
    columns[place] = 150_000 + 900 * beats + rng.normal(0, 10, len(beats))
    values = np.stack(columns, 1).astype(np.float32)
    offsets = (np.arange(len(beats)) + 1) / rate - seconds
    labels = ("PPG1", "PPG2", "PPG3")
    estimator = BodyEstimator()
    for end in np.arange(10.0, seconds, 2.0):
        count = int(end * rate)
        window = Signal(values[:count], offsets[:count] + seconds - end, rate, labels)
        estimate = estimator.estimate(Window({"ppg": window}, 2.0))
    assert estimate.readings["heart_rate"].mean == pytest.approx(72, abs=2)
    assert f"pulse_from:{labels[place]}" in estimate.reasons


def test_a_single_column_needs_no_name():
    beats = wave(steady(72, 20, jitter=0.005), PULSES["notched"], 64.0, 20.0)
    offsets = (np.arange(len(beats)) + 1) / 64 - 20
    signal = Signal(beats[:, None].astype(np.float32), offsets, 64.0, ("BVP",))
    estimate = BodyEstimator().estimate(Window({"ppg": signal}, 0.5))
    assert not any(reason.startswith("pulse_from") for reason in estimate.reasons)
