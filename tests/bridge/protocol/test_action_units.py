"""Action units of a detail: the same names in the models, Python, Godot and Unity."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sentio_bridge.client import ActionUnit, action_unit, action_units, decode_map, split_message
from sentio_models.modalities.face.action_units import NAMES

ROOT = Path(__file__).resolve().parents[3]
VECTOR = ROOT / "tests/vectors/messages/detail_face.bin"
GODOT = ROOT / "godot_addon/addons/sentio/core/frames/face.gd"
UNITY = ROOT / "unity_plugin/Runtime/Core/Frames/SentioActionUnit.cs"


def test_names_and_numbers_are_those_of_the_models_in_every_engine() -> None:
    wanted = {name.replace(" ", "_").upper(): int(key[2:]) for key, name in NAMES.items()}
    assert {unit.name: int(unit) for unit in ActionUnit} == wanted
    entry = re.compile(r"^\s+(\w+) = (\d+),$", re.MULTILINE)
    assert {n: int(k) for n, k in entry.findall(GODOT.read_text())} == wanted
    unity = {n: int(k) for n, k in entry.findall(UNITY.read_text())}
    assert unity == {n.title().replace("_", ""): k for n, k in wanted.items()}


def test_the_golden_detail_is_read_by_name() -> None:
    body = decode_map(split_message(VECTOR.read_bytes())[2])
    assert action_unit(body, ActionUnit.BROW_LOWERER) == 0.75
    assert action_unit(body, ActionUnit.NOSE_WRINKLER) is None
    found = action_units(body)
    assert {f"AU{int(unit)}": value for unit, value in found.items()} == body["action_units"]


@pytest.mark.parametrize("odd", [None, 1.0, "AU4", [0.5], {"AU4": "much"}, {"AU4": True}, {}])
def test_a_detail_without_action_units_has_none(odd: object) -> None:
    assert action_unit({"action_units": odd}, ActionUnit.BROW_LOWERER) is None
    assert action_units({}) == {}
    assert action_units({"action_units": odd}) == {}
