"""Drift of a profile against its history and people in general; no I/O, no clock.

A shift has many causes: the person, the place, a camera at another height, another strap. The
report states that values moved, and how far; the cause is not in the data.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from statistics import median, stdev

import msgspec

from sentio_bridge.affect.mood import SessionSummary
from sentio_bridge.affect.personal.profile import Profile
from sentio_models import Norm

RECENT = 3
"""Sessions that are compared with all before them."""

EARLIER = 8
"""Least number of earlier sessions: with fewer, the spread is too uncertain to compare with."""

MOVED = 3.0
"""Deviation from which a value counts as moved: by chance one value in 75 after eleven sessions,
one in 200 after twenty, if sessions are normal and independent."""

LEAST_SPREAD = 0.02
"""Least spread of a session's mean that is assumed: fewer digits are noise of the models."""

_MEDIAN = 1.57
"""Variance of a median of n normal values, times n."""


class Moved(msgspec.Struct, frozen=True):
    """One value of the profile, compared.

    Attributes:
        name: E.g. ``mean arousal`` or ``body heart_rate``.
        now: Median of the last sessions, or the person's mean at rest.
        usual: Median of the earlier sessions, or the mean of people in general.
        deviation: Distance in standard errors of the two medians, or in standard deviations of
            people in general.
        moved: Whether the distance is at least ``MOVED``.
    """

    name: str
    now: float
    usual: float
    deviation: float
    moved: bool


class Drift(msgspec.Struct, frozen=True):
    """What of a profile has moved.

    Attributes:
        history: Last sessions against the earlier ones, the largest deviation first.
        training: Baselines against people in general, the largest deviation first.
        lacking: What could not be compared, and why.
    """

    history: list[Moved]
    training: list[Moved]
    lacking: list[str]

    @property
    def moved(self) -> list[Moved]:
        """Return the values that have moved."""
        return [value for value in (*self.history, *self.training) if value.moved]


def drift(profile: Profile, reference: Mapping[str, Mapping[str, Norm]]) -> Drift:
    """Compare a profile with its own history and with people in general.

    Args:
        profile: The person's.
        reference: Values at rest of people in general, by modality and feature
            (``sentio_models.modalities.at_rest``).
    """
    lacking: list[str] = []
    history = _history(profile.sessions)
    if not history:
        lacking.append(
            f"history: {len(profile.sessions)} sessions, at least {EARLIER + RECENT} are needed"
        )
    training: list[Moved] = []
    for modality, baselines in profile.baselines.items():
        known = reference.get(modality, {})
        compared = [
            _against(f"{modality} {name}", baseline.mean, known[name])
            for name, baseline in baselines.items()
            if name in known
        ]
        if not compared:
            lacking.append(f"training: nothing is kept of {modality} at rest")
        training += compared
    if not profile.baselines:
        lacking.append("training: the profile has no baseline; calibrate at rest")
    return Drift(_largest_first(history), _largest_first(training), lacking)


def _history(sessions: Sequence[SessionSummary]) -> list[Moved]:
    if len(sessions) < EARLIER + RECENT:
        return []
    earlier, recent = sessions[:-RECENT], sessions[-RECENT:]
    found = []
    for name, value in _VALUES.items():
        before = [v for s in earlier if (v := value(s)) is not None]
        now = [v for s in recent if (v := value(s)) is not None]
        if len(before) < EARLIER or not now:
            continue
        usual, last = median(before), median(now)
        spread = max(stdev(before), LEAST_SPREAD * max(1.0, abs(usual)))
        error = spread * (_MEDIAN * (1 / len(now) + 1 / len(before))) ** 0.5
        deviation = (last - usual) / error
        found.append(Moved(name, last, usual, deviation, abs(deviation) >= MOVED))
    return found


def _of(part: str, name: str) -> Callable[[SessionSummary], float | None]:
    def value(session: SessionSummary) -> float | None:
        values: Mapping[str, float] = getattr(session, part)
        return values.get(name)

    return value


_VALUES: Mapping[str, Callable[[SessionSummary], float | None]] = {
    **{f"mean {n}": _of("mean", n) for n in ("valence", "arousal", "dominance")},
    **{f"spread of {n}": _of("sd", n) for n in ("valence", "arousal", "dominance")},
    "peaks an hour": lambda s: 3600 * s.peaks / s.seconds if s.seconds else None,
    "seconds to recover": lambda s: s.recovery,
}
"""Values of a session that are compared."""


def _against(name: str, mean: float, known: Norm) -> Moved:
    deviation = (mean - known.mean) / max(known.sd, 1e-9)
    return Moved(name, mean, known.mean, deviation, abs(deviation) >= MOVED)


def _largest_first(values: list[Moved]) -> list[Moved]:
    return sorted(values, key=lambda value: -abs(value.deviation))
