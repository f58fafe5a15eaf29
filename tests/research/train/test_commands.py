"""Tests of the training commands: help, and repeatable weights."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest

import sentio_research.train
from sentio_models.runtime.onnx_session import WEIGHTS

COMMANDS = sorted(p.stem for p in Path(sentio_research.train.__file__).parent.glob("[a-z]*.py"))


def run(monkeypatch: pytest.MonkeyPatch, command: str, *arguments: object) -> None:
    """Run a training command in this process; skip it without the extra ``train``."""
    if command in ("face", "voice"):
        pytest.importorskip("torch", exc_type=ImportError)
    module = importlib.import_module(f"sentio_research.train.{command}")
    monkeypatch.setattr(sys, "argv", [command, *map(str, arguments)])
    module.main()


@pytest.mark.parametrize("command", COMMANDS)
def test_help_names_the_options_and_what_is_trained(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        run(monkeypatch, command, "--help")
    assert ended.value.code == 0
    text = capsys.readouterr().out
    assert "--data" in text
    assert "--out" in text
    assert f"sentio_research.train.{command}" in text


@pytest.mark.data
def test_training_again_gives_the_shipped_weights(
    monkeypatch: pytest.MonkeyPatch, data_dir: Path, tmp_path: Path
) -> None:
    run(monkeypatch, "game", "--data", data_dir, "--out", tmp_path)
    for name in ("game_input.onnx", "game_input.toml"):
        assert (tmp_path / name).read_bytes() == (WEIGHTS / name).read_bytes()
