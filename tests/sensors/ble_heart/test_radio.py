"""Tests of choosing a strap, and of translating bleak's calls and errors."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import pytest

from sentio_sensors import AbsentError, DisconnectedError
from sentio_sensors.ble_heart.kind import KIND
from sentio_sensors.ble_heart.radio import (
    MEASUREMENT,
    SERVICE,
    Strap,
    _no_bluetooth,
    choose,
    connect,
    scan,
)

H10, WATCH = Strap("Polar H10 1", "AA:01", -50, None), Strap("Watch", "AA:02", -70, None)


@pytest.mark.parametrize(
    ("wanted", "strap"), [("aa:02", WATCH), ("polar", H10), ("h10 1", H10), ("Watch", WATCH)]
)
def test_strap_is_chosen_by_address_or_name(wanted: str, strap: Strap) -> None:
    assert choose([H10, WATCH], wanted) is strap


def test_single_strap_is_chosen_and_several_are_listed() -> None:
    assert choose([H10], "") is H10
    with pytest.raises(AbsentError) as caught:
        choose([H10, WATCH], "")
    assert "Polar H10 1 (AA:01), Watch (AA:02)" in caught.value.what
    assert caught.value.fix.endswith('device = "AA:01"')
    with pytest.raises(AbsentError, match="found: none"):
        choose([], "")
    with pytest.raises(AbsentError, match="'H9' is in range"):
        choose([H10], "H9")


@dataclass
class Device:
    name: str | None
    address: str


@dataclass
class Advertised:
    rssi: int = -60


class Bleak(ModuleType):
    """The used part of bleak, with one strap in range and no radio."""

    class BleakError(Exception):
        pass

    def __init__(self) -> None:
        super().__init__("bleak")
        self.off = self.refuses = False
        self.scanned: dict[str, Any] = {}
        self.sought = ("", 0.0)
        self.client: Client | None = None
        self.BleakScanner = self

    async def discover(self, **options: Any) -> dict[str, tuple[Device, Advertised]]:
        self.scanned = options
        if self.off:
            raise self.BleakError("no adapter")
        return {"AA:01": (Device("Polar H10 1", "AA:01"), Advertised())}

    async def find_device_by_address(self, address: str, timeout: float) -> Device | None:
        self.sought = (address, timeout)
        if self.off:
            raise OSError("no bus")
        return Device(None, "AA:BB:CC:DD:EE:01") if address.upper().endswith("EE:01") else None

    def BleakClient(  # noqa: N802 - bleak's name
        self, device: Device, gone: Callable[[Any], None], timeout: float
    ) -> Client:
        self.client = Client(self, device, gone)
        return self.client


class Client:
    def __init__(self, bleak: Bleak, device: Device, gone: Callable[[Any], None]) -> None:
        self.bleak, self.device, self.gone = bleak, device, gone
        self.connected = False

    async def connect(self) -> None:
        if self.bleak.refuses:
            raise TimeoutError("too slow")
        self.connected = True

    async def start_notify(self, uuid: str, callback: Callable[[Any, bytearray], None]) -> None:
        assert uuid == MEASUREMENT
        callback(None, bytearray([0x00, 72]))

    async def disconnect(self) -> None:
        self.connected = False
        raise self.bleak.BleakError("gone already")


@pytest.fixture
def bleak(monkeypatch: pytest.MonkeyPatch) -> Bleak:
    module = Bleak()
    monkeypatch.setitem(sys.modules, "bleak", module)
    return module


def test_values_and_disconnection_are_passed_on(bleak: Bleak) -> None:
    values: list[bytes] = []
    gone: list[bool] = []

    async def session() -> str:
        async with connect("polar", 0.5, values.append, lambda: gone.append(True)) as name:
            assert bleak.client is not None
            assert bleak.client.connected
            bleak.client.gone(None)
            return name

    assert asyncio.run(session()) == "Polar H10 1"
    assert (values, gone) == ([b"\x00\x48"], [True])
    assert bleak.scanned == {"timeout": 0.5, "return_adv": True, "service_uuids": [SERVICE]}
    assert bleak.client is not None
    assert not bleak.client.connected


def test_address_is_found_without_complete_scan(bleak: Bleak) -> None:
    async def session(address: str) -> str:
        async with connect(address, 0.5, lambda _: None, lambda: None) as name:
            return name

    assert asyncio.run(session("aa:bb:cc:dd:ee:01")) == "aa:bb:cc:dd:ee:01"
    assert (bleak.sought, bleak.scanned) == (("aa:bb:cc:dd:ee:01", 0.5), {})
    with pytest.raises(AbsentError, match="'AA:BB:CC:DD:EE:02' is in range"):
        asyncio.run(session("AA:BB:CC:DD:EE:02"))
    bleak.off = True
    with pytest.raises(AbsentError, match="Bluetooth is not available: no bus"):
        asyncio.run(session("AA:BB:CC:DD:EE:01"))


def test_missing_bluetooth_service_is_named_without_the_systems_text() -> None:
    error = _no_bluetooth(FileNotFoundError(2, "No such file or directory"))
    assert str(error).startswith("Bluetooth is not available: its service does not run")


def test_strap_that_does_not_connect_is_released(bleak: Bleak) -> None:
    bleak.refuses = True

    async def session() -> None:
        async with connect("", 0.5, lambda _: None, lambda: None):
            raise AssertionError("it is not connected")

    with pytest.raises(DisconnectedError, match="does not connect: too slow"):
        asyncio.run(session())


def test_missing_bluetooth_or_bleak_raises_absent(
    bleak: Bleak, monkeypatch: pytest.MonkeyPatch
) -> None:
    bleak.off = True
    with pytest.raises(AbsentError, match="Bluetooth is not available: no adapter"):
        asyncio.run(scan(0.1))
    monkeypatch.setitem(sys.modules, "bleak", None)
    with pytest.raises(AbsentError) as caught:
        asyncio.run(scan(0.1))
    assert caught.value.fix == "pip install 'sentio-affect[ble]'"


def test_straps_in_range_are_listed(bleak: Bleak) -> None:
    assert KIND.discover is not None
    (finding,) = KIND.discover(0.1)
    assert (finding.text, finding.detail) == ("Polar H10 1", "AA:01, -60 dBm")
    assert bleak.scanned["timeout"] == 0.1
