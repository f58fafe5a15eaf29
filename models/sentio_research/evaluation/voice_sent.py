"""Measure arousal as a game receives it, on speakers that were not fitted on.

Each utterance is played through the live estimator, with the gate and room noise around it; each
person's utterances follow each other in random order within one session, so that the norm is
learnt as live. The linear model of arousal is refitted without the speaker. What the gate
refuses counts as not sent.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sentio_models.modalities.voice import VoiceEstimator
from sentio_models.modalities.voice.person import MEMORY, WINDOW, Compared, Mean, Person
from sentio_research.data.voice import Voices, read
from sentio_research.evaluation.voice import Progress, side_scores
from sentio_research.evaluation.voice_across import rows_of
from sentio_research.evaluation.voice_gate import in_a_room, windows
from sentio_research.fitting.voice_live import (
    PRIOR,
    Linear,
    causally_centred,
    fit_arousal,
    population,
)
from sentio_research.metrics import bootstrap

Floats = NDArray[np.float64]

ORDERS = 3
"""Random orders of each person's utterances."""

USED = 0.1
"""Quality from which an estimate is used."""


@dataclass(slots=True)
class LiveRun:
    """One run of the models within an utterance.

    Attributes:
        states: Pooled states of the encoder.
        clear: Whether the norm learns from it.
        part: Share of a window that is new.
        used: Whether the estimate that it led to was used.
    """

    states: Floats
    clear: bool
    part: float
    used: bool = False


class Recorder(Person):
    """A comparison that keeps what it is given."""

    def __init__(self) -> None:
        super().__init__()
        self.runs: list[LiveRun] = []

    def __call__(
        self, values: Floats, states: Floats, *, step: float, clear: bool, speech: bool
    ) -> Compared:
        """Keep the states and return no arousal."""
        self.runs.append(LiveRun(states, clear, min(1.0, step / WINDOW)))
        return Compared(0.0, False)


def measure_sent(data: Path, notify: Progress) -> dict[str, Any]:
    """Return arousal as sent on EmoDB and on bursts, with intervals over speakers.

    Raises:
        ModelMissingError: The data, the speech detector or the extra ``train`` is missing.
    """
    voices = read(data)
    runs = played(voices, notify)
    _, states, index = rows_of(voices.sounds, notify)
    sent = np.mean([unseen(voices, runs, states, index, s) for s in range(ORDERS)], axis=0)
    report: dict[str, Any] = {}
    for name in ("emodb", "bursts"):
        chosen = voices.corpus == name
        report[name] = {
            "sent": _share(np.isfinite(sent[chosen]), voices.speakers[chosen]),
            "arousal": side_scores(voices.arousal[chosen], sent[chosen], voices.speakers[chosen]),
        }
    return report


def played(voices: Voices, notify: Progress) -> list[list[LiveRun]]:
    """Play each sound through a fresh session of the live estimator."""
    recorder = Recorder()
    estimator = VoiceEstimator(person=recorder)
    found = []
    for i, sound in enumerate(voices.sounds):
        estimator.personalise({})
        recorder.runs = []
        for window in windows(in_a_room(sound)):
            quality = estimator.estimate(window).quality
            if recorder.runs and quality >= USED:
                recorder.runs[-1].used = True
        found.append(recorder.runs)
        notify("played", i + 1, len(voices.sounds))
    return found


def unseen(
    voices: Voices,
    runs: list[list[LiveRun]],
    states: Floats,
    index: NDArray[np.intp],
    seed: int,
) -> Floats:
    """Return the mean logit that is sent of each utterance; NaN where none is.

    Args:
        voices: The recordings.
        runs: What the live estimator ran on, by recording.
        states: States of whole recordings, to fit on.
        index: Recording of each of their rows.
        seed: Seed of the orders.
    """
    corpus, people = voices.corpus[index], voices.speakers[index]
    high, cells = voices.arousal[index], np.char.add(corpus, voices.labels[index])
    start = population(states, corpus)
    own = causally_centred(states, people, start, PRIOR, seed)
    sent = np.full(len(runs), np.nan)
    emodb = voices.corpus == "emodb"
    actors, turns = np.unique(voices.speakers[emodb]), np.unique(voices.speakers[~emodb])
    rng = np.random.default_rng(seed)
    for number, actor in enumerate(actors):
        away = np.append(turns[number :: len(actors)], actor)
        kept = ~np.isin(people, away)
        model = fit_arousal(own[kept], high[kept], cells[kept])
        for person in away:
            order = rng.permutation(np.flatnonzero(voices.speakers == person))
            session(order, runs, model, start, sent)
    return sent


def session(
    order: Iterable[int],
    runs: list[list[LiveRun]],
    model: Linear,
    start: Floats,
    sent: Floats,
) -> None:
    """Follow a person's utterances; write each one's mean logit into ``sent``."""
    usual = Mean(len(start), MEMORY)
    for i in order:
        logits = []
        for run in runs[i]:
            if run.clear:
                usual.add(run.states, run.part)
            if run.used:
                norm = (usual.weight * usual.value + PRIOR * start) / (usual.weight + PRIOR)
                logits.append(model((run.states - norm)[None])[0])
        if logits:
            sent[i] = np.mean(logits)


def _share(found: NDArray[np.bool_], people: NDArray[np.str_]) -> dict[str, Any]:
    return asdict(bootstrap(lambda i: float(found[i].mean()), people))
