"""One change that takes a defence out."""

from __future__ import annotations

from typing import NamedTuple

TRANSPORT = "bridge/sentio_bridge/transport"
CONTROL = "bridge/sentio_bridge/control/dispatcher.py"
ROLES = "bridge/sentio_bridge/protocol/roles.py"
LOADER = "bridge/sentio_bridge/config/loader.py"
SEALED = "sensors/sentio_recording/sealed"
MODELS = "models/sentio_models"


class Change(NamedTuple):
    """Text of a file that becomes another; it occurs once."""

    file: str
    old: str
    new: str


def change(file: str, old: str, new: str) -> tuple[Change, ...]:
    """Return one change."""
    return (Change(file, old, new),)
