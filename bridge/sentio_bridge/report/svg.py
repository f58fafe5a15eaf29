"""Small plots as inline SVG without scripts, fonts or other files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup, escape
from numpy.typing import NDArray

Floats = NDArray[np.float64]

WIDTH = 960
"""Width of a plot in its own units; the page scales it."""

LEFT, RIGHT = 64, 16
"""Margins for labels."""

POINTS = 900
"""Maximum points of a line, about one per pixel, to limit the size of the page."""


def thin(times: Floats, *columns: Floats) -> tuple[Floats, ...]:
    """Return bin means if there are more than ``POINTS`` samples; empty bins are NaN."""
    if len(times) <= POINTS:
        return (times, *columns)
    edges = np.linspace(times[0], times[-1], POINTS + 1)
    member = np.clip(np.searchsorted(edges, times, "right") - 1, 0, POINTS - 1)
    middle = (edges[:-1] + edges[1:]) / 2
    return (middle, *(_means(column, member) for column in columns))


def held(times: Floats, column: Floats) -> tuple[Floats, Floats]:
    """Return at most ``POINTS`` times, evenly spaced, with the newest value at each."""
    if len(times) <= POINTS:
        return times, column
    grid = np.linspace(times[0], times[-1], POINTS, endpoint=False)
    return grid, column[np.searchsorted(times, grid, "right") - 1]


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


def tag(name: str, *content: str, **attributes: object) -> Markup:
    """Return an element; text and values that are not ``Markup`` are escaped.

    Args:
        name: Name of the element.
        content: Text, or elements.
        attributes: By name, ``_`` for ``-`` and ``class_`` for ``class``; floats have
            one decimal.
    """
    written = Markup("").join(
        Markup(' {}="{}"').format(
            key.rstrip("_").replace("_", "-"), f"{value:.1f}" if isinstance(value, float) else value
        )
        for key, value in attributes.items()
    )
    return Markup("<{0}{1}>{2}</{0}>").format(name, written, Markup("").join(map(escape, content)))


def drawing(label: str, width: int, height: int, *content: str, **attributes: object) -> Markup:
    """Return an ``svg`` element that scales; ``label`` describes its content."""
    return tag(
        "svg",
        *content,
        viewBox=f"0 0 {width} {height}",
        role="img",
        aria_label=label,
        **attributes,
    )


@dataclass(frozen=True, slots=True)
class Axes:
    """Coordinates of a plot."""

    first: float
    last: float
    low: float
    high: float
    height: int = 150
    top: int = 8
    bottom: int = 22

    def x(self, time: float) -> float:
        """Return the horizontal position of a time."""
        share = (time - self.first) / max(1e-9, self.last - self.first)
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    def y(self, value: float) -> float:
        """Return the vertical position of a value, within the plot."""
        share = min(1.0, max(0.0, (value - self.low) / max(1e-12, self.high - self.low)))
        return self.top + (1 - share) * (self.height - self.top - self.bottom)

    def frame(self, ticks: Sequence[float]) -> Markup:
        """Draw grid and labels."""
        parts = []
        for tick in ticks:
            y = self.y(tick)
            parts += [
                tag("line", class_="grid", x1=LEFT, x2=WIDTH - RIGHT, y1=y, y2=y),
                tag("text", f"{tick:g}", class_="tick", x=LEFT - 8, y=y + 4, text_anchor="end"),
            ]
        below = {"class_": "tick", "y": self.height - 6, "text_anchor": "middle"}
        for time in nice(self.last - self.first):
            parts.append(tag("text", clock(time), x=self.x(self.first + time), **below))
        return Markup("").join(parts)

    def line(self, times: Floats, values: Floats, style: str) -> Markup:
        """Draw a line, interrupted at unknown values."""
        known = _pieces(np.isfinite(values))
        pieces = [f"M{self._points(times[piece], values[piece])}" for piece in known]
        return tag("path", class_=style, d="".join(pieces))

    def band(self, times: Floats, low: Floats, high: Floats, style: str) -> Markup:
        """Fill the area between two lines where both are known."""
        pieces = [
            f"M{self._points(times[piece], high[piece])}"
            f"L{self._points(times[piece][::-1], low[piece][::-1])}Z"
            for piece in _pieces(np.isfinite(low) & np.isfinite(high))
        ]
        return tag("path", class_=style, d="".join(pieces))

    def _points(self, times: Floats, values: Floats) -> str:
        pairs = zip(times, values, strict=True)
        return "L".join(f"{self.x(t):.1f} {self.y(v):.1f}" for t, v in pairs)

    def drop(self, time: float, style: str, title: str) -> Markup:
        """Draw a vertical line with a tooltip."""
        x, low = self.x(time), self.height - self.bottom
        return tag("line", tag("title", title), class_=style, x1=x, x2=x, y1=self.top, y2=low)

    def svg(self, label: str, *content: str) -> Markup:
        """Return the complete drawing."""
        return drawing(label, WIDTH, self.height, *content)


def spark(courses: Iterable[tuple[str, Sequence[float | None], float, float]]) -> Markup:
    """Return a small drawing for a cell of a table.

    Args:
        courses: CSS class, values at equal distances (None if unknown), minimum, maximum.
    """
    width, height = 160, 28
    parts = [tag("line", class_="grid", x2=width, y1=height / 2, y2=height / 2)]
    for style, values, low, high in courses:
        points = [
            f"{(at + 0.5) / len(values) * width:.1f} "
            f"{height - (min(high, max(low, v)) - low) / (high - low) * height:.1f}"
            for at, v in enumerate(values)
            if v is not None
        ]
        if points:
            parts.append(tag("path", class_=f"line {style}", d="M" + "L".join(points)))
    return drawing("over time", width, height, *parts, class_="spark")


def nice(span: float) -> list[float]:
    """Return about eight round times from 0 to ``span``."""
    steps = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200)
    step = next((s for s in steps if span / s <= 9), 86_400)
    return [float(t) for t in range(0, int(span) + 1, step)][:60]


def _pieces(known: NDArray[np.bool_]) -> list[slice]:
    edges = np.flatnonzero(np.diff(np.r_[False, known, False].astype(np.int8)))
    return [slice(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]
