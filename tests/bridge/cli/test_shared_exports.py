"""Tests of exports that leave the configured folders: only what the persons share."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from benchmarks.offline_session import live
from sentio_bridge.cli.app import application
from sentio_bridge.config.loader import load
from sentio_bridge.privacy.export_list import ExportList
from sentio_bridge.server.data_rights import DataRights
from sentio_bridge.server.offline_consent import decide
from sentio_recording import manifest_file

CONFIG = """
[sidecar]
control_port = 9
[privacy]
folder = "state"
[profiles]
folder = "profiles"
"""


def cli(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(application(), arguments)
    return result.exit_code, result.output


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Path:
    _, folder = live(tmp_path_factory.mktemp("rec"), "demo", 8, 2.0, '["adapt", "record"]')
    return folder


@pytest.fixture
def recording(session: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return a recording below a configured folder, which is the current one."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sentio.toml").write_text(CONFIG)
    os.utime("sentio.toml", (1.7e9, 1.7e9))
    shutil.copytree(session, tmp_path / "recordings" / "one")
    return "recordings/one"


def allow(*purposes: str) -> None:
    """Grant every sensor for exactly these purposes."""
    config = load(Path("sentio.toml"))
    for sensor in ("camera", "microphone", "eeg", "body"):
        decide(config, None, action="grant", sensor=sensor, purposes=purposes)


@pytest.mark.parametrize("form", ["csv", "frames"])
def test_export_elsewhere_needs_share(recording: str, form: str) -> None:
    for path in (recording, f"{recording}/data.xdf"):
        code, output = cli("export", path, "--to", form, "--out", "elsewhere")
        assert (code, Path("elsewhere").exists()) == (1, False)
        assert "share" in output
        assert "player" in output
    allow("adapt", "record")
    assert cli("export", recording, "--to", form, "--out", "elsewhere")[0] == 1
    allow("adapt", "record", "share")
    code, output = cli("export", recording, "--to", form, "--out", "elsewhere")
    assert code == 0, output
    decide(load(Path("sentio.toml")), None, action="withdraw", sensor="eeg", purposes=["share"])
    code, output = cli("export", recording, "--to", form, "--out", "again")
    assert code == 1
    assert "eeg" in output


def test_export_below_a_configured_folder_stays(recording: str) -> None:
    for out in ("exports/a", "recordings/a"):
        assert cli("export", recording, "--to", "csv", "--out", out)[0] == 0
    assert cli("export", recording, "--to", "csv", "--out", "exports/../b")[0] == 1


def test_erasing_finds_exports_below_a_configured_folder(recording: str) -> None:
    Path("exports").mkdir(exist_ok=True)
    Path("exports/mine.txt").write_text("of nobody")
    for form in ("csv", "frames", "bids", "parquet", "mcap", "edf"):
        for out in (f"exports/{form}", f"recordings/{form}/a"):
            code, output = cli("export", recording, "--to", form, "--out", out)
            assert code == 0 or "no regular signal" in output, output
    listed = cli("data", "list", "--subject", "player")[1]
    assert "exports/bids" in listed.replace("\n", "")
    assert cli("data", "erase", "--subject", "player", "--yes")[0] == 0
    left = [path for place in ("exports", "recordings") for path in Path(place).rglob("*")]
    assert [str(path) for path in left] == ["exports/mine.txt"]
    assert "exports" not in cli("data", "list")[1]


def test_erasing_leaves_the_dataset_of_others(tmp_path: Path) -> None:
    exports = ExportList(tmp_path / "state")
    shared, out = ["dataset_description.json", "participants.tsv"], tmp_path / "bids"
    for label in ("07", "08"):
        (out / f"sub-{label}").mkdir(parents=True)
        for name in (own := f"sub-{label}/x_events.tsv", *shared):
            (out / name).write_text("participant_id\nsub-07\nsub-08\n")
        exports.add(out, [f"p{label}"], [out / name for name in (own, *shared)])
    exports.delete(out, "p07", [tmp_path])
    assert not (out / "sub-07").exists()
    assert (out / "sub-08/x_events.tsv").exists()
    assert (out / shared[0]).exists()
    assert (out / shared[1]).read_text() == "participant_id\nsub-08\n"
    assert [export.subjects for export in exports.all()] == [["p08"]]
    exports.delete(out, "p08", [tmp_path])
    assert not out.exists()


def test_foreign_recordings_are_exported_anywhere(recording: str) -> None:
    shutil.move(recording, "foreign")
    assert cli("export", "foreign", "--to", "csv", "--out", "elsewhere")[0] == 0


def test_copy_of_a_person_needs_share_or_is_for_the_person(recording: str) -> None:
    everything = ("data", "export", "--subject", "player")
    allow("adapt", "record")
    assert cli(*everything)[0] == 0
    code, output = cli(*everything, "--out", "elsewhere")
    assert (code, Path("elsewhere").exists()) == (1, False)
    assert "share" in output
    code, output = cli(*everything, "--out", "elsewhere", "--for-person")
    assert code == 0, output
    allow("adapt", "record", "share")
    assert cli(*everything, "--out", "shared")[0] == 0


@pytest.mark.parametrize("file", ["", "/data.xdf"])
def test_replay_to_another_machine_needs_share(recording: str, file: str) -> None:
    output = '[[output]]\ntype = "osc"\nhost = "192.0.2.7"\n'
    Path("elsewhere.toml").write_text(CONFIG + output)
    allow("adapt", "record")
    ports = ("--state-port", "0", "--control-port", "0")
    code, shown = cli("replay", recording + file, *ports, "--config", "elsewhere.toml")
    assert code == 1
    assert "an output to another machine needs the purpose share of player" in shown
    assert "grant body --subject player --for adapt --for record --for share" in shown
    allow("adapt", "record", "share")
    rights = DataRights(load(Path("elsewhere.toml")))
    rights.check_sent(Path(recording), manifest_file.read(Path(recording)))
