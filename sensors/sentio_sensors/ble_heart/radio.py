"""Find and connect straps with bleak; the only module that imports it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from sentio_sensors.errors import AbsentError, DisconnectedError

SERVICE = "0000180d-0000-1000-8000-00805f9b34fb"
MEASUREMENT = "00002a37-0000-1000-8000-00805f9b34fb"

ADDRESS = re.compile(r"[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){5}|[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-.{12}")
"""A Bluetooth address, or the identifier that macOS uses instead."""

CONNECT_S, RELEASE_S = 10.0, 2.0
"""Time limits of connecting and disconnecting, seconds."""


@dataclass(frozen=True, slots=True)
class Strap:
    """A strap in range.

    Attributes:
        name: Advertised name; the address if there is none.
        address: Bluetooth address; on macOS an identifier that only this machine uses.
        rssi: Signal strength, dBm; 0 if it was not measured.
        device: bleak's object, needed to connect.
    """

    name: str
    address: str
    rssi: int
    device: Any


def load_bleak() -> ModuleType:
    """Import bleak.

    Raises:
        AbsentError: It is not installed.
    """
    try:
        import bleak
    except ImportError as error:
        raise AbsentError(
            f"bleak is missing ({error})", "pip install 'sentio-affect[ble]'"
        ) from None
    module: ModuleType = bleak
    return module


async def scan(seconds: float) -> list[Strap]:
    """Return the straps that advertise the heart rate service within ``seconds``.

    Raises:
        AbsentError: bleak or Bluetooth is missing, off or forbidden.
    """
    bleak = load_bleak()
    try:
        found = await bleak.BleakScanner.discover(
            timeout=seconds, return_adv=True, service_uuids=[SERVICE]
        )
    except (bleak.BleakError, OSError) as error:
        raise _no_bluetooth(error) from None
    straps = [
        Strap(device.name or device.address, device.address, advertised.rssi, device)
        for device, advertised in found.values()
    ]
    return sorted(straps, key=lambda strap: (strap.name, strap.address))


async def find(address: str, seconds: float) -> list[Strap]:
    """Return the strap of ``address`` once it is found; empty after ``seconds``.

    Raises:
        AbsentError: bleak or Bluetooth is missing, off or forbidden.
    """
    bleak = load_bleak()
    try:
        device = await bleak.BleakScanner.find_device_by_address(address, timeout=seconds)
    except (bleak.BleakError, OSError) as error:
        raise _no_bluetooth(error) from None
    return [] if device is None else [Strap(device.name or address, device.address, 0, device)]


def _no_bluetooth(error: Exception) -> AbsentError:
    gone = isinstance(error, (FileNotFoundError, ConnectionRefusedError))
    what = f"Bluetooth is not available: {'its service does not run' if gone else error}"
    return AbsentError(what, "turn Bluetooth on and allow its use")


def choose(straps: list[Strap], wanted: str) -> Strap:
    """Return the strap that ``wanted`` names: an address or a part of a name.

    Raises:
        AbsentError: No strap matches, or several do.
    """
    fitting = [
        strap
        for strap in straps
        if wanted.lower() == strap.address.lower() or wanted.lower() in strap.name.lower()
    ]
    if len(fitting) == 1:
        return fitting[0]
    there = ", ".join(f"{strap.name} ({strap.address})" for strap in straps) or "none"
    which = f"heart-rate strap {wanted!r}" if wanted else "heart-rate strap"
    if not fitting:
        raise AbsentError(
            f"no {which} is in range (found: {there})",
            "wear it with wet electrodes, and disconnect it from phones and watches",
        )
    raise AbsentError(
        f"{len(fitting)} straps match {which}: {there}",
        f'choose one in the configuration: device = "{fitting[0].address}"',
    )


@asynccontextmanager
async def connect(
    wanted: str, seconds: float, on_value: Callable[[bytes], None], on_gone: Callable[[], None]
) -> AsyncIterator[str]:
    """Connect to a strap and pass on its measurements; yield the strap's name.

    Args:
        wanted: An address or a part of a name; empty for the only strap in range.
        seconds: Time limit of the search.
        on_value: Called with each value of the characteristic, on the event loop.
        on_gone: Called on the event loop when the connection is lost.

    Raises:
        AbsentError: bleak, Bluetooth or the strap is missing.
        DisconnectedError: The strap was found but did not connect.
    """
    bleak = load_bleak()
    # A name may match a second strap, which only a complete scan shows; an address cannot.
    search = find(wanted, seconds) if ADDRESS.fullmatch(wanted) else scan(seconds)
    strap = choose(await search, wanted)
    client = bleak.BleakClient(strap.device, lambda _: on_gone(), timeout=CONNECT_S)
    try:
        await client.connect()
        await client.start_notify(MEASUREMENT, lambda _, data: on_value(bytes(data)))
    except (bleak.BleakError, OSError) as error:
        await _release(bleak, client)
        raise DisconnectedError(f"{strap.name} does not connect: {error}") from None
    try:
        yield strap.name
    finally:
        await _release(bleak, client)


async def _release(bleak: ModuleType, client: Any) -> None:
    with suppress(bleak.BleakError, OSError):
        async with asyncio.timeout(RELEASE_S):
            await client.disconnect()
