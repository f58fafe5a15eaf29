"""Hash of the code that a saved state belongs to."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import sentio_bridge
from sentio_bridge.version import VERSION

PARTS = ("affect", "core", "protocol")
"""Packages whose objects are part of the state."""


@cache
def code_hash() -> str:
    """Return the hash of the sources below ``PARTS``, or of the version."""
    root = Path(sentio_bridge.__file__).parent
    digest = hashlib.sha256(VERSION.encode())
    for path in sorted(path for part in PARTS for path in (root / part).rglob("*.py")):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
