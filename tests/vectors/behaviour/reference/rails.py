"""Limits on adaptation."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite, isnan, nan

from reference.elapsed import clamp, passed

NOTHING, CLAMPED, SLEWED, FROZEN, STOPPED, SESSION_OVER, NOT_FINITE = range(7)


@dataclass
class Rails:
    low: float
    high: float
    rise: float
    fall: float
    safe: float
    stop_seconds: float
    session: float
    value: float = nan
    age: float = 0.0
    frozen: bool = False
    stopped: bool = False
    start: float = nan

    def step(self, dt: float, requested: float, command: float) -> tuple[float, float]:
        if command == 1:
            self.frozen = True
        elif command == 2:
            self.frozen = False
        elif command == 3:
            self.stopped = True
        dt = passed(dt)
        self.age += dt
        over = self.session > 0 and self.age >= self.session
        if isnan(self.value):
            self.value = self.safe
        if self.stopped or over:
            if isnan(self.start):
                self.start = abs(self.value - self.safe)
            most = float("inf") if self.stop_seconds <= 0 else self.start * dt / self.stop_seconds
            self.value += clamp(self.safe - self.value, -most, most)
            return self.value, float(STOPPED if self.stopped else SESSION_OVER)
        if self.frozen:
            return self.value, float(FROZEN)
        if not isfinite(requested):
            return self.value, float(NOT_FINITE)
        reason = NOTHING
        allowed = clamp(requested, self.low, self.high)
        if allowed != requested:
            reason = CLAMPED
        given = self.value
        if dt > 0:
            given = clamp(allowed, self.value - self.fall * dt, self.value + self.rise * dt)
        if given != allowed:
            reason = SLEWED
        self.value = given
        return given, float(reason)
