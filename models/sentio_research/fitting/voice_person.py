"""Fit the comparison of a voice with the person's own voice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sentio_models.estimate import EMOTIONS
from sentio_models.modalities.voice.statistics import NAMES
from sentio_research.data.sounds import statistics_of
from sentio_research.data.voice import CLASSES, Voices, vary_person
from sentio_research.fitting.voice_classes import (
    SENT,
    class_calibration,
    fit_classes,
    sharpened,
)
from sentio_research.fitting.voice_live import (
    NETWORK_SHARE,
    PRIOR,
    SELF,
    causally_centred,
    centred,
    export_person,
    fit_arousal,
    population,
    softer,
    spread,
    temperature,
    whitening,
)

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

COPIES = 3
"""Augmented copies of each person."""

ORDER = 11
"""Seed of the order of each person's sounds."""

OWN_SHARE = 0.98
"""Share of a person's own speech, 6 s at a time, that is within the limit of ``other_voice``."""

TRAINED_ON = (
    "EmoDB (Burkhardt et al. 2005, CC0-1.0): 10 actors, German; "
    "bursts of EmoGator (Buhl 2023, Apache-2.0): 100 people"
)


@dataclass(frozen=True, slots=True)
class PersonRows:
    """Statistics of sounds and of augmented copies, with their labels.

    Attributes:
        values: Shape ``(n, len(NAMES))``.
        source: Index of each row's sound.
        people: Person and copy of each row.
        corpus: Of each row.
        labels: Of each row, as in the corpus.
        high: 1 high arousal, 0 low, NaN neither.
        emotion: Index into ``EMOTIONS``; -1 if none matches.
    """

    values: Floats
    source: NDArray[np.int64]
    people: NDArray[np.str_]
    corpus: NDArray[np.str_]
    labels: NDArray[np.str_]
    high: Floats
    emotion: NDArray[np.int64]

    @property
    def plain(self) -> Flags:
        """Whether each row is of a sound itself."""
        return np.char.endswith(self.people, "#0")


@dataclass(frozen=True, slots=True)
class Across:
    """Calibration across corpora: fitted on one, tested on the other.

    Attributes:
        arousal: Temperature of arousal.
        spread: Standard deviation of arousal.
        classes: Temperature of the classes.
        uniform: Weight of the uniform distribution in the classes.
    """

    arousal: float
    spread: float
    classes: float
    uniform: float


def emotions_of(voices: Voices) -> NDArray[np.int64]:
    """Return the index into ``EMOTIONS`` of each sound.

    Boredom is neutral; -1 if none matches.
    """
    neutral = EMOTIONS.index("neutral")
    return np.where(voices.emotion == CLASSES.index("boredom"), neutral, voices.emotion)


def person_rows(
    voices: Voices, copies: int = COPIES, notify: Callable[[int, int], None] | None = None
) -> PersonRows:
    """Compute statistics of every sound and of augmented copies."""
    values, source, people = [], [], []
    for i, sound in enumerate(voices.sounds):
        for copy in range(copies + 1):
            who = f"{voices.speakers[i]}#{copy}"
            found = statistics_of(vary_person(sound, f"{voices.corpus[i]}{who}") if copy else sound)
            if found is not None:
                values.append(found)
                source.append(i)
                people.append(who)
        if notify:
            notify(i + 1, len(voices.sounds))
    index = np.array(source, np.int64)
    return PersonRows(
        np.array(values),
        index,
        np.array(people),
        voices.corpus[index],
        voices.labels[index],
        voices.arousal[index],
        emotions_of(voices)[index],
    )


def measure_across(rows: PersonRows) -> Across:
    """Return the calibration across the two corpora."""
    start = population(rows.values[rows.plain], rows.corpus[rows.plain])
    own = centred(rows.values, rows.people, start, PRIOR)
    running = causally_centred(rows.values, rows.people, start, PRIOR, ORDER)
    cells = np.char.add(rows.corpus, rows.labels)
    degrees, scores, sides = [], [], []
    for name in ("emodb", "bursts"):
        here, there = rows.corpus == name, (rows.corpus != name) & rows.plain
        score = fit_arousal(own[here], rows.high[here], cells[here])(running[there])
        degrees.append(temperature(score, rows.high[there]))
        scores.append(score)
        sides.append(rows.high[there])
    degree = float(np.exp(np.mean(np.log(degrees))))
    sd = spread(np.concatenate(scores) / degree, np.concatenate(sides))
    return Across(degree, sd, *_classes_across(rows, own[rows.plain], start))


def _classes_across(rows: PersonRows, own: Floats, start: Floats) -> tuple[float, float]:
    """Return the temperature and the uniform weight of the classes.

    Of the sounds alone: copies would change the random order.
    """
    plain = rows.plain
    emotion, corpus = rows.emotion[plain], rows.corpus[plain]
    running = causally_centred(rows.values[plain], rows.people[plain], start, PRIOR, ORDER)
    logits, truths = [], []
    for name in ("emodb", "bursts"):
        here, there = corpus == name, (corpus != name) & (emotion >= 0)
        classes = fit_classes(own[here], emotion[here], corpus[here])
        logits.append(classes(running[there]))
        truths.append(emotion[there])
    return class_calibration(logits, truths)


def fit_person(rows: PersonRows, use: Flags, across: Across, folder: Path) -> Path:
    """Fit on the rows in ``use`` and write the model; return the manifest's path.

    Arousal is fitted on the copies as well, classes on the sounds themselves.

    Args:
        rows: Statistics of all sounds.
        use: Whether each row is used.
        across: Calibration across corpora.
        folder: Where to write.
    """
    corpus, people, values = rows.corpus[use], rows.people[use], rows.values[use]
    plain = rows.plain[use]
    start = population(values[plain], corpus[plain])
    own = centred(values, people, start, PRIOR)
    arousal = fit_arousal(own, rows.high[use], np.char.add(corpus, rows.labels[use]))
    classes = fit_classes(own[plain], rows.emotion[use][plain], corpus[plain])
    speech = plain & (corpus == "emodb")
    matrix, limit = _other_voice(values[speech], people[speech])
    constants: dict[str, object] = {
        "population": start.tolist(),
        "prior": PRIOR,
        "network_share": NETWORK_SHARE / across.arousal,
        "other_voice": limit,
        "uniform": across.uniform,
        "sd": {"arousal": across.spread},
    }
    return export_person(
        softer(arousal, across.arousal),
        (sharpened(classes, across.classes), SENT),
        matrix,
        folder,
        constants,
        TRAINED_ON,
    )


def _other_voice(rows: Floats, people: NDArray[np.str_]) -> tuple[Floats, float]:
    """Return the matrix of a distance between voices, and its limit."""
    if not len(rows):
        # Not known without speech: then no voice is called another.
        return np.zeros((len(NAMES), len(SELF))), 0.0
    matrix, rng, found = whitening(rows, people), np.random.default_rng(0), []
    for person in np.unique(people):
        mine = rows[people == person]
        for _ in range(100):
            order = rng.permutation(len(mine))
            between = mine[order[10:13]].mean(axis=0) - mine[order[:10]].mean(axis=0)
            found.append(float(((between @ matrix) ** 2).sum()))
    return matrix, float(np.quantile(found, OWN_SHARE))
