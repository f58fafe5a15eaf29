"""Reference implementation of docs/behaviour.md, as simple as possible.

It only generates the vectors for the tests of GDScript and C#.
Unknown is NaN everywhere.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from math import cos, exp, hypot, isfinite, isnan, nan, pi, sin, sqrt

LONGEST_STEP = 1.0


def passed(dt: float) -> float:
    """Return the seconds that count: a sleeping or paused game does not age."""
    return min(dt, LONGEST_STEP) if isfinite(dt) and dt > 0 else 0.0


def clamp(value: float, low: float, high: float) -> float:
    return low if value < low else high if value > high else value


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
class EntryTrust:
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


BUILD_UP, PEAK, FADE, RELAX = range(4)


@dataclass
class Pacing:
    share: float = 0.5
    seconds: float = 3.0
    peak_at: float = 0.7
    calm_at: float = 0.35
    build_up: float = 60.0
    peak: float = 4.0
    fade: float = 20.0
    relax_least: float = 10.0
    relax_most: float = 40.0
    state: int = BUILD_UP
    elapsed: float = 0.0
    intensity: float = nan
    frozen: bool = False

    def step(
        self, dt: float, affect: float, confidence: float, performance: float, command: float
    ) -> tuple[float, float, float]:
        if command in (1, 2):
            self.frozen = command == 1
        if command >= 10:
            self._enter(int(command) - 10)
        if self.frozen:
            return (float(self.state), self.intensity, self.pressure())
        dt = passed(dt)
        self._blend(dt, affect, confidence, performance)
        self.elapsed += dt
        now, intensity = self.elapsed, self.intensity
        high = not isnan(intensity) and intensity >= self.peak_at
        calm = not isnan(intensity) and intensity <= self.calm_at
        if self.state == BUILD_UP and (high or now >= self.build_up):
            self._enter(PEAK)
        elif self.state == PEAK and now >= self.peak:
            self._enter(FADE)
        elif self.state == FADE and (calm or now >= self.fade):
            self._enter(RELAX)
        elif self.state == RELAX and now >= self.relax_least and (calm or now >= self.relax_most):
            self._enter(BUILD_UP)
        return (float(self.state), self.intensity, self.pressure())

    def pressure(self) -> float:
        if self.state == BUILD_UP:
            progress = self.elapsed / self.build_up if self.build_up > 0 else 1.0
            return 0.35 + 0.65 * min(1.0, progress)
        return 1.0 if self.state == PEAK else 0.2 if self.state == FADE else 0.0

    def _enter(self, state: int) -> None:
        self.state, self.elapsed = state, 0.0

    def _blend(self, dt: float, affect: float, confidence: float, performance: float) -> None:
        weight = other = 0.0
        if isfinite(affect) and isfinite(confidence):
            weight = self.share * clamp(confidence, 0.0, 1.0)
        if isfinite(performance):
            other = 1 - self.share
        if weight + other <= 0:
            return
        intensity = (weight * clamp(affect, 0.0, 1.0) if weight else 0.0) + (
            other * clamp(performance, 0.0, 1.0) if other else 0.0
        )
        intensity /= weight + other
        if isnan(self.intensity):
            self.intensity = intensity
        else:
            part = 1.0 if self.seconds <= 0 else 1 - exp(-dt / self.seconds)
            self.intensity += (intensity - self.intensity) * part


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


@dataclass
class BreathingPace:
    inhale: float
    hold: float
    exhale: float
    rest: float
    start: float
    target: float
    ramp: float
    age: float = 0.0
    phase: float = 0.0

    def step(self, dt: float) -> tuple[float, float, float, float]:
        dt = passed(dt)
        self.age += dt
        share = 1.0 if self.ramp <= 0 else min(1.0, self.age / self.ramp)
        rate = self.start + (self.target - self.start) * share
        self.phase += rate / 60.0 * dt
        self.phase -= int(self.phase)
        total = self.inhale + self.hold + self.exhale + self.rest
        at = self.phase * total
        if at < self.inhale:
            return rate, self.phase, 0.5 - 0.5 * cos(pi * at / self.inhale), 0.0
        at -= self.inhale
        if at < self.hold:
            return rate, self.phase, 1.0, 1.0
        at -= self.hold
        if at < self.exhale:
            return rate, self.phase, 0.5 + 0.5 * cos(pi * at / self.exhale), 2.0
        return rate, self.phase, 0.0, 3.0


@dataclass
class Coherence:
    """Share of the heart rate's variance at the pace of breathing."""

    window: float = 40.0
    now: float = 0.0
    turns: float = 0.0
    phase: float = nan
    rows: deque[tuple[float, float, float]] = field(default_factory=deque)
    last: float = -1.0

    def step(self, dt: float, phase: float, heart_rate: float) -> tuple[float]:
        self.now += passed(dt)
        if not isfinite(phase):
            return (self.value(),)
        if not isnan(self.phase):
            advance = phase - self.phase
            self.turns += advance + 1.0 if advance < -0.5 else advance
        self.phase = phase
        # Four samples per second resolve a breath; all frames of a game would fill memory.
        if isfinite(heart_rate) and self.now - self.last >= 0.25 - 1e-9:
            self.last = self.now
            self.rows.append((self.now, self.turns, heart_rate))
        while self.rows and self.now - self.rows[0][0] > self.window:
            self.rows.popleft()
        return (self.value(),)

    def value(self) -> float:
        n = len(self.rows)
        if n < 16 or self.rows[-1][1] - self.rows[0][1] < 2.0:
            return nan
        mean_t = sum(t for t, _, _ in self.rows) / n
        mean_h = sum(h for _, _, h in self.rows) / n
        tt = sum((t - mean_t) ** 2 for t, _, _ in self.rows)
        slope = sum((t - mean_t) * (h - mean_h) for t, _, h in self.rows) / tt
        re = im = power = 0.0
        for t, turn, h in self.rows:
            residual = h - mean_h - slope * (t - mean_t)
            re += residual * cos(2 * pi * turn)
            im += residual * sin(2 * pi * turn)
            power += residual * residual
        if power < 1e-9 * n:
            return nan
        return clamp(2 * hypot(re, im) ** 2 / (n * power), 0.0, 1.0)


