"""Adaptations, freezes and overrides from a recording's events."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from sentio_bridge.report.adaptations import OVERRIDE
from sentio_bridge.report.data import Adaptation

KINDS = {"adaptation", "frozen", "override"}
"""Kinds of events that change how a game adapts."""


class _Event(msgspec.Struct):
    subject: str
    kind: str
    name: str
    time: float
    data: dict[str, Any] = {}


_events = msgspec.json.Decoder(_Event)


def adaptations(events: Iterable[tuple[float, str]], subject: str) -> list[Adaptation]:
    """Return what was changed for a subject, in order of time.

    Args:
        events: Time and JSON text of each recorded event; those of other programs are skipped.
        subject: The subject.
    """
    found: list[Adaptation] = []
    since: dict[str, float] = {}
    for _, text in events:
        try:
            event = _events.decode(text)
        except (ValueError, RecursionError):
            continue
        if event.subject == subject and event.kind in KINDS:
            found += _changes(event, since)
    return sorted(found, key=lambda change: change.time)


def _changes(event: _Event, since: dict[str, float]) -> list[Adaptation]:
    data, by = event.data, str(event.data.get("by") or "")
    if event.kind == "adaptation":
        change = Adaptation(
            event.name,
            event.time,
            _number(data.get("value")),
            str(data.get("why", "")),
            _number(data.get("asked")),
            by,
            _number(data.get("seconds")),
        )
        return [change]
    if event.kind == "frozen":
        begins = event.name == "frozen"
        lasted = float("nan") if begins else event.time - since.pop("", event.time)
        if begins:
            since.setdefault("", event.time)
        why = str(data.get("reason") or event.name)
        author = by or "a client"
        return [Adaptation("freeze", event.time, float(begins), why, by=author, seconds=lasted)]
    values = data.get("values")
    return [
        Adaptation(
            f"{OVERRIDE}{name}",
            event.time,
            _number(value),
            "released" if value is None else "set by hand",
            by=by or "a client",
            seconds=float("nan") if value is None else _number(data.get("seconds")),
        )
        for name, value in (values.items() if isinstance(values, dict) else ())
    ]


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else float("nan")
