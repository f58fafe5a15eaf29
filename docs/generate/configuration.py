"""Writes the configuration reference from the settings that the loader checks.

python docs/generate/configuration.py [--check]
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from inspect import cleandoc
from pathlib import Path
from typing import Any

import msgspec
from msgspec import inspect

from sentio_bridge.config import schema, source_registry
from sentio_bridge.outputs import KINDS as OUTPUTS
from sentio_bridge.protocol.vocabulary import PURPOSES, SENSORS
from sentio_sensors import Role

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/configuration.md"

FIRST = "0.1.0"
"""Version of every key that ``SINCE`` does not name."""

SINCE: Mapping[str, str] = {}
"""Version that added a key, as ``TABLE.KEY`` (``source.lsl.clock``)."""

UNITS: Mapping[str, str] = {
    "Hz": r"rate_hz|face_hz|fps",
    "s": r"seconds|every|start|end|resolve|scan|timeout|horizon|max_clock_lead|at"
    r"|\w+_tau|\w+_age|\w+_after|trust_(prior|every|apart)|memory\.\w+",
    "ms": r"\w+_ms",
    "days": r"\w+_days",
    "pixels": r"width|height|max_side",
}
"""Unit of the number keys whose name matches."""

RANGES: Mapping[str, str] = {
    "client.token": "16 to 200 characters",
    "source.simulate.seed": "at least 0",
    "source.simulate.start": "at least 0",
    "source.simulate.block_ms": "4 to 1000",
    "source.simulate.fps": "1 to 120",
    "source.simulate.width": "16 to 1920",
    "source.simulate.height": "16 to 1080",
    "source.simulate.scenario.seconds": "1 to 3600",
    **{
        f"source.simulate.scenario.{name}": "-1 to 1"
        for name in ("valence", "arousal", "dominance")
    },
    **{
        f"source.simulate.scenario.{name}": "0 to 1" for name in ("engagement", "talking", "moving")
    },
    "source.camera.fps": "1 to 240",
    "source.camera.seconds": "0.05 to 86400",
    "source.camera.width": "16 to 8192",
    "source.camera.height": "16 to 8192",
    "source.camera.max_side": "64 to 8192",
    "source.microphone.block_ms": "5 to 200",
    "source.recording.speed": "0, or 0.25 to 100",
    "source.recording.start": "at least 0",
}
"""Ranges that a struct checks itself; a test tries both ends of each."""

TABLES = frozenset(
    "sidecar client remote profiles models recording fusion source output privacy".split()
)
"""Keys of the file that are tables with a section of their own."""

SECTIONS: Mapping[str, type[msgspec.Struct]] = {
    "[sidecar]": schema.Sidecar,
    "[[client]]": schema.ClientToken,
    "[remote]": schema.Remote,
    "[models]": schema.Models,
    "[recording]": schema.Recording,
    "[profiles]": schema.Profiles,
    "[privacy]": schema.Privacy,
    "[fusion]": schema.FusionSettings,
}

HEAD = (
    "# Configuration reference\n"
    "Every key of the configuration file, written by `docs/generate/configuration.py` from the "
    "settings that the sidecar checks; a test holds this page equal to them. `sentio config init` "
    "writes a commented start; `sentio config check FILE` refuses what `sentio run` refuses, with "
    "the line and the nearest known key.\n"
    "\n"
    "- The file is TOML 1.0 in UTF-8, with or without a byte order mark. Write paths of Windows in "
    "single quotes (`'C:\\data'`) or with `/`.\n"
    "- Every key is optional unless its default is *required*. Unknown keys are refused.\n"
    "- *Since* is the version of Sentio that added the key.\n"
    "- Recordings contain the text of the file without its tokens.\n"
)


def build() -> str:
    """Return the page."""
    consent = f"Sensors: {_words(SENSORS)}. Purposes: {_words(PURPOSES)}."
    parts = [HEAD, "## The file", "", consent, "", *_table(schema.File, "", skip=TABLES)]
    for title, struct in SECTIONS.items():
        name = title.strip("[]")
        parts += ["", f"## `{title}`", "", *_table(struct, name)]
        for field in msgspec.structs.fields(struct):
            if isinstance(inner := inspect.type_info(field.type), inspect.StructType):
                path = f"{name}.{field.name}"
                parts += ["", f"### `[{path}]`", "", _first_line(inner.cls), ""]
                parts += _table(inner.cls, path)
    parts += [
        "",
        "## `[[source]]`",
        "",
        f"Keys of every type, before those of each. Roles: {_words(Role)}.",
        "",
        *_table(schema.Common, "source"),
    ]
    for kind in source_registry.BUILT_IN:
        sensors = _words(kind.sensors)
        needs = f" Needs the extra `{kind.extra}`." if kind.extra else ""
        about = f"{kind.title}: {kind.description}. `sensors` by default: {sensors}.{needs}"
        path = f"source.{kind.name}"
        parts += ["", f'### `type = "{kind.name}"`', "", about, "", *_table(kind.settings, path)]
        for key, struct in _inner(kind.settings):
            parts += ["", f"Each table of `{key}`:", "", *_table(struct, f"{path}.{key}")]
    parts += ["", "## `[[output]]`"]
    for name, (struct, _) in OUTPUTS.items():
        parts += ["", f'### `type = "{name}"`', "", *_table(struct, f"output.{name}")]
    return "\n".join(parts) + "\n"


def _words(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def _first_line(struct: type[msgspec.Struct]) -> str:
    return (struct.__doc__ or "").strip().splitlines()[0].replace("``", "`")


def _table(
    struct: type[msgspec.Struct], path: str, skip: frozenset[str] = frozenset()
) -> list[str]:
    described = descriptions(struct)
    rows = [
        "| key | type | default | unit | range | since | what |",
        "|---|---|---|---|---|---|---|",
    ]
    for field in msgspec.structs.fields(struct):
        if field.name in skip:
            continue
        name = f"{path}.{field.name}".lstrip(".")
        node = inspect.type_info(field.type)
        cells = (
            f"`{field.name}`",
            _kind(node),
            _default(field),
            unit(name, node),
            _range(name, node),
            SINCE.get(name, FIRST),
            described.get(field.name, ""),
        )
        rows.append("| " + " | ".join(cells) + " |")
    return rows


def descriptions(struct: type[msgspec.Struct]) -> dict[str, str]:
    """Return what the docstring of a struct states of each attribute."""
    _, _, block = cleandoc(struct.__doc__ or "").partition("Attributes:\n")
    found: dict[str, str] = {}
    name = ""
    for line in block.splitlines():
        start = re.match(r" {4}(\w+): (.*)", line)
        if start:
            name = start[1]
            found[name] = start[2]
        elif name and line.strip():
            found[name] += " " + line.strip()
    return {key: text.replace("``", "`").replace("|", "\\|") for key, text in found.items()}


def _kind(node: inspect.Type) -> str:
    """Return a type in terms of TOML."""
    match node:
        case inspect.Metadata():
            return _kind(node.type)
        case inspect.BoolType():
            return "true or false"
        case inspect.IntType():
            return "whole number"
        case inspect.FloatType():
            return "number"
        case inspect.StrType():
            return "text"
        case inspect.EnumType() if node.cls is Role:
            return "role"
        case inspect.EnumType() | inspect.LiteralType():
            return "one of"
        case inspect.ListType() | inspect.VarTupleType():
            return f"list of {_plural(_kind(node.item_type))}"
        case inspect.DictType():
            return f"table of {_plural(_kind(node.value_type))}"
        case inspect.StructType():
            return "table"
        case inspect.UnionType():
            members = [t for t in node.types if not isinstance(t, inspect.NoneType)]
            return " or ".join(dict.fromkeys(map(_kind, members)))
        case _:
            return "any value"


def _plural(kind: str) -> str:
    """Return the name of several values of a kind."""
    if kind.startswith("list "):
        return kind.replace("list", "lists", 1)
    return {"one of": "words", "any value": "values"}.get(kind, f"{kind}s")


def _range(path: str, node: inspect.Type) -> str:
    """Return the values that a key accepts."""
    if path in RANGES:
        return RANGES[path]
    match node:
        case inspect.Metadata():
            return _range(path, node.type)
        case inspect.EnumType() if node.cls is not Role:
            return _words(member.value for member in node.cls)
        case inspect.LiteralType():
            return _words(map(str, node.values))
        case inspect.IntType() | inspect.FloatType():
            return _bounds(node)
        case inspect.StrType() if node.max_length is not None:
            return f"at most {node.max_length} characters"
        case inspect.ListType() | inspect.VarTupleType():
            if node.max_length is not None:
                return f"{node.min_length or 0} to {node.max_length} elements"
            return _range(path, node.item_type)
        case inspect.DictType():
            return _range(path, node.value_type)
        case inspect.UnionType():
            return ", ".join(filter(None, (_range(path, member) for member in node.types)))
        case _:
            return ""


def _bounds(node: inspect.IntType | inspect.FloatType) -> str:
    if node.ge is not None and node.le is not None:
        return f"{node.ge:g} to {node.le:g}"
    parts = [
        f"{word} {bound:g}"
        for word, bound in (
            ("above", node.gt),
            ("at least", node.ge),
            ("below", node.lt),
            ("at most", node.le),
        )  # fmt: skip
        if bound is not None
    ]
    return ", ".join(parts)


def _default(field: msgspec.structs.FieldInfo) -> str:
    """Return a default as it is written in the file."""
    value: Any = field.default
    if value is msgspec.NODEFAULT:
        if field.default_factory is msgspec.NODEFAULT:
            return "*required*"
        value = field.default_factory()
    if isinstance(value, msgspec.Struct):
        return ""
    return f"`{_toml(value)}`" if value is not None else "none"


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return f"{value:g}"
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key} = {_toml(item)}" for key, item in value.items()) + "}"
    return "[" + ", ".join(map(_toml, value)) + "]"


def unit(name: str, node: inspect.Type) -> str:
    """Return the unit of a number key; empty where there is none."""
    while isinstance(node, inspect.Metadata):
        node = node.type
    if not isinstance(node, inspect.IntType | inspect.FloatType):
        return ""
    for symbol, pattern in UNITS.items():
        if re.fullmatch(rf"(.*\.)?({pattern})", name):
            return symbol
    return ""


def _inner(struct: type[msgspec.Struct]) -> Iterator[tuple[str, type[msgspec.Struct]]]:
    """Yield the structs of which a key holds a list."""
    for field in msgspec.structs.fields(struct):
        for node in _members(inspect.type_info(field.type)):
            if isinstance(node, inspect.StructType):
                yield field.name, node.cls


def _members(node: inspect.Type) -> Iterator[inspect.Type]:
    match node:
        case inspect.UnionType():
            for member in node.types:
                yield from _members(member)
        case inspect.ListType() | inspect.VarTupleType():
            yield node.item_type


def main() -> None:
    """Write the page, or compare it."""
    text = build()
    if "--check" not in sys.argv[1:]:
        PAGE.write_text(text, encoding="utf-8")
    elif PAGE.read_text(encoding="utf-8") != text:
        sys.exit(f"{PAGE} is stale: run python docs/generate/configuration.py")


if __name__ == "__main__":
    main()
