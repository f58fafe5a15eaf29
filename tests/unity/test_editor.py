"""Tests of the editor's code on stubs of Unity."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import build  # noqa: E402

pytestmark = pytest.mark.engine


def test_the_editor_compiles_and_passes_its_tests(tmp_path: Path) -> None:
    if build.missing():
        pytest.skip(build.missing())
    for layer in (build.core, build.engine, build.components, build.editor, build.demos):
        layer(tmp_path)
    assert build.passed(build.editor_tools_tests(tmp_path)) >= 10
