"""Play sensors through the heart tracker or body estimator, and score it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from sentio_models.modalities.body import BodyEstimator
from sentio_models.modalities.body.heart_tracker import HeartTracker
from sentio_models.window import Signal, Window
from sentio_research.data.body import Stream, cut

Floats = NDArray[np.float64]

HOP = 0.5
"""Seconds between windows, as the live pipeline cuts them."""

WARM = 10.0
"""First seconds that count nowhere: filters fill."""


@dataclass(frozen=True, slots=True)
class Trace:
    """One reading through time; NaN where it is unknown."""

    times: Floats
    means: Floats
    sds: Floats

    @property
    def known(self) -> NDArray[np.bool_]:
        """Where it is known."""
        return np.isfinite(self.means)


def windows(
    streams: Mapping[str, Stream], seconds: float, hop: float = HOP, span: float = 60.0
) -> Iterator[tuple[float, Window]]:
    """Cut the windows that the live pipeline would cut, of at most ``span`` seconds."""
    start = min(stream.start for stream in streams.values())
    step = inf
    for now in np.arange(start + 2.0, start + seconds, hop):
        window = cut(streams, now)
        signals = {
            role: _newest(signal, span)
            for role, signal in window.signals.items()
            if len(signal.offsets) and signal.offsets[-1] > -2.0
        }
        if signals:
            yield now - start, Window(signals, step)
            step = hop


def follow(streams: Mapping[str, Stream], seconds: float, hop: float = HOP) -> Trace:
    """Run the heart tracker alone."""
    tracker, rows = HeartTracker(), []
    for now, window in windows(streams, seconds, hop, 12.0):
        with np.errstate(all="ignore"):
            heart = tracker.update(window.signals, window.step)
        known = heart is not None and heart.known
        rows.append((now, heart.rate, heart.sd) if heart and known else (now, np.nan, np.nan))
    return Trace(*np.array(rows).T)


def play(
    streams: Mapping[str, Stream], seconds: float, *names: str
) -> tuple[dict[str, Trace], list[tuple[float, Mapping[str, float]]]]:
    """Run the whole estimator; return chosen readings and all features."""
    estimator = BodyEstimator()
    rows: dict[str, list[tuple[float, float, float]]] = {name: [] for name in names}
    features = []
    for now, window in windows(streams, seconds):
        estimate = estimator.estimate(window)
        features.append((now, estimate.features))
        for name in names:
            found = estimate.readings.get(name)
            rows[name].append(
                (now, np.nan, np.nan) if found is None else (now, found.mean, found.variance**0.5)
            )
    return {name: Trace(*np.array(many).T) for name, many in rows.items()}, features


def errors(
    trace: Trace, truth: Floats, counts: NDArray[np.bool_] | None = None
) -> dict[str, float]:
    """Return availability, mean absolute error and coverage of the 68 % interval."""
    counts = trace.times > WARM if counts is None else counts
    known = trace.known & counts
    off = np.abs(trace.means - truth)[known]
    return {
        "known": float(trace.known[counts].mean()),
        "mae": float(off.mean()) if len(off) else float("nan"),
        "covered": float((off < trace.sds[known]).mean()) if len(off) else float("nan"),
        "over_10_and_sure": float((off > 10).sum() / counts.sum()),
    }


def lag(trace: Trace, truth: Floats, most: float = 20.0) -> float:
    """Return the delay of the truth that fits the estimates best, seconds."""
    known = trace.known & (trace.times > WARM)
    if known.sum() < 20:
        return float("nan")
    step = 0.1
    at = np.arange(trace.times[known][0], trace.times[-1], step)
    means = np.interp(at, trace.times[known], trace.means[known])
    true = np.interp(at, trace.times, truth)
    best, found = -inf, float("nan")
    for shift in range(round(most / step)):
        a, b = means[shift:], true[: len(true) - shift]
        r = float(np.corrcoef(a, b)[0, 1])
        if r > best:
            best, found = r, shift * step
    return found


def smoothed(trace: Trace, seconds: float) -> Floats:
    """Return the mean of known values in the newest seconds; NaN without one."""
    sums = np.concatenate([[0.0], np.cumsum(np.where(trace.known, trace.means, 0.0))])
    counts = np.concatenate([[0], np.cumsum(trace.known)])
    first = np.searchsorted(trace.times, trace.times - seconds)
    number = counts[1:] - counts[first]
    return np.where(number > 0, (sums[1:] - sums[first]) / np.maximum(number, 1), np.nan)


def mean_of(rows: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """Return the mean of every number that any of the rows has."""
    names = {name for row in rows for name, value in row.items() if isinstance(value, float)}
    return {
        name: float(np.nanmean([row[name] for row in rows if name in row]))
        for name in sorted(names)
    }


def _newest(signal: Signal, seconds: float) -> Signal:
    first = int(np.searchsorted(signal.offsets, -seconds))
    return replace(signal, values=signal.values[first:], offsets=signal.offsets[first:])
