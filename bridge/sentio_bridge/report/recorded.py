"""Events of a recording; adaptations, freezes and overrides among them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from sentio_bridge.report.adaptations import OVERRIDE
from sentio_bridge.report.data import Adaptation

KINDS = {"adaptation", "frozen", "override"}
"""Kinds of events that change how a game adapts."""


class RecordedEvent(msgspec.Struct):
    """Event as it is stored in a recording.

    Attributes:
        subject: The person.
        kind: Kind of event (PROTOCOL.md, section 5).
        name: Its name.
        time: When it happened, seconds.
        data: What the kind of event carries.
    """

    subject: str
    kind: str
    name: str
    time: float
    data: dict[str, Any] = {}


_decoder = msgspec.json.Decoder(RecordedEvent)


def recorded_events(texts: Iterable[tuple[float, str]]) -> Iterator[RecordedEvent]:
    """Yield the events of a recording; texts of other programs are skipped."""
    for _, text in texts:
        try:
            yield _decoder.decode(text)
        except (ValueError, RecursionError):
            continue


def adaptations(events: Iterable[tuple[float, str]], subject: str) -> list[Adaptation]:
    """Return what was changed for a subject, in order of time.

    Args:
        events: Time and JSON text of each recorded event; those of other programs are skipped.
        subject: The subject.
    """
    found: list[Adaptation] = []
    since: dict[str, float] = {}
    for event in recorded_events(events):
        if event.subject == subject and event.kind in KINDS:
            found += _changes(event, since)
    return sorted(found, key=lambda change: change.time)


def _changes(event: RecordedEvent, since: dict[str, float]) -> list[Adaptation]:
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
