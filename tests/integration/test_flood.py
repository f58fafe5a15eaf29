"""Tests of the Godot client with a server that floods them."""

from __future__ import annotations

import pytest

from .flooding_server import KINDS, flooding
from .test_godot import check_tests

pytestmark = pytest.mark.engine


@pytest.mark.usefixtures("imported")
@pytest.mark.parametrize(
    "kind", ["all", *(pytest.param(kind, marks=pytest.mark.slow) for kind in KINDS)]
)
def test_a_flood_adds_little_time_to_a_godot_frame(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with flooding(kind) as ports:
        monkeypatch.setenv("SENTIO_FLOOD", ports)
        monkeypatch.setenv("SENTIO_FLOOD_KIND", kind)
        check_tests("tests/integration/test_flood.gd")
