"""The Godot plugin leaves nothing in a project in which it is disabled."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from .test_godot import start

pytestmark = pytest.mark.engine

CLIENT = "res://addons/sentio/nodes/client.gd"

PROBE = """\
@tool
extends EditorPlugin

const STORED := "autoload/Sentio"
const WANTED := "sentio/general/autoload_client"

var _waited := 0


func _process(_delta: float) -> void:
	_waited += 1
	if _waited != 30:
		return
	for stored: String in FORMS:
		for how: String in ["disabled", "unwanted"]:
			EditorInterface.set_plugin_enabled("sentio", true)
			ProjectSettings.set_setting(WANTED, true)
			ProjectSettings.set_setting(STORED, stored)
			if how == "disabled":
				EditorInterface.set_plugin_enabled("sentio", false)
			else:
				ProjectSettings.set_setting(WANTED, false)
				ProjectSettings.settings_changed.emit()
			print("%s %s left %s" % [stored, how, ProjectSettings.has_setting(STORED)])
			ProjectSettings.set_setting(STORED, null)
	get_tree().quit()
"""


def test_the_autoload_goes_with_the_plugin_however_it_is_stored(
    addon_project: Path, tmp_path: Path
) -> None:
    """The editor stores a path or a uid, and a singleton has an asterisk."""
    shutil.copytree(addon_project, tmp_path, dirs_exist_ok=True)
    uid = (tmp_path / "addons/sentio/nodes/client.gd.uid").read_text().strip()
    own = [f"*{CLIENT}", CLIENT, f"*{uid}", uid]
    others = ["*res://own.gd", "res://own.gd"]
    probe = tmp_path / "addons/probe"
    probe.mkdir()
    lines = "".join(f'{key}="probe"\n' for key in ("name", "description", "author", "version"))
    (probe / "plugin.cfg").write_text(f'[plugin]\n{lines}script="probe.gd"\n')
    (probe / "probe.gd").write_text(PROBE.replace("FORMS", str(own + others).replace("'", '"')))
    (tmp_path / "own.gd").write_text("extends Node\n")
    (tmp_path / "project.godot").write_text(
        "config_version=5\n[editor_plugins]\nenabled=PackedStringArray("
        '"res://addons/sentio/plugin.cfg", "res://addons/probe/plugin.cfg")\n'
    )
    done = start("--editor", "--quit-after", "3000", project=tmp_path)
    output = done.stdout + done.stderr
    for how in ("disabled", "unwanted"):
        for stored in own:
            assert f"{stored} {how} left false" in output, output[-3000:]
        for stored in others:
            assert f"{stored} {how} left true" in output, output[-3000:]
