"""Types that msgspec reads are described on import, before there are threads.

msgspec 0.22 describes a struct when it first reads one. If two threads do that at once, one of
them uses a description that is not complete, and the process ends by a segmentation fault.
"""

from __future__ import annotations

import ast
import gc
from pathlib import Path

import msgspec
import pytest

from sentio_bridge.affect.personal.profile import Profile
from sentio_bridge.protocol import bodies
from sentio_bridge.protocol.requests import OPERATIONS
from sentio_models.runtime.manifest import Manifest

ROOT = Path(__file__).parent.parent
PACKAGES = ("bridge/sentio_bridge", "sensors", "models/sentio_models")


def described(kind: type) -> bool:
    return any(type(each).__name__ == "StructInfo" for each in gc.get_referents(kind))


def test_a_type_is_described_when_it_is_first_read() -> None:
    class Fresh(msgspec.Struct):
        number: int = 0

    assert not described(Fresh)
    msgspec.convert({}, Fresh)
    assert described(Fresh)


CONVERTED = (Manifest, Profile, bodies.DetailBody, bodies.HealthBody, *OPERATIONS.values())


@pytest.mark.parametrize("kind", CONVERTED)
def test_what_several_threads_convert_is_described_on_import(kind: type) -> None:
    assert described(kind)


def test_structs_are_decoded_by_decoders_made_on_import() -> None:
    found = []
    for path in (p for folder in PACKAGES for p in (ROOT / folder).rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if "json.decode" not in text:
            continue
        for node in ast.walk(ast.parse(text)):
            if not isinstance(node, ast.Call) or not ast.unparse(node.func).endswith("json.decode"):
                continue
            kinds = {ast.unparse(k.value) for k in node.keywords if k.arg == "type"}
            found += [f"{path.name}:{node.lineno}: {kind}" for kind in kinds - PLAIN]
    assert found == []


PLAIN = {"dict[str, str]", "datetime", "tuple[int, int, float, tuple[str, ...], int]"}
"""Types without a struct have no description that threads share."""
