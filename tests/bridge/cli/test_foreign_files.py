"""Tests of every command on files of other programs."""

from __future__ import annotations

import csv
import gzip
import json
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from tests.packages import require
from tests.recording.test_data_file import EDA, T, xdf
from tests.sensors.files import written as w
from tests.sensors.files import written_lab as lab
from typer.testing import CliRunner

from sentio_bridge.batch.runner import find
from sentio_bridge.cli.app import application
from sentio_recording.xdf.headers import StreamInfo
from sentio_sensors import Channel

require("pandas")

PORTS = ("--speed", "max", "--port", "0", "--control-port", "0")


def sentio(*arguments: object) -> tuple[int, str]:
    done = CliRunner().invoke(
        application(*map(str, arguments[:1])), [str(argument) for argument in arguments]
    )
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.output


def inspected(*arguments: object) -> dict[str, tuple[str, float, int]]:
    code, output = sentio("inspect", *arguments, "--json")
    assert code == 0, output
    found = json.loads(output[output.index('{"path"') :])
    return {s["name"]: (s["kind"], s["nominal_hz"], s["samples"]) for s in found["streams"]}


def packed(path: Path) -> Path:
    whole = xdf(path.with_name("x.xdf"), (EDA, T, np.full((40, 1), 2.5, np.float32)))
    path.write_bytes(gzip.compress(whole.read_bytes()))
    whole.unlink()
    return path


FILES: dict[str, tuple[Callable[[Path], Path], tuple[str, ...], str]] = {
    "e4": (lambda f: w.e4(f / "e4"), (), "e4/bvp"),
    "zip": (lambda f: w.e4_zip(f / "s.zip", w.e4(f / "e4")), (), "s/bvp"),
    "npz": (lambda f: w.e4_npz(f / "s.npz"), (), "s/bvp"),
    "avro": (lambda f: w.embrace_plus(f / "s.avro"), (), "s/bvp"),
    "openbci": (lambda f: w.openbci_5(f / "s.txt"), (), "s/eeg"),
    "brainflow": (lambda f: w.brainflow(f / "s.csv", "ganglion", 0), ("--board", "ganglion"),
                  "s/eeg"),
    "mind monitor": (lambda f: w.mind_monitor(f / "s.csv"), (), "s/eeg"),
    "shimmer": (lambda f: w.shimmer(f / "s.csv"), (), "s/ppg"),
    "polar": (lambda f: w.polar(f / "s.txt", "ecg"), (), "s/ecg"),
    "emotibit": (lambda f: w.emotibit(f / "s.csv"), (), "s/ppg"),
    "opensignals": (lambda f: w.opensignals(f / "s.txt"), (), "s/ecg"),
    "e4 server": (lambda f: lab.e4_server(f / "s.txt"), (), "s/bvp"),
    "muse-player": (lambda f: lab.muse_player(f / "s.csv"), (), "s/eeg"),
    "easy": (lambda f: lab.nic_easy(f / "s.easy", pause=0), (), "s/eeg"),
    "edf": (lambda f: w.edf(f / "s.edf"), (), "s/eeg"),
    "brainvision": (lambda f: w.brainvision(f, "s"), (), "s/eeg"),
    "table": (lambda f: w.table(f / "s.csv", "BVP", [range(640)]), ("--rate", "64"), "s/ppg"),
    "xdfz": (lambda f: packed(f / "s.xdfz"), (), "Band"),
    "xdf.gz": (lambda f: packed(f / "s.xdf.gz"), (), "Band"),
}  # fmt: skip


BESIDE = {".vhdr": 3, ".easy": 2}
"""Files of a recording that has several, by the suffix of the one that is named."""

DIFFERENT = ("e4", "zip", "edf", "table", "xdf.gz")
"""A folder, an archive, dense signals, one that needs options, and XDF: once read, all formats take
the same way through a command."""


@pytest.fixture(params=list(FILES))
def file(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, tuple[str, ...], str]:
    return _written(request.param, tmp_path)


