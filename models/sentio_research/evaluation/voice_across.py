"""Measure the voice model on corpora that it was not fitted on.

The linear models of arousal and classes that are relative to the person, refitted on one corpus and
tested on the other; and as shipped on nEMO, which nothing is fitted on or chosen with. People come
in a random order with a running norm, as live.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sentio_models.estimate import EMOTIONS
from sentio_models.modalities.voice.classes import class_shares
from sentio_models.modalities.voice.network import logit_of
from sentio_models.modalities.voice.person import Person
from sentio_models.runtime.onnx_session import OnnxSession
from sentio_research.data.sounds import statistics_of
from sentio_research.data.voice import Nemo, Voices, read, read_nemo
from sentio_research.evaluation.voice import Progress, side_scores
from sentio_research.fitting.voice_classes import SENT, class_calibration, fit_classes
from sentio_research.fitting.voice_live import (
    PRIOR,
    causally_centred,
    fit_arousal,
    population,
)
from sentio_research.fitting.voice_person import emotions_of
from sentio_research.metrics import auc, ece, recalls, uar

Floats = NDArray[np.float64]

ORDERS = 5
"""Random orders of each person's utterances."""

FIRST, NEWEST = 10, 3
"""Utterances of the session's first voice, and of the voice compared with it."""


def measure_across(data: Path, notify: Progress) -> dict[str, Any]:
    """Return figures across corpora.

    Raises:
        ModelMissingError: The data or the extra ``train`` is missing.
    """
    voices, nemo = read(data), read_nemo(data)
    rows, index = _rows(voices.sounds, notify)
    others, at = _rows(nemo.sounds, notify)
    return {
        "arousal": _arousal(voices, rows, index),
        "classes": _classes(voices, rows, index),
        "arousal_nemo": _arousal_nemo(nemo, others, at),
        "emotions_nemo": _emotions_nemo(nemo, others, at),
        "other_voice": _other_voice(nemo, others, at),
    }


def _rows(sounds: list[NDArray[np.float32]], notify: Progress) -> tuple[Floats, NDArray[np.intp]]:
    rows, index = [], []
    for i, sound in enumerate(sounds):
        found = statistics_of(sound)
        if found is not None:
            rows.append(found)
            index.append(i)
        notify("statistics", i + 1, len(sounds))
    return np.array(rows), np.array(index, np.intp)


def _arousal(voices: Voices, rows: Floats, index: NDArray[np.intp]) -> dict[str, Any]:
    corpus, high, people = voices.corpus[index], voices.arousal[index], voices.speakers[index]
    cells = np.char.add(corpus, voices.labels[index])
    start = population(rows, corpus)
    own = [causally_centred(rows, people, start, PRIOR, seed) for seed in range(ORDERS)]
    report: dict[str, Any] = {}
    for name, other in (("bursts", "emodb"), ("emodb", "bursts")):
        here, there = corpus == name, corpus == other
        model = fit_arousal(own[0][here], high[here], cells[here])
        report[f"{name} to {other}"] = side_scores(
            high[there], np.mean([model(o[there]) for o in own[1:]], axis=0), people[there]
        )
    emodb = corpus == "emodb"
    logits = np.empty(len(rows))
    for away in _tenths(people, emodb):
        logits[away] = fit_arousal(own[0][~away], high[~away], cells[~away])(own[1][away])
    for name, chosen in (("emodb", emodb), ("bursts", ~emodb)):
        report[f"{name}, unseen speakers"] = side_scores(
            high[chosen], logits[chosen], people[chosen]
        )
    return report


