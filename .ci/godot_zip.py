"""Build the addon's zip and test it in an empty project with a real Godot.

The zip contains only `addons/sentio/`; the same files give the same bytes. The test follows the
six steps of the addon's README, with the lines written there.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import textwrap
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ADDON = ROOT / "godot_addon/addons/sentio"
SKIPPED = {".import", ".tmp"}
"""Suffixes that the editor recreates; `.svg.import` is kept for the settings of icons."""
EPOCH = (2026, 1, 1, 0, 0, 0)
"""Time of all entries, so that the zip depends only on its files."""
DEADLINE = 180.0
"""Timeout of one start of Godot on a slow, busy machine, seconds."""

PROJECT = """config_version=5

[application]

config/name="Empty"
run/main_scene="res://main.tscn"

[debug]

gdscript/warnings/untyped_declaration=2
gdscript/warnings/directory_rules={
"res://addons": 1
}

[editor_plugins]

enabled=PackedStringArray("res://addons/sentio/plugin.cfg")

[rendering]

renderer/rendering_method="gl_compatibility"
"""

SCENE = """[gd_scene load_steps=3 format=3]

[ext_resource type="Script" path="res://main.gd" id="1"]
[ext_resource type="Script" path="res://addons/sentio/nodes/simulator.gd" id="2"]

[node name="Main" type="Node"]
script = ExtResource("1")

[node name="Sentio" type="Node" parent="."]
script = ExtResource("2")

[connection signal="frame" from="Sentio" to="." method="_on_sentio_frame"]
"""


def first_script() -> str:
    """Return the main scene's script from the README's fifth step.

    Raises:
        SystemExit: The README has no script, or not six steps.
    """
    text = (ADDON / "README.md").read_text()
    steps = re.findall(r"^(\d)\. ", text, re.MULTILINE)
    block = re.search(r"```gdscript\n(.*?)```", text, re.DOTALL)
    if steps != list("123456") or not block:
        raise SystemExit("README.md: expected six steps, the fifth with a gdscript block")
    return "extends Node\n\n\n" + textwrap.dedent(block[1])


def version() -> str:
    """Return the plugin's version."""
    text = (ADDON / "plugin.cfg").read_text()
    found = re.search(r'^version="([^"]+)"', text, re.MULTILINE)
    if not found:
        raise SystemExit('plugin.cfg: expected a line version="..."')
    return found[1]


def members() -> list[Path]:
    """Return the zip's files in a fixed order."""
    found = sorted(path for path in ADDON.rglob("*") if path.is_file())
    return [p for p in found if p.suffix not in SKIPPED or p.name.endswith(".svg.import")]


def build(target: Path) -> int:
    """Write the zip to `target`; return the number of files."""
    files = members()
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w") as archive:
        for path in files:
            name = path.relative_to(ADDON.parents[1]).as_posix()
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, path.read_bytes())
    return len(files)


def godot() -> str | None:
    """Return the path of Godot: `SENTIO_GODOT`, the repository's cache, or the PATH."""
    cached = ROOT / ".cache/godot/godot"
    named = os.environ.get("SENTIO_GODOT") or (str(cached) if cached.exists() else None)
    return named or shutil.which("godot")


def run(engine: str, project: Path, *arguments: str) -> str:
    """Run Godot in `project`; return its output.

    Raises:
        SystemExit: It failed, or reported an error.
    """
    done = subprocess.run(
        [engine, "--headless", "--path", str(project), *arguments],
        capture_output=True,
        text=True,
        errors="replace",
        timeout=DEADLINE,
        check=False,
    )
    output = done.stdout + done.stderr
    errors = [
        line
        for line in output.splitlines()
        if re.search(r"SCRIPT ERROR|Parse Error|^ERROR|^\s*WARNING: .*res://addons", line)
        and "X509" not in line
    ]
    if done.returncode or errors:
        raise SystemExit(f"godot {' '.join(arguments)}: rc {done.returncode}\n{output[-4000:]}")
    return output


def try_zip(engine: str, archive: Path) -> str:
    """Use the zip in an empty project; return a line with the first value."""
    with tempfile.TemporaryDirectory(prefix="sentio_empty_") as folder:
        project = Path(folder)
        (project / "project.godot").write_text(PROJECT)
        (project / "main.tscn").write_text(SCENE)
        (project / "main.gd").write_text(first_script())
        with zipfile.ZipFile(archive) as packed:
            packed.extractall(project)
        run(engine, project, "--import")
        run(engine, project, "--editor", "--quit-after", "30")
        output = run(engine, project, "--quit-after", "300")
    values = [line for line in output.splitlines() if re.fullmatch(r"-?[01]\.\d+", line)]
    if not values:
        raise SystemExit(f"no value reached the empty project:\n{output[-2000:]}")
    return f"first value: arousal {float(values[0]):.2f}"


def main() -> None:
    """Build and test the zip; exit status 2 if there is no Godot."""
    target = ROOT / f"dist/sentio-godot-{version()}.zip"
    count = build(target)
    print(f"{target.relative_to(ROOT)}: {count} files, {target.stat().st_size / 1024:.0f} kB")
    engine = godot()
    if not engine:
        print("not tested: no Godot; set SENTIO_GODOT to its path", file=sys.stderr)
        raise SystemExit(2)
    print(f"in an empty project: {try_zip(engine, target)}")


if __name__ == "__main__":
    main()
