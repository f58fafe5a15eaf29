"""Commands of the command line, except those that run a sidecar."""

from __future__ import annotations

import json
import os
import re
import select
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import typer
import zmq
from typer.testing import CliRunner, Result

import sentio_bridge
from sentio_bridge.cli.app import application
from sentio_bridge.protocol import codec
from sentio_bridge.version import VERSION


def sentio(*arguments: object) -> Result:
    return CliRunner().invoke(
        application(*map(str, arguments[:1])), [str(argument) for argument in arguments]
    )


def test_help_names_every_command() -> None:
    output = sentio("--help").output
    for name in ("run", "listen", "devices", "play", "bench", "models", "config", "calibrate",
                 "profile", "eval", "record", "recordings", "replay", "repair", "verify",
                 "report"):  # fmt: skip
        assert name in output


@pytest.mark.parametrize(
    "arguments",
    [("listen", "--state-port"), ("listen", "--control-port"), ("status", "--control-port")],
)
def test_clients_take_the_ports_by_the_names_of_run(arguments: tuple[str, str]) -> None:
    done = sentio(*arguments, "none")
    assert done.exit_code == 2
    assert "not an endpoint" in " ".join(done.output.replace("\u2502", "").split())


def test_help_has_no_square_brackets_that_are_read_as_markup() -> None:
    texts: list[str] = []

    def collect(command: Any) -> None:
        texts.extend([command.help or "", command.short_help or ""])
        texts.extend(getattr(parameter, "help", None) or "" for parameter in command.params)
        for child in getattr(command, "commands", {}).values():
            collect(child)

    collect(typer.main.get_command(application()))
    assert len(texts) > 200
    assert [text for text in texts if re.search(r"\[[a-z]", text)] == []


def test_a_called_command_is_built_alone_and_the_same() -> None:
    whole = typer.main.get_command(application())
    assert isinstance(whole, typer.core.TyperGroup)
    assert len(whole.commands) > 30
    for name, command in whole.commands.items():
        group = typer.main.get_command(application(name))
        assert isinstance(group, typer.core.TyperGroup)
        assert list(group.commands) == [name]
        alone = group.commands[name]
        assert [option.opts for option in alone.params] == [o.opts for o in command.params]
        assert getattr(alone, "commands", {}).keys() == getattr(command, "commands", {}).keys()
    unknown = typer.main.get_command(application("no-such-command"))
    assert isinstance(unknown, typer.core.TyperGroup)
    assert unknown.commands.keys() == whole.commands.keys()


def test_commands_are_listed_without_numpy_and_run_with_one_blas_thread() -> None:
    code = "import os, sys; from sentio_bridge.cli.app import application; application()"
    code += "; print('numpy' in sys.modules, os.environ['OPENBLAS_NUM_THREADS'])"
    unset = {k: v for k, v in os.environ.items() if k != "OPENBLAS_NUM_THREADS"}
    for given, expected in ({}, "1"), ({"OPENBLAS_NUM_THREADS": "3"}, "3"):
        done = subprocess.run(
            [sys.executable, "-c", code], env=unset | given, capture_output=True, text=True
        )
        assert done.stdout.split() == ["False", expected], done.stderr


def test_package_has_its_public_names() -> None:
    assert all(getattr(sentio_bridge, name) for name in sentio_bridge.__all__)
    assert not hasattr(sentio_bridge, "decode_map_of_another_version")


def test_version_is_shown() -> None:
    assert sentio("--version").output == f"sentio {VERSION}\n"


def test_config_init_writes_a_valid_file_once(tmp_path: Path) -> None:
    path = tmp_path / "sentio.toml"
    assert sentio("config", "init", path).exit_code == 0
    again = sentio("config", "init", path)
    assert (again.exit_code, "--force" in again.output) == (2, True)
    assert sentio("config", "init", path, "--force").exit_code == 0
    checked = sentio("config", "check", path)
    assert checked.exit_code == 0
    assert f"{path}: valid" in checked.output
    assert "consent: body for adapt" in checked.output


def test_check_warns_of_an_lsl_source_without_a_selector(tmp_path: Path) -> None:
    path = tmp_path / "sentio.toml"
    path.write_text('[[source]]\ntype = "lsl"\n[[source]]\ntype = "lsl"\nstream_type = "EEG"\n')
    first, second = sentio("config", "check", path).output.split("  source ")[1:]
    assert "works only with a single stream" in first
    assert len(second.splitlines()) == 1


def test_invalid_configuration_has_its_own_exit_code(tmp_path: Path) -> None:
    path = tmp_path / "sentio.toml"
    path.write_text("[sidecar]\nrate_hzz = 1\n")
    for arguments in (("config", "check", path), ("run", "--config", path)):
        result = sentio(*arguments)
        assert result.exit_code == 2
        assert "line 2" in result.output
        assert "rate_hz" in result.output


def test_run_without_configuration_states_the_fix(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = sentio("run")
    assert result.exit_code == 2
    assert "sentio run --demo" in result.output
    assert sentio("run", "--demo", "--config", "x.toml").exit_code == 2


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "example.org"])  # noqa: S104
def test_host_must_be_loopback(tmp_path: Path, host: str) -> None:
    path = tmp_path / "sentio.toml"
    path.write_text(f'[sidecar]\nhost = "{host}"\n')
    for command in (("run", "--duration", 1, "--quiet", "--config"), ("config", "check")):
        result = sentio(*command, path)
        assert result.exit_code == 2
        assert "line 2: host" in result.output
        assert "loopback" in result.output


