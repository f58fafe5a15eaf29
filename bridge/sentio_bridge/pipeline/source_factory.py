"""From a configured source to the object that reads it."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from sentio_bridge.config import loader
from sentio_bridge.protocol.vocabulary import sensor_of
from sentio_recording.replay_source import ReplaySettings, ReplaySource
from sentio_sensors import Clock, Role, Source
from sentio_sensors.brainflow.source import BrainflowSettings, BrainflowSource
from sentio_sensors.camera.source import CameraSettings, CameraSource
from sentio_sensors.lsl.source import LslSettings, LslSource
from sentio_sensors.microphone.source import MicrophoneSettings, MicrophoneSource
from sentio_sensors.runtime.backoff import LARGEST
from sentio_sensors.simulated import SimulatedSource, SimulateSettings


def split(source: loader.Source) -> Iterator[loader.Source]:
    """Yield the parts of ``source`` that can be opened and closed on their own.

    Only a simulator comes apart: one part for each sensor that it plays, so that withdrawing
    one consent stops just that.
    """
    if not isinstance(source.settings, SimulateSettings):
        yield source
        return
    for sensor in source.sensors:
        own = {role for role in source.settings.roles if sensor_of(role) == sensor}
        if own - {Role.MARKER}:
            roles = tuple(r for r in source.settings.roles if r in own or r is Role.MARKER)
            yield msgspec.structs.replace(
                source,
                name=f"{source.name}-{sensor}",
                sensors=(sensor,),
                settings=msgspec.structs.replace(source.settings, roles=roles),
            )
            source = msgspec.structs.replace(source, settings=_without_markers(source.settings))


def _without_markers(settings: SimulateSettings) -> SimulateSettings:
    """Return settings whose markers have been given to a part already."""
    roles = tuple(role for role in settings.roles if role is not Role.MARKER)
    return msgspec.structs.replace(settings, roles=roles)


LSL_WAIT = 0.3
"""Seconds between two searches for a lost LSL stream: it is back within two of its return."""


def longest_wait(settings: loader.SourceSettings) -> float:
    """Return how long to wait at most before a source is tried again."""
    return LSL_WAIT if isinstance(settings, LslSettings) else LARGEST


def build(settings: loader.SourceSettings, clock: Clock, origin: float) -> Source:
    """Make the source that ``settings`` describe; nothing is opened yet.

    Args:
        settings: What to read.
        clock: Stamps and paces.
        origin: When simulated scenarios begin (LSL clock), so that all parts keep in step.
    """
    match settings:
        case SimulateSettings():
            return SimulatedSource(settings, clock, origin=origin)
        case LslSettings():
            return LslSource(settings, clock)
        case BrainflowSettings():
            return BrainflowSource(settings, clock)
        case CameraSettings():
            return CameraSource(settings, clock)
        case MicrophoneSettings():
            return MicrophoneSource(settings, clock)
        case ReplaySettings():
            return ReplaySource(settings, clock)
