"""Convert plain values to structs; errors have a path and a reason.

msgspec converts. If it refuses, the value is searched for the smallest part that it refuses, so
path and text of the error do not depend on the error texts of msgspec.
"""

from __future__ import annotations

import types
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

import msgspec
from msgspec import inspect

from sentio_bridge.config.line_index import Path

T = TypeVar("T")


class Invalid(Exception):  # noqa: N818 - becomes a ConfigError with its line
    """A value does not match its type.

    Args:
        path: Keys and list positions to the value.
        what: Value received and value expected.
        fix: How to correct it; may be empty.
    """

    def __init__(self, path: Path, what: str, fix: str = "") -> None:
        self.path = path
        self.what = what
        self.fix = fix
        super().__init__(what)


def convert(value: Any, kind: type[T], path: Path = (), also: Sequence[str] = ()) -> T:
    """Convert plain dicts, lists and scalars into ``kind``.

    Args:
        value: Value as parsed from TOML.
        kind: A struct or any type that msgspec converts to.
        path: Path of the value.
        also: Valid keys in addition to those of ``kind``, for hints.

    Raises:
        Invalid: The value does not match; has the path of the smallest invalid part.
    """
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise _locate(value, kind, path, error, also) from None


def nearest(word: str, allowed: Sequence[str]) -> str:
    """Return a hint: the nearest of ``allowed``, or all of them."""
    near = get_close_matches(word, allowed, 1, 0.5)
    return f"did you mean {near[0]!r}?" if near else f"known: {', '.join(sorted(allowed))}"


def one_of(value: str, allowed: Sequence[str], path: Path) -> None:
    """Refuse a value that is not one of ``allowed``.

    Raises:
        Invalid: The value is not allowed.
    """
    if value not in allowed:
        what = f"{value!r} is not one of {', '.join(allowed)}"
        raise Invalid(path, what, nearest(value, allowed))


_ESCAPES = {"\t": "\\t", "\n": "\\n", "\r": "\\r", "\b": "\\b", "\f": "\\f"}
"""What TOML makes of a Windows path in double quotes: ``"D:\\temp"`` has a tab."""


