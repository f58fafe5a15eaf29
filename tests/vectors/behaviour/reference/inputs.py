"""Statistics of how a game is operated."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import isfinite, sqrt

from reference.elapsed import clamp, passed


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
