"""Wristbands of real people played: how well entries separate load and rest.

With heads that were refitted without the person; CogWear both with rest before load and with load
before rest.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sentio_bridge.affect.subject_model import SubjectModel
from sentio_bridge.core import commands as cmd
from sentio_bridge.core.consent import ConsentLedger
from sentio_bridge.core.frame_pacer import FramePacer
from sentio_bridge.core.hub import Hub
from sentio_bridge.core.outgoing import FrameMessage
from sentio_bridge.core.subject_state import SubjectState
from sentio_models.modalities.body import BodyEstimator
from sentio_models.runtime.onnx_session import OnnxSession
from sentio_models.window import Window
from sentio_research.data.body import Session, cogwear, replay, stress_predict
from sentio_research.evaluation.body_played import windows
from sentio_research.evaluation.body_unseen import left_out
from sentio_research.fitting.body import Head, ship_head
from sentio_research.metrics import auc, bootstrap

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

ENTRIES = ("arousal_level", "stress_level", "arousal", "stress")

OVER = (5, 15, 60)
"""Seconds that an entry is averaged over, and that must have one label."""

EVERY = 1.0
"""Seconds between two rows."""

HOP = 1.0
"""Seconds between two estimates; a live sidecar makes two a second."""

PEOPLE = 8
"""Every how many people of Stress-Predict are played: an hour each."""

START = 1000.0
"""Start of the clock, seconds."""


@dataclass(frozen=True, slots=True)
class Played:
    """Course of one person, as a game received it.

    Attributes:
        person: Person.
        times: Seconds since the start, ascending.
        labels: 1 stress or load, 0 rest, -1 unknown.
        values: By entry of ``ENTRIES``; NaN if unknown.
    """

    person: str
    times: Floats
    labels: Ints
    values: Mapping[str, Floats]


def play(session: Session, estimator: BodyEstimator, backwards: bool = False) -> Played:
    """Play a session in real time steps.

    Args:
        session: Recordings of one person.
        estimator: Fresh.
        backwards: Play the last part first.
    """
    ledger = ConsentLedger()
    ledger.grant("body", ["adapt"], "bench", START)
    state = SubjectState(SubjectModel("player"), ledger, FramePacer(1.0 / EVERY))
    hub = Hub(1, {"player": state})
    times: list[float] = []
    labels: list[int] = []
    rows: dict[str, list[float]] = {name: [] for name in ENTRIES}
    order = list(enumerate(session.parts))
    offset = 0.0
    for number, part in reversed(order) if backwards else order:
        began = min(stream.start for stream in part.values())
        length = max(s.start + len(s.values) / s.rate_hz for s in part.values()) - began
        for time, window in windows(part, length, HOP):
            step = HOP if window.step == inf and times else window.step
            now = START + offset + time
            estimate = estimator.estimate(Window(window.signals, step))
            hub.apply(cmd.EstimateReceived("player", "body", now, estimate), now)
            for message in hub.poll(now):
                if not isinstance(message, FrameMessage):
                    continue
                label = session.label(number, began + time)
                times.append(offset + time)
                labels.append(-1 if label is None else label)
                for name in ENTRIES:
                    value = message.body.get(name)
                    rows[name].append(np.nan if value is None else value)
        offset += length
    return Played(
        session.person,
        np.array(times),
        np.array(labels, np.int64),
        {name: np.array(values) for name, values in rows.items()},
    )


def separation(people: Sequence[Played], name: str, seconds: float) -> dict[str, float]:
    """Return the mean AUC within a person of an entry's mean over the newest seconds."""
    found = []
    for one in people:
        value, label = _newest(one, name, seconds)
        kept = (label >= 0) & np.isfinite(value)
        if len(set(label[kept].tolist())) == 2:
            found.append(auc(label[kept], value[kept]))
    scores = np.array(found)
    figure = bootstrap(lambda i: float(np.nanmean(scores[i])), np.arange(len(scores)))
    return {"value": figure.value, "low": figure.low, "high": figure.high}


def onsets(people: Sequence[Played], name: str, within: float = 15.0) -> dict[str, float]:
    """Return the share of onsets after which an entry crosses the person's median."""
    crossed, count = 0, 0
    for one in people:
        value = one.values[name]
        middle = float(np.nanmedian(value))
        starts = np.flatnonzero((one.labels[1:] == 1) & (one.labels[:-1] == 0)) + 1
        for start in starts:
            if not value[start] < middle:
                continue
            count += 1
            after = (one.times > one.times[start]) & (one.times <= one.times[start] + within)
            crossed += bool((value[after] > middle).any())
    return {"onsets_from_below": count, "crossed": crossed / count if count else float("nan")}


def gathered(data: Path, every: int = PEOPLE) -> dict[str, list[Played]]:
    """Play recordings, each with a head that was fitted without the person.

    Args:
        data: Folder of labelled data.
        every: Every how many people of Stress-Predict are played.

    Returns:
        Courses by data set and order.
    """
    sessions = [*stress_predict(data), *cogwear(data)]
    rows = [r for r in map(replay, sessions) if (r.labels >= 0).any()]
    known = {r.person for r in rows}
    heads = left_out(rows, lambda *_: None)
    hour = [s for s in sessions if s.corpus == "stress_predict" and s.person in known][::every]
    short = [s for s in sessions if s.corpus == "cogwear"]
    return {
        "Stress-Predict": [play(s, _estimator(heads[s.person])) for s in hour],
        "CogWear": [play(s, _estimator(heads[s.person])) for s in short],
        "CogWear, load first": [play(s, _estimator(heads[s.person]), True) for s in short],
    }


def figures(people: Sequence[Played]) -> dict[str, Any]:
    """Return separation, availability and onsets of each entry, and of time."""
    timed = [Played(one.person, one.times, one.labels, {"time": one.times}) for one in people]
    table: dict[str, Any] = {
        name: {f"auc_{over}_s": separation(people, name, over) for over in OVER}
        | {"known": float(np.mean([np.isfinite(one.values[name]).mean() for one in people]))}
        for name in ENTRIES
    }
    table["time"] = {"auc_5_s": separation(timed, "time", 5.0)}
    table["onsets"] = {name: onsets(people, name) for name in ENTRIES}
    table["people"] = len(people)
    return table


def _newest(one: Played, name: str, seconds: float) -> tuple[Floats, Ints]:
    """Return means over the newest seconds, and their label; -1 if it is not the same."""
    value, label = one.values[name], one.labels.copy()
    first = np.searchsorted(one.times, one.times - seconds, side="right")
    known = np.isfinite(value)
    sums = np.concatenate([[0.0], np.cumsum(np.where(known, value, 0.0))])
    counts = np.concatenate([[0], np.cumsum(known)])
    place = np.arange(len(value)) + 1
    number = counts[place] - counts[first]
    mean = np.where(number > 0, (sums[place] - sums[first]) / np.maximum(number, 1), np.nan)
    changed = np.concatenate([[0], np.cumsum(np.diff(one.labels) != 0)])
    label[changed[place - 1] != changed[first]] = -1
    return mean, label


def _estimator(head: Head) -> BodyEstimator:
    """Return an estimator with a refitted head and the shipped deviations."""
    sd = dict(OnnxSession.shipped("body").manifest.constants["sd"])
    with tempfile.TemporaryDirectory() as folder:
        ship_head(Path(folder), head, sd, "people but one")
        return BodyEstimator(OnnxSession.shipped("body", Path(folder)))
