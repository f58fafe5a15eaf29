"""Check names of files and folders chosen by clients: never a path; no I/O."""

from __future__ import annotations

import re

_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9_-])?")
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)

RULE = "letters, digits, dots, dashes and underscores; first a letter or digit; last no dot"
"""Description of valid names, for messages."""


def problem(name: str, most: int) -> str:
    """Return why a name is invalid; empty if it is valid.

    Args:
        name: Name sent by a client.
        most: Maximum number of characters.
    """
    if len(name) > most:
        return f"has {len(name)} characters, expected at most {most}"
    if not _NAME.fullmatch(name):
        return "is not a plain name"
    if _RESERVED.fullmatch(name):
        return "is the name of a device on Windows"
    return ""