def _classes(voices: Voices, rows: Floats, index: NDArray[np.intp]) -> dict[str, Any]:
    """Return which classes carry over, and figures of those that are sent."""
    corpus, emotion = voices.corpus[index], emotions_of(voices)[index]
    people, start = voices.speakers[index], population(rows, corpus)
    own = [causally_centred(rows, people, start, PRIOR, seed) for seed in (0, 1)]
    logits, truths, report = [], [], {}
    directions = (("bursts", "emodb"), ("emodb", "bursts"))
    for name, other in directions:
        here, there = corpus == name, (corpus == other) & (emotion >= 0)
        truth = emotion[there]
        both = np.intersect1d(emotion[here & (emotion >= 0)], truth)
        model = fit_classes(own[0][here], emotion[here], corpus[here], [EMOTIONS[c] for c in both])
        every = model(own[1][there])
        level = np.log(np.exp(every).sum(axis=1))
        carries = {
            EMOTIONS[c]: float(auc((truth == c).astype(np.int64), every[:, k] - level))
            for k, c in enumerate(both)
        }
        report[f"{name} to {other}"] = {"auc": carries}
        logits.append(every[:, [list(carries).index(n) for n in SENT]])
        truths.append(truth)
    degree, uniform = class_calibration(logits, truths)
    for (name, other), logit, truth in zip(directions, logits, truths, strict=True):
        shares = class_shares(logit / degree, SENT, uniform)
        report[f"{name} to {other}"] |= _scores(truth, shares)
    unseen = np.empty((len(rows), len(SENT)))
    for away in _tenths(people, corpus == "emodb"):
        model = fit_classes(own[0][~away], emotion[~away], corpus[~away])
        unseen[away] = model(own[1][away])
    for name in ("emodb", "bursts"):
        there = (corpus == name) & (emotion >= 0)
        shares = class_shares(unseen[there] / degree, SENT, uniform)
        report[f"{name}, unseen speakers"] = _scores(emotion[there], shares)
    return report | {"temperature": degree, "uniform": uniform}


def _tenths(people: NDArray[np.str_], emodb: NDArray[np.bool_]) -> list[NDArray[np.bool_]]:
    """Return the rows of each of ten actors, with a tenth of the other people."""
    turns = np.unique(people[~emodb])
    actors = enumerate(np.unique(people[emodb]))
    return [np.isin(people, np.append(turns[k::10], actor)) for k, actor in actors]


def nemo_arousal(data: Path) -> tuple[Nemo, NDArray[np.intp], list[Floats]]:
    """Return nEMO's voiced utterances and their arousal in random orders.

    Raises:
        ModelMissingError: The data is missing.
    """
    nemo = read_nemo(data)
    rows, at = _rows(nemo.sounds, lambda *_: None)
    network = _network_arousal(rows)
    return nemo, at, _sent(rows, network, nemo.speakers[at])


def _network_arousal(rows: Floats) -> Floats:
    session = OnnxSession.shipped("voice")
    shares = [session.run({"statistics": r.astype(np.float32)[None]})["arousal"] for r in rows]
    return np.array([logit_of(float(share[0, 0])) for share in shares])


def _sent(rows: Floats, network: Floats, people: NDArray[np.str_]) -> list[Floats]:
    return [live_logits(rows, network, people, seed) for seed in range(ORDERS)]


def _arousal_nemo(nemo: Nemo, rows: Floats, at: NDArray[np.intp]) -> dict[str, Any]:
    """Return arousal with the network alone, and as it is sent."""
    network = _network_arousal(rows)
    people, men, high = nemo.speakers[at], nemo.men[at], nemo.high[at]
    sent = _sent(rows, network, people)
    return {
        "network": by_sex([network], high, men, people),
        "as_sent": by_sex(sent, high, men, people),
    }


def live_logits(rows: Floats, network: Floats, people: NDArray[np.str_], seed: int) -> Floats:
    """Return each utterance's arousal logit, relative to its person's norm."""
    return live_outputs(rows, network, people, seed)[0]


def live_outputs(
    rows: Floats, network: Floats, people: NDArray[np.str_], seed: int
) -> tuple[Floats, Floats]:
    """Return the same and the probabilities of the eight emotions."""
    rng, person = np.random.default_rng(seed), Person()
    logits, shares = np.empty(len(rows)), np.empty((len(rows), len(EMOTIONS)))
    for name in np.unique(people):
        person.restart()
        for i in rng.permutation(np.flatnonzero(people == name)):
            found = person(rows[i], network[i], step=2.0, clear=True, speech=True)
            logits[i] = found.arousal
            shares[i] = [found.emotions[n] for n in EMOTIONS]
    return logits, shares


