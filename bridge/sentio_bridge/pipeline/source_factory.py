"""Create source objects from configured sources."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from sentio_bridge.config import loader
from sentio_bridge.protocol.vocabulary import sensor_of
from sentio_sensors import Clock, Role, Source
from sentio_sensors.source_kind import SourceContext


def split(source: loader.Source) -> Iterator[loader.Source]:
    """Yield the parts of ``source`` that can be opened and closed separately.

    Separable kinds are split into one part for each sensor, so that withdrawing one
    consent stops only that part; the first part has the markers. Other kinds have one part.
    """
    if not source.kind.separable:
        yield source
        return
    settings: Any = source.settings
    markers = Role.MARKER in settings.roles
    for sensor in source.sensors:
        covered = {r for r in settings.roles if r is not Role.MARKER and sensor_of(r) == sensor}
        if covered:
            roles = tuple(
                r for r in settings.roles if r in covered or (markers and r is Role.MARKER)
            )
            yield msgspec.structs.replace(
                source,
                name=f"{source.name}-{sensor}",
                sensors=(sensor,),
                settings=msgspec.structs.replace(settings, roles=roles),
            )
            markers = False


def build(source: loader.Source, clock: Clock, origin: float) -> Source:
    """Create the source object; nothing is opened yet.

    Args:
        source: Configured source.
        clock: Clock for timestamps and pacing.
        origin: Start of simulated scenarios (LSL clock), common to all parts.
    """
    return source.kind.make(source.settings, SourceContext(clock, origin))
