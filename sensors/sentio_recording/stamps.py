"""Even times of a whole recorded stream from its original stamps.

The same filter as live (``sentio_sensors.runtime.sample_clock``), and then back again, so that each
time rests on the stamps before and after it (fixed-interval smoothing). Gaps stay gaps.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sentio_recording.clock_sync import synchronised
from sentio_recording.recorded import Whole
from sentio_recording.recording import Recording
from sentio_sensors.runtime.anchors import measured
from sentio_sensors.runtime.dejitter import CRAMPED
from sentio_sensors.runtime.line import Line, usual
from sentio_sensors.runtime.sample_clock import State

BLOCK_S = 1.0
"""Length of the blocks whose stamps are reduced to a line each, seconds."""

EARLY, LATER = 10.0, 40.0
"""Seconds after the begin of a foreign clock in which its correction settles, and up to which it
shows how it should have been."""

LEAST_STEP, STEP = 0.1, 0.25
"""Seconds by which a correction changes at least where the sender's clock steps, and at most while
it settles."""

KEPT = 1e-6
"""Seconds within which recorded times are the stamps themselves."""

Floats = NDArray[np.float64]


class _Step(NamedTuple):
    """State after one straight part of the stamps.

    Attributes:
        start: Index of its first sample.
        last: Index of its last measured sample, to which the states belong.
        jumped: Whether samples are missing before it.
        predicted: State before its stamps.
        filtered: State after its stamps.
    """

    start: int
    last: int
    jumped: bool
    predicted: State
    filtered: State


def times_of(recording: Recording, number: int, whole: Whole | None = None) -> Floats:
    """Return the times of a stream's samples on the recorder's clock, the best known.

    For a stream that Sentio recorded over LSL they are derived from its original stamps, both
    before and after each sample; ``data.xdf`` has the times that were known live. A stream that
    was recorded with ``dejitter = false``, or by another program, keeps its stamps.

    Args:
        recording: The recording.
        number: Number of the stream.
        whole: The stream, if it has been read already.
    """
    times, _, originals = recording.whole(number) if whole is None else whole
    if originals is None or len(originals.stamps) != len(times):
        return synchronised(times, recording.offsets.get(number, []))
    aligned = originals.stamps + originals.offsets
    rate = recording.streams[number].rate_hz
    kept = np.abs(aligned - times) < KEPT
    if rate <= 0 or kept.all() or not np.isfinite(aligned).all():
        return times
    aligned = originals.stamps + settled(originals.offsets, originals.stamps, originals.arrived)
    return straightened(aligned, rate, originals.arrived, originals.stamps)


def settled(offsets: Floats, stamps: Floats, arrived: Floats) -> Floats:
    """Return corrections of a foreign clock as if settled from the begin.

    The first one rests on one chunk, which may have waited; live it is lowered as soon as others
    arrive quicker.

    Args:
        offsets: Seconds that were added to each stamp live.
        stamps: As sent.
        arrived: When each sample arrived, seconds.
    """
    changes = np.diff(offsets)
    jumps = np.diff(stamps) + changes - np.median(np.diff(stamps))
    # A step of the sender's clock: what is added changes by as much as the stamps do.
    sizes = np.abs(changes)
    steps = (sizes > STEP) | ((sizes > LEAST_STEP) & (np.abs(jumps) < 0.5 * sizes))
    edges = [0, *(np.flatnonzero(steps) + 1).tolist(), len(offsets)]
    result = offsets.copy()
    for first, end in pairwise(edges):
        since, part = arrived[first:end] - arrived[first], offsets[first:end]
        early, later = since < EARLY, (since >= EARLY) & (since < LATER)
        if part[0] == part.min() or not later.any() or np.ptp(since[later]) <= 0:
            continue
        slope, base = np.polyfit(since[later], part[later], 1)
        least = np.minimum.accumulate(part[early][::-1])[::-1]
        line = slope * since[early] + base
        result[first:end][early] = np.minimum(part[early], np.maximum(least, line))
    return result


def straightened(
    stamps: Floats, rate_hz: float, arrived: Floats | None = None, sent: Floats | None = None
) -> Floats:
    """Return even, strictly ascending times of all samples of a regular stream.

    Args:
        stamps: Stamps on the recorder's clock, seconds, in the order of arrival, finite.
        rate_hz: Nominal rate, above 0.
        arrived: When each sample arrived, if known, seconds.
        sent: Stamps before they were aligned; the same if not given. An offset that changes
            within a chunk does not hide there that LSL deduced its stamps from one.
    """
    if len(stamps) < 2:
        return stamps
    sent = stamps if sent is None else sent
    at = measured(sent, 1.0 / rate_hz, arrived, float(np.spacing(np.abs(sent).max())))
    steps = _forwards(stamps, at, rate_hz)
    even = np.empty(len(stamps))
    end, later = len(stamps), None
    time, period = steps[-1].filtered[:2]
    for step in reversed(steps):
        if later is not None:
            time, period = _back(step, later, time, period)
        later = step
        even[step.start : end] = time + (np.arange(step.start, end) - step.last) * period
        end = step.start
    ramp = np.arange(len(even)) * (CRAMPED / rate_hz)
    ascending: Floats = np.maximum.accumulate(even - ramp) + ramp
    return ascending


def _forwards(stamps: Floats, at: NDArray[np.int64], rate_hz: float) -> list[_Step]:
    """Filter the measured stamps, of the samples ``at``, in blocks."""
    known = stamps[at]
    deviation = usual(at, known)[2] if len(at) > 1 else 0.0
    line = Line.start(rate_hz, at, known, deviation)
    size = max(1, round(BLOCK_S * rate_hz))
    edges = [0, *(np.flatnonzero(np.diff(at // size)) + 1).tolist(), len(at)]
    steps: list[_Step] = []
    start = 0
    for first, end in pairwise(edges):
        used, settled = first, line.settled
        for count in line.follow(at[first:end], known[first:end]):
            if steps and line.settled is not None and line.settled is not settled:
                # The way back must start from where the way forwards went on.
                steps[-1] = steps[-1]._replace(filtered=line.settled)
            settled = line.settled
            used += count
            last = int(at[used - 1])
            steps.append(_Step(start, last, line.jumped, line.predicted, line.clock.state))
            start = last + 1
    return steps


def _back(step: _Step, later: _Step, time: float, period: float) -> tuple[float, float]:
    """Return time and period of ``step``, with the evidence of later stamps.

    Args:
        step: The earlier part.
        later: The next part.
        time: Smoothed time of the later part.
        period: Its smoothed period.
    """
    earlier, slope, a, b, c = step.filtered
    predicted, before, u, v, w = later.predicted
    n = later.last - step.last
    # The covariance of both states times the inverse variance of the predicted one.
    # After a gap the time is another one: only the period is shared.
    p, q, r, s = (0.0, b, 0.0, c) if later.jumped else (a + n * b, b, b + n * c, c)
    size = u * w - v * v
    if size <= 0:
        return earlier, slope
    late, fast = time - predicted, period - before
    return (
        earlier + ((p * w - q * v) * late + (q * u - p * v) * fast) / size,
        slope + ((r * w - s * v) * late + (s * u - r * v) * fast) / size,
    )
