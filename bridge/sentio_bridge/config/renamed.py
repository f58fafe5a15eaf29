"""Renamed keys: old names are read for one version, with a warning."""

from __future__ import annotations

from typing import Any

from sentio_bridge.config.line_index import Path
from sentio_bridge.config.validation import Invalid

RENAMED: dict[Path, str] = {
    ("fusion", "ahead"): "max_clock_lead",
    ("fusion", "distrust"): "max_trust_penalty",
    ("fusion", "liars"): "inverted_prior",
    ("fusion", "log"): "max_log",
    ("fusion", "tails"): "student_t_dof",
}
"""New name by path of the old key."""


def rename(raw: dict[str, Any]) -> dict[Path, Path]:
    """Give renamed keys of a parsed file their new names, in place.

    Returns:
        Path of the old key, as the file has it, by path of the new one.

    Raises:
        Invalid: Both names are given.
    """
    found: dict[Path, Path] = {}
    for old, name in RENAMED.items():
        table: Any = raw
        for key in old[:-1]:
            table = table.get(key) if isinstance(table, dict) else None
        if not isinstance(table, dict) or old[-1] not in table:
            continue
        if name in table:
            raise Invalid(old, f"{old[-1]!r} is the old name of {name!r}", "keep the new one")
        table[name] = table.pop(old[-1])
        found[(*old[:-1], name)] = old
    return found
