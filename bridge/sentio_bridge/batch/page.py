"""HTML page that compares analysed recordings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sentio_bridge.batch.dataset import AnalyzedRecording
from sentio_bridge.report.svg import spark
from sentio_recording.page import Content, Section, Table, Text, render

SHOWN = ("valence", "arousal", "stress", "engagement", "relaxation", "heart_rate", "confidence")
"""Entries whose means are shown."""

DRAWN = {"arousal": ("arousal", -1.0, 1.0), "stress": ("valence", 0.0, 1.0)}
"""Entries plotted over time: CSS class of the colour, minimum and maximum."""


def page(done: Sequence[AnalyzedRecording]) -> str:
    """Return the page as self-contained HTML."""
    good = [result for result in done if not result.problem]
    names = [name.replace("_", " ") for name in SHOWN]
    head = ("recording", "how", "frames", "seconds", "over time", *names)
    legend = "Over time: arousal (orange, -1 to 1) and stress (blue, 0 to 1)."
    note = "Means over the time in which a value was known. Estimates may differ from what "
    analysed: list[Content] = [
        Text(f"{note}people felt. {legend}"),
        Table(head, [_row(result) for result in good], numeric=True),
    ]
    failed = [(result.recording, result.problem) for result in done if result.problem]
    empty = [(result.recording, result.note) for result in good if result.note]
    return render(
        "Recordings",
        f"{counted(good)} of {counted(done)} analysed",
        [
            Section("Analysed", analysed if good else []),
            Section("Without values", [Table(("recording", "why"), empty)] if empty else []),
            Section("Not analysed", [Table(("recording", "problem"), failed)] if failed else []),
        ],
    )


def counted(done: Iterable[AnalyzedRecording]) -> int:
    """Return the number of recordings, each of which may have several people."""
    return len({result.recording for result in done})


def _row(result: AnalyzedRecording) -> list[object]:
    return [
        f"{result.recording}, {result.subject}" if result.subject else result.recording,
        result.how,
        result.frames,
        f"{result.seconds:.1f}",
        spark(
            (style, result.course.get(name, []), low, high)
            for name, (style, low, high) in DRAWN.items()
        ),
        *(f"{result.means[name]:.3f}" if name in result.means else "" for name in SHOWN),
    ]
