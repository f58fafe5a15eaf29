"""From a configured source to the objects that read it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from sentio_bridge.config import loader
from sentio_bridge.protocol.vocabulary import sensor_of
from sentio_sensors import Clock, Role, Source
from sentio_sensors.source_kind import SourceContext


def split(source: loader.Source) -> Iterator[loader.Source]:
    """Yield the parts of ``source`` that can be opened and closed on their own.

    Kinds that are separable come apart into one part for each sensor, so that withdrawing one
    consent stops just that; the first part has the markers. Others stay whole.
    """
    if not source.kind.separable:
        yield source
        return
    settings: Any = source.settings
    marked = Role.MARKER in settings.roles
    for sensor in source.sensors:
        own = {r for r in settings.roles if r is not Role.MARKER and sensor_of(r) == sensor}
        if own:
            roles = tuple(r for r in settings.roles if r in own or (marked and r is Role.MARKER))
            yield msgspec.structs.replace(
                source,
                name=f"{source.name}-{sensor}",
                sensors=(sensor,),
                settings=msgspec.structs.replace(settings, roles=roles),
            )
            marked = False


def build(source: loader.Source, clock: Clock, origin: float) -> Source:
    """Make what reads ``source``; nothing is opened yet.

    Args:
        source: What to read.
        clock: Stamps and paces.
        origin: When simulated scenarios begin (LSL clock), so that all parts keep in step.
    """
    return source.kind.make(source.settings, SourceContext(clock, origin))
