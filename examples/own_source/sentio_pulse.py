"""Source in a separate package: a simulated finger pulse sensor."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec
import numpy as np

from sentio_sensors import (
    Channel,
    Chunk,
    Clock,
    Finding,
    Role,
    Source,
    SourceContext,
    SourceKind,
    StreamSpec,
)

BEATS_HZ = 1.2


class PulseSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The keys of a ``[[source]]`` of ``type = "pulse"``."""

    rate_hz: float = 64.0


class PulseSource:
    """Source of one PPG stream at a fixed rate."""

    def __init__(self, settings: PulseSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._next = 0.0

    def open(self) -> Sequence[StreamSpec]:
        self._next = self._clock.now()
        return [StreamSpec("pulse/ppg", Role.PPG, self._settings.rate_hz, (Channel("ppg"),))]

    def read(self, timeout: float) -> Sequence[Chunk]:
        self._clock.sleep(min(timeout, 0.05))
        count = int((self._clock.now() - self._next) * self._settings.rate_hz)
        times = self._next + np.arange(count) / self._settings.rate_hz
        self._next += count / self._settings.rate_hz
        values = np.sin(2 * np.pi * BEATS_HZ * times)[:, None].astype(np.float32)
        return [Chunk("pulse/ppg", times, values)] if count else []

    def close(self) -> None:
        self._next = 0.0


def discover(_: float) -> Iterator[Finding]:
    """Yield the devices for `sentio devices`."""
    yield Finding("pulse 7", "found by an external package")


def make(settings: PulseSettings, context: SourceContext) -> Source:
    return PulseSource(settings, context.clock)


KIND = SourceKind(
    name="pulse",
    title="Pulse sensors",
    description="a pulse sensor at the finger",
    settings=PulseSettings,
    sensors=("body",),
    make=make,
    example="rate_hz = 64",
    discover=discover,
)
