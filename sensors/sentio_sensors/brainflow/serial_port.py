"""Check a serial port first: the driver's own error does not give the reason."""

from __future__ import annotations

import os
from pathlib import Path

from sentio_sensors.errors import AbsentError

_KINDS = ("ttyUSB*", "ttyACM*", "cu.usb*")


def check(port: str, dev: Path = Path("/dev")) -> None:
    """Raise if ``port`` is a device file that is missing or not accessible.

    Names that are not paths, such as ``COM3``, are not checked.

    Args:
        port: As configured, for example ``/dev/ttyUSB0``.
        dev: Folder that is searched for other ports.

    Raises:
        AbsentError: The port does not exist, or access is denied.
    """
    path = Path(port)
    if not path.is_absolute():
        return
    if not path.exists():
        others = sorted(str(found) for kind in _KINDS for found in dev.glob(kind))
        raise AbsentError(
            f"no serial port {port} (found: {', '.join(others) or 'none'})",
            "plug in the dongle, or set serial_port to an existing port",
        )
    if not os.access(path, os.R_OK | os.W_OK):
        raise AbsentError(
            f"no permission for the serial port {port}",
            "sudo usermod -aG dialout $USER, then log in again",
        )