@pytest.fixture(
    params=[n if n in DIFFERENT else pytest.param(n, marks=pytest.mark.slow) for n in FILES]
)
def kind(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, tuple[str, ...], str]:
    return _written(request.param, tmp_path)


def _written(name: str, folder: Path) -> tuple[Path, tuple[str, ...], str]:
    package = {"avro": "fastavro", "edf": "edfio", "brainvision": "mne", "brainflow": "brainflow"}
    pytest.importorskip(package.get(name, "numpy"), exc_type=ImportError)
    write, options, stream = FILES[name]
    return write(folder), options, stream


def test_inspect_and_export_show_the_same_samples(
    file: tuple[Path, tuple[str, ...], str], tmp_path: Path
) -> None:
    path, options, stream = file
    found = inspected(path, *options)
    assert stream in found
    code, output = sentio("export", path, "--to", "csv", "--out", tmp_path / "out", *options)
    assert code == 0, output
    name = stream.replace("/", "_")
    with (tmp_path / "out" / f"{name}.csv").open(newline="") as exported:
        rows = list(csv.reader(exported))
    assert len(rows) - 1 == found[stream][2]
    times = np.array([float(row[0]) for row in rows[1:]])
    assert (len(times) - 1) / (times[-1] - times[0]) == pytest.approx(found[stream][1], rel=0.02)


def test_bids_keeps_the_original_and_edf_is_readable(
    kind: tuple[Path, tuple[str, ...], str], tmp_path: Path
) -> None:
    edfio = pytest.importorskip("edfio", exc_type=ImportError)
    path, options, _ = kind
    out = tmp_path / "bids"
    code, output = sentio("export", path, "--to", "bids", "--out", out, *options)
    assert code == 0, output
    source = out / "sourcedata/sub-01/ses-01"
    kept = {f.name: f.read_bytes() for f in source.rglob("*") if f.is_file()}
    originals = list(path.iterdir()) if path.is_dir() else [path]
    if path.suffix in (".vhdr", ".easy"):  # with the files beside it that belong to it
        originals = [file for file in path.parent.glob("s.*") if file.is_file()]
        assert len(originals) == BESIDE[path.suffix]
    assert sorted(kept.values()) == sorted(f.read_bytes() for f in originals)
    assert not any(name.endswith(".xdf") for name in kept)
    code, output = sentio("export", path, "--to", "edf", "--out", tmp_path / "a.edf", *options)
    assert code == 0, output
    rates = {round(rate) for kind, rate, _ in inspected(path, *options).values() if rate >= 1}
    assert {
        round(s.sampling_frequency) for s in edfio.read_edf(tmp_path / "a.edf").signals
    } == rates


def test_replay_sends_frames(kind: tuple[Path, tuple[str, ...], str]) -> None:
    path, options, _ = kind
    code, output = sentio("replay", path, *options, *PORTS)
    assert code == 0, output
    assert int(output.split()[-2]) > 0


def test_play_sends_streams(kind: tuple[Path, tuple[str, ...], str]) -> None:
    pytest.importorskip("pylsl", exc_type=ImportError)
    path, options, stream = kind
    code, output = sentio("play", path, "--to", "0.2", *options)
    assert code == 0, output
    assert stream in output


def test_analyze_finds_recordings_of_all_kinds_in_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "study"
    folder.mkdir()
    w.e4(folder / "p01")
    w.shimmer(folder / "p02.csv")
    packed(folder / "p03.xdf.gz")
    w.table(folder / "participants.csv", "participant,age", [range(9), range(9)])
    (folder / "README.txt").write_text("Notes.\n")
    os.mkfifo(folder / "pipe")
    assert [path.name for path in find([folder])] == ["p01", "p02.csv", "p03.xdf.gz"]
    code, output = sentio("analyze", folder, "--out", tmp_path / "out")
    assert (code, "analysed 3 of 3" in output) == (0, True), output
    text = (tmp_path / "out" / "summary.html").read_text()
    assert "computed" in text


