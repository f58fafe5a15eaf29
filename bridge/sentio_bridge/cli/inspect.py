"""`sentio inspect`: summary of a recording as text, JSON or plots."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from sentio_bridge.cli.exits import cli_errors


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("inspect")(inspect)


def inspect(
    path: Annotated[Path, typer.Argument(help="Folder of a recording, or an .xdf file.")],
    json: Annotated[bool, typer.Option("--json", help="Print the whole summary as JSON.")] = False,
    png: Annotated[
        Path | None, typer.Option(help="Write a plot of all streams to this file.")
    ] = None,
    html: Annotated[
        Path | None, typer.Option(help="Write an HTML page with plots and tables to this file.")
    ] = None,
) -> None:
    """Show the streams, rates, gaps, losses, quality and markers of a recording."""
    with cli_errors():
        import msgspec

        from sentio_recording import plots
        from sentio_recording.recording import Recording
        from sentio_recording.summary import summarise

        with Recording(path) as recording:
            summary = summarise(recording)
            if png is not None:
                png.write_bytes(plots.picture(recording, summary))
            if html is not None:
                html.write_text(plots.page(recording, summary), encoding="utf-8")
        if json:
            typer.echo(msgspec.json.encode(summary.builtin()).decode())
            return
        _table(summary)


def _table(summary: Any) -> None:
    from rich.console import Console
    from rich.table import Table

    from sentio_recording.summary import stretches

    table = Table(title=f"{summary.path}, {summary.seconds:.1f} s", box=None, pad_edge=False)
    for name in ("stream", "type", "ch", "samples", "Hz", "gaps", "lost", "quality"):
        left = name in ("stream", "type", "quality")
        table.add_column(
            name,
            justify="left" if left else "right",
            overflow="fold",
            no_wrap=name not in ("stream", "quality"),
        )
    for s in summary.streams:
        worst = min((q for _, q in s.quality), default=1.0)
        why = ", ".join(sorted(s.reasons, key=lambda r: -s.reasons[r])[:2])
        sparkline = _sparkline(
            [1.0 if q is None else q for q in stretches(s.quality, summary.seconds)]
        )
        table.add_row(
            s.name, s.kind, str(s.channels), str(s.samples), _rate(s), str(len(s.gaps)),
            str(s.lost), f"{worst:.2f} {sparkline} {why}" if worst < 1 else "1.00",
        )  # fmt: skip
    console = Console()
    console.print(table)
    if summary.modalities:
        console.print("quality over time, from beginning to end:")
    for m in summary.modalities:
        console.print(f"  {m.subject} {m.name:8} {_sparkline(m.quality)}", markup=False)
    for s in summary.streams:
        for begin, end in s.gaps[:5]:
            console.print(f"  gap: {s.name} {begin:.3f}..{end:.3f} s", markup=False)
        if s.backwards and s.nominal_hz:
            console.print(f"  {s.name}: timestamps went back {s.backwards} times", markup=False)
    for time, name in summary.markers[:20]:
        console.print(f"  {time:9.3f} s  {name}", markup=False)
    if len(summary.markers) > 20:
        console.print(f"  and {len(summary.markers) - 20} more markers")
    for name, count in summary.dropped.items():
        console.print(f"  dropped: {count} of {name}", markup=False)
    for offset, why in summary.damages[:20]:
        console.print(f"  byte {offset}: {why}", markup=False)
    console.print(f"  ended: {summary.ending or 'not properly: sentio repair'}", markup=False)


def _rate(stream: Any) -> str:
    """Return the measured rate, and the nominal rate if it differs."""
    measured, nominal = f"{stream.rate_hz:.2f}", f"{stream.nominal_hz:.2f}"
    return measured if measured == nominal or not stream.nominal_hz else f"{measured}/{nominal}"


def _sparkline(values: list[float | None]) -> str:
    """Return values of 0..1 as one line of block characters."""
    return "".join(
        "·" if value is None else "▁▂▃▄▅▆▇█"[min(7, max(0, int(value * 8)))] for value in values
    )
