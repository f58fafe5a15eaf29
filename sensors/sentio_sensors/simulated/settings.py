"""Settings of the simulated person."""

from __future__ import annotations

import difflib

import msgspec

from sentio_sensors.simulated.faults import Fault
from sentio_sensors.simulated.scenario import MAX_SECONDS, PRESETS, Scenario, Segment
from sentio_sensors.stream import Role

ALL_ROLES = tuple(
    role for role in Role if role not in (Role.VIDEO, Role.HEART_RATE, Role.INPUT, Role.MOTION)
)
"""Default roles: all but the drawn video, which no model can use."""

MIN_BLOCK_MS, MAX_BLOCK_MS = 4.0, 1000.0
"""Shorter blocks cost too much CPU time, longer ones delay the stream."""


class SimulateSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Settings of a simulated person.

    Attributes:
        roles: Which sensors are simulated.
        seed: Seed of the person; odd seeds have a lower voice. Equal seeds give equal
            samples.
        scenario: A name from ``scenario.PRESETS``, or a list of segments.
        start: Position in the scenario at the start, seconds.
        faults: Injected faults.
        block_ms: Block length of audio, EEG and ECG, milliseconds.
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
        """Validate the settings."""
        if isinstance(self.scenario, str) and self.scenario not in PRESETS:
            close = difflib.get_close_matches(self.scenario, PRESETS, 1)
            hint = f"; did you mean {close[0]!r}?" if close else ""
            known = ", ".join(PRESETS)
            raise ValueError(f"scenario {self.scenario!r} is unknown; use one of {known}{hint}")
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
        """Return the scenario: the ground truth of a test or a demonstration."""
        name = self.scenario
        return Scenario(PRESETS[name] if isinstance(name, str) else name)
