"""Panels and demos of Unity projects with one kind of input only."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import build  # noqa: E402

pytestmark = pytest.mark.engine

NEW_ALONE = ("UNITY_STANDALONE", "ENABLE_INPUT_SYSTEM", "SENTIO_INPUT_SYSTEM")


def test_panels_and_demos_use_the_input_system_if_it_is_the_only_input(tmp_path: Path) -> None:
    if build.missing():
        pytest.skip(build.missing())
    for layer in (build.core, build.engine, build.input_system):
        layer(tmp_path)
    build.components(tmp_path, *NEW_ALONE)
    build.demos(tmp_path)
    assert build.passed(build.input_tests(tmp_path)) >= 5


def test_panels_use_the_input_manager_if_it_is_the_only_input(tmp_path: Path) -> None:
    if build.missing():
        pytest.skip(build.missing())
    for layer in (build.core, build.engine):
        layer(tmp_path)
    build.components(tmp_path, "UNITY_STANDALONE", "ENABLE_LEGACY_INPUT_MANAGER")
    assert build.passed(build.old_input_tests(tmp_path)) >= 2


@pytest.mark.parametrize("old", ["ENABLE_LEGACY_INPUT_MANAGER", "UNITY_STANDALONE"])
def test_they_compile_with_both_and_with_the_package_not_installed(
    tmp_path: Path, old: str
) -> None:
    if build.missing():
        pytest.skip(build.missing())
    for layer in (build.core, build.engine, build.input_system):
        layer(tmp_path)
    installed = ("SENTIO_INPUT_SYSTEM",) if old.startswith("ENABLE") else ()
    build.components(tmp_path, "ENABLE_INPUT_SYSTEM", old, *installed)
    build.demos(tmp_path)
