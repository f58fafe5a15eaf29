"""One script writes the version into every file that states it."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


def _script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("set_version", ROOT / ".ci/set_version.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


set_version = _script()


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for name in set_version.read():
        target = tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, target)
    return tmp_path


def test_every_file_states_the_same_version() -> None:
    stated = set_version.read()
    assert len(stated) == len(set_version.PLACES)
    assert len(set(stated.values())) == 1


def test_a_version_is_written_everywhere(copy: Path) -> None:
    changed = set_version.write("9.8.7-rc.1", copy)
    assert len(changed) == len(set_version.PLACES)
    assert set(set_version.read(copy).values()) == {"9.8.7-rc.1"}
    assert set_version.write("9.8.7-rc.1", copy) == []


def test_a_released_section_of_the_changelog_stays(copy: Path) -> None:
    log = copy / "CHANGELOG.md"
    log.write_text("# Changelog\n\n## 1.0.0 - 2026-12-01\n- First.\n")
    set_version.write("1.1.0", copy)
    assert log.read_text() == (
        "# Changelog\n\n## 1.1.0 - unreleased\n\n## 1.0.0 - 2026-12-01\n- First.\n"
    )


@pytest.mark.parametrize("version", ["1.2", "v1.2.3", "one", ""])
def test_a_version_that_is_not_semantic_is_refused(copy: Path, version: str) -> None:
    before = set_version.read(copy)
    with pytest.raises(set_version.VersionError, match=r"expected like 1\.2\.3"):
        set_version.write(version, copy)
    assert set_version.read(copy) == before


def test_a_file_without_a_version_is_reported(copy: Path) -> None:
    (copy / "unity_plugin/package.json").write_text("{}")
    with pytest.raises(set_version.VersionError, match=r"unity_plugin/package\.json"):
        set_version.write("1.2.3", copy)
