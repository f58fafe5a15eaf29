"""The self-test of an installation or bundle."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.needs_mediapipe import needs_mediapipe
from typer.testing import CliRunner, Result

from sentio_bridge.cli.app import application
from sentio_bridge.cli.drawn_face import drawn_face
from sentio_bridge.cli.self_checks import CHECKS


def sentio(*arguments: str) -> Result:
    return CliRunner().invoke(application(arguments[0]), arguments)


def without(*kept: str) -> list[str]:
    return [part for name in CHECKS if name not in kept for part in ("--without", name)]


def test_every_shipped_model_estimates_from_simulated_input() -> None:
    models = "expression", "voice", "body", "eeg", "text"
    result = sentio("self-test", *without(*models))
    assert result.exit_code == 0, result.output
    for name in models:
        assert f"ok      {name}: " in result.output
    assert result.output.strip().endswith("5 ok, 0 failed")


def test_a_missing_model_fails_and_the_others_are_still_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("SENTIO_MODELS", str(tmp_path))
    result = sentio("self-test", *without("face", "text"))
    if result.exit_code == 0:
        pytest.skip("a bundle's face model is inside this installation")
    assert result.exit_code == 1
    assert "FAILED  face: " in result.output
    assert "ok      text: " in result.output
    assert result.output.strip().endswith("1 ok, 1 failed")


def test_the_drawn_face_is_found_and_read(monkeypatch: pytest.MonkeyPatch) -> None:
    needs_mediapipe()
    shared = Path(__file__).parents[4] / "shared/models"
    if "SENTIO_MODELS" not in os.environ and shared.is_dir():
        monkeypatch.setenv("SENTIO_MODELS", str(shared))
    result = sentio("self-test", *without("face"))
    if "face_landmarker.task is not in" in result.output:
        pytest.skip("no face model: sentio models pull")
    assert result.exit_code == 0, result.output
    assert "quality 1.00" in result.output


def test_an_unknown_part_is_refused_with_the_known_ones() -> None:
    result = sentio("self-test", "--without", "kamera")
    assert result.exit_code == 2
    assert "camera" in result.output


def test_the_option_runs_it_too() -> None:
    assert "--self-test" in sentio("--help").output


def test_the_drawn_face_has_any_size() -> None:
    assert drawn_face(64).shape == (64, 64, 3)
    assert drawn_face(64).std() > 20
