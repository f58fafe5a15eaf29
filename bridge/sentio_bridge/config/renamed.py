"""Renamed keys: old names are accepted for one version, with a warning."""

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
    """Replace old key names of a parsed file by the new ones, in place.

    Returns:
        Path of the old key in the file, by path of the new key.

    Raises:
        Invalid: Both names are given.
    """
    old_paths: dict[Path, Path] = {}
    for old, name in RENAMED.items():
        table: Any = raw
        for key in old[:-1]:
            table = table.get(key) if isinstance(table, dict) else None
        if not isinstance(table, dict) or old[-1] not in table:
            continue
        if name in table:
            raise Invalid(old, f"{old[-1]!r} is the old name of {name!r}", "keep the new name")
        table[name] = table.pop(old[-1])
        old_paths[(*old[:-1], name)] = old
    return old_paths
