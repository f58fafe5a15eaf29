"""Register the simulated person as a kind of source."""

from __future__ import annotations

from sentio_sensors.simulated.settings import SimulateSettings
from sentio_sensors.simulated.source import SimulatedSource
from sentio_sensors.source import Source
from sentio_sensors.source_kind import SourceContext, SourceKind


def _make(settings: SimulateSettings, context: SourceContext) -> Source:
    # All parts share the origin, so that they stay one person, from the same position.
    origin = context.origin - settings.start
    return SimulatedSource(settings, context.clock, origin=origin)


KIND = SourceKind(
    name="simulate",
    title="Simulator",
    description="a simulated person; needs no device",
    settings=SimulateSettings,
    sensors=("camera", "microphone", "eeg", "body", "input", "motion"),
    make=_make,
    example='roles = ["ppg", "eda", "accel"]',
    separable=True,
)
