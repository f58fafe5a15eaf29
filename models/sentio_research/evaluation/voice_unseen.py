"""Refit the voice network without each speaker, and evaluate it on that speaker."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sentio_research.data.sounds import Samples
from sentio_research.data.voice import CLASSES, EMODB, Voices, band, companded, noisy, read
from sentio_research.evaluation.voice import Progress, emotion_scores, side_scores
from sentio_research.fitting.calibrate import softmax
from sentio_research.fitting.voice import (
    AROUSAL,
    COPIES,
    LAUGHTER,
    VALENCE,
    Fold,
    Rows,
    fit,
    left_out,
    measure,
    predict,
    temperature,
    unseen_logits,
)
from sentio_research.metrics import auc, uar

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SEVEN = tuple(n for n in CLASSES if n in EMODB.values())
"""Emotions of EmoDB, in the network's order."""

SEED = 0

_COLUMNS = [CLASSES.index(n) for n in SEVEN]


def _seeded(
    change: Callable[[Floats, np.random.Generator], Floats],
) -> Callable[[Samples], Samples]:
    def changed(sound: Samples) -> Samples:
        return change(sound.astype(np.float64), np.random.default_rng(len(sound))).astype(
            np.float32
        )

    return changed


CONDITIONS: Mapping[str, Callable[[Samples], Samples]] = {
    "noise 20 dB": _seeded(lambda y, rng: noisy(y, 20, rng)),
    "noise 10 dB": _seeded(lambda y, rng: noisy(y, 10, rng)),
    "telephone": _seeded(lambda y, _: band(y, 300, 3400)),
    "codec": _seeded(lambda y, _: companded(y)),
    "30 dB lower": _seeded(lambda y, _: y * 10 ** (-30 / 20)),
    "first second": _seeded(lambda y, _: y[: len(y) // 2]),
}


def measure_unseen(data: Path, notify: Progress, figures: Path | None) -> dict[str, Any]:
    """Return every figure of the card; see ``voice.evaluate``."""
    voices = read(data)
    rows = measure(voices, COPIES, SEED, lambda d, t: notify("hear", d, t))
    folds = left_out(rows, voices, SEED, lambda d, t: notify("fit", d, t))
    outputs = unseen_logits(folds, rows, len(voices.labels))
    emodb = voices.corpus == "emodb"
    report: dict[str, Any] = {
        "data": "EmoDB (10 actors, German, 2 s) and EmoGator bursts (100 people)",
        "protocol": (
            "leave one speaker out, refitted here with the shipped recipe and front end; with each "
            "actor a tenth of the bursts' speakers is left out; intervals over speakers; the "
            "shipped weights are fitted on all people"
        ),
        "emodb": _emodb(voices, outputs, emodb),
        "bursts": _bursts(voices, outputs, ~emodb),
        "cross_corpus": _across(rows, voices, notify),
        "shifted": _shifted(voices, folds, notify),
    }
    if figures is not None:
        _draw(figures, report, voices, outputs, emodb)
    return report


def seven(voices: Voices, outputs: Floats, chosen: NDArray[np.bool_]) -> tuple[Ints, Floats]:
    """Return truth and shares over ``SEVEN``, calibrated on other speakers."""
    truth = np.searchsorted(_COLUMNS, voices.emotion[chosen]).astype(np.int64)
    logits, speakers = outputs[chosen][:, _COLUMNS], voices.speakers[chosen]
    shares = np.empty_like(logits)
    for speaker in np.unique(speakers):
        selected = speakers == speaker
        shares[selected] = softmax(
            logits[selected] / temperature(logits[~selected], truth[~selected])
        )
    return truth, shares


def _emodb(voices: Voices, outputs: Floats, chosen: NDArray[np.bool_]) -> dict[str, Any]:
    truth, shares = seven(voices, outputs, chosen)
    groups, selected = voices.speakers[chosen], outputs[chosen]
    arousal = voices.arousal[chosen]
    guess = shares.argmax(axis=1).astype(np.int64)
    undisputed = np.where(voices.labels[chosen] == "E", np.nan, arousal)
    return {
        "seven_emotions": emotion_scores(truth, shares, groups, SEVEN),
        "uar_by_speaker": {
            str(s): float(uar(truth[groups == s], guess[groups == s])) for s in np.unique(groups)
        },
        "arousal_disgust_low": side_scores(arousal, selected[:, AROUSAL], groups),
        "arousal_without_disgust": side_scores(undisputed, selected[:, AROUSAL], groups),
        "valence": side_scores(voices.valence[chosen], selected[:, VALENCE], groups),
    }


def _bursts(voices: Voices, outputs: Floats, chosen: NDArray[np.bool_]) -> dict[str, Any]:
    groups, selected = voices.speakers[chosen], outputs[chosen]
    return {
        "arousal": side_scores(voices.arousal[chosen], selected[:, AROUSAL], groups),
        "laughter": side_scores(voices.laughter[chosen], selected[:, LAUGHTER], groups),
        "valence": side_scores(voices.valence[chosen], selected[:, VALENCE], groups),
        "nothing_to_hear": int(np.isnan(selected[:, 0]).sum()),
    }


def _across(rows: Rows, voices: Voices, notify: Progress) -> dict[str, Any]:
    """Fit on one corpus, evaluate on the other: other people, language, microphones."""
    report = {}
    for step, name in enumerate(("emodb", "bursts")):
        here = voices.corpus == name
        net = fit(rows, voices, here, SEED)
        there = rows.plain & ~here[rows.source]
        source = rows.source[there]
        score = predict(net, rows.values[there])
        report[f"{name}_only_to_the_other"] = {
            "arousal": side_scores(
                voices.arousal[source], score[:, AROUSAL], voices.speakers[source]
            ),
            "valence": side_scores(
                voices.valence[source], score[:, VALENCE], voices.speakers[source]
            ),
        }
        notify("cross-corpus", step + 1, 2)
    return report


def _shifted(voices: Voices, folds: list[Fold], notify: Progress) -> dict[str, Any]:
    """Evaluate EmoDB's unseen speakers under other conditions."""
    here = np.flatnonzero(voices.corpus == "emodb")
    part = voices.only(here)
    folds = [Fold(fold.unseen[here], fold.net) for fold in folds]
    report = {}
    for step, (name, change) in enumerate(CONDITIONS.items()):
        outputs = unseen_logits(folds, measure(part, 0, 0, condition=change), len(here))
        has_voice = np.isfinite(outputs[:, 0])
        truth, shares = seven(part, outputs, has_voice)
        guess = shares.argmax(axis=1).astype(np.int64)
        high = part.arousal[has_voice].astype(np.int64)
        score = outputs[has_voice][:, AROUSAL]
        report[name] = {
            "n": int(has_voice.sum()),
            "uar": float(uar(truth, guess)),
            "arousal_accuracy": float(((score > 0) == (high > 0)).mean()),
            "arousal_auc": float(auc(high, score)),
        }
        notify("conditions", step + 1, len(CONDITIONS))
    return report


def _draw(
    folder: Path,
    report: dict[str, Any],
    voices: Voices,
    outputs: Floats,
    emodb: NDArray[np.bool_],
) -> None:
    from sentio_research.evaluation.figures import (
        confusion_figure,
        reliability_figure,
        roc_figure,
        spread_figure,
    )

    truth, shares = seven(voices, outputs, emodb)
    table = np.array(report["emodb"]["seven_emotions"]["confusion"])
    confusion_figure(table, SEVEN, folder / "voice_confusion.png", "EmoDB, unseen speakers")
    reliability_figure(truth, shares, folder / "voice_reliability.png", "EmoDB, unseen speakers")
    has_voice = np.isfinite(outputs[:, 0])
    curves = {}
    for name, target, column, rows in (
        ("arousal, EmoDB", voices.arousal, AROUSAL, emodb),
        ("arousal, bursts", voices.arousal, AROUSAL, ~emodb),
        ("laughter, bursts", voices.laughter, LAUGHTER, ~emodb),
        ("valence, EmoDB", voices.valence, VALENCE, emodb),
    ):
        known = rows & has_voice & np.isin(target, (0.0, 1.0))
        curves[name] = (target[known].astype(np.int64), outputs[known][:, column])
    roc_figure(curves, folder / "voice_roc.png", "Unseen speakers")
    spread_figure(
        report["emodb"]["uar_by_speaker"],
        folder / "voice_spread.png",
        "EmoDB, speaker by speaker",
        "mean recall of 7 emotions",
    )
