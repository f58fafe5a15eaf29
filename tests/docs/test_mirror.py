"""Tests that the folders of tests mirror those of the packages."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.docs.tracked import ROOT, tracked

PACKAGES = {
    "bridge/sentio_bridge": "tests/bridge",
    "bridge/benchmarks": "tests/benchmarks",
    "sensors/sentio_sensors": "tests/sensors",
    "sensors/sentio_recording": "tests/recording",
    "models/sentio_models": "tests/models",
    "models/sentio_research": "tests/research",
}

ONLY_A_NAMESPACE = {"models/sentio_models/modalities"}
"""Folders whose ``__init__.py`` has a docstring only: their subfolders have the tests."""


def folders(package: str) -> set[Path]:
    """Return the folders of a package that contain Python files, relative to it."""
    root = ROOT / package
    return {file.parent.relative_to(root) for file in tracked(".py") if root in file.parents}


def folders_of_tests(folder: str) -> set[Path]:
    """Return the folders of tests that contain test files, relative to ``folder``."""
    root = ROOT / folder
    return {
        file.parent.relative_to(root)
        for file in tracked(".py")
        if root in file.parents and file.name.startswith("test_")
    }


@pytest.mark.parametrize(("package", "tests"), PACKAGES.items())
def test_each_folder_has_its_folder_of_tests_and_no_other_exists(package: str, tests: str) -> None:
    exempt = {Path(path).relative_to(package) for path in ONLY_A_NAMESPACE if package in path}
    assert folders_of_tests(tests) == folders(package) - exempt
