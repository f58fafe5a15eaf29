"""Tells why a serial port cannot be used, before a driver says only that it failed."""

from __future__ import annotations

import os
from pathlib import Path

from sentio_sensors.errors import AbsentError

_KINDS = ("ttyUSB*", "ttyACM*", "cu.usb*")


def check(port: str, dev: Path = Path("/dev")) -> None:
    """Return if ``port`` is no file of ours to judge (COM3), or there and allowed.

    Args:
        port: As configured, for example ``/dev/ttyUSB0``.
        dev: Where to look for others.

    Raises:
        AbsentError: It is not there, or may not be used.
    """
    path = Path(port)
    if not path.is_absolute():
        return
    if not path.exists():
        others = sorted(str(found) for kind in _KINDS for found in dev.glob(kind))
        raise AbsentError(
            f"there is no serial port {port} (there is {', '.join(others) or 'none'})",
            "plug the dongle in, or set serial_port to one that is there",
        )
    if not os.access(path, os.R_OK | os.W_OK):
        raise AbsentError(
            f"no permission for the serial port {port}",
            "sudo usermod -aG dialout $USER, then log in again",
        )
