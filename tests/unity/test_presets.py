"""The presets of both engines are the same, and Unity's assets are well formed."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from sentio_bridge.protocol.frame import INDEX

ROOT = Path(__file__).parents[2]
GODOT = ROOT / "godot_addon/addons/sentio/presets"
UNITY = ROOT / "unity_plugin/Runtime/Unity"
DEFAULTS = {"dead_band": "0.02", "smooth": "true"}
NUMBERS = "neutral smoothing dead_band rise fall target authority kp ki".split()


def pascal(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


@pytest.mark.parametrize("path", sorted(GODOT.glob("*.tres")), ids=lambda path: path.stem)
def test_a_preset_is_equal_in_both_engines(path: Path) -> None:
    godot = DEFAULTS | dict(re.findall(r"^(\w+) = (.+)$", path.read_text(), re.MULTILINE))
    text = (UNITY / f"Presets/{path.stem}.asset").read_text()
    unity = dict(re.findall(r"^  (\w+): (.*)$", text, re.MULTILINE))
    assert unity["m_Name"] == path.stem
    assert unity["title"] == godot["title"].strip('"')
    assert unity["about"] == godot["about"]
    assert int(unity["entry"]) == INDEX[godot["entry"].strip('"')]
    assert (unity["smooth"] == "1") == (godot["smooth"] == "true")
    for name in NUMBERS:
        assert float(unity[pascal(name)]) == float(godot[name]), name
    pairs = re.findall(r"- \{x: ([\d.]+), y: ([\d.]+)\}", text)
    flat = [float(number) for pair in pairs for number in pair]
    listed = re.search(r"\((.*)\)", godot["points"])
    assert listed is not None
    assert flat == [float(number) for number in listed[1].split(",")]


def test_the_template_project_uses_the_package_of_this_checkout() -> None:
    template = ROOT / "examples/unity_template"
    manifest = json.loads((template / "Packages/manifest.json").read_text())
    source = manifest["dependencies"]["com.sentio.unity"].removeprefix("file:")
    assert (template / "Packages" / source).resolve() == ROOT / "unity_plugin"
    package = json.loads((ROOT / "unity_plugin/package.json").read_text())
    assert package["dependencies"].items() <= manifest["dependencies"].items()
    minutes = re.findall(r"^\| (\d+) \|", (template / "README.md").read_text(), re.MULTILINE)
    assert sum(map(int, minutes)) <= 30


def test_the_assets_refer_to_the_presets_script() -> None:
    script = (UNITY / "Settings/SentioPreset.cs.meta").read_text()
    guid = re.search(r"guid: (\w+)", script)
    assert guid is not None
    assets = sorted((UNITY / "Presets").glob("*.asset"))
    assert len(assets) == len(list(GODOT.glob("*.tres"))) == 4
    for asset in assets:
        assert f"guid: {guid[1]}, type: 3" in asset.read_text()
        assert "mainObjectFileID: 11400000" in asset.with_name(f"{asset.name}.meta").read_text()
