import numpy as np
import pytest
from tests.packages import require

from sentio_models.estimate import EMOTIONS
from sentio_models.modalities.voice.classes import class_shares
from sentio_research.fitting.voice_classes import (
    SENT,
    class_calibration,
    fit_classes,
    log_loss,
    sharpened,
)

require("sklearn", "scipy")

KNOWN = [EMOTIONS.index(name) for name in (*SENT, "anger")]


def rows(seed, shift=3.0, count=400):
    """Rows whose classes are each in a statistic of their own."""
    rng = np.random.default_rng(seed)
    emotion = rng.choice(KNOWN, count)
    values = rng.standard_normal((count, 20))
    values[np.arange(count), emotion] += shift
    return values, emotion.astype(np.int64)


def test_classes_of_other_rows_are_found_and_unlabelled_rows_left_out():
    values, emotion = rows(0)
    labels = emotion.copy()
    labels[:20] = -1
    model = fit_classes(values, labels, np.array(["x"] * len(values)))
    others, truth = rows(1)
    sent = truth != EMOTIONS.index("anger")
    guess = np.array([EMOTIONS.index(n) for n in SENT])[model(others).argmax(axis=1)]
    assert (guess == truth)[sent].mean() > 0.7


def test_calibration_is_modest_where_nothing_carries_over():
    values, emotion = rows(0)
    model = fit_classes(values, emotion, np.array(["x"] * len(values)))
    same, chance = rows(1), rows(2, shift=0.0)
    sure = class_calibration([model(same[0])], [same[1]])
    unsure = class_calibration([model(chance[0])], [chance[1]])

    def top(calibration):
        degree, uniform = calibration
        return class_shares(sharpened(model, degree)(chance[0]), SENT, uniform).max(axis=1).mean()

    assert top(unsure) < 0.2 < top(sure)
    degree, uniform = unsure
    shares = class_shares(model(chance[0]) / degree, SENT, uniform)
    assert log_loss(shares, chance[1]) < np.log(8) + 0.01


def test_classes_weigh_the_same_in_the_loss():
    shares = np.full((4, 8), 1 / 8)
    shares[3] = 0.5
    truth = np.array([0, 0, 0, 1])
    assert log_loss(shares, truth) == pytest.approx(np.mean([np.log(8), np.log(2)]))
