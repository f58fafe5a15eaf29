"""`sentio eval` with published data, a user's own, or neither."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sentio_bridge.cli.app import application


@pytest.fixture(autouse=True)
def without_data(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget the folder of data of this machine."""
    monkeypatch.delenv("SENTIO_DATA", raising=False)


def test_own_lines_need_no_published_data(tmp_path: Path) -> None:
    lines = tmp_path / "own.csv"
    lines.write_text("text,label\nthis is wonderful,happiness\ni hate this,anger\n")
    result = CliRunner().invoke(
        application("eval"), ["eval", "text", "--own", str(lines), "--json"]
    )
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["n"] == 2


def test_missing_data_is_stated_with_what_to_add() -> None:
    result = CliRunner().invoke(application("eval"), ["eval", "text"])
    assert result.exit_code == 1
    assert "add --data DIR" in result.stderr


@pytest.mark.parametrize("more", [["--by", "sex"], ["--as-sent"]])
def test_own_data_have_no_groups(tmp_path: Path, more: list[str]) -> None:
    result = CliRunner().invoke(
        application("eval"), ["eval", "face", "--own", str(tmp_path), *more]
    )
    assert result.exit_code == 2
    assert "--own is" in result.stderr
