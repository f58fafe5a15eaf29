"""Sensors of Sentio: devices, files and simulators behind the ``Source`` protocol."""

from sentio_sensors.clock import Clock, ManualClock, MonotonicClock
from sentio_sensors.errors import AbsentError, DisconnectedError, FormatError, SensorError
from sentio_sensors.source import EndOfSource, Source
from sentio_sensors.source_kind import Finding, SourceContext, SourceKind
from sentio_sensors.stream import Channel, Chunk, Role, Stamps, StreamKey, StreamSpec

__all__ = [
    "AbsentError",
    "Channel",
    "Chunk",
    "Clock",
    "DisconnectedError",
    "EndOfSource",
    "Finding",
    "FormatError",
    "ManualClock",
    "MonotonicClock",
    "Role",
    "SensorError",
    "Source",
    "SourceContext",
    "SourceKind",
    "Stamps",
    "StreamKey",
    "StreamSpec",
]
