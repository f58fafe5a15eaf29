from __future__ import annotations

import csv
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from tests.recording.export.bids import assert_valid

from sentio_recording.export import bids_folder, csv_files, edf_file, mcap_file, parquet_files
from sentio_recording.manifest import Clocks, Manifest
from sentio_recording.recording import Recording
from sentio_recording.storage import Storage
from sentio_recording.xdf.headers import StreamInfo, info_of
from sentio_sensors import Channel, FormatError, Role, StreamSpec


def test_csv_keeps_times_and_values_exactly(make: Callable[..., Path], tmp_path: Path) -> None:
    counts: list[int] = []
    with Recording(make()) as recording:
        csv_files.export(recording, tmp_path / "csv", lambda _, done, __: counts.append(done))
        times, values = recording.samples(1)
    with (tmp_path / "csv" / "amp_eeg.csv").open() as file:
        head, *rows = list(csv.reader(file))
    assert head == ["time", "Fz", "Cz"]
    assert [float(row[0]) for row in rows] == times.tolist()
    assert np.array_equal(np.array([row[1:] for row in rows], np.float32), values)
    assert counts == sorted(counts)


def test_parquet_keeps_types_and_units(make: Callable[..., Path], tmp_path: Path) -> None:
    import pyarrow.parquet

    with Recording(make()) as recording:
        parquet_files.export(recording, tmp_path / "pq")
        times, values = recording.samples(1)
    table = pyarrow.parquet.read_table(tmp_path / "pq" / "amp_eeg.parquet")
    assert table["time"].to_numpy().tobytes() == times.tobytes()
    assert table["Fz"].to_numpy().tobytes() == values[:, 0].tobytes()
    about = json.loads(table.schema.metadata[b"sentio"])
    assert about["units"] == ["uV", "uV"]
    assert about["clock"] == [100.0, "2026-01-02T03:04:05+00:00"]


def test_edf_in_mne_has_correct_values_and_markers(
    make: Callable[..., Path], tmp_path: Path
) -> None:
    import mne

    with Recording(make(seconds=4)) as recording:
        (path,) = edf_file.export(recording, tmp_path / "a.edf", kinds=frozenset({"EEG"}))
        times, values = recording.samples(1)
    raw = mne.io.read_raw_edf(path, preload=True, verbose="error")
    assert raw.ch_names == ["Fz", "Cz"]
    assert raw.info["sfreq"] == 250.0
    got = raw.get_data(units="uV")
    at = np.round((times - times[0]) * 250).astype(int)
    on_grid = (at / 250 == times - times[0]) | (np.abs(at - (times - times[0]) * 250) < 0.01)
    assert on_grid.sum() >= 40
    assert np.abs(got[:, at].T - values)[on_grid].max() < 0.01
    names = {a["description"]: a["onset"] for a in raw.annotations}
    assert names["boss <&> 0 Ω"] == pytest.approx(0.5, abs=1e-3) or 0.5 <= max(names.values())
    assert any(name.startswith("BAD_gap: ") for name in names)


def test_bids_has_the_required_files(make: Callable[..., Path], tmp_path: Path) -> None:
    out = tmp_path / "bids"
    folder = make()
    with Recording(folder) as recording:
        bids_folder.export(recording, out, subject="07", task="calm")
        bids_folder.export(recording, out, subject="08", task="calm")
        with pytest.raises(FormatError):
            bids_folder.export(recording, out, subject="a_b")
    assert json.loads((out / "dataset_description.json").read_text())["BIDSVersion"]
    assert (out / "participants.tsv").read_text().split() == ["participant_id", "sub-07", "sub-08"]
    base = out / "sub-07" / "ses-01" / "eeg" / "sub-07_ses-01_task-calm"
    events = Path(f"{base}_events.tsv").read_text().splitlines()
    first = next(row for row in events if "boss" in row)
    assert first.split("\t")[:2] == ["0.500000", "n/a"]
    gap = next(row for row in events if "BAD_gap: amp/eeg" in row)
    assert gap.split("\t")[:2] == ["0.020000", "0.230000"]
    assert Path(f"{base}_channels.tsv").read_text().splitlines()[1] == "Fz\tEEG\tuV\tgood\tn/a"
    about = json.loads(Path(f"{base}_recording-bandeda_physio.json").read_text())
    assert (about["SamplingFrequency"], about["StartTime"]) == (4.0, 0.0)
    source = out / "sourcedata" / "sub-07" / "ses-01" / "sub-07_ses-01_task-calm.xdf"
    assert source.read_bytes() == (folder / "data.xdf").read_bytes()


def test_bids_passes_the_validator_and_opens_in_mne(
    make: Callable[..., Path], tmp_path: Path
) -> None:
    from mne_bids import BIDSPath, read_raw_bids

    with Recording(make(seconds=4)) as recording:
        bids_folder.export(recording, tmp_path / "bids", subject="07", task="calm")
    assert_valid(tmp_path / "bids")
    place = BIDSPath(
        root=tmp_path / "bids", subject="07", session="01", task="calm", datatype="eeg"
    )
    raw = read_raw_bids(place, verbose="error")
    assert raw.ch_names == ["Fz", "Cz"]
    onsets = [a["onset"] for a in raw.annotations if a["description"].startswith("boss")]
    assert onsets == pytest.approx([0.5, 1.5, 2.5, 3.5])


