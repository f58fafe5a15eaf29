"""Small plots as inline SVG: no scripts, no fonts, nothing to fetch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

WIDTH = 960
"""Of a plot, in its own units; the page scales it."""

LEFT, RIGHT = 64, 16
"""Margins for labels."""

POINTS = 900
"""Points of a line at most, about one a pixel: a day of frames must not fill a page."""


def thin(times: Floats, *columns: Floats) -> tuple[Floats, ...]:
    """Return bin means where there are more than ``POINTS`` samples; empty bins are NaN."""
    if len(times) <= POINTS:
        return (times, *columns)
    edges = np.linspace(times[0], times[-1], POINTS + 1)
    member = np.clip(np.searchsorted(edges, times, "right") - 1, 0, POINTS - 1)
    middle = (edges[:-1] + edges[1:]) / 2
    return (middle, *(_means(column, member) for column in columns))


def _means(column: Floats, member: NDArray[np.intp]) -> Floats:
    known = np.isfinite(column)
    count = np.bincount(member[known], minlength=POINTS)
    total = np.bincount(member[known], column[known], minlength=POINTS)
    out = np.full(POINTS, np.nan)
    np.divide(total, count, out=out, where=count > 0)
    return out


def clock(seconds: float) -> str:
    """Return ``m:ss`` or ``h:mm:ss``."""
    whole = int(seconds)
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"


@dataclass(frozen=True, slots=True)
class Axes:
    """Where numbers lie in a plot."""

    first: float
    last: float
    low: float
    high: float
    height: int = 150
    top: int = 8
    bottom: int = 22

    def x(self, time: float) -> float:
        """Return the place of a time."""
        share = (time - self.first) / max(1e-9, self.last - self.first)
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    def y(self, value: float) -> float:
        """Return the place of a value, within the plot."""
        share = min(1.0, max(0.0, (value - self.low) / max(1e-12, self.high - self.low)))
        return self.top + (1 - share) * (self.height - self.top - self.bottom)

    def frame(self, ticks: Sequence[float], time_labels: bool = True) -> str:
        """Draw grid and labels."""
        parts = []
        for tick in ticks:
            y = self.y(tick)
            parts.append(
                f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" '
                f'y2="{y:.1f}"/><text class="tick" x="{LEFT - 8}" y="{y + 4:.1f}" '
                f'text-anchor="end">{tick:g}</text>'
            )
        if time_labels:
            for time in nice(self.last - self.first):
                parts.append(
                    f'<text class="tick" x="{self.x(self.first + time):.1f}" '
                    f'y="{self.height - 6}" text-anchor="middle">{clock(time)}</text>'
                )
        return "".join(parts)

    def line(self, times: Floats, values: Floats, style: str) -> str:
        """Draw a line, broken where values are unknown."""
        return f'<path class="{style}" d="{self._path(times, values)}"/>'

    def band(self, times: Floats, low: Floats, high: Floats, style: str) -> str:
        """Fill between two lines, piece by piece where both are known."""
        parts = []
        for piece in _pieces(np.isfinite(low) & np.isfinite(high)):
            up = [
                f"{self.x(t):.1f} {self.y(v):.1f}"
                for t, v in zip(times[piece], high[piece], strict=True)
            ]
            down = [
                f"{self.x(t):.1f} {self.y(v):.1f}"
                for t, v in zip(times[piece][::-1], low[piece][::-1], strict=True)
            ]
            parts.append(f'<path class="{style}" d="M{"L".join(up + down)}Z"/>')
        return "".join(parts)

    def _path(self, times: Floats, values: Floats) -> str:
        return "".join(
            "M"
            + "L".join(
                f"{self.x(t):.1f} {self.y(v):.1f}"
                for t, v in zip(times[piece], values[piece], strict=True)
            )
            for piece in _pieces(np.isfinite(values))
        )

    def drop(self, time: float, style: str, title: str) -> str:
        """Draw an upright line with a text that a pointer shows."""
        x = self.x(time)
        return (
            f'<line class="{style}" x1="{x:.1f}" x2="{x:.1f}" y1="{self.top}" '
            f'y2="{self.height - self.bottom}"><title>{escape(title)}</title></line>'
        )

    def svg(self, label: str, *content: str) -> str:
        """Wrap the parts up."""
        return (
            f'<svg viewBox="0 0 {WIDTH} {self.height}" role="img" '
            f'aria-label="{escape(label)}">{"".join(content)}</svg>'
        )


def nice(span: float) -> list[float]:
    """Return round times from 0 to ``span``, about eight."""
    steps = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200)
    step = next((s for s in steps if span / s <= 9), 86_400)
    return [float(t) for t in range(0, int(span) + 1, step)][:60]


def _pieces(known: NDArray[np.bool_]) -> list[slice]:
    edges = np.flatnonzero(np.diff(np.r_[False, known, False].astype(np.int8)))
    return [slice(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]
