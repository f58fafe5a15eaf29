"""Limits on flashes of light and colour (WCAG 2.3.1)."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from math import isfinite, isnan, nan

from reference.elapsed import clamp, passed

FLASHES = 3

CHANGE = 0.1

DARK = 0.8

RED_CHANGE = 20.0 / 320.0


@dataclass
class Swings:
    """Count of opposing changes of one quantity in the last second."""

    change: float
    dark: float
    extreme: float = nan
    rising: int = 0
    times: deque[float] = field(default_factory=deque)

    def direction_of(self, x: float) -> int:
        """Return the direction of the change to ``x``: 1, -1, or 0 if it does not count."""
        if isnan(self.extreme):
            return 0
        difference = x - self.extreme
        if abs(difference) < self.change or min(x, self.extreme) >= self.dark:
            return 0
        direction = 1 if difference > 0 else -1
        return 0 if direction == self.rising else direction

    def full(self, now: float) -> bool:
        while self.times and now - self.times[0] >= 1.0:
            self.times.popleft()
        return len(self.times) >= 2 * FLASHES

    def take(self, now: float, x: float) -> None:
        direction = self.direction_of(x)
        if direction:
            self.rising = direction
            self.times.append(now)
            self.extreme = x
        elif isnan(self.extreme) or (x - self.extreme) * self.rising > 0:
            self.extreme = x


@dataclass
class FlashGuard:
    now: float = 0.0
    value: float = nan
    swings: Swings = field(default_factory=lambda: Swings(CHANGE, DARK))

    def step(self, dt: float, luminance: float) -> tuple[float]:
        self.now += passed(dt)
        if not isfinite(luminance):
            return (0.0 if isnan(self.value) else self.value,)
        x = clamp(luminance, 0.0, 1.0)
        if self.swings.direction_of(x) and self.swings.full(self.now):
            x = self.value
        self.swings.take(self.now, x)
        self.value = x
        return (x,)


@dataclass
class ColourGuard:
    now: float = 0.0
    value: tuple[float, float, float] | None = None
    light: Swings = field(default_factory=lambda: Swings(CHANGE, DARK))
    red: Swings = field(default_factory=lambda: Swings(RED_CHANGE, float("inf")))

    def step(self, dt: float, r: float, g: float, b: float) -> tuple[float, float, float]:
        self.now += passed(dt)
        if not (isfinite(r) and isfinite(g) and isfinite(b)):
            return self.value or (0.0, 0.0, 0.0)
        colour = clamp(r, 0.0, 1.0), clamp(g, 0.0, 1.0), clamp(b, 0.0, 1.0)
        light, red = luminance(colour), redness(colour)
        limited = (self.light.direction_of(light) and self.light.full(self.now)) or (
            self.red.direction_of(red) and self.red.full(self.now)
        )
        if limited and self.value is not None:
            colour = self.value
            light, red = luminance(colour), redness(colour)
        self.light.take(self.now, light)
        self.red.take(self.now, red)
        self.value = colour
        return colour


def luminance(colour: tuple[float, float, float]) -> float:
    r, g, b = colour
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def redness(colour: tuple[float, float, float]) -> float:
    r, g, b = colour
    total = r + g + b
    return max(0.0, r - g - b) if total > 0 and r / total >= 0.8 else 0.0
