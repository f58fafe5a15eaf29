"""HTML report of one session: self-contained, printable, light and dark."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from markupsafe import Markup

from sentio_bridge.affect.mood import ZONES, SessionSummary
from sentio_bridge.protocol.frame import APPRAISALS
from sentio_bridge.report import adaptations
from sentio_bridge.report.data import SessionData
from sentio_bridge.report.svg import (
    LEFT,
    RIGHT,
    WIDTH,
    Axes,
    Floats,
    clock,
    drawing,
    held,
    tag,
    thin,
)
from sentio_bridge.report.words import (
    LIMITS,
    coverage,
    marker_rows,
    sentences,
    span,
    summarised,
)
from sentio_models import AFFECT, INDICES
from sentio_recording import page
from sentio_recording.page import Content, Figure, Items, Section, Table, Text

LABELLED = 24
"""Maximum number of marker names in the plot."""

ZONE_WORDS = (
    "calm: pleasant, low arousal; excited: pleasant, high arousal; tense: unpleasant, high "
    "arousal; low: unpleasant, low arousal; neutral: near the middle"
)

BODILY = (("heart_rate", "heart rate (beats/min)"), ("scl", "skin conductance (microsiemens)"))
"""Traces of the body, with captions."""


def render(session: SessionData) -> str:
    """Return the page; the same session gives the same bytes.

    Args:
        session: Frames, markers and responses.

    Returns:
        Self-contained HTML.
    """
    summary = summarised(session)
    count = len(session.markers)
    markers = f"{count} {'marker' if count == 1 else 'markers'}"
    length = [span(session)] if len(session.times) else []
    return page.render(
        session.title or f"Session of {session.subject}",
        " · ".join([session.subject, *length, markers]),
        [
            Section("Summary", [Items([*session.notes, *sentences(session, summary)])]),
            Section("Affect over time", _affect(session)),
            Section("Zones", _zones(summary)),
            Section("Responses to markers", _markers(session)),
            Section("Adaptation", adaptations.contents(session)),
            Section("Indices and appraisals", _indices(session)),
            Section("Body", _body(session)),
            Section("Quality of the signals", _quality(session)),
            Section("Earlier sessions", earlier(session.sessions, summary)),
            Section("Limits", [Items(LIMITS)]),
        ],
    )


def _axes(session: SessionData, low: float, high: float, height: int = 150) -> Axes:
    return Axes(float(session.times[0]), float(session.times[-1]), low, high, height)


def _ticks(session: SessionData, axes: Axes) -> Markup:
    """Draw the markers; those with a response are highlighted."""
    detected = {(r.name, r.time) for r in session.responses if r.detected}
    return Markup("").join(
        axes.drop(
            marker.time,
            "marker answered" if (marker.name, marker.time) in detected else "marker",
            f"{marker.name} at {clock(max(0.0, marker.time - axes.first))}",
        )
        for marker in session.markers
        if axes.first <= marker.time <= axes.last
    )


def _names(session: SessionData) -> list[Content]:
    """Write the markers' names above the first plot, in rows, if they fit."""
    axes = _axes(session, 0, 1, 46)
    inside = [m for m in session.markers if axes.first <= m.time <= axes.last][:LABELLED]
    ends, parts = [-1.0, -1.0, -1.0], []
    for marker in inside:
        x, width = axes.x(marker.time), 6.2 * len(marker.name) + 10
        row = next((i for i, end in enumerate(ends) if end < x), None)
        if row is None or x + width > WIDTH:
            continue
        ends[row] = x + width
        parts.append(tag("text", marker.name, class_="name", x=x, y=12 + 14 * row))
    return [Figure(axes.svg("names of the markers", *parts))] if parts else []


def _affect(session: SessionData) -> list[Content]:
    parts = _names(session) if len(session.times) > 1 else []
    for name in AFFECT:
        if name not in session.values or len(session.times) < 2:
            continue
        times, mean, sd, mood = thin(
            session.times,
            session.values[name],
            session.get(f"{name}_sd"),
            session.get(f"mood_{name}"),
        )
        axes = _axes(session, -1, 1)
        parts.append(
            Figure(
                axes.svg(
                    f"{name} over time",
                    axes.frame((-1, 0, 1)),
                    axes.band(times, mean - sd, mean + sd, f"band {name}"),
                    _ticks(session, axes),
                    axes.line(times, mood, "mood"),
                    axes.line(times, mean, f"line {name}"),
                ),
                name,
                name,
                "line: estimate; band: one standard deviation; dashes: mood",
            )
        )
    return parts


def _zones(summary: SessionSummary) -> list[Content]:
    total = sum(summary.zones.values())
    if not total:
        return []
    at, parts, keys = float(LEFT), [], []
    for name in ZONES:
        share = summary.zones.get(name, 0.0) / total
        width = share * (WIDTH - LEFT - RIGHT)
        if share > 0:
            text, style = f"{name} {share:.0%}", f"zone {name}"
            bar = {"x": at, "y": 4, "width": width, "height": 26}
            parts.append(tag("rect", tag("title", text), class_=style, **bar))
            keys.append((style, text))
        at += width
    return [Figure(drawing("zones", WIDTH, 34, *parts), keys=keys), Text(ZONE_WORDS)]


