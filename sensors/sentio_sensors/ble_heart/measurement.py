"""Parse the Heart Rate Measurement characteristic (0x2A37); no I/O.

Layout from the Bluetooth Heart Rate Service specification: a byte of flags, the rate in 8 or 16
bits, then energy and RR intervals where their flags are set. All numbers are little endian.
"""

from __future__ import annotations

from dataclasses import dataclass

from sentio_sensors.errors import FormatError

RATE_16_BITS = 0x01
CONTACT = 0x02
CONTACT_SUPPORTED = 0x04
ENERGY = 0x08
RR_INTERVALS = 0x10

RR_UNIT = 1.0 / 1024.0
"""Resolution of an RR interval, seconds."""


@dataclass(frozen=True, slots=True)
class HeartRateMeasurement:
    """One notification of a strap.

    Attributes:
        rate: Beats a minute; straps without skin contact often send 0.
        contact: Whether the strap has skin contact; None if it does not report it.
        energy: Kilojoules since the last reset; None if it is not sent.
        rr_s: Intervals between beats since the last notification, oldest first, seconds.
    """

    rate: int
    contact: bool | None = None
    energy: int | None = None
    rr_s: tuple[float, ...] = ()


def parse(data: bytes) -> HeartRateMeasurement:
    """Read one value of the characteristic.

    Raises:
        FormatError: The value is shorter than its flags require, or ends inside an RR
            interval.
    """
    if not data:
        raise FormatError("an empty heart rate measurement; expected at least 2 bytes")
    flags, rest = data[0], data[1:]
    size = 2 if flags & RATE_16_BITS else 1
    needed = size + (2 if flags & ENERGY else 0)
    if len(rest) < needed:
        raise FormatError(
            f"heart rate measurement {data.hex()} has {len(data)} bytes; "
            f"its flags require at least {1 + needed}"
        )
    intervals = rest[needed:] if flags & RR_INTERVALS else b""
    if len(intervals) % 2:
        raise FormatError(f"heart rate measurement {data.hex()} ends inside an RR interval")
    return HeartRateMeasurement(
        rate=int.from_bytes(rest[:size], "little"),
        contact=bool(flags & CONTACT) if flags & CONTACT_SUPPORTED else None,
        energy=int.from_bytes(rest[size : size + 2], "little") if flags & ENERGY else None,
        rr_s=tuple(
            int.from_bytes(intervals[at : at + 2], "little") * RR_UNIT
            for at in range(0, len(intervals), 2)
        ),
    )
