"""Figures of each modality by group of people.

Only data that the shipped weights were not fitted on is compared, so a difference between groups
is one that users will see. What the data cannot answer is stated, not left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sentio_models.errors import ModelRefusedError
from sentio_research.evaluation.groups import UNKNOWN, Grouped, compare
from sentio_research.metrics import auc

Ints = NDArray[np.int64]

GROUPS = ("sex", "age", "language", "device", "skin_tone")
"""Groupings that are asked of every modality."""

WITHOUT_LABELS: Mapping[str, Mapping[str, str]] = {
    "face": {
        "sex": "neither FER+ nor face_photos names it",
        "age": "neither FER+ nor face_photos names it",
        "language": "a face has none",
        "device": "the cameras of FER+ and face_photos are not known",
    },
    "voice": {
        "language": "one corpus that is not fitted on has labels (nEMO, Polish); see the card",
        "age": "nEMO does not name it; EmoDB's ten actors are between 21 and 35",
        "device": "nEMO and EmoDB are of one studio each; bursts do not name the microphone",
        "skin_tone": "a voice has none",
    },
    "text": {
        "sex": "GoEmotions and EmoBank do not name it",
        "age": "GoEmotions and EmoBank do not name it",
        "device": "a line of text has none",
        "skin_tone": "a line of text has none",
    },
    "body": {
        "sex": "this copy of Stress-Predict and CogWear does not name it",
        "age": "this copy of Stress-Predict and CogWear does not name it",
        "language": "a pulse has none",
        "device": "every recording is of one kind of wristband (Empatica E4)",
        "skin_tone": "not named, although it changes an optical pulse: measure it before you rely "
        "on it",
    },
    "game": dict.fromkeys(
        ("sex", "age", "language", "device", "skin_tone"),
        "the data names seats and players only",
    ),
    "eeg": {
        "sex": "this copy of EEGMAT does not name it",
        "age": "this copy of EEGMAT does not name it",
        "language": "an EEG has none",
        "device": "one amplifier and cap; simulated caps are in `sentio eval eeg`",
        "skin_tone": "not named; hair and skin change the contact of electrodes",
    },
}
"""Reason why a grouping cannot be judged, by modality."""


def evaluate(data: Path, modality: str, by: str) -> dict[str, Any]:
    """Return the figures of shipped weights by group, the worst group first.

    Args:
        data: Folder of labelled data.
        modality: One of ``WITHOUT_LABELS``.
        by: One of ``GROUPS``.

    Raises:
        ModelMissingError: The data or an extra is missing.
        ModelRefusedError: The data has no such labels, or modality or grouping are unknown.
    """
    if modality not in WITHOUT_LABELS:
        known = ", ".join(WITHOUT_LABELS)
        raise ModelRefusedError(f"unknown modality {modality!r}", f"choose one of: {known}")
    if by not in GROUPS:
        raise ModelRefusedError(f"unknown grouping {by!r}", f"choose one of: {', '.join(GROUPS)}")
    measure = MEASURES.get((modality, by))
    if measure is None:
        why = WITHOUT_LABELS[modality][by]
        labelled = ", ".join(group for name, group in MEASURES if name == modality)
        raise ModelRefusedError(
            f"{modality} by {by} cannot be judged: {why}",
            f"the data has labels of {labelled or 'no grouping'} for {modality}; for your own "
            "labelled data: sentio_research.evaluation.groups.compare",
        )
    return compare(measure(data))


def face_by_skin_tone(data: Path) -> Grouped:
    """Return the photos by the skin tone of the face (ITA)."""
    from sentio_models.modalities.face.estimator import FaceEstimator
    from sentio_models.modalities.face.landmarker import FaceLandmarker
    from sentio_research.data.face_photos import read
    from sentio_research.data.images import read_rgb
    from sentio_research.evaluation.face_photos import SIX
    from sentio_research.evaluation.skin_tone import angle, tone

    photos = read(data)
    estimator = FaceEstimator(landmarker=FaceLandmarker(still=True))
    truth, guess, tones = [], [], []
    for path, label in zip(photos.paths, photos.labels.tolist(), strict=True):
        picture = read_rgb(path)
        observation = estimator.observe(picture, 0.0)
        if observation is None or label not in SIX:
            continue
        group = tone(angle(picture, observation.face))
        truth.append(label)
        guess.append(int(observation.probabilities.argmax()))
        tones.append(UNKNOWN if group == "no colour" else group)
    estimator.close()
    return Grouped(
        "skin_tone",
        "face_photos, not fitted on; tone by ITA from photos of unknown light",
        np.array(tones),
        None,
        class_measures(np.array(truth, np.int64), np.array(guess, np.int64)),
    )


def class_measures(truth: Ints, guess: Ints) -> dict[str, Callable[[Ints], float]]:
    """Return mean recall over the classes of a group, and accuracy.

    Groups differ in how often each class occurs, so accuracy alone would compare classes.
    """
    right = guess == truth

    def mean_recall(i: Ints) -> float:
        return float(np.mean([right[i][truth[i] == c].mean() for c in np.unique(truth[i])]))

    return {"mean_recall": mean_recall, "accuracy": lambda i: float(right[i].mean())}


def voice_by_sex(data: Path) -> Grouped:
    """Return nEMO's arousal, as it is sent, by the speaker's sex."""
    from sentio_research.evaluation.voice_across import nemo_arousal

    nemo, at, logits = nemo_arousal(data)
    high = nemo.high[at]
    mean = np.mean(logits, axis=0)
    right = np.mean([(row > 0) == high for row in logits], axis=0)
    truth = high.astype(np.int64)
    return Grouped(
        "sex",
        "nEMO (Polish, 9 actors), not fitted on; arousal as it is sent, five random orders",
        np.where(nemo.men[at], "men", "women"),
        nemo.speakers[at],
        {
            "accuracy": lambda i: float(right[i].mean()),
            "auc": lambda i: float(auc(truth[i], mean[i])),
        },
    )


def text_by_language(_data: Path) -> Grouped:
    """Return the share of other languages' lines that are refused and not misread."""
    from sentio_models.modalities.text.estimator import TextEstimator
    from sentio_research.data.chat import chat_languages

    estimator = TextEstimator()
    lines = [(name, line) for name, some in chat_languages().items() for line in some]
    refused = np.array([estimator.read(line).quality == 0 for _, line in lines], np.float64)
    return Grouped(
        "language",
        "our own chat lines in nine languages; without the encoder only English is read",
        np.array([name for name, _ in lines]),
        None,
        {"refused": lambda i: float(refused[i].mean())},
    )


MEASURES: Mapping[tuple[str, str], Callable[[Path], Grouped]] = {
    ("face", "skin_tone"): face_by_skin_tone,
    ("voice", "sex"): voice_by_sex,
    ("text", "language"): text_by_language,
}
"""Function that returns the rows of a modality and grouping."""
