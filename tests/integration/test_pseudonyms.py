"""Test of names that people enter: no folder of data has them; rows are erased."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sentio_bridge.cli.app import application

from .conftest import Sidecar

CONFIG = """
# A session of Anna Meier
subjects = ["Anna Meier"]
[profiles]
folder = "profiles"
[recording]
folder = "recordings"
[privacy]
folder = "state"
exports = "exports"
pseudonyms = true
[consent]
body = ["adapt", "record"]
[[source]]
type = "simulate"
subject = "Anna Meier"
roles = ["ppg", "eda"]
"""
NAMES = ("Anna", "Meier", "Zoraya", "Quandt")


def cli(*arguments: str) -> str:
    result = CliRunner().invoke(application(arguments[0]), arguments)
    assert result.exit_code == 0, result.output
    return result.output


def with_names(*folders: str) -> list[Path]:
    """Return every file that has a name in its path or content."""
    return [
        path
        for folder in folders
        for path in Path(folder).rglob("*")
        if any(
            n in str(path) or (path.is_file() and n.encode() in path.read_bytes()) for n in NAMES
        )
    ]


def test_names_stay_out_of_all_data_and_are_erased(
    run: Callable[..., Sidecar], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SENTIO_NAMES", str(tmp_path / "names"))
    config = tmp_path / "sentio.toml"
    config.write_text(CONFIG)
    sidecar = run(config)
    control = ("--control", sidecar.control)
    (subject,) = sidecar.request("hello")["subjects"]
    listed = cli("data", "pseudonyms")
    assert listed == f"{subject}  Anna Meier\n"
    cli("consent", "grant", "body", "--for", "adapt", "--for", "record", "--yes",
        "--subject", "Anna Meier", "--by", "Zoraya Quandt", *control)  # fmt: skip
    cli("session", "start", "--participant", "Zoraya Quandt", *control)
    cli("marker", "door", "--subject", "Anna Meier", *control)
    sidecar.until(b"health", lambda h: h["frames"] > 10)
    cli("session", "stop", *control)
    sidecar.end()

    rows = dict(reversed(row.split("  ")) for row in cli("data", "pseudonyms").splitlines())
    assert list(Path("recordings").iterdir())[0].name.startswith(f"sub-{rows['Zoraya Quandt']}_")
    assert with_names("recordings", "profiles", "state", "exports") == []
    assert with_names("names") != []
    assert "recording " in cli("data", "list", "--subject", "Zoraya Quandt")
    cli("data", "export", "--subject", "Zoraya Quandt")
    assert with_names("exports") == []

    cli("data", "erase", "--subject", "Zoraya Quandt", "--yes")
    assert list(Path("recordings").iterdir()) == []
    assert list(Path("exports").iterdir()) == []
    cli("data", "erase", "--subject", "Anna Meier", "--yes")
    assert with_names("recordings", "profiles", "state", "exports", "names") == []
    assert cli("data", "pseudonyms").startswith("no names in")
