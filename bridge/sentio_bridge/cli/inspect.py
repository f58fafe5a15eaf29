"""`sentio inspect`: summary of a recording as text, JSON or plots."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sentio_bridge.cli.exits import cli_errors
from sentio_bridge.cli.file_options import PATH_HELP, Board, Rate, Unit, hints_of, plain, show_notes
from sentio_bridge.cli.results import note

if TYPE_CHECKING:
    from rich.table import Table

    from sentio_recording.summary import StreamSummary, Summary

SHOWN_STREAMS = 200
"""Streams that are listed."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("inspect")(inspect)


def inspect(
    path: Annotated[Path, typer.Argument(help=PATH_HELP)],
    json: Annotated[bool, typer.Option("--json", help="Print the whole summary as JSON.")] = False,
    png: Annotated[
        Path | None, typer.Option(help="Write a plot of all streams to this file.")
    ] = None,
    html: Annotated[
        Path | None, typer.Option(help="Write an HTML page with plots and tables to this file.")
    ] = None,
    rate: Rate = None,
    board: Board = None,
    time_unit: Unit = None,
) -> None:
    """Show the streams, rates, gaps, losses, quality and markers of a recording."""
    with cli_errors():
        import msgspec

        from sentio_recording import plots
        from sentio_recording.recording import Recording
        from sentio_recording.summary import summarise

        with Recording(path, hints_of(rate, board, time_unit)) as recording:
            show_notes(recording)
            summary = summarise(recording)
            if png is not None:
                png.write_bytes(plots.picture(recording, summary))
            if html is not None:
                html.write_text(plots.page(recording, summary), encoding="utf-8")
        for written in (png, html):
            if written is not None:
                note("plot", written, [([path], [written])])
        if json:
            typer.echo(msgspec.json.encode(summary.builtin()).decode())
            return
        _show(summary)


def _show(summary: Summary) -> None:
    from rich.console import Console

    console = Console()
    console.print(_table(summary))
    for line in _facts(summary):
        console.print(line, markup=False, highlight=False)


def _table(summary: Summary) -> Table:
    """Return one row a stream, of the first ``SHOWN_STREAMS``."""
    from rich.table import Table
    from rich.text import Text

    from sentio_recording.summary import stretches

    title = Text(f"{plain(summary.path)}, {summary.seconds:.1f} s")
    table = Table(title=title, box=None, pad_edge=False, padding=(0, 1, 0, 0))
    for name in ("stream", "type", "ch", "samples", "Hz", "gaps", "lost", "quality"):
        left = name in ("stream", "type", "quality")
        table.add_column(
            name,
            justify="left" if left else "right",
            overflow="fold" if name == "quality" else "ellipsis",
            no_wrap=name != "quality",
        )
    for s in summary.streams[:SHOWN_STREAMS]:
        worst = min((q for _, q in s.quality), default=1.0)
        why = ", ".join(sorted(s.reasons, key=lambda r: -s.reasons[r])[:2])
        sparkline = _sparkline(
            [1.0 if q is None else q for q in stretches(s.quality, summary.seconds)]
        )
        cells = (
            plain(s.name, 32), plain(s.kind, 24), str(s.channels), str(s.samples),
            _rate(s), str(len(s.gaps)), str(s.lost),
            f"{worst:.2f} {sparkline} {why}" if worst < 1 else "1.00",
        )  # fmt: skip
        table.add_row(*(Text(cell) for cell in cells))
    return table


def _facts(summary: Summary) -> Iterator[str]:
    """Yield what does not fit into a table, one line each."""
    if len(summary.streams) > SHOWN_STREAMS:
        yield f"  and {len(summary.streams) - SHOWN_STREAMS} more streams; all: --json"
    if summary.modalities:
        yield "quality over time, from beginning to end:"
    for m in summary.modalities:
        yield f"  {plain(m.subject)} {plain(m.name):8} {_sparkline(m.quality)}"
    for s in summary.streams[:SHOWN_STREAMS]:
        for begin, end in s.gaps[:5]:
            yield f"  gap: {plain(s.name)} {begin:.3f}..{end:.3f} s"
        if s.backwards and s.nominal_hz:
            yield f"  {plain(s.name)}: timestamps went back {s.backwards} times"
    for time, name in summary.markers[:20]:
        yield f"  {time:9.3f} s  {plain(name)}"
    if len(summary.markers) > 20:
        yield f"  and {len(summary.markers) - 20} more markers"
    for name, count in summary.dropped.items():
        yield f"  dropped: {count} of {plain(name)}"
    for offset, why in summary.damages[:20]:
        yield f"  byte {offset}: {why.removeprefix(f'byte {offset}: ')}"
    yield f"  ended: {summary.ending or 'not properly: sentio repair'}"


def _rate(stream: StreamSummary) -> str:
    """Return the measured rate, and the nominal rate if it differs; - for none."""
    if not stream.rate_hz and not stream.nominal_hz:
        return "-"
    measured, nominal = f"{stream.rate_hz:.2f}", f"{stream.nominal_hz:.2f}"
    return measured if measured == nominal or not stream.nominal_hz else f"{measured}/{nominal}"


def _sparkline(values: list[float | None]) -> str:
    """Return values of 0..1 as one line of block characters."""
    return "".join(
        "·" if value is None else "▁▂▃▄▅▆▇█"[min(7, max(0, int(value * 8)))] for value in values
    )
