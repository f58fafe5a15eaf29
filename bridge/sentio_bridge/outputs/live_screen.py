"""Terminal screen: fused state, modalities and health."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite

from rich import box
from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from sentio_bridge.protocol.bodies import DetailBody, HealthBody
from sentio_models import AFFECT, INDICES

WIDTH = 31
"""Width of a bar in cells; odd, so that zero has a cell."""

_STATE_STYLE = {
    "ok": "green",
    "warming": "yellow",
    "on": "green",
    "opening": "yellow",
    "stale": "dark_orange",
    "gap": "red",
    "bad_quality": "dark_orange",
    "no_subject": "dark_orange",
    "absent": "red",
    "error": "bold red",
    "withdrawn": "magenta",
}


def screen(
    details: Mapping[str, DetailBody], health: HealthBody | None, note: str = ""
) -> RenderableType:
    """Return the screen.

    Args:
        details: The newest ``detail`` body of each subject.
        health: The newest ``health`` body, or None.
        note: Line below it.
    """
    parts: list[RenderableType] = [_subject(name, detail) for name, detail in details.items()]
    if health is not None:
        parts.append(_health(health))
    if note:
        parts.append(Text(note, style="bold"))
    return Group(*parts)


def line(detail: DetailBody, health: HealthBody | None) -> str:
    """Return the state as one plain line, for logs and pipes."""
    values = detail.values
    numbers = " ".join(
        f"{name}={values[name]:+.2f}±{values[name + '_sd']:.2f}"
        for name in AFFECT
        if name in values and name + "_sd" in values
    )
    heart = f" hr={values['heart_rate']:.0f}" if "heart_rate" in values else ""
    shares = " ".join(f"{name}:{share.state}" for name, share in detail.modalities.items())
    latency = health.latency.values() if health is not None else ()
    p50 = next((f" p50={v['p50']:.1f}ms" for v in latency if "p50" in v), "")
    rate = health.rate_hz if health is not None else 0.0
    return (
        f"{detail.state} {numbers or 'unknown'}{heart} "
        f"confidence={values.get('confidence', 0.0):.2f} [{shares}] "
        f"{rate:.0f} frames/s{p50}"
    )


def _subject(name: str, detail: DetailBody) -> RenderableType:
    state, values = detail.state, detail.values
    top = Table.grid(padding=(0, 1))  # fits into 80 columns
    for axis, low, high in (
        ("valence", "unpleasant", "pleasant"),
        ("arousal", "calm", "excited"),
        ("dominance", "controlled", "in control"),
    ):
        top.add_row(
            axis,
            Text(low, style="dim", justify="right"),
            _axis(values.get(axis), values.get(f"{axis}_sd")),
            Text(high, style="dim"),
            _number(values.get(axis), values.get(f"{axis}_sd")),
        )
    middle = Table.grid(padding=(0, 2))  # fits into 80 columns
    middle.add_row(_indices(values), _body(values), _emotions(detail, values))
    title = Text.assemble(
        ("Sentio  ", "bold"), (name, "bold cyan"), "  ", (state, _STATE_STYLE.get(state, ""))
    )
    if detail.frozen:
        title.append("  frozen", "bold magenta")
    confidence = values.get("confidence", 0.0)
    why = Text(detail.why, style="italic")
    return Panel(
        Group(top, Text(), middle, Text(), _modalities(detail), why, captured(detail)),
        title=title,
        subtitle=f"confidence {confidence:.2f}",
        box=box.ROUNDED,
        title_align="left",
    )


def _axis(value: float | None, sd: float | None) -> Text:
    """Return an axis of -1..1 with the mean and one standard deviation marked."""
    cells = [("·", "dim")] * WIDTH
    cells[WIDTH // 2] = ("│", "dim")
    if value is not None and isfinite(value):
        spread = sd or 0.0
        first, last = _cell(value - spread), _cell(value + spread)
        for index in range(first, last + 1):
            cells[index] = ("━", "blue")
        cells[_cell(value)] = ("●", "bold cyan")
    return Text.assemble(*cells)


def _cell(value: float) -> int:
    return max(0, min(WIDTH - 1, round((value + 1) / 2 * (WIDTH - 1))))


def _number(value: float | None, sd: float | None) -> Text:
    if value is None:
        return Text("unknown", style="dim")
    return Text(f"{value:+.2f} ± {sd or 0.0:.2f}")


def _bar(share: float, width: int = 10) -> Text:
    filled = max(0, min(width, round(share * width)))
    return Text.assemble(("█" * filled, "cyan"), ("░" * (width - filled), "dim"))


def _indices(values: Mapping[str, float]) -> Table:
    table = Table.grid(padding=(0, 1))
    for name in INDICES:
        value = values.get(name)
        bar = Text("unknown   ", style="dim") if value is None else _bar(value)
        table.add_row(name, bar, "" if value is None else f"{value:.2f}")
    return table


def _body(values: Mapping[str, float]) -> Table:
    table = Table.grid(padding=(0, 1))
    for name, label, unit in (
        ("heart_rate", "heart rate", "/min"),
        ("rmssd", "RMSSD", "ms"),
        ("breathing_rate", "breathing", "/min"),
        ("scl", "skin cond.", "µS"),
    ):
        value = values.get(name)
        text = "–" if value is None else f"{value:.1f}" if value < 20 else f"{value:.0f}"
        table.add_row(label, Text(text, justify="right"), Text(unit, style="dim"))
    return table


def _emotions(detail: DetailBody, values: Mapping[str, float]) -> Table:
    table = Table.grid(padding=(0, 1))
    for name, probability in detail.emotions:
        table.add_row(name, _bar(probability), f"{probability:.2f}")
    if "entropy" in values:
        table.add_row(Text("mixed", style="dim"), _bar(values["entropy"]), "")
    return table


def _modalities(detail: DetailBody) -> Table:
    table = Table(box=box.SIMPLE, padding=(0, 1), expand=True)
    for column, cells in (
        ("modality", 9),
        ("state", 11),
        ("weight", 8),
        ("quality", 8),
        ("age", 6),
    ):
        table.add_column(column, min_width=cells, no_wrap=True)
    table.add_column("reason", overflow="ellipsis", no_wrap=True, ratio=1)
    for name, share in detail.modalities.items():
        reason = ", ".join(share.reasons)
        if share.fix:
            reason += f" → {share.fix}"
        table.add_row(
            Text(name),
            Text(share.state, style=_STATE_STYLE.get(share.state, "")),
            _bar(share.weight, 8),
            _bar(share.quality, 8),
            "–" if share.age is None else f"{share.age:.1f} s",
            Text(reason),  # names of streams may look like markup
        )
    return table


def captured(detail: DetailBody) -> Text:
    """Return what is captured, for which purposes, since when, and if recorded."""
    kept = detail.recording.sensors if detail.recording is not None else {}
    text = Text()
    for name, sensor in detail.sensors.items():
        if sensor.since is None:
            continue
        seconds = max(0, int(detail.sent - sensor.since))
        text.append("\n" if text else "")
        text.append(f"● {name}", "bold red" if name in kept else "bold green")
        text.append(f" for {', '.join(sensor.consent)}, {seconds // 60}:{seconds % 60:02d} min")
        text.append(f", recorded ({kept[name]})" if name in kept else ", not recorded")
    return text if text else Text("nothing is captured", style="dim")


def _health(health: HealthBody) -> Text:
    text = Text(style="dim")
    text.append(f"{health.rate_hz:.0f} frames/s")
    for latency in health.latency.values():
        if latency:
            text.append(
                f"   capture to send p50 {latency['p50']:.1f} p95 {latency['p95']:.1f} "
                f"p99 {latency['p99']:.1f} ms"
            )
    text.append(f"   {health.subscribers} subscriptions")
    text.append(f"   CPU {100 * health.cpu:.0f} %")
    text.append(f"   memory {health.rss / 1e6:.0f} MB")
    for problem in health.problems:
        text.append(f"\n{problem}", style="red")
    return text
