"""Correct and follow a sender's clock that is not the LSL clock; reads no clock.

Senders that stamp with the wall clock, in milliseconds, or with a clock that is some seconds off
are common, and some step their clock while they run. What is known is when samples arrive: soon
after they were taken. The shortest delays show the sender's clock.
"""

from __future__ import annotations

import logging
from collections import deque
from itertools import pairwise
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from sentio_sensors.runtime.stamp_unit import UNITS, StampUnit
from sentio_sensors.runtime.steps import extremes

logger = logging.getLogger(__name__)

Floats = NDArray[np.float64]

AHEAD, AHEAD_EVENTS = 0.25, 1.0
"""Seconds by which a stamp may lie in the future: more than clocks and jitter explain. Events of a
stream without a rate may be announced."""

BEHIND, BEHIND_EVENTS = 2.0, 60.0
"""Seconds that samples may take to arrive; LSL needs milliseconds, radios a few hundred. Events may
be sent when they are over."""

BACK, BACK_EVENTS = 0.15, 60.0
"""Seconds by which stamps may go back, by jitter; more is a step of the clock."""

DEDUCED = 0.3
"""Share of a chunk's length by which its first stamp may lie before those of the chunk before: LSL
deduces it from the stated rate, which may be wrong."""

SHORT = 1.0
"""Seconds of samples up to which deduced stamps are exact enough to show the size of a step."""

EXACT = 0.2
"""Seconds by which the stamps around a step and the arrival may disagree on its size: no sample is
missing then, and the stamps are more exact."""

TRIAL = 0.5
"""Seconds from the first chunk until an offset in the past is believed: of a long chunk that is
read in parts the first samples are old."""

BUCKET = 5.0
"""Seconds of which the shortest delay is kept."""

BUCKETS = 6
"""Buckets that the correction of a foreign clock rests on."""

RISING = 4
"""Buckets in which delays that grow evenly show a sender whose clock is slow."""

LEAST_GROWTH = 0.005
"""Seconds of growth in a bucket, 0.1 %: clocks differ by less."""

FAR = 1e5
"""Seconds beyond which a step must show in two chunks: liblsl may send one garbage stamp when a
sender ends."""

SHOWN = 30.0
"""Seconds for which a step is reported."""


