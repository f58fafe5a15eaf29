"""Commands that send requests to a running sidecar."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from sentio_bridge.cli.app import application
from sentio_bridge.cli.study_session import TEMPLATE, folder_name
from sentio_bridge.client import Requester
from sentio_bridge.errors import RequestError
from sentio_recording.recording import Recording

from .conftest import Sidecar, free_port, sidecars

CONFIGURATION = """
[recording]
folder = "{folder}"
[consent]
body = ["adapt", "record"]
[[source]]
type = "simulate"
sensors = ["body"]
roles = ["ppg"]
"""

Command = Callable[..., Result]


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("recordings")


@pytest.fixture(scope="module")
def sidecar(recordings: Path) -> Iterator[Sidecar]:
    """Sidecar of all tests; each undoes what it has changed."""
    with sidecars(recordings) as start:
        yield start(CONFIGURATION.format(folder=recordings))


@pytest.fixture
def sentio(sidecar: Sidecar) -> Command:
    """Return a function that runs a command against the sidecar."""

    def run_command(*arguments: str) -> Result:
        # A port is enough: the endpoint is on this machine.
        return CliRunner().invoke(
            application(arguments[0]), [*arguments, "--control", str(sidecar.ports[1])]
        )

    return run_command


def detail(sidecar: Sidecar) -> dict[str, Any]:
    found: dict[str, Any] = sidecar.request("status")["detail"]
    return found


def test_freeze_and_unfreeze(sidecar: Sidecar, sentio: Command) -> None:
    assert "frozen: the phone rings" in sentio("freeze", "the phone rings").output
    assert detail(sidecar)["frozen"]
    assert sentio("unfreeze").exit_code == 0
    assert not detail(sidecar)["frozen"]


def test_override_and_release(sidecar: Sidecar, sentio: Command) -> None:
    assert "dominance = 0.25" in sentio("override", "dominance=0.25", "--seconds", "60").output
    assert detail(sidecar)["overrides"] == {"dominance": 0.25}
    assert "nothing" in sentio("override", "dominance=").output
    assert detail(sidecar)["overrides"] == {}


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("override", "dominance"), "is not NAME=VALUE"),
        (("override", "dominanse=1"), "is not in the affect vector"),
        (("override", "stress=much"), "is not NAME=VALUE"),
        (("override", "stress=nan"), "is not NAME=VALUE"),
        (("marker", "boss", "--data", "[1]"), "is not a JSON object"),
        (("marker", "boss", "--data", "{"), "is not a JSON object"),
        (("session", "start", "--participant", "P 1"), "other than letters and digits"),
        (("session", "start", "--participant", "P1", "--template", "{name}"), "not a field"),
    ],
)
def test_invalid_arguments_are_refused(
    sentio: Command, arguments: tuple[str, ...], problem: str
) -> None:
    result = sentio(*arguments)
    assert result.exit_code == 1
    assert problem in result.output


def test_session_of_a_study_has_markers_and_labels(sentio: Command, recordings: Path) -> None:
    participant = ("session", "start", "--participant", "P07", "--visit", "2", "--task", "rest")
    for run in ("01", "02"):
        started = sentio(*participant)
        assert f"sub-P07_ses-2_task-rest_run-{run}" in started.output
        assert "a recording is running" in sentio(*participant).output
        assert sentio("marker", "block_start", "--data", '{"block": 1}').exit_code == 0
        assert "arousal = 0.5" in sentio("label", "arousal", "0.5").output
        assert "recorded" in sentio("session", "stop").output
    with Recording(recordings / "sub-P07_ses-2_task-rest_run-02") as recording:
        assert recording.manifest is not None
        assert recording.manifest.purpose == "research"
        assert [text for _, text in recording.texts("markers")] == ["block_start"]
        assert len(recording.texts("labels")) == 1
    again = sentio(*participant, "--run", "1")
    assert again.exit_code == 1
    assert "already exists" in again.output


def test_typing_error_of_a_known_marker_is_noted(sentio: Command) -> None:
    assert "is it a typing error?" in sentio("marker", "Success").output
    assert "typing error" not in sentio("marker", "success").output
    assert "typing error" not in sentio("marker", "door_opens").output


def test_no_sidecar_is_reported_with_the_command_that_starts_one() -> None:
    result = CliRunner().invoke(application("marker"), ["marker", "a", "--control", "9"])
    assert result.exit_code == 1
    assert "tcp://127.0.0.1:9" in result.output
    assert "sentio run" in result.output


@pytest.mark.parametrize("text", ["", "x", "tcp://host", "0", "70000", ":28701", "1.5"])
def test_invalid_endpoint_is_refused(text: str) -> None:
    result = CliRunner().invoke(application("unfreeze"), ["unfreeze", "--control", text])
    assert result.exit_code == 2


def test_template_of_the_folder() -> None:
    values: dict[str, Any] = {"participant": "P1", "visit": "01", "task": "rest", "run": 3}
    assert folder_name(TEMPLATE, values) == "sub-P1_ses-01_task-rest_run-03"
    for template in ("{run:q}", "{run", "{}", "{participant.x}", "{0}"):
        with pytest.raises(RequestError, match="--template"):
            folder_name(template, values)


def test_typing_errors_get_the_nearest_word(sentio: Command) -> None:
    assert "did you mean 'arousal'?" in sentio("label", "arousl", "0.5").output
    assert "did you mean 'stress'?" in sentio("override", "stres=0.5").output
    assert "is it a typing error?" in sentio("marker", "challeng").output


def test_every_command_reports_a_wrong_token(sentio: Command, sidecar: Sidecar) -> None:
    wrong = "--token", "not-a-token-of-this-sidecar"
    for command in (
        ("marker", "x"), ("label", "stress", "0.5"), ("freeze",), ("unfreeze",),
        ("override", "stress=0.5"), ("status",), ("record", "start"), ("shutdown",), ("devices",),
        ("session", "start", "--participant", "p"), ("calibrate",), ("consent", "show"),
        ("consent", "grant", "body", "--yes"), ("consent", "withdraw", "body"),
    ):  # fmt: skip
        result = sentio(*command, *wrong)
        assert result.exit_code != 0, command
        assert "token is unknown" in result.output, command
    arguments = ["listen", "--state", str(sidecar.ports[0]), *wrong, "--duration", "5"]
    listened = CliRunner().invoke(application(arguments[0]), arguments)
    assert listened.exit_code == 1
    assert "refuses the token" in " ".join(listened.output.split())


@pytest.mark.parametrize(
    "command",
    [
        ("marker", "x"), ("label", "stress", "0.5"), ("freeze",), ("unfreeze",),
        ("override", "stress=0.5"), ("status",), ("record", "start"), ("shutdown",),
        ("calibrate",), ("consent", "show"),
    ],
)  # fmt: skip
def test_every_command_reports_a_missing_sidecar(
    command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sentio_bridge.transport.client.Requester", partial(Requester, timeout=0.2))
    arguments = [*command, "--control", str(free_port())]
    result = CliRunner().invoke(application(arguments[0]), arguments)
    assert result.exit_code == 1
    assert "is the sidecar running?" in result.output


def asking(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield the option for the port of each command that asks a sidecar."""
    for name, child in getattr(command, "commands", {}).items():
        yield from asking(child, (*path, name))
    for option in command.params:
        if "--endpoint" in option.opts and path != ("devices",):  # searches by itself without it
            yield path, option