def by_sex(
    scores: list[Floats], high: NDArray[np.bool_], men: NDArray[np.bool_], people: NDArray[np.str_]
) -> dict[str, Any]:
    """Return means over the orders, at the one threshold 0."""
    truth = high.astype(np.int64)

    def mean(chosen: NDArray[np.bool_]) -> dict[str, float]:
        return {
            "n": int(chosen.sum()),
            "auc": float(np.mean([auc(truth[chosen], s[chosen]) for s in scores])),
            "accuracy": float(np.mean([((s > 0) == high)[chosen].mean() for s in scores])),
        }

    report: dict[str, Any] = {
        "all": mean(np.ones(len(high), np.bool_)),
        "men": mean(men),
        "women": mean(~men),
    }
    report["difference"] = abs(report["men"]["accuracy"] - report["women"]["accuracy"])
    report["by_actor"] = {str(p): mean(people == p) for p in np.unique(people)}
    return report


def _emotions_nemo(nemo: Nemo, rows: Floats, at: NDArray[np.intp]) -> dict[str, Any]:
    """Return the classes of the network alone, and as sent, in all orders."""
    session = OnnxSession.shipped("voice")
    truth = np.array([EMOTIONS.index(n) for n in nemo.labels[at]], np.int64)
    plain = np.array(
        [session.run({"statistics": r.astype(np.float32)[None]})["emotions"][0] for r in rows],
        np.float64,
    )
    level, people = np.zeros(len(rows)), nemo.speakers[at]
    sent = [live_outputs(rows, level, people, seed)[1] for seed in range(ORDERS)]
    return {
        "network": _scores(truth, plain),
        "as_sent": _scores(np.tile(truth, ORDERS), np.concatenate(sent)),
    }


def _scores(truth: NDArray[np.int64], shares: Floats) -> dict[str, Any]:
    guess = shares.argmax(axis=1).astype(np.int64)
    every = recalls(truth, guess, len(EMOTIONS))
    return {
        "n": len(truth),
        "uar": float(uar(truth, guess)),
        "accuracy": float((guess == truth).mean()),
        "confidence": float(shares.max(axis=1).mean()),
        "ece": ece(truth, shares),
        "recall": {n: float(r) for n, r in zip(EMOTIONS, every, strict=True) if not np.isnan(r)},
    }


def _other_voice(nemo: Nemo, rows: Floats, at: NDArray[np.intp]) -> dict[str, Any]:
    """Return how often own and other speech of 6 s is called another voice."""
    session = OnnxSession.shipped("voice_person")
    limit = float(session.manifest.constants["other_voice"])
    people, rng = nemo.speakers[at], np.random.default_rng(0)
    own, other = [], []

    def distance(between: Floats) -> float:
        row = between.astype(np.float32)[None]
        return float(session.run({"own": row, "difference": row})["distance"][0, 0])

    for name in np.unique(people):
        mine, rest = np.flatnonzero(people == name), np.flatnonzero(people != name)
        for _ in range(20):
            order = rng.permutation(mine)
            first = rows[order[:FIRST]].mean(axis=0)
            own.append(distance(rows[order[FIRST : FIRST + NEWEST]].mean(axis=0) - first))
            outsider = rng.choice(np.unique(people[rest]))
            theirs = rng.choice(np.flatnonzero(people == outsider), NEWEST, replace=False)
            other.append(distance(rows[theirs].mean(axis=0) - first))
    truth = np.repeat([0, 1], [len(own), len(other)]).astype(np.int64)
    return {
        "auc": float(auc(truth, np.array(own + other))),
        "own_called_other": float((np.array(own) > limit).mean()),
        "others_found": float((np.array(other) > limit).mean()),
    }
