"""Play voices through the live estimator and fusion; keep the classes sent.

Each person is one session: sounds follow each other in random order with a minute between, so that
the last one has faded, while the person's norm and rest stay. For EmoDB and the bursts the network
is refitted without the speaker; nothing is fitted on nEMO.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.classes_sent import Progress, Sent, shares_now, table
from sentio_bridge.affect.subject_model import SubjectModel
from sentio_models.estimate import EMOTIONS
from sentio_models.modalities.voice import VoiceEstimator
from sentio_models.runtime.onnx_session import OnnxSession
from sentio_research.data.voice import CLASSES, Voices, read, read_nemo
from sentio_research.evaluation.voice_gate import BLOCK, in_a_room, windows

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

PAUSE = 60.0
"""Seconds between two sounds of a person."""

UNTRAINED = "not measured: figures on unseen speakers refit the network; install the extra train"


def measure_voices(data: Path, notify: Progress) -> dict[str, Any]:
    """Return the classes as sent on nEMO, EmoDB and the bursts.

    Raises:
        ModelMissingError: The data, or the speech detector's package is missing.
    """
    nemo = read_nemo(data)
    truth = np.array([EMOTIONS.index(name) for name in nemo.labels], np.int64)
    shares = np.full((len(truth), len(EMOTIONS)), np.nan)
    people = np.unique(nemo.speakers)
    estimator = VoiceEstimator()
    for number, person in enumerate(people):
        rows = np.flatnonzero(nemo.speakers == person)
        shares[rows] = played(estimator, [nemo.sounds[i] for i in rows], number)
        notify("nEMO", number + 1, len(people))
    report = {
        "data": "nEMO (Polish); EmoDB and bursts with the network refitted without the speaker",
        "gate": "with the speech detector" if estimator.detects_speech else "no speech detector",
        "nemo": table(Sent(truth, shares, nemo.speakers)),
    }
    try:
        return report | _unseen(read(data), notify)
    except ImportError:
        return report | {"emodb": UNTRAINED, "bursts": UNTRAINED}


def _unseen(voices: Voices, notify: Progress) -> dict[str, Any]:
    from sentio_research.fitting.voice import (
        COPIES,
        calibrate,
        export,
        left_out,
        measure,
        spreads,
        unseen_logits,
    )

    rows = measure(voices, COPIES, 0, lambda d, n: notify("statistics", d, n))
    folds = left_out(rows, voices, 0, lambda d, n: notify("fit", d, n))
    outputs = unseen_logits(folds, rows, len(voices.labels))
    shares = np.full((len(voices.labels), len(EMOTIONS)), np.nan)
    for number, fold in enumerate(folds):
        net, calibrated = calibrate(fold.net, outputs, voices)
        with tempfile.TemporaryDirectory() as folder:
            export(net, Path(folder), spreads(calibrated, voices), "all other speakers")
            estimator = VoiceEstimator(OnnxSession.shipped("voice", Path(folder)))
        for person in np.unique(voices.speakers[fold.unseen]):
            own = np.flatnonzero(voices.speakers == person)
            shares[own] = played(estimator, [voices.sounds[i] for i in own], number)
        notify("played", number + 1, len(folds))
    return {name: table(_of(voices, shares, voices.corpus == name)) for name in ("emodb", "bursts")}


def _of(voices: Voices, shares: Floats, corpus: NDArray[np.bool_]) -> Sent:
    """Return the sounds of a corpus that have one of the eight classes."""
    rows = np.flatnonzero(corpus & (voices.emotion >= 0))
    names = [CLASSES[c].replace("boredom", "neutral") for c in voices.emotion[rows]]
    truth = np.array([EMOTIONS.index(name) for name in names], np.int64)
    return Sent(truth, shares[rows], voices.speakers[rows])


def played(estimator: VoiceEstimator, sounds: Iterable[NDArray[np.float32]], seed: int) -> Floats:
    """Play the sounds of one person in random order; return what was sent of each.

    Returns:
        Shape ``(n, 8)``: means of the frames during and up to .6 s after each sound.
    """
    every = list(sounds)
    shares = np.full((len(every), len(EMOTIONS)), np.nan)
    model, now = SubjectModel("unseen"), 0.0
    estimator.personalise({})
    for index in np.random.default_rng(seed).permutation(len(every)):
        now += PAUSE
        frames = []
        for window in windows(in_a_room(every[index])):
            now += BLOCK
            estimate = estimator.estimate(window)
            model.estimate(estimate, now, now)
            frames.append(shares_now(model, now))
        known = [frame for frame in frames if np.isfinite(frame[0])]
        if known:
            shares[index] = np.mean(known, axis=0)
    return shares
