"""Read labelled physiology and replay it through the live front end."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from math import inf
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sentio_models.errors import ModelMissingError, ModelRefusedError
from sentio_models.modalities.body.features import (
    SECONDS,
    Body,
    measure,
    row,
    usable,
)
from sentio_models.modalities.body.heart_tracker import HeartTracker
from sentio_models.modalities.body.phasic import SkinDeconvolution
from sentio_models.modalities.body.quick import quick
from sentio_models.modalities.body.recent import Recent
from sentio_models.modalities.body.signals import newest
from sentio_models.window import Signal, Window

Floats = NDArray[np.float64]

HOP = 5.0
"""Seconds between windows."""

FOLLOW = 2.5
"""Seconds between two steps of the trackers: live ones take five times as many."""

TRACKED = 12.0
"""Newest seconds that the heart tracker gets; it looks at 8 of them."""

PURE = 15.0
"""Seconds before a window's end that must all have one label for the window to have it."""


@dataclass(frozen=True, slots=True)
class Stream:
    """Complete recording of one sensor.

    Attributes:
        values: Shape ``(n, channels)``, in the unit of the role.
        rate_hz: Samples a second.
        start: Time of the first sample, seconds.
    """

    values: NDArray[np.float32]
    rate_hz: float
    start: float


@dataclass(frozen=True, slots=True)
class Session:
    """One session of one person, in order of time.

    Attributes:
        corpus: Name of the data set.
        person: Person; rows of a person stay in one split.
        parts: Recordings that follow one another; each maps roles to streams.
        label: Label by part number and time: 1 stress, 0 not, None unknown.
        device_rate: Heart rate of the device itself, if any (1 Hz).
    """

    corpus: str
    person: str
    parts: tuple[Mapping[str, Stream], ...]
    label: Callable[[int, float], int | None]
    device_rate: Stream | None = None


@dataclass(frozen=True, slots=True)
class Rows:
    """A session as inputs of the head.

    Attributes:
        features: Shape ``(n, features)``, in order of time; NaN if unknown.
        labels: 1, 0, or -1 if the window has no single label.
        times: Seconds since the start of the session.
        heart: Estimated heart rate, its quality, and the device's heart rate; NaN if missing.
        person: Person.
        corpus: Name of the data set.
    """

    features: Floats
    labels: NDArray[np.int64]
    times: Floats
    heart: Floats
    person: str
    corpus: str


def stress_predict(data: Path) -> Iterator[Session]:
    """Read Stress-Predict (Iqbal et al. 2022): 34 labelled people.

    Raises:
        ModelMissingError: The folder is missing.
    """
    folder = _folder(data, "physio_stress_predict")
    table: dict[int, dict[int, int]] = {}
    with (folder / "Improved_All_Combined_hr_rsp_binary.csv").open(newline="") as file:
        for line in csv.DictReader(file):
            seconds = table.setdefault(int(line["Participant"]), {})
            seconds[int(float(line["Time(sec)"]))] = int(line["Label"])
    roles = (("ppg", "BVP", 1.0), ("eda", "EDA", 1.0), ("temp", "TEMP", 1.0), ("accel", "ACC", 64))
    for path in sorted(folder.glob("S*.npz")):
        labels = table.get(int(path.stem[1:]), {})
        with np.load(path) as held:
            streams = {
                role: Stream(
                    held[k] / np.float32(by), float(held[f"{k}_fs"]), float(held[f"{k}_t0"])
                )
                for role, k, by in roles
            }
            own = Stream(held["HR"], 1.0, float(held["HR_t0"]))
        yield Session(
            "stress_predict",
            path.stem,
            (streams,),
            lambda _, t, labels=labels: labels.get(int(t)),  # type: ignore[misc]
            own,
        )


