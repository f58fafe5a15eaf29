"""What can be set of a simulator."""

from __future__ import annotations

import difflib

import msgspec

from sentio_sensors.simulated.faults import Fault
from sentio_sensors.simulated.scenario import MAX_SECONDS, PRESETS, Scenario, Segment
from sentio_sensors.stream import Role

ALL_ROLES = tuple(role for role in Role if role not in (Role.VIDEO, Role.HEART_RATE))
"""What is simulated unless roles are chosen: all but the drawn video, which no model reads."""

MIN_BLOCK_MS, MAX_BLOCK_MS = 4.0, 1000.0
"""Shorter blocks burn the processor, longer ones are no live stream."""


class SimulateSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A simulated person.

    Attributes:
        roles: Which sensors the person wears.
        seed: Chooses the person; odd seeds have a lower voice. The same seed gives the same
            samples.
        scenario: A name out of ``scenario.PRESETS``, or a list of segments.
        start: Seconds into the scenario at which it begins.
        faults: What goes wrong, and when.
        block_ms: How much audio, EEG and ECG comes at a time, milliseconds.
        fps: Video frames a second, a whole number.
        width: Video width, pixels.
        height: Video height, pixels.
    """

    roles: tuple[Role, ...] = ALL_ROLES
    seed: int = 1
    scenario: str | tuple[Segment, ...] = "demo"
    start: float = 0.0
    faults: tuple[Fault, ...] = ()
    block_ms: float = 32.0
    fps: int = 15
    width: int = 160
    height: int = 120

    def __post_init__(self) -> None:
        """Refuse what cannot be simulated."""
        if isinstance(self.scenario, str) and self.scenario not in PRESETS:
            close = difflib.get_close_matches(self.scenario, PRESETS, 1)
            hint = f"; did you mean {close[0]!r}?" if close else ""
            raise ValueError(f"scenario {self.scenario!r} is none of {', '.join(PRESETS)}{hint}")
        if not isinstance(self.scenario, str):
            seconds = sum(segment.seconds for segment in self.scenario)
            if not 1 <= seconds <= MAX_SECONDS:
                raise ValueError(f"scenario lasts {seconds} s; use 1..{MAX_SECONDS} s")
        if self.seed < 0:
            raise ValueError(f"seed is {self.seed}; use 0 or more")
        if self.start < 0:
            raise ValueError(f"start is {self.start}; use 0 or more")
        if not MIN_BLOCK_MS <= self.block_ms <= MAX_BLOCK_MS:
            raise ValueError(f"block_ms is {self.block_ms}; use {MIN_BLOCK_MS}..{MAX_BLOCK_MS}")
        if not 1 <= self.fps <= 120:
            raise ValueError(f"fps is {self.fps}; use 1..120")
        if not (16 <= self.width <= 1920 and 16 <= self.height <= 1080):
            raise ValueError(f"video is {self.width}x{self.height}; use 16x16..1920x1080")

    def script(self) -> Scenario:
        """Return the scenario that plays: the ground truth of a test or a demonstration."""
        name = self.scenario
        return Scenario(PRESETS[name] if isinstance(name, str) else name)
