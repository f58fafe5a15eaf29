"""Operation `devices`: entries for a chooser; nothing is opened."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import msgspec
import pytest

from sentio_bridge.config.source_registry import SourceRegistry, installed
from sentio_bridge.control.device_handlers import MAX_DEVICES, MAX_TEXT, DeviceHandlers
from sentio_bridge.control.dispatcher import Dispatcher
from sentio_bridge.protocol import codec
from sentio_bridge.protocol.roles import Client, Grant, Role
from sentio_sensors.source_kind import Finding, SourceKind


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """No settings."""


def kind(name: str, discover: Callable[[float], Iterable[Finding]] | None) -> SourceKind:
    def refuse(*_: Any) -> Any:
        raise AssertionError("a search opens no source")

    return SourceKind(name, name.title(), "a test", Settings, ("body",), refuse, discover=discover)


def ask(*kinds: SourceKind, problems: dict[str, str] | None = None, **arguments: Any) -> Any:
    registry = SourceRegistry({k.name: k for k in kinds}, problems or {})
    control = Dispatcher(DeviceHandlers(registry).handlers())
    replies: list[bytes] = []
    body = msgspec.msgpack.encode({"id": 1, "op": "devices", **arguments})
    control.handle(body, Client("c", Grant(Role.OPERATOR)), 0.0, replies.append)
    (reply,) = replies
    assert len(reply) < codec.MAX_REQUEST
    return codec.decode_map(reply)


BOARDS = kind("board", lambda _: [Finding("2 boards", more=("cyton", "muse_2"), more_key="board")])
STRAPS = kind(
    "strap",
    lambda _: [
        Finding("H10", "near", settings={"device": "AA:BB"}),
        Finding("no radio", wrong=True, fix="plug one in"),
    ],
)


def test_entries_have_the_settings_that_select_the_device() -> None:
    reply = ask(STRAPS, BOARDS, kind("file", None))
    assert reply["searched"] == ["strap", "board"]
    strap, problem, cyton, muse = reply["devices"]
    assert strap == {
        "type": "strap", "title": "Strap", "name": "H10", "detail": "near", "sensors": ["body"],
        "settings": {"device": "AA:BB"}, "usable": True, "fix": "",
    }  # fmt: skip
    assert (problem["name"], problem["usable"], problem["fix"]) == (
        "no radio",
        False,
        "plug one in",
    )
    assert [b["name"] for b in (cyton, muse)] == ["cyton", "muse_2"]
    assert cyton["settings"] == {"board": "cyton"}


def test_only_the_requested_types_are_searched() -> None:
    def refuse(_: float) -> Iterable[Finding]:
        raise AssertionError("not requested")

    reply = ask(STRAPS, kind("camera", refuse), types=["strap"], problems={"watch": "broken"})
    assert reply["searched"] == ["strap"]
    assert {d["type"] for d in reply["devices"]} == {"strap"}


@pytest.mark.parametrize("name", ["camra", "file", "x" * 5000])
def test_unknown_type_is_refused(name: str) -> None:
    error = ask(kind("camera", lambda _: []), kind("file", None), types=[name])["error"]
    assert error["code"] == "bad_argument"
    assert "camera" in error["fix"]


def test_unusable_packages_are_listed() -> None:
    (entry,) = ask(problems={"watch": "ImportError"})["devices"]
    assert (entry["type"], entry["usable"], entry["detail"]) == ("watch", False, "ImportError")


def test_reply_is_bounded() -> None:
    many = [Finding("n" * 5000, "d" * 5000, fix="f" * 5000) for _ in range(2 * MAX_DEVICES)]
    devices = ask(kind("many", lambda _: many[:20]), seconds=0)["devices"]
    assert {len(d[key]) for d in devices for key in ("name", "detail", "fix")} == {MAX_TEXT}
    short = kind("many", lambda _: [Finding(str(i)) for i in range(2 * MAX_DEVICES)])
    assert len(ask(short)["devices"]) == MAX_DEVICES


def test_every_kind_of_this_installation_replies_with_valid_settings() -> None:
    """Settings of a found device are keys of its type's table."""
    registry = installed()
    devices = ask(*registry.kinds.values(), seconds=0)["devices"]
    assert devices
    for device in devices:
        struct = registry.kinds[device["type"]].settings
        assert set(device["settings"]) <= set(struct.__struct_fields__)
