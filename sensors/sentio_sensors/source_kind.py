"""Describes a kind of source for the configuration and `sentio devices`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import msgspec

from sentio_sensors.clock import Clock
from sentio_sensors.runtime.backoff import LARGEST
from sentio_sensors.source import Source

ENTRY_POINTS = "sentio.sources"
"""Entry-point group in which another distribution names its ``SourceKind`` objects."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of `sentio devices`.

    Attributes:
        text: What was found, or what is missing.
        detail: More about it.
        wrong: It cannot be used as it is.
        fix: What a person can do.
        more: Further lines, shown only with ``--all``.
    """

    text: str
    detail: str = ""
    wrong: bool = False
    fix: str = ""
    more: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceContext:
    """What a source gets from the program that runs it.

    Attributes:
        clock: Stamps and paces.
        origin: Time at which the program started its sources (LSL clock, seconds). Simulated
            scenarios begin there, so that several sources of one person keep in step.
    """

    clock: Clock
    origin: float


@dataclass(frozen=True, slots=True)
class SourceKind:
    """Describes one value of ``type`` in a ``[[source]]`` table.

    Modules that hold a kind import device packages only inside functions, so that listing all
    kinds is cheap and needs none of them.

    Attributes:
        name: The value of ``type`` that chooses it.
        title: Heading in `sentio devices`.
        description: One line for the commented configuration file.
        settings: A frozen struct of the keys that this type takes, with
            ``forbid_unknown_fields``; ``type``, ``name``, ``subject`` and ``sensors`` are taken.
        sensors: Which consents cover it, unless the configuration says so itself; at least one.
        make: Builds the source from its settings; opens nothing.
        example: Lines of TOML below ``type`` that show its usual settings.
        extra: Extra of this distribution that installs what it needs; empty where nothing.
        longest_wait: Seconds between two tries to open it, at most; short where a try costs
            little.
        separable: ``settings.roles`` may be narrowed to those of one sensor. One source is then
            run for each sensor, so that withdrawing one consent stops just that one.
        discover: Looks for devices for at most so many seconds; may raise ``SensorError``. None
            where there is nothing to look for.
        nothing: What to say where ``discover`` finds none.
        remark: What `sentio config check` says of settings that may not do what is meant; empty
            where there is nothing to say. None where it never is.
    """

    name: str
    title: str
    description: str
    settings: type[msgspec.Struct]
    sensors: tuple[str, ...]
    make: Callable[[Any, SourceContext], Source]
    example: str = ""
    extra: str = ""
    longest_wait: float = LARGEST
    separable: bool = False
    discover: Callable[[float], Iterable[Finding]] | None = None
    nothing: str = "none found"
    remark: Callable[[Any], str] | None = None
