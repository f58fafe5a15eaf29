"""Filter of all chunks: only ordered and plausible samples with a number pass."""

from __future__ import annotations

from math import isfinite
from typing import Any

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from sentio_sensors.runtime.steps import extremes
from sentio_sensors.stream import Chunk, Role, StreamSpec

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

PAST, FUTURE = 60.0, 1.0
"""Seconds before and after the arrival that a capture stamp may claim. liblsl#246 gives one
sample that is off by a million."""

RATE_TOLERANCE = 0.2
"""Share by which the measured rate may differ from the nominal one."""

RECOVERED_SECONDS, RECOVERED_SAMPLES, RECOVERED = 1.0, 40, 0.1
"""Seconds and samples that must arrive at the stated rate, to a tenth, until a wrong rate is over:
after a pause of this program quality must not stay low for two measurements."""

RATE_SECONDS = 4.0
"""Seconds of arrivals that a measured rate rests on."""

APART = frozenset(
    (Role.EEG, Role.ECG, Role.EOG, Role.EMG, Role.PPG, Role.EDA, Role.RESP, Role.TEMP, Role.ACCEL,
     Role.OTHER)
)  # fmt: skip
"""Roles whose channels are judged one by one: NaN in one of them costs the others nothing."""

UNKNOWN_SECONDS = 1.0
"""Seconds without a number after which a channel is named."""

MOST_SUMMED = 256
"""Values up to which Python's sum is quicker than numpy's checks; float32, which cannot overflow
the sum."""


WRONG_RATE_QUALITY = 0.5
"""What a stream is worth at most whose samples come at another rate than it promised."""


