"""Compare the heart tracker with an Empatica E4's beats and heart rate.

The device publishes two things: intervals between beats that it is sure of (a third of the time at
work), and a rate once a second, which is a mean of about a minute and never unknown. The rate is no
truth: where the device has beats, its own rate is often not theirs. So both are compared, and the
device's beats with either.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sentio_research.data.body import stress_predict
from sentio_research.evaluation.body_played import Trace, follow, mean_of, smoothed

Floats = NDArray[np.float64]

MOMENT, MOMENT_COVERED = 8.0, 0.6
"""Seconds before a window's end over which the device's beats are the truth of the moment, and the
part of them that its intervals must cover."""

MINUTE, MINUTE_COVERED = 60.0, 0.1
"""The same of a minute: a tenth of its beats says which of two rates is far off."""

NEAR = 5.0
"""Beats a minute within which two rates agree."""


@dataclass(frozen=True, slots=True)
class DeviceBeats:
    """Beat intervals that the device was sure of.

    Attributes:
        starts: Seconds from the recording's start, ascending.
        lengths: Seconds.
    """

    starts: Floats
    lengths: Floats

    def rate(self, times: Floats, seconds: float) -> tuple[Floats, Floats]:
        """Return their rate over the newest ``seconds``, and the covered part, 0..1."""
        first = np.searchsorted(self.starts, times - seconds)
        last = np.searchsorted(self.starts, times)
        sums = np.concatenate([[0.0], np.cumsum(self.lengths)])
        total = sums[last] - sums[first]
        rate = np.where(last - first >= 3, 60.0 * (last - first) / np.maximum(total, 1e-9), np.nan)
        return rate, total / seconds


def wristband(data: Path, every: int = 1, hop: float = 1.0) -> dict[str, Any]:
    """Compare in all worn windows of Stress-Predict.

    Args:
        data: Folder of labelled data.
        every: Every how many people are played.
        hop: Seconds between windows.
    """
    people: dict[str, dict[str, float]] = {}
    for session in list(stress_predict(data))[::every]:
        streams = {role: session.parts[0][role] for role in ("ppg", "accel")}
        ppg, own = streams["ppg"], session.device_rate
        assert own is not None
        trace = follow(streams, len(ppg.values) / ppg.rate_hz, hop)
        start = min(stream.start for stream in streams.values())
        second = np.round(trace.times + start - own.start).astype(int)
        worn = (second >= 0) & (second < len(own.values)) & (trace.times > MINUTE)
        device = own.values[np.clip(second, 0, len(own.values) - 1), 0]
        beats = device_beats(data, session.person, start)
        people[session.person] = compare(trace, device.astype(np.float64), beats, worn)
    return {"people": people, "mean": mean_of(list(people.values()))}


def device_beats(data: Path, person: str, start: float) -> DeviceBeats:
    """Return a person's beat intervals, in seconds from ``start`` (Unix time)."""
    with np.load(data / "physio_stress_predict" / f"{person}.npz") as held:
        table = np.asarray(held["IBI"], np.float64)
        return DeviceBeats(table[:, 0] + float(held["IBI_t0"]) - start, table[:, 1])


def compare(
    trace: Trace, device: Floats, beats: DeviceBeats, worn: NDArray[np.bool_]
) -> dict[str, float]:
    """Compare a tracked heart rate with the device's rate and its beats.

    Args:
        trace: Of one person.
        device: The device's own rate at ``trace.times``.
        beats: The device's own beats.
        worn: Where it counts.
    """
    row = {"known": float(trace.known[worn].mean())}
    for seconds in (10.0, MINUTE):
        mean = smoothed(trace, seconds)
        # Unknown is not near.
        row[f"within_5_of_{seconds:.0f}_s"] = float((np.abs(mean - device) <= NEAR)[worn].mean())
    rate, covered = beats.rate(trace.times, MOMENT)
    sure = worn & (covered >= MOMENT_COVERED) & np.isfinite(rate)
    row |= _moment(trace, rate, sure)
    rate, covered = beats.rate(trace.times, MINUTE)
    some = worn & (covered >= MINUTE_COVERED) & np.isfinite(rate)
    mean = smoothed(trace, MINUTE)
    row["minutes_with_beats"] = float(some.sum() / worn.sum())
    if some.any():
        row["minute_within_5_of_beats"] = _near(mean, rate, some)
        row["device_rate_within_5_of_beats"] = _near(device, rate, some)
    apart = some & ~(np.abs(mean - device) <= NEAR)
    if apart.any():
        row["apart_minute_within_5_of_beats"] = _near(mean, rate, apart)
        row["apart_device_rate_within_5_of_beats"] = _near(device, rate, apart)
    return row


def _moment(trace: Trace, rate: Floats, sure: NDArray[np.bool_]) -> dict[str, float]:
    row = {"moments_with_beats": float(sure.sum())}
    if not sure.any():
        return row
    row["moment_known"] = float(trace.known[sure].mean())
    both = sure & trace.known
    off = np.abs(trace.means - rate)[both]
    if len(off):
        row["moment_mae"] = float(off.mean())
        row["moment_over_10"] = float((off > 10).mean())
        row["moment_covered_68"] = float((off < trace.sds[both]).mean())
    return row


def _near(values: Floats, rate: Floats, where: NDArray[np.bool_]) -> float:
    return float((np.abs(values - rate) <= NEAR)[where].mean())


def pooled(people: Sequence[dict[str, float]], name: str, weight: str) -> float:
    """Return the mean of a figure over people, weighted by another one of theirs."""
    rows = [one for one in people if name in one and one.get(weight, 0.0) > 0]
    weights = np.array([one[weight] for one in rows])
    return float(np.average([one[name] for one in rows], weights=weights))