def _markers(session: SessionData) -> list[Content]:
    rows = marker_rows(session)
    head = ("marker", "times", "responses", "changes", "reasons for caution")
    return [Table(head, rows)] if rows else []


def _lines(session: SessionData, names: Iterable[str], caption: str) -> list[Content]:
    known = [n for n in names if n in session.values]
    if not known or len(session.times) < 2:
        return []
    axes = _axes(session, 0, 1, 140)
    lines = []
    for i, name in enumerate(known):
        times, values = thin(session.times, session.values[name])
        lines.append(axes.line(times, values, f"line c{i}"))
    keys = [(f"c{i}", name) for i, name in enumerate(known)]
    plot = axes.svg(caption, axes.frame((0, 0.5, 1)), _ticks(session, axes), *lines)
    return [Figure(plot, caption, keys=keys)]


def _indices(session: SessionData) -> list[Content]:
    return _lines(session, INDICES, "indices") + _lines(session, APPRAISALS, "appraisal")


def _body(session: SessionData) -> list[Content]:
    parts: list[Content] = []
    for name, caption in BODILY:
        if name not in session.values or len(session.times) < 2:
            continue
        times, values = thin(session.times, session.values[name])
        low, high = _range(values)
        axes = _axes(session, low, high, 120)
        parts.append(
            Figure(
                axes.svg(
                    caption,
                    axes.frame((round(low, 1), round((low + high) / 2, 1), round(high, 1))),
                    _ticks(session, axes),
                    axes.line(times, values, "line body"),
                ),
                caption,
            )
        )
    return parts


def _range(values: Floats) -> tuple[float, float]:
    known = values[np.isfinite(values)]
    if not len(known):
        return 0.0, 1.0
    low, high = float(known.min()), float(known.max())
    space = max(0.05 * (high - low), 0.01 * abs(high), 1e-3)
    return low - space, high + space


def _runs(times: Floats, qualities: Floats, end: float) -> Iterator[tuple[float, float, str]]:
    """Yield begin, end and opacity of stretches of equal, known quality."""
    shades = [
        f"{0.12 + 0.88 * min(1.0, max(0.0, q)):.2f}" if np.isfinite(q) else ""
        for q in qualities.tolist()
    ]
    first = 0
    for i in range(1, len(shades) + 1):
        if i < len(shades) and shades[i] == shades[first]:
            continue
        if shades[first]:
            yield float(times[first]), float(times[i]) if i < len(shades) else end, shades[first]
        first = i


def _quality(session: SessionData) -> list[Content]:
    rows = coverage(session)
    if not rows or len(session.times) < 2:
        return []
    axes = Axes(float(session.times[0]), float(session.times[-1]), 0, 1, 26 * len(rows) + 26, 4)
    parts = [axes.frame(())]
    for i, (name, _, _) in enumerate(rows):
        y = 4 + 26 * i
        parts.append(tag("text", name, class_="tick", x=LEFT - 8, y=y + 15, text_anchor="end"))
        quality, age = session.get(f"{name}_quality"), session.get(f"{name}_age")
        fresh = np.where(age <= 10.0, quality, np.nan)
        times, qualities = held(session.times, fresh)
        parts += [
            tag(
                "rect",
                class_="quality",
                x=axes.x(begin),
                y=y,
                width=axes.x(end) - axes.x(begin),
                height=20,
                opacity=opacity,
            )
            for begin, end, opacity in _runs(times, qualities, float(session.times[-1]))
        ]
    summary = Table(
        ("modality", "available", "mean quality", "mean weight"),
        [
            (name, f"{available:.0%}", f"{quality:.2f}", _weight(session, name))
            for name, available, quality in rows
        ],
    )
    figure = Figure(
        axes.svg("quality over time", *parts),
        "quality",
        note="darker: better quality; empty: no estimate within 10 s",
    )
    return [figure, summary]


def _weight(session: SessionData, name: str) -> str:
    weight = session.get(f"{name}_weight")
    return f"{np.nanmean(weight):.2f}" if np.isfinite(weight).any() else "unknown"


def earlier(
    sessions: Sequence[SessionSummary], this: SessionSummary | None = None
) -> list[Content]:
    """Return a table of the earlier sessions and of this one."""
    if not sessions:
        return []
    rows = []
    for i, session in enumerate(sessions if this is None else [*sessions, this]):
        label = "this" if i == len(sessions) else str(i + 1)
        means = [f"{session.mean[n]:+.2f}" if n in session.mean else "unknown" for n in AFFECT]
        recovery = "none" if session.recovery is None else f"{session.recovery:.0f} s"
        rows.append((label, clock(session.seconds), *means, session.peaks, recovery))
    return [Table(("session", "length", *AFFECT, "peaks", "recovery"), rows)]
