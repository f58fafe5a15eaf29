"""Curves, filters and gates of one value."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import exp, isfinite, isnan, nan, sqrt

from reference.elapsed import clamp, passed


@dataclass
class ResponseCurve:
    points: list[tuple[float, float]]
    smooth: bool = False

    def step(self, x: float) -> tuple[float]:
        if isnan(x):
            return (nan,)
        first, last = self.points[0], self.points[-1]
        if x <= first[0]:
            return (first[1],)
        for (x0, y0), (x1, y1) in zip(self.points, self.points[1:], strict=False):
            if x < x1:
                t = (x - x0) / (x1 - x0)
                if self.smooth:
                    t = t * t * (3 - 2 * t)
                return (y0 + (y1 - y0) * t,)
        return (last[1],)


@dataclass
class DeadBand:
    width: float
    held: float = nan

    def step(self, x: float) -> tuple[float]:
        if isfinite(x):
            self.held = x if isnan(self.held) else clamp(self.held, x - self.width, x + self.width)
        return (self.held,)


@dataclass
class Smoothing:
    seconds: float
    value: float = nan

    def step(self, dt: float, x: float) -> tuple[float]:
        if isfinite(x) and isnan(self.value):
            self.value = x
        elif isfinite(x):
            share = 1.0 if self.seconds <= 0 else 1 - exp(-passed(dt) / self.seconds)
            self.value += (x - self.value) * share
        return (self.value,)


@dataclass
class SlewLimit:
    rise: float
    fall: float
    value: float = nan

    def step(self, dt: float, x: float) -> tuple[float]:
        dt = passed(dt)
        if isfinite(x) and isnan(self.value):
            self.value = x
        elif isfinite(x) and dt > 0:
            self.value = clamp(x, self.value - self.fall * dt, self.value + self.rise * dt)
        return (self.value,)


@dataclass
class ConfidenceGate:
    threshold: float
    hold: float
    ease: float
    neutral: float
    trust: float = 0.0
    untrusted: float = 0.0
    good: float = nan

    def step(self, dt: float, value: float, confidence: float) -> tuple[float]:
        dt = passed(dt)
        if isfinite(value) and isfinite(confidence) and confidence >= self.threshold:
            self.good, self.untrusted = value, 0.0
            self.trust = 1.0 if self.ease <= 0 else min(1.0, self.trust + dt / self.ease)
        else:
            self.untrusted += dt
            if self.untrusted > self.hold:
                self.trust = 0.0 if self.ease <= 0 else max(0.0, self.trust - dt / self.ease)
        if isnan(self.good):
            return (self.neutral,)
        return (self.neutral + (self.good - self.neutral) * self.trust,)


@dataclass
class EntryConfidence:
    """Trust in an entry, 0..1, and its weight.

    The first attribute that is known counts.
    """

    def step(self, own: float, base: float, measured: float, overall: float) -> tuple[float, float]:
        known = [v for v in (own, base, 1.0 if measured else overall) if isfinite(v)]
        trust = clamp(known[0], 0.0, 1.0) if known else 0.0
        return (trust, sqrt(1 - (1 - trust) ** 2))


@dataclass
class Binding:
    gate: ConfidenceGate
    band: DeadBand
    curve: ResponseCurve
    smoothing: Smoothing
    slew: SlewLimit

    def step(self, dt: float, value: float, confidence: float) -> tuple[float]:
        (x,) = self.gate.step(dt, value, confidence)
        (x,) = self.band.step(x)
        (x,) = self.curve.step(x)
        (x,) = self.smoothing.step(dt, x)
        return self.slew.step(dt, x)


@dataclass
class Switch:
    on: float
    off: float
    dwell: float
    cool_down: float
    active: bool = False
    since: float = float("inf")

    def step(self, dt: float, x: float) -> tuple[float]:
        self.since += passed(dt)
        if isfinite(x):
            if self.active and x <= self.off and self.since >= self.dwell:
                self.active, self.since = False, 0.0
            elif not self.active and x >= self.on and self.since >= self.cool_down:
                self.active, self.since = True, 0.0
        return (float(self.active),)


@dataclass
class Pid:
    kp: float
    ki: float
    kd: float
    low: float
    high: float
    integral: float = 0.0
    before: float = nan
    out: float = nan

    def step(self, dt: float, measured: float, target: float) -> tuple[float]:
        dt = passed(dt)
        if isnan(self.out):
            self.out = clamp(0.0, self.low, self.high)
        if not (isfinite(measured) and isfinite(target)) or dt == 0:
            return (self.out,)
        error = target - measured
        slope = 0.0 if isnan(self.before) else (measured - self.before) / dt
        self.before = measured
        integral = self.integral + self.ki * error * dt
        raw = self.kp * error + integral - self.kd * slope
        # Anti-windup: the integral does not grow further while the output is limited.
        if not (raw > self.high and error * self.ki > 0) and not (
            raw < self.low and error * self.ki < 0
        ):
            self.integral = integral
        self.out = clamp(self.kp * error + self.integral - self.kd * slope, self.low, self.high)
        return (self.out,)


@dataclass
class Expression:
    attack: float
    release: float
    most: float
    weights: list[float] = field(default_factory=lambda: [0.0, 0.0, 0.0])

    def step(self, dt: float, *goals: float) -> tuple[float, ...]:
        dt = passed(dt)
        for i, value in enumerate(goals):
            goal = clamp(value, 0.0, self.most) if isfinite(value) else 0.0
            seconds = self.attack if goal > self.weights[i] else self.release
            share = 1.0 if seconds <= 0 else 1 - exp(-dt / seconds)
            self.weights[i] += (goal - self.weights[i]) * share
        return tuple(self.weights)