def test_analyze_takes_the_options_of_a_file(tmp_path: Path) -> None:
    path = w.table(tmp_path / "s.csv", "BVP", [np.tile(w.pulse(np.arange(64) / 64), 20).tolist()])
    code, output = sentio("analyze", path, "--out", tmp_path / "out")
    assert code == 1
    assert "--rate 128" in output
    assert sentio("analyze", path, "--rate", "64", "--out", tmp_path / "out")[0] == 0


def test_notes_and_unknown_columns_are_shown(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("time,mood\n" + "".join(f"{i / 4},{i}\n" for i in range(40)) + "3")
    code, output = sentio("play", path)
    assert code == 1
    assert "a.csv: the last line is cut and is left out" in output
    assert "--map STREAM=ROLE" in output
    assert "has no stream of a known role; streams: a/other" in output
    pytest.importorskip("pylsl", exc_type=ImportError)
    old = ("--start", "1", "--duration", "0.1")
    code, output = sentio("play", path, "--map", "mood=eda", *old)
    assert (code, "eda at 4 Hz" in output) == (0, True)
    assert "--start is now --from" in output
    assert "--duration is now --to" in output


@pytest.mark.parametrize("command", ["play", "replay"])
@pytest.mark.parametrize(
    "part", [("--from", "-1"), ("--from", "nan"), ("--from", "5", "--to", "4")]
)
def test_play_and_replay_refuse_a_part_that_does_not_exist(
    tmp_path: Path, command: str, part: tuple[str, ...]
) -> None:
    code, output = sentio(
        command, w.shimmer(tmp_path / "s.csv"), *part, *PORTS[: 2 * (command == "replay")]
    )
    assert code == 2, output
    assert "--from 0" in output or "--to 0" in output


def test_frames_of_another_programs_file_are_exported(tmp_path: Path) -> None:
    path = w.shimmer(tmp_path / "s.csv")
    code, output = sentio("export", path, "--to", "frames", "--out", tmp_path / "s.frames")
    assert code == 0, output
    assert (tmp_path / "s.frames").stat().st_size > 1000


NAMES = [
    "[red]a[/red]",
    "[/]",
    "<b>",
    "a\x1b[31mb\nc",
    "x" * 3000,
    "脳波 ♥",
    "../../a",
    "\u202eb",
    "$x$\\frac",
    "$",
]


@pytest.mark.parametrize("name", NAMES)
def test_names_are_shown_as_text(tmp_path: Path, name: str) -> None:
    marks = StreamInfo(name, "Markers", (Channel("m", ""),), 0.0, "string", "m")
    signal = StreamInfo(name, "EDA", (Channel(name, "uS"),), 4.0, "float32", "s")
    path = xdf(
        tmp_path / "a.xdf",
        (signal, T, np.ones((40, 1), np.float32)),
        (marks, T[:3], np.array([[name], [name * 3], ["ok"]], object)),
    )
    for command in (("inspect", path), ("inspect", path, "--html", tmp_path / "a.html")):
        code, output = sentio(*command)
        assert code == 0
        assert "\x1b[31m" not in output
        assert max(map(len, output.splitlines())) < 400
    assert sentio("export", path, "--to", "csv", "--out", tmp_path / "out")[0] == 0
    assert all(tmp_path in file.resolve().parents for file in (tmp_path / "out").rglob("*"))
    code, output = sentio("replay", path, *PORTS)
    assert code == 0, output


@pytest.mark.parametrize("command", ["inspect", "play", "replay", "verify", "repair"])
@pytest.mark.parametrize("kind", ["pipe", "device", "missing", "folder", "text", "picture"])
def test_no_command_hangs_or_fails_on_what_is_not_a_recording(
    tmp_path: Path, command: str, kind: str
) -> None:
    path = {"device": Path("/dev/zero"), "missing": tmp_path / "none"}.get(kind, tmp_path / "x")
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    elif kind == "text":
        path.write_text("Dear diary\n" * 50)
    elif kind == "picture":
        path.write_bytes(b"\x89PNG\r\n\x1a\n" + os.urandom(5000))
    code, output = sentio(command, path)
    assert code == 1
    assert output.startswith("sentio: ")
    assert len(output.splitlines()) == 2, output
