"""What a game changed during a session, why, and by whom, as tables and plots."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from sentio_bridge.report.data import Adaptation, SessionData
from sentio_bridge.report.svg import Axes, clock
from sentio_recording.page import Content, Figure, Table, Text

OVERRIDE = "override of "
"""Beginning of the name of an overridden value."""

PLOTTED = 6
"""Maximum number of adapted values that are plotted, those with the most changes."""

MOST_AUTHORED = 40
"""Maximum number of overrides and freezes in the table."""


def contents(session: SessionData) -> list[Content]:
    """Return the plots and tables of a session's adaptations; empty if there are none."""
    if not session.adaptations:
        return []
    by_what: dict[str, list[Adaptation]] = {}
    for change in session.adaptations:
        by_what.setdefault(change.what, []).append(change)
    heads = ("adapted", "changes", "from", "to", "limited", "most frequent cause")
    parts: list[Content] = [Table(heads, [_row(w, c) for w, c in sorted(by_what.items())])]
    often = sorted(by_what, key=lambda what: -len(by_what[what]))[:PLOTTED]
    if len(session.times) > 1:
        parts += [_plot(session, what, by_what[what]) for what in sorted(often)]
    return parts + _authored(session)


def _row(what: str, changes: Sequence[Adaptation]) -> tuple[str, ...]:
    values = [change.value for change in changes if np.isfinite(change.value)]
    limited = sum(_limited(change) for change in changes)
    causes = [change.why for change in changes]
    most = max(dict.fromkeys(causes), key=causes.count)
    low, high = (f"{min(values):.2f}", f"{max(values):.2f}") if values else ("", "")
    return what, str(len(changes)), low, high, str(limited), most


def _limited(change: Adaptation) -> bool:
    return bool(np.isfinite(change.asked) and abs(change.asked - change.value) > 1e-6)


def _plot(session: SessionData, what: str, changes: Sequence[Adaptation]) -> Figure:
    """Draw the given value as steps, and the requested one where it differs."""
    end = float(session.times[-1])
    known = _until_released(changes, end)
    at = np.array([change.time for change in known] + [end])
    given = np.array([change.value for change in known] + [known[-1].value if known else np.nan])
    asked = np.array([c.asked if _limited(c) else np.nan for c in known] + [np.nan])
    times, steps = np.repeat(at, 2)[1:], np.repeat(given, 2)[:-1]
    shown = np.concatenate([given, asked])
    shown = shown[np.isfinite(shown)]
    low, high = (min(0.0, shown.min()), max(1.0, shown.max())) if len(shown) else (0.0, 1.0)
    axes = Axes(float(session.times[0]), end, float(low), float(high), 90)
    drawn = axes.svg(
        f"{what} over time",
        axes.frame((round(float(low), 2), round(float(high), 2))),
        axes.line(at, asked, "mood"),
        axes.line(times, steps, "line body"),
    )
    return Figure(drawn, what, what, "line: given value; dashes: requested before limits")


def _until_released(changes: Sequence[Adaptation], end: float) -> list[Adaptation]:
    """Return changes with a value, and the ends of overrides as changes without one."""
    found: list[Adaptation] = []
    for change, following in zip(changes, [*changes[1:], None], strict=True):
        until = following.time if following is not None else end
        overridden = change.what.startswith(OVERRIDE)
        if overridden or np.isfinite(change.value):
            found.append(change)
        if overridden and change.time + change.seconds < until:
            over = change.time + change.seconds
            found.append(replace(change, time=over, value=np.nan, asked=np.nan))
    return found


def _authored(session: SessionData) -> list[Content]:
    """Return a table of what people did: overrides, freezes, stops."""
    own = [change for change in session.adaptations if change.by]
    if not own:
        return []
    start = float(session.times[0]) if len(session.times) else own[0].time
    rows = [
        (
            clock(max(0.0, change.time - start)),
            change.by,
            change.what,
            f"{change.value:.2f}" if np.isfinite(change.value) else "",
            change.why,
            f"{change.seconds:.1f} s" if np.isfinite(change.seconds) else "",
        )
        for change in own[:MOST_AUTHORED]
    ]
    parts: list[Content] = [Table(("time", "by", "what", "value", "why", "lasted"), rows)]
    if len(own) > MOST_AUTHORED:
        parts.append(Text(f"{len(own) - MOST_AUTHORED} more are in the recording."))
    return parts
