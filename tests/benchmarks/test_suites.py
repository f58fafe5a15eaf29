"""Suites refuse a picture that they could not use."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from benchmarks.latency import picture_url
from benchmarks.processes import python
from benchmarks.suites import suites
from sentio_bridge.errors import BridgeError


def test_a_picture_is_accepted(tmp_path: Path) -> None:
    path = tmp_path / "face.png"
    Image.new("RGB", (64, 48)).save(path)
    assert "everything" in suites(1.0, None, path)


@pytest.mark.parametrize("name", ["missing.jpg", "text.jpg", "empty.jpg", "cut.jpg", "folder"])
def test_a_face_that_is_not_a_picture_is_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    (tmp_path / "text.jpg").write_text("no picture")
    (tmp_path / "empty.jpg").touch()
    (tmp_path / "folder").mkdir()
    Image.effect_noise((640, 480), 50).save(tmp_path / "whole.jpg")
    (tmp_path / "cut.jpg").write_bytes((tmp_path / "whole.jpg").read_bytes()[:5000])
    with pytest.raises(BridgeError, match=f"--face: .*{name} cannot be read") as caught:
        suites(1.0, None, path)
    assert "JPEG or PNG" in caught.value.fix


def test_the_command_ends_before_it_measures() -> None:
    arguments = ["-m", "sentio_bridge", "bench", "--suite", "everything", "--face", "missing.jpg"]
    done = subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 1
    assert "missing.jpg cannot be read as a picture" in done.stderr
    assert "everything ..." not in done.stdout


def test_a_server_of_pictures_that_has_ended_is_an_error() -> None:
    with python("benchmarks.mjpeg", "missing.jpg") as server:
        with pytest.raises(BridgeError, match="no pictures"):
            picture_url(server)
