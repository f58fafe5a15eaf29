"""Registry of source kinds: built-in and from other installed distributions."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from typing import Any

import msgspec

from sentio_bridge.protocol.vocabulary import SENSORS
from sentio_recording.replay_source import KIND as RECORDING
from sentio_sensors.kinds import KINDS
from sentio_sensors.source_kind import ENTRY_POINTS, SourceKind

log = logging.getLogger(__name__)

BUILT_IN: tuple[SourceKind, ...] = (*KINDS, RECORDING)

COMMON_KEYS = ("type", "name", "subject", "sensors")
"""Keys of every ``[[source]]``; a kind's own settings may not use them."""


@dataclass(frozen=True, slots=True)
class SourceRegistry:
    """Registry of the source kinds that a configuration may use.

    Attributes:
        kinds: Source kinds by name, in order of listing.
        problems: Why an installed kind is unusable, by the name of its entry point.
    """

    kinds: Mapping[str, SourceKind]
    problems: Mapping[str, str]


@cache
def installed() -> SourceRegistry:
    """Return all installed kinds; searched once per process."""
    registry = collect(metadata.entry_points(group=ENTRY_POINTS))
    for name, problem in registry.problems.items():
        log.warning("source type %r is not available: %s", name, problem)
    return registry


def collect(entry_points: Iterable[metadata.EntryPoint]) -> SourceRegistry:
    """Return the built-in kinds and those of entry points.

    A broken kind, or one whose name is taken, becomes a problem; the others stay usable.

    Args:
        entry_points: Each refers to a ``SourceKind`` and has the name of that kind.
    """
    kinds = {kind.name: kind for kind in BUILT_IN}
    problems: dict[str, str] = {}
    for entry_point in sorted(entry_points, key=lambda point: (point.name, point.value)):
        package = entry_point.dist.name if entry_point.dist else "unknown package"
        origin = f"{package}, {entry_point.value}"
        try:
            kind = entry_point.load()
            problem = _problem(kind, entry_point.name)
        except (Exception, SystemExit) as error:  # becomes a problem of this kind
            log.debug("entry point %s", origin, exc_info=True)
            problem = f"{type(error).__name__}: {error}"
        if not problem and kind.name in kinds:
            problem = "another source already has this type"
        if problem:
            problems[entry_point.name] = f"{origin}: {problem}"
        else:
            kinds[kind.name] = kind
    return SourceRegistry(kinds, problems)


def _problem(kind: Any, name: str) -> str:
    """Return why the object of an entry point is unusable; empty if it is usable."""
    if not isinstance(kind, SourceKind):
        return f"expected a SourceKind, got {type(kind).__name__}"
    if kind.name != name:
        return f"its name is {kind.name!r}, but its entry point is named {name!r}"
    if not kind.sensors or not set(kind.sensors) <= set(SENSORS):
        return f"sensors are {kind.sensors}, expected some of {', '.join(SENSORS)}"
    if not isinstance(kind.settings, type) or not issubclass(kind.settings, msgspec.Struct):
        return f"settings are {kind.settings!r}, expected a msgspec.Struct"
    msgspec.inspect.type_info(kind.settings)  # raises if an annotation cannot be resolved
    if kind.separable and "roles" not in kind.settings.__struct_fields__:
        return "it is separable, but its settings have no roles"
    taken = set(COMMON_KEYS) & set(kind.settings.__struct_fields__)
    if taken:
        return f"its settings use reserved keys: {', '.join(sorted(taken))}"
    return ""
