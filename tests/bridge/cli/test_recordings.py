"""`sentio recordings`, and expired recordings at the start of a sidecar."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from msgspec.structs import replace
from typer.testing import CliRunner

from sentio_bridge.cli.app import application
from sentio_bridge.cli.recordings import sweep
from sentio_bridge.config.loader import Recording
from sentio_bridge.privacy.audit import Audit
from sentio_recording.manifest import Clocks, Manifest, decode, encode
from sentio_recording.sealed.key_folder import KeyFolder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Create two recordings, of which ``old`` has expired."""
    for name, expires in (("old", "2020-02-01T00:00:00+00:00"), ("young", "")):
        (tmp_path / "all" / name).mkdir(parents=True)
        clocks = Clocks(monotonic=1.0, wall="2020-01-01T10:30:00+00:00")
        file = tmp_path / "all" / name / "manifest.json"
        file.write_bytes(encode(Manifest(id=name, clocks=clocks, expires=expires)))
        os.utime(file, (time.time() - 3600,) * 2)
    return tmp_path / "all"


def remaining(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.is_dir())


def sentio(*arguments: object, answer: str = "") -> tuple[int, str]:
    done = CliRunner().invoke(
        application("recordings"), ["recordings", *map(str, arguments)], input=answer
    )
    return done.exit_code, done.output


def _refuse(path: Path) -> None:
    raise PermissionError(13, "Permission denied", str(path))


def test_list_shows_dates_and_expiry(folder: Path) -> None:
    code, output = sentio("list", folder)
    assert code == 0
    old, young = output.splitlines()
    assert "2020-01-01 10:30 UTC" in old
    assert "expired on 2020-02-01" in old
    assert "no expiry" in young


def test_prune_deletes_only_expired_recordings_after_confirmation(folder: Path) -> None:
    assert sentio("prune", folder, answer="n\n")[0] == 1
    assert sentio("prune", folder)[0] == 1  # no answer
    assert remaining(folder) == ["old", "young"]
    code, output = sentio("prune", folder, answer="y\n")
    assert (code, "deleted 1 recording" in output) == (0, True)
    assert remaining(folder) == ["young"]
    assert "nothing has expired" in sentio("prune", folder, "--yes")[1]
    assert sentio("prune", folder / "nowhere")[0] == 2


def test_default_folder_is_configured(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder.parent)
    assert "no recordings in recordings" in sentio("list")[1]
    Path("sentio.toml").write_text('[recording]\nfolder = "all"\n')
    assert sentio("prune", "--yes")[0] == 0
    assert remaining(folder) == ["young"]


def test_sweep_deletes_only_if_configured(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    notice = sweep(Recording(folder=str(folder)))
    assert f"1 recording in {folder} expired: sentio recordings prune {folder}" == notice
    assert remaining(folder) == ["old", "young"]
    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", _refuse)
        assert "cannot be deleted" in sweep(Recording(folder=str(folder), delete_expired=True))
    assert "deleted 1 recording" in sweep(Recording(folder=str(folder), delete_expired=True))
    assert remaining(folder) == ["young"]
    assert sweep(Recording(folder=str(folder))) == ""


def test_sweep_deletes_nothing_at_a_start_far_after_the_last_one(folder: Path) -> None:
    long_ago = (time.time() - 40 * 86_400,) * 2
    for file in folder.rglob("manifest.json"):
        os.utime(file, long_ago)
    notice = sweep(Recording(folder=str(folder), delete_expired=True))
    assert "far after the last start" in notice
    assert f"sentio recordings prune {folder}" in notice
    assert remaining(folder) == ["old", "young"]


def test_what_expired_is_deleted_with_its_keys_and_noted_in_the_audit(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SENTIO_KEYS", str(folder.parent / "keys"))
    monkeypatch.setenv("SENTIO_PASSPHRASE", "correct horse battery staple")
    keys = KeyFolder()
    made = keys.create(keys.lock("passphrase"), ["ana"])
    manifest = folder / "old" / "manifest.json"
    manifest.write_bytes(encode(replace(decode(manifest.read_bytes()), sealed=made.id)))
    os.utime(manifest, (time.time() - 3600,) * 2)
    audit = Audit(folder.parent / "state", keys=folder.parent)
    assert "deleted 1" in sweep(Recording(folder=str(folder), delete_expired=True), audit)
    assert keys.ids() == []
    noted = [(entry.kind, entry.data) for entry in audit.entries()]
    assert noted == [("retention", {"recordings": 1})]
