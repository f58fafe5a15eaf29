"""Play voices through the live estimator and fusion; keep the classes sent.

Each person is one session: sounds follow each other in random order with a minute between, so that
the last one has faded, while the person's norm and rest stay. EmoDB and the bursts are judged
twice: by a model that was fitted on the other corpus alone, and by one without the speaker. Nothing
is fitted on nEMO.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.classes_sent import Progress, Sent, shares_now, table
from sentio_bridge.affect.subject_model import SubjectModel
from sentio_models.estimate import EMOTIONS
from sentio_models.modalities.voice import VoiceEstimator
from sentio_models.runtime.onnx_session import OnnxSession
from sentio_research.data.voice import Voices, read, read_nemo
from sentio_research.evaluation.voice_gate import BLOCK, in_a_room, windows

if TYPE_CHECKING:
    from sentio_research.fitting.voice_person import Across, PersonRows

Floats = NDArray[np.float64]

PAUSE = 60.0
"""Seconds between two sounds of a person."""

UNTRAINED = "not measured: these figures refit the model; install the extra train"

REFITTED = ("emodb_from_bursts", "bursts_from_emodb", "emodb", "bursts")


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
        "data": "nEMO (Polish); EmoDB and bursts with the model refitted without the corpus, "
        "and without the speaker",
        "gate": "with the speech detector" if estimator.detects_speech else "no speech detector",
        "nemo": table(Sent(truth, shares, nemo.speakers)),
    }
    try:
        return report | _refitted(read(data), notify)
    except ImportError:
        return report | dict.fromkeys(REFITTED, UNTRAINED)


def _refitted(voices: Voices, notify: Progress) -> dict[str, Any]:
    from sentio_research.fitting.voice_person import measure_across, person_rows

    # Copies are for arousal, which is not judged here.
    rows = person_rows(voices, 0, lambda d, n: notify("statistics", d, n))
    across = measure_across(rows)
    emodb = voices.corpus == "emodb"
    actors, others = np.unique(voices.speakers[emodb]), np.unique(voices.speakers[~emodb])
    tenths = [
        np.isin(voices.speakers, np.append(others[k :: len(actors)], actor))
        for k, actor in enumerate(actors)
    ]
    found = {}
    for name, parts in (("corpus", [emodb, ~emodb]), ("speaker", tenths)):
        shares = np.full((len(voices.labels), len(EMOTIONS)), np.nan)
        for number, unseen in enumerate(parts):
            _without(unseen, rows, across, voices, shares)
            notify(f"without the {name}", number + 1, len(parts))
        found[name] = shares
    return {
        "emodb_from_bursts": table(_of(voices, found["corpus"], emodb)),
        "bursts_from_emodb": table(_of(voices, found["corpus"], ~emodb)),
        "emodb": table(_of(voices, found["speaker"], emodb)),
        "bursts": table(_of(voices, found["speaker"], ~emodb)),
    }


def _without(
    unseen: NDArray[np.bool_], rows: PersonRows, across: Across, voices: Voices, shares: Floats
) -> None:
    """Fit without some sounds, play them and write what was sent into ``shares``."""
    from sentio_research.fitting.voice_person import fit_person

    with tempfile.TemporaryDirectory() as folder:
        fit_person(rows, ~unseen[rows.source], across, Path(folder))
        estimator = VoiceEstimator(person=OnnxSession.shipped("voice_person", Path(folder)))
    for number, person in enumerate(np.unique(voices.speakers[unseen])):
        own = np.flatnonzero(unseen & (voices.speakers == person))
        shares[own] = played(estimator, [voices.sounds[i] for i in own], number)


def _of(voices: Voices, shares: Floats, corpus: NDArray[np.bool_]) -> Sent:
    """Return the sounds of a corpus that have one of the eight classes."""
    from sentio_research.fitting.voice_person import emotions_of

    truth = emotions_of(voices)
    rows = np.flatnonzero(corpus & (truth >= 0))
    return Sent(truth[rows], shares[rows], voices.speakers[rows])


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
