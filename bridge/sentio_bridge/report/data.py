"""What a report is made from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sentio_bridge.affect.event_responses import Response
from sentio_bridge.affect.mood import SessionSummary
from sentio_bridge.protocol.frame import LAYOUT

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Marker:
    """What the engine told, at a time in seconds on the frames' clock."""

    name: str
    time: float


@dataclass(frozen=True, slots=True)
class SessionData:
    """One session of one person.

    Attributes:
        subject: Pseudonym.
        times: Shape ``(n,)``, ascending, in seconds.
        values: By name of ``LAYOUT``, shape ``(n,)`` each; NaN where unknown.
        markers: In the order of their times.
        responses: What followed them.
        title: Of the page; the subject's name where empty.
        notes: Sentences on what limits the session, for example drops or damages.
        sessions: Earlier sessions of the profile, the oldest first.
    """

    subject: str
    times: Floats
    values: Mapping[str, Floats]
    markers: Sequence[Marker] = ()
    responses: Sequence[Response] = ()
    title: str = ""
    notes: Sequence[str] = ()
    sessions: Sequence[SessionSummary] = field(default=())

    def get(self, name: str) -> Floats:
        """Return a trace; all NaN where it is not known."""
        return self.values.get(name, np.full(len(self.times), np.nan))


def gathered(
    subject: str,
    frames: Iterable[tuple[float, Mapping[str, float]]],
    **more: object,
) -> SessionData:
    """Build a session from frames in any order.

    Args:
        subject: Pseudonym.
        frames: Time, and the known entries of the affect vector (``AffectFrame.known()``).
        more: Further fields of ``SessionData``.
    """
    ordered = sorted(frames, key=lambda frame: frame[0])
    times = np.array([time for time, _ in ordered], dtype=np.float64)
    values = {}
    for name in LAYOUT:
        column = np.array([found.get(name, np.nan) for _, found in ordered], dtype=np.float64)
        if np.isfinite(column).any():
            values[name] = column
    return SessionData(subject, times, values, **more)  # type: ignore[arg-type]
