"""The page that tells of many analysed recordings."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from sentio_bridge.batch.dataset import AnalyzedRecording

SHOWN = ("valence", "arousal", "stress", "engagement", "relaxation", "heart_rate", "confidence")
"""Entries whose means are shown."""

DRAWN = {"arousal": ("#c2410c", -1.0, 1.0), "stress": ("#1d4ed8", 0.0, 1.0)}
"""Entries that are drawn over time: colour, least and greatest value."""

_WIDTH, _HEIGHT = 160, 28

_STYLE = (
    "body{font:15px sans-serif;margin:2em;max-width:90em}table{border-collapse:collapse}"
    "td,th{padding:.3em .8em;text-align:right;border-bottom:1px solid #ddd}"
    "td:first-child,th:first-child{text-align:left}svg{vertical-align:middle}"
)


def page(done: Sequence[AnalyzedRecording]) -> str:
    """Return the page as HTML that needs nothing else."""
    good = [result for result in done if not result.problem]
    problems = "".join(
        f"<li><b>{escape(r.recording)}</b>: {escape(r.problem)}</li>" for r in done if r.problem
    )
    legend = ", ".join(
        f"<span style='color:{colour}'>{name}</span> ({low:g} to {high:g})"
        for name, (colour, low, high) in DRAWN.items()
    )
    head = ("recording", "how", "frames", "seconds", *SHOWN, "over time")
    return (
        "<!doctype html><html lang='en'><head><meta charset='utf-8'><title>Sentio analysis</title>"
        f"<style>{_STYLE}</style></head><body><h1>Recordings</h1>"
        f"<p>{len(good)} of {len(done)} analysed. Means over the time in which a value was known; "
        f"these are estimates, not what anybody felt. Over time: {legend}.</p>"
        f"<table><tr>{''.join(f'<th>{h}</th>' for h in head)}</tr>"
        f"{''.join(_row(r) for r in good)}</table>"
        + (f"<h2>Not analysed</h2><ul>{problems}</ul>" if problems else "")
        + "</body></html>"
    )


def _row(result: AnalyzedRecording) -> str:
    cells = [
        result.recording,
        result.how,
        str(result.frames),
        f"{result.seconds:.1f}",
        *(f"{result.means[name]:.3f}" if name in result.means else "" for name in SHOWN),
    ]
    told = "".join(f"<td>{escape(cell)}</td>" for cell in cells)
    return f"<tr>{told}<td>{_curves(result)}</td></tr>"


def _curves(result: AnalyzedRecording) -> str:
    lines = []
    for name, (colour, low, high) in DRAWN.items():
        values = result.course.get(name, [])
        points = [
            f"{(at + 0.5) / len(values) * _WIDTH:.1f},"
            f"{_HEIGHT - (min(high, max(low, v)) - low) / (high - low) * _HEIGHT:.1f}"
            for at, v in enumerate(values)
            if v is not None
        ]
        lines.append(f"<polyline points='{' '.join(points)}' fill='none' stroke='{colour}'/>")
    return (
        f"<svg width='{_WIDTH}' height='{_HEIGHT}' role='img' aria-label='over time'>"
        f"<line x2='{_WIDTH}' y1='{_HEIGHT / 2}' y2='{_HEIGHT / 2}' stroke='#ddd'/>"
        f"{''.join(lines)}</svg>"
    )
