"""Register Bluetooth LE heart-rate straps as a kind of source."""

from __future__ import annotations

from collections.abc import Iterator

from sentio_sensors.ble_heart.settings import BleHeartSettings
from sentio_sensors.source import Source
from sentio_sensors.source_kind import Finding, SourceContext, SourceKind


def discover(wait: float) -> Iterator[Finding]:
    """Yield the straps in range.

    Raises:
        AbsentError: bleak or Bluetooth is missing.
    """
    import asyncio  # most sidecars read no strap

    from sentio_sensors.ble_heart.radio import scan

    for strap in asyncio.run(scan(wait)):
        chosen = {"device": strap.address}
        yield Finding(strap.name, f"{strap.address}, {strap.rssi} dBm", settings=chosen)


def _make(settings: BleHeartSettings, context: SourceContext) -> Source:
    from sentio_sensors.ble_heart.source import BleHeartSource

    return BleHeartSource(settings, context.clock)


KIND = SourceKind(
    name="ble_heart",
    title="Heart-rate straps",
    description="a Bluetooth LE strap or watch with the standard heart rate service",
    settings=BleHeartSettings,
    sensors=("body",),
    make=_make,
    example='device = "Polar H10"',
    extra="ble",
    discover=discover,
    nothing="none in range; a strap sends only while it is worn",
)