@dataclass
class InputCounter:
    """Statistics of a game's operation, one row each half second.

    What is pressed is never kept.
    """

    period: float = 0.5
    _elapsed: float = 0.0
    _counts: list[float] = field(default_factory=lambda: [0.0] * 5)
    _idle: float = 0.0
    _speeds: list[float] = field(default_factory=lambda: [0.0, 0.0])
    _stick: tuple[float, float] = (0.0, 0.0)
    _row: list[float] = field(default_factory=lambda: [0.0] * 8)

    def step(self, dt: float, kind: float, a: float, b: float) -> tuple[float, ...]:
        """Let time pass, then take an input: 1 key, 2 button, 3 pointer, 4 stick, 5 error."""
        passed_now = passed(dt)
        self._elapsed += passed_now
        self._idle += passed_now
        if self._elapsed >= self.period - 1e-9:
            self._finish()
        self._take(int(kind), a, b)
        return tuple(self._row)

    def _take(self, kind: int, a: float, b: float) -> None:
        size = 1.0
        if kind == 3:
            size = a if isfinite(a) and a > 0 else 0.0
        elif kind == 4:
            x, y = (clamp(v, -1.0, 1.0) if isfinite(v) else 0.0 for v in (a, b))
            size = sqrt((x - self._stick[0]) ** 2 + (y - self._stick[1]) ** 2)
            self._stick = (x, y)
        if 1 <= kind <= 5 and size > 0:
            self._counts[kind - 1] += size
            if kind != 5:
                self._idle = 0.0

    def _finish(self) -> None:
        keys, buttons, pointer, stick, errors = (count / self._elapsed for count in self._counts)
        jerks = [
            abs(new - old) / self._elapsed
            for new, old in zip((pointer, stick), self._speeds, strict=True)
        ]
        self._speeds = [pointer, stick]
        self._row = [keys, buttons, pointer, jerks[0], stick, jerks[1], errors, self._idle]
        self._elapsed, self._counts = 0.0, [0.0] * 5


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
