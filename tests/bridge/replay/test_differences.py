"""A replay that may give other numbers states why before it starts."""

from __future__ import annotations

from pathlib import Path

import msgspec
from typer.testing import CliRunner

from sentio_bridge.cli.app import application
from sentio_bridge.replay.differences import differences
from sentio_bridge.version import VERSION
from sentio_recording.manifest import Clocks, Manifest

OLD_RECORDING = Path(__file__).parent / "data" / "commands_v1_whole"


def manifest(software: str, models: dict[str, str]) -> Manifest:
    return Manifest(id="a", clocks=Clocks(monotonic=0.0, wall=""), software=software, models=models)


def test_same_version_and_models_have_no_differences() -> None:
    same = manifest(f"sentio {VERSION}", {"body": "ab" * 32})
    assert differences(same, {"body": "ab" * 32, "face": "cd" * 32}) == []


def test_version_changed_model_and_missing_model_are_named() -> None:
    recorded = manifest("sentio 0.0.1", {"body": "ab" * 32, "mine": "ef" * 32})
    version, body, mine = differences(recorded, {"body": "cd" * 32})
    assert version == f"recorded by sentio 0.0.1, this is sentio {VERSION}"
    assert body == f"model body is {'cd' * 8}, recorded with {'ab' * 8}"
    assert mine == f"model mine ({'ef' * 8}) is not available here"


def test_sensors_that_were_used_and_not_recorded_are_named() -> None:
    consent = {
        "ann": {"body": ["adapt"], "eeg": ["adapt", "record"], "camera": ["record"]},
        "ben": {"body": ["adapt", "record"]},
    }
    recorded = msgspec.structs.replace(manifest("", {}), consent=consent)
    assert differences(recorded, {}) == ["body of ann: without consent to be recorded at the start"]
    again = differences(recorded, {}, named=["ann"])  # by name once, in the sentence before
    assert again == ["the sensors of ann without the purpose record"]


def test_command_warns_before_a_recording_of_other_models_is_replayed(tmp_path: Path) -> None:
    copy = tmp_path / "old"
    copy.mkdir()
    for file in OLD_RECORDING.iterdir():
        (copy / file.name).write_bytes(file.read_bytes())
    body = msgspec.json.decode((copy / "manifest.json").read_bytes())
    body["models"] = {"body": "00" * 32}
    (copy / "manifest.json").write_bytes(msgspec.json.encode(body))
    arguments = ["replay", str(copy), "--speed", "max", "--port", "0", "--control-port", "0"]
    result = CliRunner().invoke(application(arguments[0]), arguments)
    assert result.exit_code == 0
    assert "recomputed numbers can differ" in result.stderr
    assert "recorded with 0000000000000000" in result.stderr