def test_mcap_times_are_wall_times(make: Callable[..., Path], tmp_path: Path) -> None:
    from mcap.reader import make_reader

    with Recording(make()) as recording:
        (path,) = mcap_file.export(recording, tmp_path / "a.mcap")
    with path.open("rb") as file:
        messages = [
            (channel.topic, message.log_time, json.loads(message.data))
            for _, channel, message in make_reader(file).iter_messages()
        ]
    assert sum(topic == "/amp/eeg" for topic, *_ in messages) == 60
    start = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC).timestamp()
    first = next(m for m in messages if m[0] == "/amp/eeg")
    assert first[1] / 1e9 == pytest.approx(start, abs=1e-6)
    assert set(first[2]) == {"time", "Fz", "Cz"}
    assert [m[1] for m in messages] == sorted(m[1] for m in messages)


def test_edf_of_reconnected_device_has_one_set_of_signals(tmp_path: Path) -> None:
    import edfio

    eda = StreamSpec("band/eda", Role.EDA, 4.0, (Channel("EDA", "uS"),))
    wall = "2026-01-02T23:59:59.250000Z"
    manifest = Manifest(id="t", clocks=Clocks(monotonic=100.0, wall=wall))
    storage = Storage(tmp_path / "rec", manifest, 100.0, reserved=0)
    for start in (101.0, 106.0):
        storage.open(eda.id, info_of(eda), start)
        values = np.full((12, 1), start, np.float32)
        storage.samples(eda.id, start + np.arange(12) / 4, values)
    storage.end(109.0, "stopped", {})
    with Recording(tmp_path / "rec") as recording:
        (path,) = edf_file.export(recording, tmp_path / "a.edf")
        bids_folder.export(recording, tmp_path / "bids")
    edf = edfio.read_edf(path)
    (signal,) = edf.signals
    # The first sample is one second after the start: just after midnight, to the microsecond.
    assert edf.startdate.isoformat() == "2026-01-03"
    assert edf.starttime.isoformat() == "00:00:00.250000"
    assert len(signal.data) == 32
    assert signal.data[:12] == pytest.approx(101.0, abs=0.01)
    # Unknown is the lowest code, which no measured value has; never 0.
    assert (signal.digital[12:20] == -32768).all()
    assert (np.delete(signal.digital, slice(12, 20)) > -32768).all()
    assert np.abs(signal.data).min() > 50
    assert signal.data[20:] == pytest.approx(106.0, abs=0.01)
    (gap,) = edf.annotations
    assert (gap.onset, gap.text) == (pytest.approx(3.0), "BAD_gap: band/eda")
    assert gap.duration == pytest.approx(2.0)


def test_edf_with_clock_jump_is_refused(tmp_path: Path) -> None:
    eda = StreamSpec("band/eda", Role.EDA, 4.0, (Channel("EDA", "uS"),))
    manifest = Manifest(id="t", clocks=Clocks(monotonic=0.0, wall=""))
    storage = Storage(tmp_path / "rec", manifest, 0.0, reserved=0)
    storage.open(eda.id, info_of(eda), 0.0)
    storage.samples(eda.id, np.array([1.0, 1e9]), np.ones((2, 1), np.float32))
    storage.end(2.0, "stopped", {})
    with Recording(tmp_path / "rec") as recording, pytest.raises(FormatError, match="jumped"):
        edf_file.export(recording, tmp_path / "a.edf")


@pytest.mark.parametrize("value", [0.0, 1e-9, 5e-5, -1e-3, 3.3, 9e6, np.nan])
def test_edf_keeps_constant_and_tiny_values(tmp_path: Path, value: float) -> None:
    edfio = pytest.importorskip("edfio", exc_type=ImportError)
    spec = StreamInfo("x", "EDA", (Channel("a", "uS"), Channel("b", "uS")), 4.0, "double64", "x")
    storage = Storage(
        tmp_path / "rec", Manifest(id="t", clocks=Clocks(monotonic=0.0, wall="")), 0.0, reserved=0
    )
    storage.open("x", spec, 0.0)
    times = 10 + np.arange(40) / 4
    storage.samples("x", times, np.stack([np.full(40, value), np.arange(40.0)], 1))
    storage.end(20.0, "stopped", {})
    with Recording(tmp_path / "rec") as recording:
        edf_file.export(recording, tmp_path / "a.edf")
    first, second = edfio.read_edf(tmp_path / "a.edf").signals
    assert second.data[:40] == pytest.approx(np.arange(40), abs=0.001)
    if np.isfinite(value):
        assert first.data[:40] == pytest.approx(np.full(40, value), abs=max(1e-8, abs(value) / 1e4))


def test_edf_leaves_out_time_stamps_and_refuses_too_many_signals(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    edfio = pytest.importorskip("edfio", exc_type=ImportError)
    storage = Storage(
        tmp_path / "rec", Manifest(id="t", clocks=Clocks(monotonic=0.0, wall="")), 0.0, reserved=0
    )
    times = 10 + np.arange(40) / 4
    for number, start in enumerate((0.0, 1.7e9)):
        spec = StreamInfo(f"s{number}", "EDA", (Channel("a", "uS"),), 4.0, "double64", f"{number}")
        storage.open(spec.name, spec, 0.0)
        storage.samples(spec.name, times, (start + np.arange(40.0))[:, None])
    storage.end(20.0, "stopped", {})
    with Recording(tmp_path / "rec") as recording:
        edf_file.export(recording, tmp_path / "a.edf")
        assert len(edfio.read_edf(tmp_path / "a.edf").signals) == 1
        assert "s1/a is left out" in caplog.text
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(edf_file, "MAX_SIGNALS", 0)
            with pytest.raises(FormatError, match="csv or parquet"):
                edf_file.export(recording, tmp_path / "b.edf")
