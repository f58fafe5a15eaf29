"""Tests of exports that leave the configured folders: only what the persons share."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from benchmarks.offline_session import live
from sentio_bridge.affect.personal.profile import Profile
from sentio_bridge.cli.app import application
from sentio_bridge.config.loader import load
from sentio_bridge.privacy.export_list import ExportList
from sentio_bridge.profiles.store import ProfileStore
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
    result = CliRunner().invoke(application(arguments[0]), arguments)
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


@pytest.mark.parametrize("manifest", [None, b"{"])
def test_a_recording_without_its_manifest_is_shared_and_listed_as_others(
    recording: str, manifest: bytes | None
) -> None:
    """A crash or damage must not open a way around the consent."""
    allow("adapt", "record")
    (Path(recording) / "manifest.json").unlink()
    if manifest is not None:
        (Path(recording) / "manifest.json").write_bytes(manifest)
    code, output = cli("export", recording, "--to", "csv", "--out", "elsewhere")
    assert (code, Path("elsewhere").exists()) == (1, False)
    assert "share" in output
    assert cli("export", recording, "--to", "csv", "--out", "exports/a")[0] == 0
    assert cli("data", "erase", "--subject", "player", "--yes")[0] == 0
    assert not list(Path("exports").rglob("*"))
    assert not Path(recording).exists()


@pytest.mark.parametrize(
    "command",
    [
        ("replay", "recordings/one", "--as-lsl"),
        ("play", "recordings/one"),
        ("play", "recordings/one/data.xdf"),
        ("analyze", "recordings", "--out", "set", "--dask", "tcp://127.0.0.1:9"),
    ],
)
def test_what_other_machines_can_read_needs_share(recording: str, command: tuple[str, ...]) -> None:
    """LSL streams can be read in the whole network; workers of Dask may be anywhere."""
    code, output = cli(*command)
    assert code == 1
    assert "another machine needs the purpose share of player" in output.replace("\n", " ")


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


def test_erasing_finds_what_was_computed_from_a_recording(recording: str, tmp_path: Path) -> None:
    """Analyses, reports and plots, wherever they are: a second person's stay."""
    Path("results").mkdir()
    assert cli("analyze", "recordings", "--out", "results/set")[0] == 0
    for out in ("results/page.html", "exports.html"):
        assert cli("report", recording, "--out", out)[0] == 0
    plots = ("--png", "results/a.png", "--html", "recordings/a.html")
    assert cli("inspect", recording, *plots)[0] == 0
    store = ProfileStore(Path("profiles"))
    store.save("mine", Profile(subject="player", created="2026-01-01T00:00:00+00:00"))
    assert cli("report", "mine", "--profiles", "profiles", "--out", "results/mine.html")[0] == 0
    Path("results/other.txt").write_text("of another program")
    listed = cli("data", "list", "--subject", "player")[1].replace("\n", "")
    for name in ("results/set", "results/page.html", "exports.html", "a.png", "mine.html"):
        assert name in listed, listed
    code, output = cli("data", "erase", "--subject", "player", "--yes")
    assert code == 0, output
    assert "not in any list" not in output
    left = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*")}
    kept = {"sentio.toml", "results", "results/other.txt", "profiles", "recordings", "state"}
    assert {path for path in left if not path.startswith("state/")} == kept


def test_computed_again_is_listed_once(recording: str) -> None:
    for _ in range(2):
        assert cli("report", recording, "--out", "page.html")[0] == 0
    assert cli("data", "list", "--subject", "player")[1].replace("\n", "").count("page.html") == 1


def test_erasing_names_files_that_are_in_no_list(recording: str, tmp_path: Path) -> None:
    """Exports of another folder's configuration, files of other programs, links."""
    old = Path("exports/old")
    old.mkdir(parents=True)
    (old / "affect_player.csv").write_text("time,arousal\n1,0.5\n")
    (old / "notes.bin").write_bytes(b"\0\1player\0")
    (old / "players.txt").write_text("two players, player1")
    (old / "empty").touch()
    os.mkfifo(old / "x.xdf")  # reading it would wait for ever
    shutil.move(recording, tmp_path / "elsewhere")
    Path("recordings/link").symlink_to(tmp_path / "elsewhere")
    (old / "moved.mkv").symlink_to(tmp_path / "elsewhere" / "data.xdf")
    shutil.copytree("elsewhere", "recordings/one")
    listed = cli("data", "list", "--subject", "player")[1].replace("\n", "")
    code, output = cli("data", "erase", "--subject", "player", "--yes")
    assert code == 0, output
    for text in (listed, output.replace("\n", "")):
        assert text.count("not in any list") == 4, text
        for name in ("affect_player.csv", "notes.bin", "recordings/link", "moved.mkv"):
            assert name in text
    assert (old / "notes.bin").exists()
    assert not Path("recordings/one").exists()


def test_erasing_names_where_a_link_in_a_recording_led(recording: str, tmp_path: Path) -> None:
    """Large files of a recording may be on another disk."""
    moved = tmp_path / "disk" / "data.xdf"
    moved.parent.mkdir()
    shutil.move(Path(recording) / "data.xdf", moved)
    (Path(recording) / "data.xdf").symlink_to(moved)
    (Path(recording) / "loop").symlink_to("loop")
    code, output = cli("data", "erase", "--subject", "player", "--yes")
    assert code == 0, output
    assert not Path(recording).exists()
    assert f"not erased: {moved}" in output.replace("\n", "")


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


def test_erasing_an_export_elsewhere_leaves_the_folder_around_it(tmp_path: Path) -> None:
    exports, out = ExportList(tmp_path / "state"), tmp_path / "usb" / "set"
    (out / "frames").mkdir(parents=True)
    (out / "frames" / "a.parquet").touch()
    exports.add(out, ["p07"], [out / "frames" / "a.parquet"])
    exports.delete(out, "p07", [tmp_path / "recordings"])
    assert list((tmp_path / "usb").iterdir()) == []


def test_a_list_of_another_person_deletes_no_file_apart_from_the_place_it_names(
    tmp_path: Path,
) -> None:
    mine, out = tmp_path / "mine" / "thesis.txt", tmp_path / "exports" / "a"
    for file in (mine, out / "b.csv", tmp_path / "exports" / "a_sub-01.edf"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    (out / "link").symlink_to(tmp_path / "mine")
    exports = ExportList(tmp_path / "state")
    files = [out / "b.csv", tmp_path / "exports" / "a_sub-01.edf"]
    exports.add(out, ["p07"], files)
    listed = tmp_path / "state" / "exports.jsonl"
    for wrong in (mine, out / "link" / "thesis.txt", out / ".." / ".." / "mine" / "thesis.txt"):
        line = {"out": str(out), "subjects": ["p07"], "files": [str(wrong), *map(str, files)]}
        listed.write_text(listed.read_text() + json.dumps(line) + "\n")
    exports.delete(out, "p07", [tmp_path / "exports"])
    assert mine.exists()
    assert not any(file.exists() for file in files)


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
    assert "--for-person" in output
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
    rights.check_sent(manifest_file.read(Path(recording)), ["player"])
