"""Names that clients choose for files and folders: never a path, on any system; no I/O."""

from __future__ import annotations

import re

_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9_-])?")
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)

RULE = "letters, digits, dots, dashes and underscores, a letter or digit first and no dot last"
"""What a name is made of, for messages."""


def problem(name: str, most: int) -> str:
    """Return why a name cannot be used; empty where it can.

    Args:
        name: What a client sent.
        most: Characters that it may have.
    """
    if len(name) > most:
        return f"has {len(name)} characters, expected at most {most}"
    if not _NAME.fullmatch(name):
        return "is not a plain name"
    if _RESERVED.fullmatch(name):
        return "is the name of a device on Windows"
    return ""