class ChunkValidator:
    """Cleans one stream's chunks and reports their faults.

    Attributes:
        rate_hz: Samples a second that really arrive; 0 until enough have.
        off_rate: Whether that differs much from the stated rate.
        rejected: Samples taken out so far.
        trouble: Why the last chunk had nothing usable; empty while samples get through.

    Args:
        spec: What the stream promised.
    """

    def __init__(self, spec: StreamSpec) -> None:
        self._spec = spec
        self._newest = -np.inf
        self._first: tuple[float, int] | None = None
        self._recent: tuple[float, int] | None = None
        self._count = 0
        self._apart = spec.role in APART and len(spec.channels) > 1
        self._known: Floats | None = None  # newest number of each channel; None: the last sample's
        self.rate_hz = 0.0
        self.off_rate = False
        self.rejected = 0
        self.trouble: tuple[str, ...] = ()

    def clean(self, chunk: Chunk, now: float) -> Chunk | None:
        """Return the usable samples of ``chunk``, with reasons for what was taken out.

        Args:
            chunk: As the source gave it.
            now: When it arrived (LSL clock).
        """
        if not len(chunk):
            return None
        if self._sound(chunk, now):
            return self._accept(chunk, now)
        times = np.asarray(chunk.times, np.float64)
        values = chunk.values
        if times.ndim != 1 or len(values) != len(times) or not self._right_shape(chunk):
            self.rejected += len(times)
            self.trouble = ("channels_changed",)
            return None
        keep, found = self._usable(times, values, now)
        reasons = [*chunk.reasons, *found]
        self.rejected += int((~keep).sum())
        if not keep.any():
            self.trouble = tuple(reasons)
            return None
        self._measure(now, len(times))
        if self.off_rate:
            reasons.append("wrong_rate")
        share = float(keep.mean())
        if share < 1.0:
            times, values = times[keep], values[keep]
            if chunk.stamps is not None:
                kept = replace(chunk.stamps, original=chunk.stamps.original[keep])
                chunk = replace(chunk, stamps=kept)
        if self._apart and np.isinf(values).any():
            values = np.where(np.isinf(values), values.dtype.type(np.nan), values)
            chunk = replace(chunk, values=values)
        self._newest = float(times[-1])
        self.trouble = ()
        quality = chunk.quality * (share if share < 1.0 else 1.0)
        if "wrong_rate" in reasons:
            quality = min(quality, WRONG_RATE_QUALITY)
        if tuple(reasons) == chunk.reasons and share == 1.0 and quality == chunk.quality:
            return chunk
        return replace(
            chunk,
            times=times,
            values=values,
            quality=quality,
            reasons=tuple(dict.fromkeys(reasons)),
        )

    def _usable(
        self, times: NDArray[np.float64], values: NDArray[Any], now: float
    ) -> tuple[NDArray[np.bool_], list[str]]:
        """Return which samples are kept, and the reasons for those that are not."""
        reasons = []
        keep = np.isfinite(times) & (times > now - PAST) & (times < now + FUTURE)
        if not keep.all():
            reasons.append("bad_time")
        if values.dtype.kind == "f":
            finite = np.isfinite(values.reshape(len(values), -1))
            if not finite.all():
                reasons.append("not_finite")
            keep &= finite.any(axis=1) if self._apart else finite.all(axis=1)
            if self._apart:
                self._note(times, keep, finite)
        ordered = self._ordered(times, keep)
        if (keep & ~ordered).any():
            reasons.append("shuffled_time")
        return keep & ordered, reasons

    def _note(self, times: Floats, keep: Flags, finite: Flags) -> None:
        """Note when each channel had its newest number."""
        if self._known is None:
            before = self._newest if isfinite(self._newest) else times[0]
            self._known = np.full(finite.shape[1], before)
        newest = np.where(finite & keep[:, None], times[:, None], -np.inf).max(axis=0)
        self._known = np.maximum(self._known, newest)

    @property
    def unknown(self) -> tuple[str, ...]:
        """Labels of channels that have had no number for a while, beside others that have."""
        if self._known is None:
            return ()
        silent = self._newest - self._known > UNKNOWN_SECONDS
        labels = (channel.label for channel in self._spec.channels)
        return tuple(label for label, old in zip(labels, silent.tolist(), strict=True) if old)

    def _sound(self, chunk: Chunk, now: float) -> bool:
        """Return in few steps whether nothing must be removed, the usual case.

        False where it takes a closer look to know.
        """
        times, values = chunk.times, chunk.values
        if times.ndim != 1 or times.dtype.char != "d" or len(values) != len(times):
            return False
        kind = values.dtype.kind
        if kind not in "fu" or not self._right_shape(chunk):
            return False
        first, last = times.item(0), times.item(-1)
        if not (self._newest < first and now - PAST < first and last < now + FUTURE):
            return False
        if len(times) > 1 and not extremes(times)[0] > 0:
            return False
        return kind == "u" or _finite(values)

    def _accept(self, chunk: Chunk, now: float) -> Chunk:
        """Take a sound chunk as it is; only its rate may be wrong."""
        self._measure(now, len(chunk))
        self._newest = chunk.times.item(-1)
        self._known = None
        self.trouble = ()
        if not self.off_rate or "wrong_rate" in chunk.reasons:
            return chunk
        quality = min(chunk.quality, WRONG_RATE_QUALITY)
        return replace(chunk, quality=quality, reasons=(*chunk.reasons, "wrong_rate"))

    def _right_shape(self, chunk: Chunk) -> bool:
        if self._spec.role is Role.VIDEO:
            return chunk.values.ndim == 4 and chunk.values.shape[3] == 3
        return chunk.values.ndim == 2 and chunk.values.shape[1] == len(self._spec.channels)

    def _ordered(self, times: Floats, keep: Flags) -> Flags:
        """Mark the samples that are newer than all before them."""
        if keep.all() and times[0] > self._newest and (np.diff(times) > 0).all():
            return np.ones(len(times), bool)
        if self._spec.role is Role.MARKER:
            return times >= self._newest  # several markers may share a moment
        claimed = np.where(keep, times, -np.inf)
        before = np.maximum.accumulate(np.r_[self._newest, claimed[:-1]])
        return np.asarray(claimed > before)

    def _measure(self, now: float, count: int) -> None:
        if self._first is None:
            self._first = (now, 0)
            return
        self._count += count
        elapsed = now - self._first[0]
        if elapsed >= RATE_SECONDS:
            self.rate_hz = (self._count - self._first[1]) / elapsed
            self._first = (now, self._count)
            self.off_rate = self._differs()
            self._recent = (now, self._count) if self.off_rate else None
        elif self._recent is not None:
            self._recover(now, *self._recent)

    def _recover(self, now: float, since: float, counted: int) -> None:
        """End a wrong rate if the samples since then have the stated one."""
        elapsed, count = now - since, self._count - counted
        if elapsed < RECOVERED_SECONDS or count < RECOVERED_SAMPLES:
            return
        rate = count / elapsed
        self._recent = (now, self._count)
        if abs(rate / self._spec.rate_hz - 1) < RECOVERED:
            self.rate_hz, self.off_rate = rate, False
            self._first, self._recent = self._recent, None

    @property
    def nominal_hz(self) -> float:
        """The rate that the stream states."""
        return self._spec.rate_hz

    def _differs(self) -> bool:
        """Return whether samples arrive at a rate that differs much from the stated one."""
        nominal = self._spec.rate_hz
        if self._spec.role is Role.VIDEO or nominal <= 0 or not self.rate_hz:
            return False  # cameras lower their rate in the dark, which is not a fault
        return abs(self.rate_hz / nominal - 1) > RATE_TOLERANCE


def _finite(values: NDArray[Any]) -> bool:
    if values.size <= MOST_SUMMED and values.itemsize <= 4:
        return isfinite(sum(values.ravel().tolist()))  # NaN and infinity stay in a sum
    return bool(np.logical_and.reduce(np.isfinite(values), axis=None))
