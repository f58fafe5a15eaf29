"""Intervals between beats that a strap measured give heart rate and variability."""

import numpy as np
import pytest

from sentio_models import Signal, Window
from sentio_models.modalities.body.estimator import BodyEstimator


@pytest.mark.parametrize("together", [1, 2, 3])
def test_intervals_of_a_strap_give_rate_and_variability(together):
    """As a strap sends them: one a beat, or two or three together once in a while."""
    rng = np.random.default_rng(0)
    lengths = 0.833 + 0.03 * rng.normal(size=120)
    beats = np.cumsum(lengths)
    estimator = BodyEstimator()
    result = None
    for end in np.arange(30.0, 90.0, 0.5):
        sent = np.arange(len(beats)) // together * together + together - 1
        seen = beats[np.minimum(sent, len(beats) - 1)] <= end
        recent = seen & (beats > end - 60)
        signal = Signal(1000 * lengths[recent][:, None].astype(np.float32), beats[recent] - end,
                        0.0, ("RR",))  # fmt: skip
        result = estimator.estimate(Window({"rr": signal}, 0.5))
    assert result is not None
    recent_rate = 60 / lengths[(beats > 80) & (beats < 90)].mean()
    assert result.readings["heart_rate"].mean == pytest.approx(recent_rate, abs=2.5)
    true = 1000 * np.sqrt(np.mean(np.diff(lengths[(beats > 30) & (beats < 90)]) ** 2))
    assert result.readings["rmssd"].mean == pytest.approx(true, rel=0.25)
