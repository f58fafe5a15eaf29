"""Consent with real sidecars: across restarts, by command line, with the audit."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from sentio_bridge.cli.app import application
from sentio_bridge.client import Requester
from sentio_bridge.privacy.audit import Audit

from .conftest import Sidecar

Run = Callable[..., Sidecar]

CONFIG = """
[sidecar]
control_port = {port}
[privacy]
folder = "{state}"
[consent]
body = ["adapt"]
[[source]]
type = "simulate"
roles = ["ppg", "eda", "eeg"]
"""


def cli(*arguments: str) -> Result:
    return CliRunner().invoke(application(arguments[0]), arguments)


def test_decisions_outlive_the_sidecar_and_are_audited(run: Run, tmp_path: Path) -> None:
    config = tmp_path / "game.toml"
    state = tmp_path / "state"
    config.write_text(CONFIG.format(port=28701, state=state.as_posix()))
    os.utime(config, (1_700_000_000, 1_700_000_000))

    first = run(config)
    first.until(b"detail/", lambda d: d["sensors"].get("body", {}).get("state") == "on")
    first.request("hello", client="a game", client_version="2")
    first.request("consent", action="withdraw", sensor="body", by="player")
    first.request("consent", action="grant", sensor="eeg", by="player", text="May we?")
    shown = first.until(b"detail/", lambda d: d["sensors"].get("eeg", {}).get("state") == "on")
    assert shown["sensors"]["eeg"]["since"] <= shown["sent"]
    assert shown["sensors"]["body"]["since"] is None
    first.end()

    second = run(config)
    detail = second.until(b"detail/", lambda d: d["sensors"].get("eeg", {}).get("state") == "on")
    assert detail["sensors"]["body"]["state"] == "withdrawn"
    assert detail["sensors"]["body"]["consent"] == []
    receipts = second.request("consent", action="receipts")["receipts"]
    assert [(r["sensor"], r["granted"], r["how"]) for r in receipts] == [
        ("body", True, "config"),
        ("body", False, "client"),
        ("eeg", True, "client"),
    ]
    assert receipts[0]["at"].startswith("2023-11-14")

    endpoint = ("--config", str(config), "--endpoint", second.control)
    assert cli("consent", "show", *endpoint).output == "eeg: adapt\n"
    assert cli("consent", "withdraw", *endpoint).output == "nothing is allowed\n"
    second.until(b"detail/", lambda d: d["sensors"]["eeg"]["state"] == "withdrawn")
    second.end()

    audit = cli("audit", "show", "--config", str(config), "--last", "0").output
    for line in ("client  name a game", "withdrawal player", "grant player", "capture player"):
        assert line in audit, audit
    assert "start" in audit
    assert cli("audit", "verify", "--config", str(config)).exit_code == 0
    lines = (state / "audit.jsonl").read_bytes()
    assert b'"player"' not in lines
    (state / "audit.jsonl").write_bytes(lines.replace(b'"eeg"', b'"ecg"', 1))
    assert cli("audit", "verify", "--config", str(config)).exit_code == 1
    assert state.stat().st_mode & 0o777 == 0o700


def test_a_sidecar_on_other_ports_follows_a_withdrawal_and_blocks_erasing(
    run: Run, tmp_path: Path
) -> None:
    config = tmp_path / "game.toml"
    config.write_text(CONFIG.format(port=9, state=(tmp_path / "state").as_posix()))
    sidecar = run(config)
    sidecar.until(b"detail/", lambda d: d["sensors"].get("body", {}).get("state") == "on")
    erase = ("data", "erase", "--subject", "player", "--yes", "--config", str(config))
    refused = cli(*erase)
    assert refused.exit_code == 1
    assert "a running sidecar uses these data" in refused.output
    unreached = cli("consent", "withdraw", "--erase", "--config", str(config))
    assert unreached.exit_code == 1
    assert "withdrawn, but not erased" in unreached.output
    shown = sidecar.until(b"detail/", lambda d: d["sensors"]["body"]["state"] == "withdrawn")
    assert shown["sensors"]["body"]["consent"] == []
    assert sidecar.request("consent", action="status")["consent"]["body"] == []
    sidecar.end()
    erased = cli(*erase)
    assert erased.exit_code == 0, erased.output
    again = run(config)  # the configuration is older than the erasure
    assert again.request("consent", action="status")["consent"]["body"] == []


def test_receipts_that_are_all_damaged_can_be_erased(tmp_path: Path) -> None:
    config = tmp_path / "game.toml"
    config.write_text(CONFIG.format(port=9, state=(tmp_path / "state").as_posix()))
    file = ("--config", str(config))
    assert cli("consent", "withdraw", *file).exit_code == 0
    (receipts,) = (tmp_path / "state" / "receipts").iterdir()
    receipts.write_bytes(b'{"subject":"player"')
    assert cli("consent", "show", *file).output.endswith("nothing is allowed\n")
    for subject in ("", "..", "../player", "a\x00b", "x" * 5000):
        assert cli("data", "erase", "--subject", subject, "--yes", *file).exit_code == 1
    assert cli("data", "erase", "--subject", "player", "--yes", *file).exit_code == 0
    assert not receipts.exists()


def test_the_command_line_decides_without_a_sidecar(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sentio_bridge.transport.client.Requester", partial(Requester, timeout=0.2))
    config = tmp_path / "game.toml"
    # Nothing listens on port 9 (discard) of this machine.
    config.write_text(CONFIG.format(port=9, state=(tmp_path / "state").as_posix()))
    file = ("--config", str(config))
    assert cli("consent", "show", *file).output == "body: adapt\n"
    granted = cli("consent", "grant", "eeg", "--for", "adapt", "--for", "record", "--yes", *file)
    assert granted.exit_code == 0, granted.output
    assert "eeg: adapt, record" in granted.output
    assert "text game 4 en" in granted.output
    withdrawn = cli("consent", "withdraw", "body", *file)
    assert withdrawn.stdout == "eeg: adapt, record\n"
    assert "no sidecar replied" in withdrawn.stderr
    assert cli("consent", "show", *file).output == "eeg: adapt, record\n"
    refused = cli("consent", "grant", "eeg", "--for", "workplace", "--yes", *file)
    assert refused.exit_code == 1
    assert "Article 5(1)(f)" in refused.output
    listed = cli("consent", "receipts", *file).output.splitlines()
    assert len(listed) == 3
    assert "Widerruf" not in cli("consent", "text", *file).output
    assert "jederzeit" in cli("consent", "text", "--language", "de", *file).output
    assert cli("audit", "verify", *file).exit_code == 0


@pytest.mark.parametrize("answer", ["n", "y"])
def test_on_a_terminal_the_consent_ends_before_the_question_whether_to_erase(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    config = tmp_path / "game.toml"
    config.write_text(CONFIG.format(port=9, state=(tmp_path / "state").as_posix()))
    monkeypatch.setattr("sentio_bridge.cli.consent._terminal", lambda: True)
    command = ["consent", "withdraw", "--erase", "--config", str(config)]
    ended = CliRunner().invoke(application(), command, input=f"{answer}\n")
    assert ended.exit_code == 0, ended.output
    assert "body: erases all recorded data" in ended.output
    assert ("nothing is erased" in ended.output) == (answer == "n")
    assert cli("consent", "show", "--config", str(config)).output == "nothing is allowed\n"
    entries = [e for e in Audit(tmp_path / "state").entries() if e.kind == "erasure"]
    assert [e.data["sensors"] for e in entries] == ([["body"]] if answer == "y" else [])
