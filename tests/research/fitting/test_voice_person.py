import numpy as np
from tests.packages import require

from sentio_models.estimate import EMOTIONS
from sentio_models.modalities.voice.statistics import NAMES
from sentio_research.fitting.voice_classes import SENT
from sentio_research.fitting.voice_person import PersonRows, measure_across

require("sklearn", "scipy")


def sounds(copies):
    """Rows of twelve people and of noisy copies, each class in a statistic of its own."""
    rng, count = np.random.default_rng(0), 360
    emotion = rng.choice([EMOTIONS.index(name) for name in SENT], count)
    values = rng.standard_normal((count, len(NAMES)))
    values[np.arange(count), emotion] += 2.0
    person = np.arange(count) % 12
    corpus = np.where(person < 6, "emodb", "bursts")
    parts = [values + 0.1 * copy * rng.standard_normal(values.shape) for copy in range(copies + 1)]
    return PersonRows(
        np.concatenate(parts),
        np.tile(np.arange(count), copies + 1),
        np.concatenate([[f"{k}#{copy}" for k in person] for copy in range(copies + 1)]),
        np.tile(corpus, copies + 1),
        np.tile(emotion.astype(np.str_), copies + 1),
        np.tile((emotion % 2).astype(np.float64), copies + 1),
        np.tile(emotion, copies + 1),
    )


def test_copies_change_nothing_in_the_calibration_of_classes():
    alone, copied = measure_across(sounds(0)), measure_across(sounds(2))
    assert (copied.classes, copied.uniform) == (alone.classes, alone.uniform)
    assert copied.arousal != alone.arousal
