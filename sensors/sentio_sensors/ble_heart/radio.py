"""Finds and connects straps through bleak; the only place that imports it."""

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
"""A Bluetooth address, or what macOS has instead."""

CONNECT_S, RELEASE_S = 10.0, 2.0
"""Seconds that connecting and letting go may take."""


@dataclass(frozen=True, slots=True)
class Strap:
    """A strap in reach.

    Attributes:
        name: As it advertises itself; its address where it has none.
        address: Its address, on macOS an identifier of this machine's own.
        rssi: Strength of its signal, dBm; 0 where it was not measured.
        device: bleak's own object, to connect to.
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
            f"bleak is not there ({error})", "pip install 'sentio-affect[ble]'"
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
    """Return the strap of ``address`` as soon as it is seen; empty after ``seconds``.

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
    what = f"Bluetooth is not available: {error}"
    return AbsentError(what, "switch it on and allow its use")


def choose(straps: list[Strap], wanted: str) -> Strap:
    """Return the strap that ``wanted`` names: an address or a part of a name.

    Raises:
        AbsentError: None fits, or several do.
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
            f"no {which} is in reach (there is {there})",
            "wear it with wet electrodes, and end its connection to phones and watches",
        )
    raise AbsentError(
        f"{len(fitting)} straps fit {which}: {there}",
        f'choose one in the configuration: device = "{fitting[0].address}"',
    )


@asynccontextmanager
async def connect(
    wanted: str, seconds: float, on_value: Callable[[bytes], None], on_gone: Callable[[], None]
) -> AsyncIterator[str]:
    """Stay connected to a strap and hand on its measurements; yields the strap's name.

    Args:
        wanted: An address or a part of a name; empty for the only strap in reach.
        seconds: How long to look for it.
        on_value: Takes each value of the characteristic, on the event loop.
        on_gone: Called on the event loop when the connection is lost.

    Raises:
        AbsentError: bleak, Bluetooth or the strap is not there.
        DisconnectedError: It was found and did not connect.
    """
    bleak = load_bleak()
    # A name could fit a second strap, which only a whole scan shows; an address cannot.
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