def check_characters(value: Any, path: Path = ()) -> None:
    """Refuse texts with control characters, which no setting has.

    Raises:
        Invalid: A text has one.
    """
    if isinstance(value, dict):
        for key, item in value.items():
            check_characters(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            check_characters(item, (*path, index))
    elif isinstance(value, str) and any(c < " " for c in value):
        meant = "".join(_ESCAPES.get(c, c) for c in value)
        raise Invalid(
            path,
            f"{value!r} has a control character",
            f"write paths in single quotes: '{meant}'",
        )


def _locate(
    value: Any, kind: Any, path: Path, error: Exception, also: Sequence[str] = ()
) -> Invalid:
    """Return the smallest mismatch of ``value`` with ``kind``."""
    kind = _member(value, kind)
    if _is_struct(kind) and isinstance(value, dict):
        key_error = _keys(value, kind, path, also)
        if key_error is not None:
            return key_error
    for key, child, child_kind in _children(value, kind):
        try:
            msgspec.convert(child, child_kind)
        except msgspec.ValidationError as inner:
            return _locate(child, child_kind, (*path, key), inner)
    if isinstance(error.__cause__, ValueError):  # from a struct's __post_init__
        return Invalid(path, str(error.__cause__))
    return _mismatch(value, kind, path)


def _keys(value: dict[str, Any], kind: Any, path: Path, also: Sequence[str]) -> Invalid | None:
    """Return an unknown or missing key of a table, if there is one."""
    fields = msgspec.structs.fields(kind)
    names = [field.encode_name for field in fields]
    if kind.__struct_config__.forbid_unknown_fields:
        for key in value:
            if key not in names:
                hint = nearest(key, [*names, *also])
                return Invalid((*path, key), f"unknown key {key!r}", hint)
    for field in fields:
        if field.required and field.encode_name not in value:
            return Invalid(path, f"key {field.encode_name!r} is missing")
    return None


def _children(value: Any, kind: Any) -> Iterator[tuple[str | int, Any, Any]]:
    """Yield the parts of a table or list with their expected types."""
    origin = get_origin(_without_annotation(kind))
    if isinstance(value, dict) and _is_struct(kind):
        for field in msgspec.structs.fields(kind):
            if field.encode_name in value:
                yield field.encode_name, value[field.encode_name], field.type
    elif isinstance(value, dict) and origin is dict:
        for key, child in value.items():
            yield key, child, get_args(_without_annotation(kind))[1]
    elif isinstance(value, list) and origin in (list, tuple, set, frozenset):
        for index, child in enumerate(value):
            yield index, child, get_args(_without_annotation(kind))[0]


def _member(value: Any, kind: Any) -> Any:
    """Return the union's member with the structure of ``value``."""
    if get_origin(_without_annotation(kind)) not in (Union, types.UnionType):
        return kind
    for member in get_args(_without_annotation(kind)):
        origin = get_origin(_without_annotation(member))
        if isinstance(value, dict) and (_is_struct(member) or origin is dict):
            return member
        if isinstance(value, list) and origin in (list, tuple, set, frozenset):
            return member
    return kind


def _without_annotation(kind: Any) -> Any:
    return get_args(kind)[0] if get_origin(kind) is Annotated else kind


def _is_struct(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


def _mismatch(value: Any, kind: Any, path: Path) -> Invalid:
    """Return how ``value`` differs from ``kind``, with a fix."""
    node = inspect.type_info(kind)
    what = f"expected {_expected(node)}, got {_describe(value)}"
    key = next((part for part in reversed(path) if isinstance(part, str)), "key")
    choices = _choices(node)
    if choices and isinstance(value, str):
        return Invalid(path, what, nearest(value, choices))
    if isinstance(node, inspect.ListType | inspect.VarTupleType) and isinstance(value, str):
        return Invalid(path, what, f'write it in brackets: {key} = ["..."]')
    if isinstance(node, inspect.StrType) and not isinstance(value, str | dict | list):
        return Invalid(path, what, f'write it in quotes: {key} = "..."')
    return Invalid(path, what)


def _choices(node: inspect.Type) -> list[str]:
    match node:
        case inspect.EnumType():
            return [str(member.value) for member in node.cls]
        case inspect.LiteralType():
            return [str(value) for value in node.values]
        case _:
            return []


def _expected(node: inspect.Type) -> str:
    """Describe a type in terms of TOML."""
    match node:
        case inspect.BoolType():
            return "true or false"
        case inspect.IntType():
            return f"a whole number{_range(node)}"
        case inspect.FloatType():
            return f"a number{_range(node)}"
        case inspect.StrType():
            if node.max_length is None:
                return "text in quotes"
            return f"text of {node.min_length or 0} to {node.max_length} characters"
        case inspect.EnumType() | inspect.LiteralType():
            return f"one of {', '.join(_choices(node))}"
        case inspect.ListType() | inspect.VarTupleType() | inspect.SetType():
            least, most = node.min_length, node.max_length
            size = f" of {least or 0} to {most} elements" if most is not None else ""
            return f"a list{size}"
        case inspect.DictType() | inspect.StructType():
            return "a table"
        case inspect.UnionType():
            members = [t for t in node.types if not isinstance(t, inspect.NoneType)]
            return " or ".join(dict.fromkeys(map(_expected, members)))
        case inspect.Metadata():
            return _expected(node.type)
        case _:
            return type(node).__name__.removesuffix("Type").lower()


def _range(node: inspect.IntType | inspect.FloatType) -> str:
    limits = [
        f"{word} {limit:g}"
        for word, limit in (
            ("at least", node.ge),
            ("above", node.gt),
            ("at most", node.le),
            ("below", node.lt),
        )
        if limit is not None
    ]
    return f" {' and '.join(limits)}" if limits else ""


def _describe(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str | int | float):
        text = repr(value)
        size = f" ({len(value)} characters)" if isinstance(value, str) else ""
        return text if len(text) <= 60 else f"{text[:57]}...{size}"
    if isinstance(value, list):
        return f"a list of {len(value)} elements"
    return "a table" if isinstance(value, dict) else "a date or time"
