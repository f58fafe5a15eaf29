"""Write what engines and people changed during a session, as a table.

In BIDS it is ``beh/..._beh.tsv``, beside an EDF file ``NAME_changes.tsv``: among the events of the
signals, up to ten changes a second of each target would hide the markers.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from sentio_recording.markers import EVENTS
from sentio_recording.recording import Recording

_COLUMNS = {
    "onset": "Seconds from the same zero as the onsets of the events",
    "duration": "Seconds; of an override or freeze how long it lasts or lasted, where it is known",
    "kind": "adaptation of an engine, override of a value, or frozen (stopped or resumed)",
    "target": "What was changed",
    "value": "Value that it was given",
    "asked": "Value before limits",
    "reason": "Cause",
    "author": "Person who did it",
}


class _Change(msgspec.Struct):
    kind: str = ""
    name: str = ""
    subject: str = ""
    data: dict[str, Any] = msgspec.field(default_factory=dict)


_changes = msgspec.json.Decoder(_Change)


def write(recording: Recording, path: Path, subject: str | None, start: float) -> list[Path]:
    """Write the changes of one person; no file if there are none.

    Args:
        recording: The recording.
        path: Path of the files without suffix.
        subject: Whose; None for all.
        start: Time on the recording's clock from which onsets count.
    """
    rows = [
        row for time, text in recording.texts(EVENTS) for row in _rows(text, time - start, subject)
    ]
    if not rows:
        return []
    path.parent.mkdir(parents=True, exist_ok=True)
    table, about = path.with_name(f"{path.name}.tsv"), path.with_name(f"{path.name}.json")
    lines = ["\t".join(row) for row in [list(_COLUMNS), *rows]]
    table.write_text("\n".join(lines) + "\n", encoding="utf-8")
    described = {name: {"Description": text} for name, text in _COLUMNS.items()}
    about.write_bytes(msgspec.json.format(msgspec.json.encode(described), indent=2))
    return [table, about]


def _rows(text: str, onset: float, subject: str | None) -> list[list[str]]:
    """Return the rows of one event: one for each overridden value."""
    try:
        event = _changes.decode(text)
    except (ValueError, RecursionError):
        return []
    if subject is not None and event.subject not in ("", subject):
        return []
    data = event.data
    pairs: dict[str, Any] = {}
    if event.kind == "adaptation":
        pairs = {event.name: data.get("value")}
    elif event.kind == "frozen":
        pairs = {"adaptation": event.name}
    elif event.kind == "override" and isinstance(data.get("values"), dict):
        pairs = data["values"]
    rest = (data.get("asked"), data.get("why") or data.get("reason"), data.get("by"))
    return [
        [f"{onset:.6f}", *(_cell(x) for x in (data.get("seconds"), event.kind, name, value, *rest))]
        for name, value in pairs.items()
    ]


def _cell(value: object) -> str:
    """Return a value for one cell of a table."""
    return " ".join(str(value).split()) or "n/a" if value is not None else "n/a"
