"""Tests of the checks of the Unity package's layout."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest

from sentio_bridge.version import VERSION

sys.path.insert(0, str(Path(__file__).parent))
from ci_script import script  # noqa: E402

ROOT = Path(__file__).parents[2]


layout = script("unity_package")
metas = script("unity_meta")


@pytest.fixture
def package(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "unity_plugin", tmp_path / "unity_plugin"))


def test_the_package_and_its_client_have_the_version_of_the_rest() -> None:
    package = ROOT / "unity_plugin"
    assert json.loads((package / "package.json").read_text())["version"] == VERSION
    output = (package / "Runtime/Core/Connection/Client.cs").read_text()
    assert f'{{ "client_version", "{VERSION}" }}' in output


@pytest.fixture
def pins(package: Path, tmp_path: Path) -> Path:
    listed = tmp_path / "guids.txt"
    shutil.copy(metas.PINS, listed)
    metas.make(package, listed)
    assert metas.problems(package, listed) == []
    return listed


def test_the_package_is_laid_out_well() -> None:
    assert layout.problems() == []


def test_every_meta_exists_with_its_guid() -> None:
    assert metas.problems() == []


@pytest.mark.parametrize(
    ("name", "before", "after", "wanted"),
    [
        ("package.json", f'"{VERSION}"', '"one"', "semantic version"),
        ("package.json", '"com.sentio.unity"', '"Sentio"', "lower case"),
        ("package.json", "Samples~/Demos", "Samples~/None", "does not exist"),
        (
            "package.json",
            '"dependencies": {',
            '"dependencies": { "a.b": "1.0.0",',
            "engine modules",
        ),
        ("Runtime/Unity/Sentio.asmdef", "versionDefines", "platforms", "needs a version define"),
        (
            "Runtime/Core/Sentio.Core.asmdef",
            ": true\n}",
            ": false\n}",
            "expected noEngineReferences in the core",
        ),
        ("Editor/Sentio.Editor.asmdef", '"Editor"', '"Android"', "expected Editor in"),
        ("Editor/Sentio.Editor.asmdef", '"Sentio.Core"', '"Core"', "which does not exist"),
        ("Tests/Editor/Sentio.Tests.Editor.asmdef", "UNITY_INCLUDE_TESTS", "X", "constraint"),
        (
            "Runtime/Core/Wire/Zmtp.cs",
            "namespace Sentio\n{",
            "namespace Sentio",
            "cannot be parsed",
        ),
        ("Runtime/Core/Sentio.Core.asmdef", '"Sentio.Core"', '"Sentio"', "is taken"),
    ],
)
def test_a_broken_package_is_reported(
    package: Path, name: str, before: str, after: str, wanted: str
) -> None:
    text = (package / name).read_text()
    assert before in text
    (package / name).write_text(text.replace(before, after, 1))
    assert any(wanted in line for line in layout.problems(package))


@pytest.mark.parametrize(
    ("name", "before", "after", "wanted"),
    [
        ("package.json", '"license": "MIT"', '"license": "GPL-3.0"', "LICENSE.md does not hold"),
        ("package.json", "com.sentio.unity", f"com.sentio.{'x' * 50}", "only 50 characters"),
        ("CHANGELOG.md", "] - unreleased", "]", "expected sections"),
    ],
)
def test_what_registries_refuse_is_reported(
    package: Path, name: str, before: str, after: str, wanted: str
) -> None:
    text = (package / name).read_text()
    assert before in text
    (package / name).write_text(text.replace(before, after, 1))
    assert any(wanted in line for line in layout.problems(package))


def test_long_and_hidden_names_are_reported(package: Path) -> None:
    (package / ".editorconfig").write_text("")
    (package / f"Documentation~/{'x' * 140}.md").write_text("")
    output = "\n".join(layout.problems(package))
    assert ".editorconfig: hidden" in output
    assert "the path has 158 characters" in output


def test_native_libraries_and_code_without_an_assembly_are_reported(package: Path) -> None:
    (package / "Runtime/zmq.dll").write_bytes(b"MZ")
    (package / "Loose.cs").write_text("class Loose { }\n")
    output = "\n".join(layout.problems(package))
    assert "zmq.dll: native" in output
    assert "Loose.cs belongs to no assembly" in output


def test_missing_orphan_duplicate_and_changed_metas_are_reported(package: Path, pins: Path) -> None:
    (package / "Runtime/Core/Wire/Zmtp.cs.meta").unlink()
    (package / "Runtime/Core/Wire/Gone.cs.meta").write_text("guid: " + "0" * 32 + "\n")
    link, client = (
        package / "Runtime/Core/Connection/Link.cs.meta",
        package / "Runtime/Core/Connection/Client.cs.meta",
    )
    link.write_text(client.read_text())
    manifest = package / "package.json.meta"
    manifest.write_text(manifest.read_text().replace("guid: ", "guid: f"))
    output = metas.problems(package, pins)
    for kind, name in [
        ("missing", "Runtime/Core/Wire/Zmtp.cs"),
        ("orphan", "Runtime/Core/Wire/Gone.cs.meta"),
        ("duplicate", "Runtime/Core/Connection/Link.cs"),
        ("malformed", "package.json"),
    ]:
        assert any(line.startswith(f"{kind}: {name}") for line in output), output
    link.write_text(client.read_text().replace(metas.guid_in(client), "1" * 32))
    assert any(
        line.startswith("changed: Runtime/Core/Connection/Link.cs")
        for line in metas.problems(package, pins)
    )


def test_lost_metas_are_restored_and_moved_files_keep_their_guid(package: Path, pins: Path) -> None:
    zmtp = package / "Runtime/Core/Wire/Zmtp.cs"
    before = metas.guid_in(metas.meta_of(zmtp))
    metas.meta_of(zmtp).unlink()
    assert metas.make(package, pins) == 1
    assert metas.guid_in(metas.meta_of(zmtp)) == before
    moved = zmtp.rename(zmtp.with_name("Moved.cs"))
    metas.meta_of(zmtp).rename(metas.meta_of(moved))
    assert metas.make(package, pins) == 0
    assert metas.guid_in(metas.meta_of(moved)) == before
    assert metas.problems(package, pins) == []
