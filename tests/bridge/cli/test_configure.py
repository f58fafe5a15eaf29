"""`sentio config check` refuses what `sentio run` refuses, in the same words."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from tests.ports import free_port
from typer.testing import CliRunner

from sentio_bridge.cli.app import application
from sentio_bridge.config.loader import load
from sentio_bridge.server.offline_consent import decide

BACKSLASH = "\\"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[[client]]\nrole = "game"\ntoken = "short"\n', "expected at least 16"),
        ('[[output]]\ntype = "osc"\nentries = ["stres"]\n', "did you mean 'stress'?"),
        ('[[output]]\ntype = "osc"\nhost = "no.such.host.invalid"\n', "no.such.host.invalid"),
        ('[[output]]\ntype = "ocs"\n', "did you mean 'osc'?"),
        ('[models]\nown = ["nowhere.toml"]\n', "nowhere.toml is missing"),
        ('[recording]\nfolder = "/proc/nothing"\nstart = true\n', "[recording] folder"),
        ('[recording]\nfolder = "C:\\Users\\lab"\n', r"single quotes: 'C:\Users\lab'"),
        ('[recording]\nfolder = "D:\\data"\n', r"single quotes: 'D:\data'"),
        ('[[source]]\ntype = "simulate"\nseeds = 3\n', "did you mean 'seed'?"),
        (f'[[client]]\ntoken = "{"t" * 20}"\n' * 2, "has this token"),
        ('[[source]]\ntype = "simulate"\nname = "a"\n' * 2, "another source is named 'a'"),
        ('[recording]\nencrypt = "age1abc"\n', "give a public key: age1..."),
        ('[profiles]\nencrypt = "passphrase"\n', "set SENTIO_PASSPHRASE_FILE"),
        ('[remote]\nhost = "127.0.0.1"\n', "sentio keys new NAME"),
        ('[privacy]\nfolder = "/proc/nothing"\n', "[privacy] folder"),
    ],
)
def test_check_refuses_what_run_refuses(
    tmp_path: Path, text: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SENTIO_KEYS", str(tmp_path / "keys"))
    monkeypatch.setenv("SENTIO_CURVE_DIR", str(tmp_path / "curve"))
    path = tmp_path / "sentio.toml"
    ports = f"[sidecar]\nstate_port = {free_port()}\ncontrol_port = {free_port()}\n"
    path.write_text(f"{text}{ports}", encoding="utf-8")
    checked = CliRunner().invoke(application("config"), ["config", "check", str(path)])
    run = CliRunner().invoke(
        application("run"), ["run", "--config", str(path), "--quiet", "--duration", "0.1"]
    )
    assert checked.exit_code != 0
    assert run.exit_code != 0
    assert words in " ".join(checked.output.split())


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_byte_order_mark_and_windows_paths_are_read(tmp_path: Path, mark: str) -> None:
    path = tmp_path / "sentio.toml"
    text = f"{mark}[recording]\r\nfolder = 'C:{BACKSLASH}data{BACKSLASH}rec'\r\n"
    path.write_text(text, encoding="utf-8", newline="")
    checked = CliRunner().invoke(application("config"), ["config", "check", str(path)])
    assert checked.exit_code == 0, checked.output


def test_check_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "sentio.toml"
    path.write_text(f"[recording]\nfolder = '{tmp_path}/rec'\nstart = true\n", encoding="utf-8")
    assert CliRunner().invoke(application("config"), ["config", "check", str(path)]).exit_code == 0
    assert [p.name for p in tmp_path.iterdir()] == ["sentio.toml"]


def test_check_states_what_the_receipts_allow(tmp_path: Path) -> None:
    path = tmp_path / "sentio.toml"
    consent = '[consent]\neeg = ["adapt"]\nbody = ["record"]\n'
    folder = f"[privacy]\nfolder = '{tmp_path}/state'\n"
    source = '[[source]]\ntype = "simulate"\nsensors = ["eeg", "body"]\n'
    path.write_text(f"{consent}{folder}{source}", encoding="utf-8")

    def checked() -> list[str]:
        output = CliRunner().invoke(application("config"), ["config", "check", str(path)]).output
        return output.splitlines()[2:]

    eeg, body = "  consent: eeg for adapt", "  consent: body for record"
    assert checked() == [eeg, body, "  source simulate0: opens for eeg"]
    decide(load(path), None, action="withdraw", sensor="eeg")
    files = sorted(tmp_path.rglob("*"))
    assert checked() == [
        body,
        "  consent: eeg is configured, but withdrawn, expired or erased since, or it needs a"
        " guardian",
        "  source simulate0: stays closed (sentio consent grant eeg)",
    ]
    assert sorted(tmp_path.rglob("*")) == files


def test_check_states_that_the_face_model_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "sentio.toml"
    camera = '[consent]\ncamera = ["adapt"]\n[[source]]\ntype = "camera"\n'
    path.write_text(f"[models]\nlandmarker = '{tmp_path}/none.task'\n{camera}", encoding="utf-8")
    output = CliRunner().invoke(application("config"), ["config", "check", str(path)]).output
    assert "no face: face_landmarker.task is not in" in output
    assert "sentio models pull face_landmarker" in output
    faces = 'type = "simulate"\nroles = ["face", "ppg"]'
    path.write_text(path.read_text().replace('type = "camera"', faces), encoding="utf-8")
    output = CliRunner().invoke(application("config"), ["config", "check", str(path)]).output
    assert "source simulate0: opens for camera" in output
    assert "no face" not in output
    path.write_text(path.read_text().replace('"face", ', ""), encoding="utf-8")
    path.write_text(path.read_text().replace('camera = ["adapt"]', ""), encoding="utf-8")
    output = CliRunner().invoke(application("config"), ["config", "check", str(path)]).output
    assert "source simulate0: stays closed (sentio consent grant body)" in output


def test_check_refuses_an_age_recipient_that_is_not_a_key(tmp_path: Path) -> None:
    path = tmp_path / "sentio.toml"
    path.write_text('[profiles]\nencrypt = "age1bad"\n', encoding="utf-8")
    checked = CliRunner().invoke(application("config"), ["config", "check", str(path)])
    assert checked.exit_code == 1
    assert "age1bad" in checked.output


def test_check_takes_the_option_that_run_takes(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('subjects = ["ann"]\n')
    checked = CliRunner().invoke(application("config"), ["config", "check", "--config", str(path)])
    assert checked.exit_code == 0, checked.output
    assert "subjects: ann" in checked.output
    twice = CliRunner().invoke(
        application("config"), ["config", "check", str(path), "--config", str(path)]
    )
    assert twice.exit_code == 2


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
@pytest.mark.parametrize(("mode", "warned"), [(0o644, True), (0o640, True), (0o600, False)])
def test_check_names_tokens_that_other_users_can_read(
    tmp_path: Path, mode: int, *, warned: bool
) -> None:
    path = tmp_path / "sentio.toml"
    path.write_text(f'[[client]]\nrole = "game"\ntoken = "{"t" * 20}"\n')
    path.chmod(mode)
    result = CliRunner().invoke(application("config"), ["config", "check", str(path)])
    assert result.exit_code == 0
    assert (f"chmod 600 {path}" in result.output) == warned


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
def test_a_configuration_without_tokens_may_be_read_by_all(tmp_path: Path) -> None:
    path = tmp_path / "sentio.toml"
    path.write_text('[consent]\nbody = ["adapt"]\n')
    path.chmod(0o644)
    result = CliRunner().invoke(application("config"), ["config", "check", str(path)])
    assert "chmod" not in result.output
