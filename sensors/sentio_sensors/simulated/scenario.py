"""Script of the affective states that the simulator plays; no I/O, no clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec
import numpy as np
from numpy.typing import ArrayLike, NDArray

MAX_SECONDS = 3600
"""Longest loop, seconds: its waveforms are kept in memory (about 12 MB for each 10 minutes of all
roles)."""

Floats = NDArray[np.float64]


class Segment(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A period of one affective state.

    Attributes:
        name: Name, also used as marker.
        seconds: Whole seconds, at least 1.
        valence: -1 (unpleasant) .. 1 (pleasant).
        arousal: -1 (calm) .. 1 (activated).
        dominance: -1 (not in control) .. 1 (in control).
        engagement: 0 (distracted) .. 1 (absorbed by the task).
        talking: Share of the time spent speaking, 0..1.
        moving: Amount of movement, 0 (still) .. 1 (gesturing).
        startles: When something startles the person, seconds after the segment's start.
        sighs: When the person sighs, likewise.
    """

    name: str
    seconds: int
    valence: float = 0.0
    arousal: float = 0.0
    dominance: float = 0.0
    engagement: float = 0.4
    talking: float = 0.4
    moving: float = 0.1
    startles: tuple[float, ...] = ()
    sighs: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        """Validate the ranges."""
        if not 1 <= self.seconds <= MAX_SECONDS:
            raise ValueError(f"seconds of {self.name!r} is {self.seconds}; use 1..{MAX_SECONDS}")
        for name in ("valence", "arousal", "dominance"):
            if not -1 <= getattr(self, name) <= 1:
                raise ValueError(f"{name} of {self.name!r} is {getattr(self, name)}; use -1..1")
        for name in ("engagement", "talking", "moving"):
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"{name} of {self.name!r} is {getattr(self, name)}; use 0..1")
        for name in ("startles", "sighs"):
            for at in getattr(self, name):
                if not 0 <= at < self.seconds:
                    raise ValueError(f"{name} of {self.name!r} has {at}; use 0..{self.seconds} s")


def _segment(name: str, seconds: int, *numbers: float) -> Segment:
    valence, arousal, dominance, engagement, talking, moving = numbers
    return Segment(
        name=name,
        seconds=seconds,
        valence=valence,
        arousal=arousal,
        dominance=dominance,
        engagement=engagement,
        talking=talking,
        moving=moving,
    )


REST = _segment("rest", 40, 0.1, -0.5, 0.1, 0.3, 0.3, 0.05)
STRESS = _segment("stress", 45, -0.6, 0.8, -0.5, 0.8, 0.5, 0.2)
RECOVERY = _segment("recovery", 40, 0.3, -0.4, 0.2, 0.2, 0.2, 0.05)
JOY = _segment("joy", 40, 0.8, 0.5, 0.4, 0.7, 0.6, 0.3)
BOREDOM = _segment("boredom", 35, -0.2, -0.7, 0.0, 0.1, 0.1, 0.1)
FRUSTRATION = _segment("frustration", 40, -0.7, 0.5, -0.2, 0.6, 0.5, 0.3)

WALK = Segment(
    name="walk",
    seconds=90,
    arousal=0.2,
    dominance=-0.1,
    engagement=0.6,
    talking=0.2,
    startles=(25.0, 48.0, 71.0),
)
RELIEF = Segment(
    name="relief",
    seconds=40,
    valence=0.3,
    arousal=-0.3,
    dominance=0.2,
    talking=0.2,
    moving=0.05,
    sighs=(3.0, 27.0),
)

PRESETS: Mapping[str, tuple[Segment, ...]] = {
    "demo": (REST, STRESS, RECOVERY, JOY, BOREDOM, FRUSTRATION),
    "stress-test": (REST, STRESS, RECOVERY),
    "jump-scare": (REST, WALK, RELIEF),
    **{s.name: (s,) for s in (REST, STRESS, RECOVERY, JOY, BOREDOM, FRUSTRATION)},
}
"""Scenarios that can be chosen by name in the configuration."""


@dataclass(frozen=True, slots=True)
class Truth:
    """Scripted values at one or more times; each field has the shape of the times.

    Attributes:
        valence: -1..1.
        arousal: -1..1.
        dominance: -1..1.
        engagement: 0..1.
        talking: Share of the time spent speaking, 0..1.
        moving: Amount of movement, 0..1.
        stress: Activated and unpleasant: the upper left of Russell's circumplex (1980), 0..1.
        relaxation: Calm and pleasant: the lower right of it, 0..1.
    """

    valence: Floats
    arousal: Floats
    dominance: Floats
    engagement: Floats
    talking: Floats
    moving: Floats
    stress: Floats
    relaxation: Floats


_SCRIPTED = ("valence", "arousal", "dominance", "engagement", "talking", "moving")


class Scenario:
    """Endless loop of segments.

    The transition between two segments, and from the last to the first, is smooth.

    Args:
        segments: At least one; ``MAX_SECONDS`` together.
        blend: Length of a transition, seconds; at most the length of its segment.

    Raises:
        ValueError: There is no segment, or they are too long in total.
    """

    def __init__(self, segments: tuple[Segment, ...], blend: float = 6.0) -> None:
        self.segments = segments
        self.seconds = sum(segment.seconds for segment in segments)
        if not 1 <= self.seconds <= MAX_SECONDS:
            raise ValueError(
                f"a scenario of {len(segments)} segments lasts {self.seconds} s; "
                f"use at least one segment and at most {MAX_SECONDS} s"
            )
        lengths = np.array([segment.seconds for segment in segments], np.float64)
        self.starts: Floats = np.cumsum(lengths) - lengths
        self._blend = np.minimum(lengths, max(blend, 1e-3))
        self._values = np.array([[getattr(s, name) for name in _SCRIPTED] for s in segments])

    def truth(self, t: ArrayLike) -> Truth:
        """Return the values ``t`` seconds after the start, any shape; ``t`` loops."""
        at = np.mod(np.asarray(t, np.float64), self.seconds)
        index = np.searchsorted(self.starts, at, side="right") - 1
        x = np.clip((at - self.starts[index]) / self._blend[index], 0.0, 1.0)
        smooth = (x * x * (3 - 2 * x))[..., None]
        # Segment -1 is the last one, which closes the loop.
        values = self._values[index - 1] * (1 - smooth) + self._values[index] * smooth
        valence, arousal, dominance, engagement, talking, moving = np.moveaxis(values, -1, 0)
        return Truth(
            valence,
            arousal,
            dominance,
            engagement,
            talking,
            moving,
            stress=np.clip((arousal - valence) / 2, 0, 1),
            relaxation=np.clip((valence - arousal) / 2, 0, 1),
        )

    def segment(self, t: float) -> Segment:
        """Return the segment at ``t`` seconds after the start."""
        index = int(np.searchsorted(self.starts, t % self.seconds, side="right")) - 1
        return self.segments[index]

    def moments(self, kind: str) -> Floats:
        """Return the times of ``startles`` or ``sighs`` in a loop, ascending."""
        found = [
            float(start) + at
            for start, segment in zip(self.starts, self.segments, strict=True)
            for at in getattr(segment, kind)
        ]
        return np.array(sorted(found))

    def boundaries(self, start: float, end: float) -> list[tuple[float, str]]:
        """Return start times in ``[start, end)`` and names of segments, in order."""
        first, last = int(start // self.seconds), int(end // self.seconds)
        return [
            (loop * self.seconds + float(at), segment.name)
            for loop in range(first, last + 1)
            for at, segment in zip(self.starts, self.segments, strict=True)
            if start <= loop * self.seconds + at < end
        ]