def test_every_command_without_a_port_uses_that_of_sentio_toml() -> None:
    found = dict(asking(typer.main.get_command(application())))
    assert {("status",), ("marker",), ("record",), ("listen",), ("profile", "train")} <= set(found)
    # A port as default would hide the configured one.
    assert [path for path, option in found.items() if option.default is not None] == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("status",),
        ("record", "status"),
        ("marker", "door_opens"),
        ("label", "arousal", "0.5"),
        ("override", "dominance="),
        ("unfreeze",),
        ("session", "stop"),
        ("consent", "show"),
        ("listen", "--json", "--count", "1", "--duration", "20"),
    ],
    ids=" ".join,
)
def test_ports_of_sentio_toml_in_the_working_folder(
    sidecar: Sidecar, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    state, control = sidecar.ports
    text = f"[sidecar]\nstate_port = {state}\ncontrol_port = {control}\n"
    (tmp_path / "sentio.toml").write_text(text)
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(application(arguments[0]), arguments)
    assert result.exit_code == 0, result.output
    if arguments[0] == "listen":
        assert json.loads(result.output.splitlines()[0])["topic"]


def test_an_invalid_sentio_toml_is_named(
    sidecar: Sidecar, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sentio.toml").write_text("[sidecar]\ncontrol_prot = 1\n")
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(application("status"), ["status"])
    assert result.exit_code == 2
    assert "did you mean 'control_port'?" in " ".join(result.output.split())
    given = CliRunner().invoke(
        application("status"), ["status", "--control", str(sidecar.ports[1])]
    )
    assert given.exit_code == 0, given.output
