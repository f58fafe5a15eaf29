"""MediaPipe that is missing or cannot be loaded is named, and leaves nothing."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from sentio_models.errors import ModelMissingError
from sentio_models.modalities.face import mediapipe_library

BROKEN = """
import os, sys
sys.path.insert(1, os.path.dirname(__file__))
sys.OpenCV_LOADER = True
os.environ["LD_LIBRARY_PATH"] = "elsewhere"
raise ImportError("libxcb.so.1: cannot open shared object file")
"""
"""What OpenCV does on a system without one of its libraries."""


@pytest.fixture
def without_mediapipe(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget the modules of MediaPipe that other tests loaded."""
    for name in [n for n in sys.modules if n.split(".")[0] == "mediapipe"]:
        monkeypatch.delitem(sys.modules, name)


@pytest.mark.usefixtures("without_mediapipe")
def test_a_failed_load_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mediapipe").mkdir()
    (tmp_path / "mediapipe" / "__init__.py").write_text(BROKEN)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(mediapipe_library, "LIBRARIES", {})
    path, variable = list(sys.path), os.environ.get("LD_LIBRARY_PATH")
    for _ in range(2):  # a second try gives the same reason
        with pytest.raises(ModelMissingError, match="cannot be loaded: libxcb.so.1: cannot open"):
            mediapipe_library.load()
        assert sys.path == path
        assert os.environ.get("LD_LIBRARY_PATH") == variable
        assert not hasattr(sys, "OpenCV_LOADER")


def test_a_package_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mediapipe", None)
    with pytest.raises(ModelMissingError, match=r"not installed; pip install 'sentio-affect\[face"):
        mediapipe_library.load()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux takes them from the system")
def test_missing_libraries_of_the_system_are_named_with_their_packages(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    there = {"libc.so.6": "libc6"}
    monkeypatch.setattr(mediapipe_library, "LIBRARIES", there)
    assert mediapipe_library.missing_libraries() is None
    unknown = {"libsentio-a.so.1": "sentio-a", "libsentio-b.so.2": "sentio-b"}
    monkeypatch.setattr(mediapipe_library, "LIBRARIES", there | unknown)
    error = mediapipe_library.not_loaded(OSError("libsentio-a.so.1: cannot open"))
    assert error.what.endswith("missing: libsentio-a.so.1, libsentio-b.so.2")
    assert error.fix == "on Debian or Ubuntu: sudo apt install sentio-a sentio-b"
    monkeypatch.setattr(sys, "frozen", True, raising=False)  # a bundle has its own
    assert mediapipe_library.missing_libraries() is None
