"""Warning about tokens in a configuration that other users can read."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sentio_bridge.config.schema import Config


def warning(config: Config) -> str:
    """Return what to do if other users can read the tokens; else an empty text."""
    tokens = [config.sidecar.token, *(client.token for client in config.clients)]
    if not config.path or not any(tokens) or sys.platform == "win32":
        return ""
    try:
        mode = Path(config.path).stat().st_mode
    except OSError:  # it was read a moment ago
        return ""
    if not mode & 0o044:
        return ""
    return (
        f"other users can read the tokens in {config.path}, if they reach its folder, and then "
        f"command this sidecar: chmod 600 {config.path}"
    )