class SenderClock:
    """Offset and unit of one sender's stamps, from when they arrive.

    Attributes:
        offset: Seconds added to the sender's stamps, beyond the offset that LSL measures; 0 while
            they agree with their arrival.
        moved: Seconds of all changes of ``offset`` that follow shorter delays, not steps.

    Args:
        name: Name of the stream, for the log.
        rate_hz: Nominal rate; 0 for irregular streams.
        wall: Wall time of the start, seconds since 1970.
    """

    def __init__(self, name: str, rate_hz: float, wall: float) -> None:
        self._name = name
        self._rate = rate_hz
        self._ahead = AHEAD if rate_hz > 0 else AHEAD_EVENTS
        self._behind = BEHIND if rate_hz > 0 else BEHIND_EVENTS
        self._back = BACK if rate_hz > 0 else BACK_EVENTS
        self._wall = wall
        self._newest: float | None = None
        self._delays: deque[float] = deque(maxlen=BUCKETS)
        self._bucket = -np.inf
        self._step: tuple[float, float] | None = None
        self._began: float | None = None
        self._suspect = False
        self._stated = 0.0
        self._unit = StampUnit(rate_hz)
        self.offset = self.moved = 0.0

    @property
    def needs_ends(self) -> bool:
        """Whether a push must be read at once: only its last stamp is right."""
        if self._rate <= 0:
            return False
        return self._newest is None or (bool(self.offset) and self._unit.needs_ends)

    @property
    def rounding(self) -> float:
        """What corrected stamps are rounded to, seconds: 0.24 us of Unix time."""
        if not self.offset or self._newest is None or self._unit.seconds != 1.0:
            return 0.0
        return float(np.spacing(abs(self._newest)))

    def parts(self, stamps: Floats) -> list[slice]:
        """Return the parts of a chunk between which its sender's clock may have stepped.

        Args:
            stamps: As sent.
        """
        if self._newest is None or self._rate <= 0 or len(stamps) < 2:
            return [slice(0, len(stamps))]
        low, high = extremes(stamps)
        unit = self._unit.seconds
        # Nearly always; false for NaN.
        if low * unit >= -self._back and high * unit <= self._ahead:
            return [slice(0, len(stamps))]
        steps = np.diff(self.seconds(stamps))
        with np.errstate(invalid="ignore"):
            edges = np.flatnonzero((steps < -self._back) | (steps > self._ahead)) + 1
        ends = [0, *edges.tolist(), len(stamps)]
        return [slice(a, b) for a, b in pairwise(ends)]

    def correct(self, stamps: Floats, arrived: float, measured: float = 0.0) -> Floats:
        """Return the stamps of one part of a chunk on this machine's LSL clock.

        Args:
            stamps: As sent; those that are not finite stay so.
            arrived: When the chunk arrived (LSL clock).
            measured: Offset that LSL measured, seconds to add.
        """
        is_finite = isfinite(sum(stamps.tolist()))  # NaN and infinity stay in a sum
        finite = stamps if is_finite else stamps[np.isfinite(stamps)]
        if not len(finite):
            return stamps
        raw = float(finite[-1])
        if self._newest is None:
            self._begin(finite, raw, arrived, measured)
        elif self.offset and self._unit.advanced(finite, arrived):
            self._set(self._delay(raw, arrived, measured) + self.offset)
            self._warn(raw, arrived)
        elif self._garbage(raw, arrived, measured):
            return self._shifted(stamps, measured)
        else:
            self._follow(float(self.seconds(finite)[0]), raw, arrived, measured)
        self._newest = raw
        self._note(self._delay(raw, arrived, measured), arrived)
        return self._shifted(stamps, measured)

    def seconds(self, stamps: Floats) -> Floats:
        """Return stamps in seconds of the sender's clock.

        Args:
            stamps: As sent.
        """
        return self._unit.scaled(stamps)

    def _shifted(self, stamps: Floats, measured: float) -> Floats:
        return self._unit.scaled(stamps, measured + self.offset)

    def _delay(self, raw: float, arrived: float, measured: float) -> float:
        """Return how long the newest sample took, by what is known of the clock."""
        return arrived - (raw * self._unit.seconds + measured + self.offset)

    def _garbage(self, raw: float, arrived: float, measured: float) -> bool:
        """Return whether a stamp is too far off to be believed once."""
        far = abs(self._delay(raw, arrived, measured)) > FAR
        first, self._suspect = far and not self._suspect, far
        return first

    def remarks(self, now: float) -> tuple[str, ...]:
        """Return status codes ``clock_offset:SECONDS`` and ``clock_step:SECONDS``."""
        found = []
        if self._unit.seconds != 1.0:
            found.append(f"clock_unit:{UNITS[self._unit.seconds]}")
        if self.offset:
            found.append(f"clock_offset:{self._stated:+.3f}")
        if self._step is not None and now - self._step[0] < SHOWN:
            found.append(f"clock_step:{self._step[1]:+.3f}")
        return tuple(found)

    def _begin(self, stamps: Floats, raw: float, arrived: float, measured: float) -> None:
        self._began = arrived
        delay = arrived - (raw + measured)
        if -self._ahead <= delay <= BEHIND_EVENTS:
            return
        self._unit.begin(stamps, arrived, self._wall)
        self._set(self._delay(raw, arrived, measured) + self.offset)
        self._warn(raw, arrived)

    def _warn(self, raw: float, arrived: float) -> None:
        logger.warning(
            "%s: its stamps are not of the LSL clock (%.3f when %.3f was expected): %+.3f s are "
            "added, in units of %s; set the sender to the LSL clock to be exact",
            self._name,
            raw,
            arrived,
            self.offset,
            UNITS[self._unit.seconds],
        )

    def _try(self, raw: float, arrived: float, delay: float) -> bool:
        """Settle the offset of the first chunks; return whether it is complete."""
        if self._began is None:
            return False
        if self.offset and delay < 0 and arrived - self._began < TRIAL:
            self._shift(delay)
            return True
        if arrived - self._began >= TRIAL:
            self._began = None
            least = min(min(self._delays, default=delay), delay)
            if not self.offset and least > self._behind:
                self._set(least)
                self._warn(raw, arrived)
                return True
        return False

    def _follow(self, first: float, raw: float, arrived: float, measured: float) -> None:
        """Correct a step of the sender's clock; ``first`` is in seconds of it."""
        newest = self._newest or 0.0
        unit = self._unit.seconds
        progress, since = (raw - newest) * unit, first - newest * unit
        delay = self._delay(raw, arrived, measured)
        if self._try(raw, arrived, delay):
            return
        span = progress - since
        if delay >= -self._ahead and since >= -max(self._back, DEDUCED * span):
            return
        step = min(self._delays, default=0.0) - delay
        if self._rate > 0 and span < SHORT:
            shown = since - 1 / self._rate
            if abs(shown) > self._back and abs(shown - step) < EXACT:
                step = shown
        self._stepped(step, arrived)

    def _note(self, delay: float, arrived: float) -> None:
        """Keep the shortest delays; follow a foreign clock by them."""
        if arrived - self._bucket >= BUCKET:
            self._settle(arrived)
            self._bucket = arrived
            self._delays.append(delay)
        elif delay < self._delays[-1]:
            self._delays[-1] = delay
        if self.offset and delay < 0:
            self._shift(delay)

    def _settle(self, arrived: float) -> None:
        """Use the shortest delay of the buckets so far."""
        if not self._delays:
            return
        if self._delays[-1] > self._behind:
            self._stepped(-self._delays[-1], arrived)
        elif self.offset and (growth := self._growth()):
            self._shift(self._delays[-1] + growth)
        elif self.offset and len(self._delays) == BUCKETS:
            self._shift(0.5 * min(self._delays))

    def _growth(self) -> float:
        """Return how much the shortest delay grows from bucket to bucket, or 0.

        The stamps of a device that counts samples at a rate that it does not have fall behind.
        """
        if len(self._delays) < RISING:
            return 0.0
        steps = np.diff(np.array(self._delays)[-RISING:])
        usual = float(np.median(steps))
        even = float(steps.min()) > 0.5 * usual and float(steps.max()) < 1.5 * usual
        return usual if usual > LEAST_GROWTH and even else 0.0

    def _stepped(self, seconds: float, arrived: float) -> None:
        """Correct a step: the sender's clock went ahead by ``seconds``."""
        self._set(self.offset - seconds)
        self._step = (arrived, seconds)
        logger.warning("%s: its clock stepped by %+.3f s; corrected", self._name, seconds)

    def _shift(self, seconds: float) -> None:
        """Move the corrected stamps by ``seconds`` without a report."""
        self.offset += seconds
        if abs(seconds) < self._ahead:  # else in a unit that was not known yet
            self.moved += seconds
        self._delays = deque((d - seconds for d in self._delays), maxlen=BUCKETS)
        if abs(self.offset - self._stated) > AHEAD:
            self._stated = self.offset

    def _set(self, offset: float) -> None:
        self.offset = self._stated = offset
        self._delays.clear()
        self._bucket = -np.inf
