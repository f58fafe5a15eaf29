"""Outputs of messages: ZeroMQ, the terminal, OSC; one file each.

A new output is a file with settings and a class, and one line in ``KINDS``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

import msgspec

from sentio_bridge.errors import ConfigError
from sentio_bridge.outputs.fan_out import FanOut
from sentio_bridge.outputs.osc import OscOutput, OscSettings
from sentio_bridge.outputs.output import Output
from sentio_bridge.outputs.zeromq import ZeroMqOutput

KINDS: Mapping[str, tuple[type[msgspec.Struct], Callable[[Any], Output]]] = {
    "osc": (OscSettings, OscOutput),
}
"""Settings and class of each ``type`` of ``[[output]]``."""


def configured(tables: Sequence[Mapping[str, Any]]) -> list[Output]:
    """Open the outputs of a configuration.

    Args:
        tables: Each ``[[output]]``, with its ``type``.

    Raises:
        ConfigError: A type or key is invalid; no output is open.
    """
    return [make(settings) for make, settings in checked(tables)]


def checked(
    tables: Sequence[Mapping[str, Any]],
) -> list[tuple[Callable[[Any], Output], msgspec.Struct]]:
    """Return class and settings of each output, without opening it.

    Raises:
        ConfigError: A type or key is invalid.
    """
    return [_settings(number, table) for number, table in enumerate(tables, 1)]


def _settings(
    number: int, table: Mapping[str, Any]
) -> tuple[Callable[[Any], Output], msgspec.Struct]:
    where = f"[[output]] number {number}"
    kind = table.get("type")
    if not isinstance(kind, str) or kind not in KINDS:
        near = get_close_matches(str(kind), KINDS, 1)
        fix = f"did you mean {near[0]!r}?" if near else f"known types: {', '.join(KINDS)}"
        raise ConfigError(f"{where}: type: unknown type {kind!r}", fix)
    struct, make = KINDS[kind]
    rest = {key: value for key, value in table.items() if key != "type"}
    try:
        return make, msgspec.convert(rest, struct)
    except msgspec.ValidationError as error:
        known = ", ".join(struct.__struct_fields__)
        raise ConfigError(f"{where}: {error}", f"keys of {kind}: {known}") from None


__all__ = ["KINDS", "FanOut", "Output", "ZeroMqOutput", "checked", "configured"]