def cogwear(data: Path) -> Iterator[Session]:
    """Read CogWear (Grzeszczyk et al. 2023): rest, then Stroop task, Empatica E4.

    The survey that some people filled in afterwards is neither and is excluded.

    Raises:
        ModelMissingError: The folder is missing.
    """
    folder = _folder(data, "physio_cogwear")
    runs: dict[tuple[str, str], dict[str, str]] = {}
    with (folder / "labels.csv").open(newline="") as file:
        for line in csv.DictReader(file):
            person = f"{line['study']}_{line['subject']}"
            runs.setdefault((person, line["session"]), {})[line["condition"]] = line["key"]
    with np.load(folder / "cogwear_e4.npz") as held:
        for (person, _), keys in sorted(runs.items()):
            parts = []
            for condition in ("baseline", "cognitive_load"):
                names = (("ppg", "bvp64", 64.0), ("eda", "eda4", 4.0), ("temp", "temp4", 4.0))
                part = {}
                for role, name, rate in names:
                    key = f"{keys.get(condition)}/{name}"
                    if key in held and len(held[key]) > rate:
                        part[role] = Stream(held[key][:, None], rate, 0.0)
                parts.append(part)
            if all(parts):
                yield Session("cogwear", person, tuple(parts), lambda part, _: part)


def table(path: Path) -> Iterator[Session]:
    """Read a user's recording from a CSV file.

    Columns: ``subject``, ``label`` (1 stress, 0 not, empty unknown), ``time`` (seconds,
    ascending within a subject) and any of ``ppg``, ``ecg``, ``eda``, ``resp``, ``temp``,
    ``accel_x``, ``accel_y``, ``accel_z``; a cell is empty if that sensor has no sample.

    Raises:
        ModelMissingError: The file is missing.
        ModelRefusedError: A column is missing or a cell is not a number.
    """
    if not path.is_file():
        raise ModelMissingError(f"{path} does not exist", "give the path of a CSV file")
    people: dict[str, list[dict[str, str]]] = {}
    with path.open(newline="") as file:
        reader = csv.DictReader(file)
        missing = {"subject", "label", "time"} - set(reader.fieldnames or ())
        if missing:
            raise ModelRefusedError(
                f"{path.name} lacks the columns {', '.join(sorted(missing))}",
                "see docs/evaluation.md for the format",
            )
        for line in reader:
            people.setdefault(line["subject"], []).append(line)
    for person, lines in people.items():
        try:
            yield _person(path.stem, person, lines)
        except ValueError as error:
            raise ModelRefusedError(
                f"{path.name}, subject {person}: {error}", "see docs/evaluation.md for the format"
            ) from None


def _person(corpus: str, person: str, lines: list[dict[str, str]]) -> Session:
    times = np.array([float(line["time"]) for line in lines])
    marks = np.array([int(float(line["label"])) if line["label"] else -1 for line in lines])
    streams = {}
    for role, columns in (
        *((r, (r,)) for r in ("ppg", "ecg", "eda", "resp", "temp")),
        ("accel", ("accel_x", "accel_y", "accel_z")),
    ):
        there = np.array([all(line.get(c) for c in columns) for line in lines])
        if there.sum() < 2:
            continue
        at = times[there]
        rows = [line for line, ok in zip(lines, there, strict=True) if ok]
        values = np.array([[float(line[c]) for c in columns] for line in rows], np.float32)
        rate = 1 / float(np.median(np.diff(at)))
        streams[role] = Stream(values, rate, float(at[0]))

    def label(_: int, t: float) -> int | None:
        mark = int(marks[min(max(int(np.searchsorted(times, t)) - 1, 0), len(marks) - 1)])
        return mark if mark >= 0 else None

    return Session(corpus, person, (streams,), label)


