"""Input of a report."""

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
    """A marker, with its time in seconds on the frames' clock."""

    name: str
    time: float


@dataclass(frozen=True, slots=True)
class Adaptation:
    """A change that an engine made, or a freeze or override, on the frames' clock.

    Attributes:
        what: What was changed.
        time: When, in seconds.
        value: The given value; NaN if it has none.
        why: The cause.
        asked: The value before limits; NaN if it was not reported.
        by: Author of an override or freeze; empty for the engine itself.
        seconds: Its duration; NaN if it was not reported.
    """

    what: str
    time: float
    value: float
    why: str
    asked: float = float("nan")
    by: str = ""
    seconds: float = float("nan")


@dataclass(frozen=True, slots=True)
class SessionData:
    """Data of one session of one subject.

    Attributes:
        subject: Pseudonym of the subject.
        times: Shape ``(n,)``, ascending, in seconds.
        values: By name of ``LAYOUT``, shape ``(n,)`` each; NaN if unknown.
        markers: Markers in order of time.
        responses: Event responses of the markers.
        adaptations: What engines and operators changed, in order of time.
        title: Title of the page; default: the subject's name.
        notes: Sentences on limits of the session, for example drops or damages.
        sessions: Earlier sessions of the profile, oldest first.
    """

    subject: str
    times: Floats
    values: Mapping[str, Floats]
    markers: Sequence[Marker] = ()
    responses: Sequence[Response] = ()
    adaptations: Sequence[Adaptation] = ()
    title: str = ""
    notes: Sequence[str] = ()
    sessions: Sequence[SessionSummary] = field(default=())

    def get(self, name: str) -> Floats:
        """Return a trace; all NaN if it is unknown."""
        return self.values.get(name, np.full(len(self.times), np.nan))


def session_from_frames(
    subject: str,
    frames: Iterable[tuple[float, Mapping[str, float]]],
    **more: object,
) -> SessionData:
    """Build a session from frames in any order.

    Args:
        subject: Pseudonym of the subject.
        frames: Times and known entries of the affect vector (``AffectFrame.known_values()``).
        more: Other fields of ``SessionData``.
    """
    ordered = sorted(frames, key=lambda frame: frame[0])
    times = np.array([time for time, _ in ordered], dtype=np.float64)
    values = {}
    for name in LAYOUT:
        column = np.array([known.get(name, np.nan) for _, known in ordered], dtype=np.float64)
        if np.isfinite(column).any():
            values[name] = column
    return SessionData(subject, times, values, **more)  # type: ignore[arg-type]