def test_check_refuses_a_model_that_run_refuses(tmp_path: Path) -> None:
    path = tmp_path / "sentio.toml"
    path.write_text(f"[models]\nown = ['{tmp_path / 'none.toml'}']\n")
    checked, run = sentio("config", "check", path), sentio("run", "--quiet", "--config", path)
    assert (checked.exit_code, run.exit_code) == (2, 2)
    assert "[models] own" in checked.output
    assert checked.output == run.output


@pytest.mark.parametrize(
    "text",
    [
        "[recording]\nfolder = 'file/recordings'\nstart = true",
        "[recording]\nfolder = 'file'\nstart = true",
        "[sidecar]\nhost = '127.0.0.1'\nstate_port = 9000\ncontrol_port = 9000",
        "subjects = ['ann', 'ann']",
        "subjects = ['']",
        "[[source]]\ntype = 'lsll'",
    ],
)
def test_check_refuses_what_run_refuses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").touch()
    (tmp_path / "sentio.toml").write_text(text)
    assert sentio("config", "check").exit_code == 2
    ports = ("--state-port", 0, "--control-port", 0)[: 0 if "state_port" in text else None]
    assert sentio("run", "--quiet", "--duration", 0.1, *ports).exit_code != 0


def test_models_are_listed_and_verified() -> None:
    rows = json.loads(sentio("models", "list", "--json").output)
    assert {"face_crop", "face_landmarks", "face_blendshapes", "voice", "body", "eeg_workload"} <= {
        row["name"] for row in rows
    }
    verified = sentio("models", "verify")
    assert verified.exit_code == 0, verified.output
    assert "body: verified" in verified.output


def test_devices_never_fails() -> None:
    # A separate process: PortAudio lists the microphones only once per process.
    done = subprocess.run(
        [sys.executable, "-m", "sentio_bridge", "devices", "--wait", "0.1"],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0
    for title in ("Cameras", "Microphones", "LSL streams", "BrainFlow", "Models"):
        assert title in done.stdout


def test_devices_names_the_command_for_each_missing_extra() -> None:
    missing = ("av", "sounddevice", "pylsl", "brainflow", "bleak")
    without = "import sys\n" + "".join(f"sys.modules[{name!r}] = None\n" for name in missing)
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            without + "from sentio_bridge.cli.app import main\nmain()",
            "devices",
        ],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    for extra in ("camera", "microphone", "lsl", "eeg", "ble"):
        assert f"→ pip install 'sentio-affect[{extra}]'" in done.stdout


def test_play_reports_a_missing_file(tmp_path: Path) -> None:
    result = sentio("play", tmp_path / "nothing.npz")
    assert result.exit_code == 1
    assert "does not exist" in result.output


def test_listen_without_a_sidecar_fails_with_the_reason() -> None:
    arguments = "listen", "--endpoint", "tcp://127.0.0.1:9", "--duration", "0.2", "--json"
    result = sentio(*arguments)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "start a sidecar with: sentio run --demo" in " ".join(result.stderr.split())
    result = sentio(*arguments, "--topic", "event")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "no message of event from tcp://127.0.0.1:9 yet" in " ".join(result.stderr.split())


def test_profile_commands_report_an_empty_folder(tmp_path: Path) -> None:
    assert "no profiles" in sentio("profile", "list", "--folder", tmp_path).output
    assert sentio("profile", "show", "nobody", "--folder", tmp_path).exit_code == 1


def test_report_writes_a_page_of_a_recording(tmp_path: Path) -> None:
    recording = Path(__file__).parents[3] / "examples" / "recordings" / "simulated"
    page = tmp_path / "page.html"
    result = sentio("report", recording, "--out", page)
    assert result.exit_code == 0, result.output
    text = page.read_text()
    assert "<svg" in text
    assert "http://" not in text.replace("http://www.w3.org", "")
    missing = sentio("report", "nobody", "--profiles", tmp_path)
    assert missing.exit_code == 1
    assert "no recording nobody, and no profile 'nobody'" in missing.stderr


@pytest.mark.parametrize("option", ["--state-port", "--control-port", "--duration"])
def test_run_refuses_options_out_of_range(option: str) -> None:
    for number in ("-1", *(("70000",) if "port" in option else ())):
        result = sentio("run", "--demo", option, number)
        assert result.exit_code == 2
        assert option in result.output


def test_listen_exits_silently_when_its_pipe_closes() -> None:
    """As in `sentio listen --json | head -1` with a running sidecar."""
    with zmq.Context() as context, context.socket(zmq.PUB) as pub:
        pub.setsockopt(zmq.LINGER, 0)
        port = pub.bind_to_random_port("tcp://127.0.0.1")
        command = [sys.executable, "-m", "sentio_bridge", "listen", "--json"]
        command += ["--endpoint", f"tcp://127.0.0.1:{port}"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            message = codec.encode_map("affect", "player", {"e": 1})
            end = time.monotonic() + 60
            while process.poll() is None and time.monotonic() < end:
                pub.send(message)
                if not process.stdout.closed and select.select([process.stdout], [], [], 0.02)[0]:
                    process.stdout.readline()
                    process.stdout.close()
            assert process.wait(1) == 1
            assert process.stderr.read() == b""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
def test_no_file_can_be_read_or_written_by_other_users(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "sentio_bridge", "config", "init", str(tmp_path / "a.toml")]
    subprocess.run(command, check=True, umask=0, capture_output=True)
    assert (tmp_path / "a.toml").stat().st_mode & 0o077 == 0
