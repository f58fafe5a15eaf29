"""Description of a kind of source for the configuration and `sentio devices`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from sentio_sensors.clock import Clock
from sentio_sensors.runtime.backoff import LARGEST
from sentio_sensors.source import Source

ENTRY_POINTS = "sentio.sources"
"""Entry-point group in which other distributions register ``SourceKind`` objects."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of `sentio devices`.

    Attributes:
        text: What was found, or what is missing.
        detail: Further description.
        wrong: True if it cannot be used.
        fix: What the user can do.
        more: Further lines, shown only with ``--all``.
        settings: Keys of a ``[[source]]`` table that select this device; empty if none are needed.
        more_key: Key of a ``[[source]]`` table that each line of ``more`` is a value of, or empty.
    """

    text: str
    detail: str = ""
    wrong: bool = False
    fix: str = ""
    more: tuple[str, ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict)
    more_key: str = ""


@dataclass(frozen=True, slots=True)
class SourceContext:
    """What the program passes to each source.

    Attributes:
        clock: Gives the time stamps and paces.
        origin: Time at which the program started its sources (LSL clock, seconds). Simulated
            scenarios begin there, so that several sources of one person are synchronous.
    """

    clock: Clock
    origin: float


@dataclass(frozen=True, slots=True)
class SourceKind:
    """Description of one value of ``type`` in a ``[[source]]`` table.

    Modules that hold a kind import device packages only inside functions, so that listing all
    kinds is fast and needs none of them.

    Attributes:
        name: The value of ``type``.
        title: Heading in `sentio devices`.
        description: One line for the commented configuration file.
        settings: A frozen struct of this type's keys, with ``forbid_unknown_fields``; ``type``,
            ``name``, ``subject`` and ``sensors`` are reserved.
        sensors: Required consents, unless the configuration sets them; at least one.
        make: Builds the source from its settings; opens nothing.
        example: Lines of TOML below ``type`` that show its usual settings.
        extra: Extra of this distribution that installs its packages; may be empty.
        longest_wait: Longest time between two attempts to open it, seconds; short if an attempt
            is cheap.
        separable: ``settings.roles`` may be limited to those of one sensor. One source then runs
            for each sensor, so that withdrawing one consent stops only that one.
        discover: Searches for devices for at most the given seconds; may raise ``SensorError``.
            None if there is nothing to search.
        nothing: Text that is shown if ``discover`` finds none.
        remark: Returns a warning of `sentio config check` about settings that may not do what is
            intended, or an empty text. None if there is never one.
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
