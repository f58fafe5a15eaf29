from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from benchmarks.offline_session import live
from sentio_bridge.batch.runner import analyse, find, named
from sentio_bridge.cli import inspect, replay
from sentio_bridge.cli import recording as commands
from sentio_bridge.core.outgoing import EventMessage, TimedOutgoing, restamped
from sentio_bridge.protocol import codec
from sentio_bridge.protocol.bodies import EventBody
from sentio_bridge.replay.engine import recorded_frames
from sentio_recording.recording import Recording

RAW = '["adapt", "record", "record_raw"]'


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Path:
    _, folder = live(tmp_path_factory.mktemp("rec"), "demo", 8, 4.0, RAW)
    return folder


def sentio(*arguments: object) -> tuple[int, str]:
    app = typer.Typer()
    commands.register(app)
    replay.register(app)
    inspect.register(app)
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    return result.exit_code, result.output


def test_verify_and_repair_report_damage(session: Path, tmp_path: Path) -> None:
    import shutil

    copy = tmp_path / "copy"
    shutil.copytree(session, copy)
    assert sentio("verify", copy)[0] == 0
    data = bytearray((copy / "data.xdf").read_bytes())
    data[len(data) // 2] ^= 4
    (copy / "data.xdf").write_bytes(data)
    code, output = sentio("verify", copy)
    assert code == 1
    assert "changed since written" in output
    assert "lost in" in output
    assert sentio("repair", copy)[0] == 0
    assert sentio("verify", copy)[0] == 0
    code, output = sentio("verify", tmp_path / "nothing")
    assert code == 1
    assert "Traceback" not in output


def test_inspect_prints_and_draws_a_summary(session: Path, tmp_path: Path) -> None:
    code, output = sentio(
        "inspect", session, "--png", tmp_path / "a.png", "--html", tmp_path / "a.html"
    )
    assert code == 0
    assert "sim8/eeg" in output
    quality = {
        line.split()[1]: line.split()[2] for line in output.splitlines() if "player " in line
    }
    assert set(quality) >= {"face", "body", "eeg"}
    assert quality["eeg"][0] != quality["eeg"][-1] == "█"  # during the warm-up
    assert (tmp_path / "a.png").read_bytes()[:4] == b"\x89PNG"
    assert "boss" in (tmp_path / "a.html").read_text()
    code, output = sentio("inspect", session, "--json")
    summary = json.loads(output)
    eeg = next(s for s in summary["streams"] if s["name"] == "sim8/eeg")
    assert eeg["rate_hz"] == pytest.approx(250, abs=0.5)
    assert eeg["gaps"] == []
    texts = {s["name"]: s["rate_hz"] for s in summary["streams"] if s["name"] in ("hub", "events")}
    assert texts == {"hub": 0, "events": 0}  # two entries at once are not 1,000 Hz


@pytest.mark.parametrize("form", ["csv", "parquet", "bids", "mcap", "edf"])
def test_export_writes_each_format(session: Path, tmp_path: Path, form: str) -> None:
    out = tmp_path / (f"a.{form}" if form in ("mcap", "edf") else form)
    assert sentio("export", session, "--to", form, "--out", out)[0] == 0
    assert out.exists()


@pytest.mark.parametrize("form", ["csv", "parquet", "bids", "mcap", "edf", "frames"])
def test_export_reports_an_unwritable_output(session: Path, tmp_path: Path, form: str) -> None:
    (tmp_path / "file").touch()
    out = tmp_path if form in ("mcap", "edf", "frames") else tmp_path / "file"
    code, output = sentio("export", session, "--to", form, "--out", out)
    assert code == 1
    assert str(out) in output.replace("\n", "")


@pytest.mark.parametrize("speed", ["0.1", "101", "fast", "0"])
def test_replay_refuses_an_invalid_speed(session: Path, speed: str) -> None:
    code, output = sentio("replay", session, "--speed", speed)
    assert code == 2
    assert "0.25..100" in output


def test_restamped_messages_keep_their_time_differences(session: Path) -> None:
    with Recording(session) as recording:
        recorded = list(recorded_frames(recording))[-1]
    new = codec.decode_affect(restamped(recorded, 9000.0, 5).encoded)
    old = codec.decode_affect(recorded.message)
    assert (new.epoch, new.sent, new.mask) == (5, 9000.0, old.mask)
    assert old.captured is not None
    assert new.captured == pytest.approx(9000.0 - (old.sent - old.captured))
    event = EventMessage("p", EventBody(1, 8, 3.0, "marker", "boss", {}))
    again = restamped(TimedOutgoing(4.0, event), 10.0, 2)
    assert again.body == EventBody(2, 8, 9.0, "marker", "boss", {})


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_replay_publishes_to_engines(session: Path) -> None:
    ports = ("--port", 0, "--control-port", 0)
    code, output = sentio("replay", session, "--speed", 100, "--frames", "--to", 2, *ports)
    assert code == 0
    assert int(output.split()[-2]) > 50


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_dask_and_processes_give_the_same_dataset(session: Path, tmp_path: Path) -> None:
    import pyarrow.parquet

    distributed = pytest.importorskip("distributed")
    recordings = find([session.parent])
    assert recordings == [session]
    local = analyse(recordings, tmp_path / "local", jobs=2)
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=1, dashboard_address=None
    ) as cluster:
        remote = analyse(recordings, tmp_path / "remote", dask=cluster.scheduler_address)
    assert local[0].how == remote[0].how == "replayed"
    tables = [pyarrow.parquet.read_table(r[0].file) for r in (local, remote)]
    assert tables[0].equals(tables[1])
    assert tables[0].num_rows > 100
    assert session.name in (tmp_path / "remote" / "summary.html").read_text()


def test_analyze_processes_foreign_files(data_dir: Path, tmp_path: Path) -> None:
    import pyarrow.parquet

    for folder in ("p1", "p2"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "eeg.xdf").symlink_to(data_dir / "xdf_examples" / "minimal.xdf")
    recordings = find([tmp_path])
    assert sorted(named(recordings)) == ["p1-eeg", "p2-eeg"]
    code, output = sentio("analyze", tmp_path, "--out", tmp_path / "out", "--map", "SendDataC=ppg")
    assert code == 0, output
    rows = pyarrow.parquet.read_table(tmp_path / "out" / "frames").to_pandas()
    assert set(rows["recording"]) == {"p1-eeg", "p2-eeg"}
    assert rows["body_weight"].notna().any()
    assert rows["eeg_weight"].isna().all()
    assert "computed" in (tmp_path / "out" / "summary.html").read_text()


def test_analyze_reports_unusable_input(tmp_path: Path) -> None:
    code, output = sentio("analyze", tmp_path, "--out", tmp_path / "out")
    assert code == 1
    assert "no recording" in output
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "data.xdf").write_bytes(b"no")
    (done,) = analyse(find([tmp_path]), tmp_path / "out")
    assert "expected" in done.problem
    assert "0 of 1" in (tmp_path / "out" / "summary.html").read_text()
