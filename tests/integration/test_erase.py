"""Tests of export and erasing: nothing of the person stays in any folder."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cheap_keys import cheap_keys
from typer.testing import CliRunner, Result

from sentio_bridge.cli.app import application
from sentio_bridge.privacy.audit import Audit
from sentio_recording.recording import Recording
from sentio_recording.repair import verify

from .conftest import Sidecar

Run = Callable[..., Sidecar]

CONFIG = """
subjects = ["anna-77", "bert-88"]
[profiles]
folder = "{folder}/profiles"
encrypt = "{encrypt}"
[recording]
encrypt = "{encrypt}"
folder = "{folder}/recordings"
start = true
media = {{ sound = "flac" }}
[privacy]
folder = "{folder}/state"
exports = "{folder}/exports"
[sidecar]
control_port = 9
[consent]
camera = ["adapt", "record", "record_raw"]
microphone = ["adapt", "record", "record_raw"]
eeg = ["adapt", "record", "record_raw"]
body = ["adapt", "record", "record_raw"]
text = ["adapt", "record"]
[[source]]
type = "simulate"
subject = "anna-77"
roles = ["face", "audio", "eeg", "ppg", "eda"]
[[source]]
type = "simulate"
subject = "bert-88"
roles = ["face", "eeg", "eda"]
"""


def cli(*arguments: str) -> Result:
    return CliRunner().invoke(application(arguments[0]), arguments)


def holding(folder: Path, needle: bytes) -> list[Path]:
    """Return every file that has the bytes in its name or content."""
    return [
        path
        for path in folder.rglob("*")
        if path.is_file() and (needle in path.read_bytes() or needle.decode() in path.name)
    ]


def record(run: Run, tmp_path: Path, encrypt: str = "") -> Path:
    """Run a session of two people with every file; return its configuration."""
    config = tmp_path / "two.toml"
    config.write_text(CONFIG.format(folder=tmp_path.as_posix(), encrypt=encrypt))
    sidecar = run(config)
    for subject in ("anna-77", "bert-88"):
        sidecar.until(
            f"detail/{subject}".encode(),
            lambda d: d["modalities"].get("eeg", {}).get("state") == "ok",
        )
        sidecar.request("marker", subject=subject, name=f"secret of {subject}")
        sidecar.request("label", subject=subject, name="arousal", value=0.5)
        sidecar.request("text", subject=subject, line="I like this game")
        sidecar.request("consent", subject=subject, action="grant", sensor="body", by=subject,
                        purposes=["adapt", "record"], text=f"agreed, {subject}?")  # fmt: skip
    sidecar.request("record", action="stop")
    sidecar.end()
    return config


def test_person_of_an_encrypted_recording_is_erased_with_the_key(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SENTIO_KEYS", str(tmp_path / "keys"))
    monkeypatch.setenv("SENTIO_PASSPHRASE", "a passphrase")
    cheap_keys(tmp_path / "keys", "a passphrase")
    config = str(record(run, tmp_path, "passphrase"))
    (recording,) = (tmp_path / "recordings").iterdir()
    for needle in (b"anna-77", b"bert-88", b"secret of"):
        assert holding(recording, needle) == []
    assert verify(recording).ok
    copies = tmp_path / "recordings" / "old" / "copy"
    shutil.copytree(recording, copies)
    elsewhere = Path(shutil.copytree(recording, tmp_path / "elsewhere"))
    listed = cli("data", "list", "--subject", "anna-77", "--config", config).output
    assert listed.count("recording ") == 2
    assert "key " in listed
    exported = cli("data", "export", "--subject", "anna-77", "--config", config)
    assert exported.exit_code == 0, exported.output
    (out,) = (tmp_path / "exports").iterdir()
    assert holding(out, b"secret of anna-77")
    assert holding(out, b"bert-88") == []

    erased = cli("data", "erase", "--subject", "anna-77", "--yes", "--config", config)
    assert erased.exit_code == 0, erased.output
    for name in ("recordings", "profiles", "exports", "keys"):
        assert holding(tmp_path / name, b"anna-77") == []
    for folder in (recording, copies):
        assert verify(folder).ok
        with Recording(folder) as after:
            assert [text for _, text in after.texts("markers")] == ["secret of bert-88"]
            assert not any("anna-77" in repr(info) for info in after.streams.values())
    with Recording(elsewhere) as lost:  # a copy that Sentio does not know has lost its key
        assert [text for _, text in lost.texts("markers")] == ["secret of bert-88"]
        assert not any("anna-77" in text for _, text in lost.texts("hub"))
        people = {info.meta.get("meta_subject", "") for info in lost.streams.values()}
        assert "anna-77" not in people
        assert "bert-88" in people


def test_an_erased_person_is_in_no_configured_folder(run: Run, tmp_path: Path) -> None:
    config = str(record(run, tmp_path))
    listed = cli("data", "list", "--config", config).output
    assert "anna-77:" in listed
    assert "with others" in listed

    exported = cli("data", "export", "--subject", "anna-77", "--config", config)
    assert exported.exit_code == 0, exported.output
    (out,) = (tmp_path / "exports").iterdir()
    assert "Data of anna-77" in (out / "README.txt").read_text()
    assert list(out.rglob("*.csv"))
    assert list(out.rglob("*.flac"))
    assert holding(out, b"agreed, anna-77?")
    assert holding(out, b"bert-88") == []

    (recording,) = (tmp_path / "recordings").iterdir()
    with Recording(recording) as before:
        kept = {
            info.name: before.samples(n)[1]
            for n, info in before.streams.items()
            if info.meta.get("meta_subject") == "bert-88"
        }
    erased = cli("data", "erase", "--subject", "anna-77", "--yes", "--config", config)
    assert erased.exit_code == 0, erased.output

    places = [tmp_path / name for name in ("recordings", "profiles", "exports", "state")]
    assert [path for place in places for path in holding(place, b"anna-77")] == []
    assert holding(tmp_path / "state" / "texts", b"bert-88")
    assert verify(recording).ok
    with Recording(recording) as after:
        again = {
            info.name: after.samples(n)[1]
            for n, info in after.streams.items()
            if info.meta.get("meta_subject") == "bert-88"
        }
        assert [text for _, text in after.texts("markers")] == ["secret of bert-88"]
        assert any("bert-88" in text for _, text in after.texts("estimates"))
    assert again.keys() == kept.keys()
    assert all((again[name] == kept[name]).all() for name in kept)

    audit = Audit(tmp_path / "state")
    assert audit.verify().problem == ""
    assert [e.kind for e in audit.entries()][-1] == "erasure"
    assert "anna-77" not in cli("audit", "show", "--config", config).output
    gone = cli("data", "erase", "--subject", "anna-77", "--yes", "--config", config)
    assert gone.exit_code == 1
    last = cli("data", "erase", "--subject", "bert-88", "--yes", "--config", config)
    assert last.exit_code == 0, last.output
    assert list((tmp_path / "recordings").iterdir()) == []


def test_withdrawing_with_erase_removes_what_rests_on_the_sensor(run: Run, tmp_path: Path) -> None:
    config = tmp_path / "two.toml"
    config.write_text(CONFIG.format(folder=tmp_path.as_posix(), encrypt=""))
    sidecar = run(config)
    for modality in ("eeg", "body"):
        sidecar.until(
            b"detail/anna-77",
            lambda d, m=modality: d["modalities"].get(m, {}).get("state") == "ok",
        )
    reply = sidecar.request(
        "consent", subject="anna-77", action="withdraw", sensor="eeg", erase=True
    )
    assert reply["ok"], reply
    assert reply["problems"] == []
    assert reply["consent"]["eeg"] == []
    assert len(reply["erased"]) == 1
    sidecar.until(b"detail/anna-77", lambda d: not d["recording"]["active"])
    sidecar.end()
    (recording,) = (tmp_path / "recordings").iterdir()
    assert verify(recording).ok
    with Recording(recording) as left:
        streams = [
            (info.meta.get("meta_subject"), info.meta.get("role")) for info in left.streams.values()
        ]
        assert ("anna-77", "eeg") not in streams
        assert ("bert-88", "eeg") in streams
        assert ("anna-77", "eda") in streams
        estimates = [text for _, text in left.texts("estimates") if "anna-77" in text]
        assert estimates
        assert not any('"eeg"' in text for text in estimates)
        names = {info.name for info in left.streams.values()}
        assert "affect/anna-77" not in names
        assert "affect/bert-88" in names

    file = ("--subject", "anna-77", "--config", str(config))
    raw = cli("consent", "withdraw", "body", "--for", "record_raw", "--erase", *file)
    assert raw.exit_code == 0, raw.output
    stated = raw.output.index("body: erases recorded raw samples")
    assert stated < raw.output.index("erased recording"), "it is stated before it acts"
    assert verify(recording).ok
    with Recording(recording) as left:
        roles = {
            info.meta.get("role")
            for info in left.streams.values()
            if info.meta.get("meta_subject") == "anna-77"
        }
        assert not {"eda", "ppg"} & roles
        assert {"face", "audio"} <= roles
        texts = [text for _, text in left.texts("estimates") if "anna-77" in text]
    assert texts == estimates, "what was recorded for another purpose stays"