def replay(
    session: Session,
    *,
    change: Callable[[str, Stream], Stream | None] = lambda _, stream: stream,
    hop: float = HOP,
) -> Rows:
    """Run a session through the live front end.

    Args:
        session: The session.
        change: Changes a role's stream (noise, another rate) or removes it (None).
        hop: Seconds between windows.
    """
    features, labels, times, heart = [], [], [], []
    before = 0.0
    for number, part in enumerate(session.parts):
        followed = _Followed()
        changed = {role: change(role, stream) for role, stream in part.items()}
        streams = {role: stream for role, stream in changed.items() if stream is not None}
        start = min(s.start for s in part.values())
        end = max(s.start + len(s.values) / s.rate_hz for s in part.values())
        for now in np.arange(start + hop, end, hop):
            window = cut(streams, now)
            body = measure(window)
            recent = followed.until(streams, now, hop)
            features.append(row(body, quick(usable(window), body.column) | recent))
            labels.append(_label(session, number, now, start))
            times.append(before + now - start)
            heart.append(_heart(session, body, now))
        before += end - start
    return Rows(
        np.array(features),
        np.array(labels, np.int64),
        np.array(times),
        np.array(heart),
        session.person,
        session.corpus,
    )


class _Followed:
    """The trackers of heart and skin, from one window of a replay to the next."""

    def __init__(self) -> None:
        self._heart, self._skin, self._recent = HeartTracker(), SkinDeconvolution(), Recent()
        self._step = inf

    def until(self, streams: Mapping[str, Stream], now: float, hop: float) -> dict[str, float]:
        """Follow until ``now`` in steps of ``FOLLOW`` seconds; return what is recent."""
        count = max(1, round(hop / FOLLOW))
        found: dict[str, float] = {}
        for time in np.linspace(now - hop, now, count + 1)[1:]:
            signals = usable(cut(streams, time))
            late = {
                role: newest(signal, TRACKED)
                for role, signal in signals.items()
                if signal.offsets[-1] > -FOLLOW
            }
            with np.errstate(all="ignore"):
                heart = self._heart.update(late, self._step) if late else None
                skin = self._skin.update(signals["eda"], self._step) if "eda" in signals else None
            found = self._recent.update(heart, skin, self._step)
            self._step = hop / count
        return found


def cut(streams: Mapping[str, Stream], now: float) -> Window:
    """Return the window of the live pipeline at ``now``."""
    signals = {}
    for role, stream in streams.items():
        last = int((now - stream.start) * stream.rate_hz)
        first = max(0, last - int(SECONDS * stream.rate_hz))
        values = stream.values[first:last]
        if len(values) > 1 and last <= len(stream.values) + stream.rate_hz:
            newest = stream.start + (first + len(values) - 1) / stream.rate_hz - now
            offsets = newest + (np.arange(len(values)) - (len(values) - 1)) / stream.rate_hz
            names = tuple("xyz"[: values.shape[1]])
            signals[role] = Signal(values, offsets, stream.rate_hz, names)
    return Window(signals, HOP)


def slower(stream: Stream, factor: int) -> Stream:
    """Return a stream at a fraction of its rate, by averaging."""
    n = len(stream.values) // factor * factor
    mean = stream.values[:n].reshape(-1, factor, stream.values.shape[1]).mean(axis=1)
    return replace(stream, values=mean.astype(np.float32), rate_hz=stream.rate_hz / factor)


def _label(session: Session, part: int, now: float, start: float) -> int:
    found_labels = {session.label(part, t) for t in np.arange(max(start, now - PURE + 1), now, 5.0)}
    only = found_labels.pop() if len(found_labels) == 1 else None
    return -1 if only is None else only


def _heart(session: Session, body: Body, now: float) -> tuple[float, float, float]:
    estimated = body.heart.heart_rate if body.heart is not None else np.nan
    own = np.nan
    if session.device_rate is not None:
        second = round(now - session.device_rate.start)
        if 0 <= second < len(session.device_rate.values):
            own = float(session.device_rate.values[second, 0])
    return estimated, body.heart_quality, own


def _folder(data: Path, name: str) -> Path:
    folder = data / name
    if not folder.is_dir():
        raise ModelMissingError(f"{folder} does not exist", "set --data to its parent folder")
    return folder
