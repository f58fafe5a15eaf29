"""Tests that a step stays at its marker in every format.

An amplifier that is 1 % fast, stamped with jitter, and a wristband that is 1 % slow, loses 0.3 s
every 5 s and is plugged in again halfway. Each step begins at a sample, where its marker is.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from time import sleep

import msgspec
import numpy as np
import pytest

from sentio_recording.export import bids_folder, csv_files, edf_file, mcap_file, parquet_files
from sentio_recording.manifest import Clocks, Manifest
from sentio_recording.recorder import Recorder
from sentio_recording.recording import Recording
from sentio_recording.xdf.headers import StreamInfo
from sentio_sensors import Channel, Chunk, ManualClock, Role, Stamps, StreamSpec
from sentio_sensors.runtime.dejitter import Dejitter

START = 5000.0
EEG = StreamSpec("lsl:cap/eeg", Role.EEG, 250.0, (Channel("C3", "uV"), Channel("C4", "uV")))
EDA = StreamSpec("lsl:band/eda", Role.EDA, 64.0, (Channel("EDA", "uS"),))
REAL = {EEG.id: 252.5, EDA.id: 63.36}
OFFSET = {EEG.id: 0.0, EDA.id: -1.7e9}
"""What is added to the stamps of each: the wristband stamps in Unix time."""

HIGH = 0.5
PERIOD = {EEG.id: 1 / REAL[EEG.id], EDA.id: 1 / REAL[EDA.id]}


class Session:
    """A recorded session.

    Attributes:
        folder: Its folder.
        chunk: Samples of a chunk.
        steps: Times at which the steps of each stream begin.
    """

    def __init__(self, folder: Path, seconds: float, chunk: int = 10) -> None:
        self.folder = folder
        self.chunk = chunk
        self.steps: dict[str, np.ndarray] = {}
        wall = "2026-01-02T03:04:05+00:00"
        manifest = Manifest(id="x", clocks=Clocks(monotonic=START, wall=wall))
        recorder = Recorder(folder, manifest, ManualClock(START), queue_bytes=1 << 34)
        recorder.start()
        self._signal(recorder, EEG, seconds, 0.002, 0.0)
        self._signal(recorder, EDA, seconds, 0.0, 0.3)
        info = StreamInfo("markers", "Markers", (Channel("marker", ""),), 0.0, "string", "markers")
        recorder.open(info)
        for id_, times in self.steps.items():
            for number, time in enumerate(times.tolist()):
                data = {"n": number, "tab": "a\tb"}
                event = {"kind": "marker", "name": id_, "time": time, "data": data}
                recorder.record("events", time, msgspec.json.encode(event))
                recorder.record("markers", time, id_.encode())
        assert recorder.stop().reason == "stopped"
        assert recorder.status.dropped == 0

    def _signal(
        self, recorder: Recorder, spec: StreamSpec, seconds: float, jitter: float, lost: float
    ) -> None:
        rng = np.random.default_rng(0)
        real, chunk, shift = REAL[spec.id], self.chunk, OFFSET[spec.id]
        true = START + np.arange(int(seconds * real)) / real
        # Steps begin at a sample about every ten seconds, last one, and avoid the losses.
        begins = np.searchsorted(true, START + np.arange(10.0, seconds - 2, 10.0))
        values = np.zeros((len(true), len(spec.channels)), np.float32)
        for begin in begins:
            values[begin : begin + round(real)] = 1.0
        self.steps[spec.id] = true[begins]
        stamps = true - shift + (rng.normal(0, jitter, len(true)) if jitter else 0.0)
        keep = np.mod(true - START + 2.5, 5.0) >= lost
        live: Dejitter | None = None
        replug = START + seconds / 2 + 3.3
        for first in range(0, len(true), chunk):
            part = np.arange(first, min(first + chunk, len(true)))
            part = part[keep[part]]
            if not len(part):
                continue
            if live is None or (lost and true[part[0]] >= replug):
                recorder.stream(spec)
                live = Dejitter(spec.rate_hz)
                replug = np.inf if true[part[0]] >= replug else replug
            arrived = float(true[part[-1]] + 0.003)
            times = live.straighten(stamps[part] + shift, arrived=arrived)
            original = Stamps(stamps[part], shift, arrived)
            while recorder.status.waiting > 1 << 20:  # hours are written faster than they last
                sleep(0.01)
            recorder.chunk(Chunk(spec.id, times, values[part], stamps=original))


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    return Session(tmp_path_factory.mktemp("align") / "rec", 200.0)


@pytest.fixture(scope="module")
def recording(session: Session) -> Recording:
    return Recording(session.folder)


def rises(times: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return the positions at which values rise through ``HIGH``."""
    known = np.isfinite(values)
    times, values = times[known], values[known]
    at = np.flatnonzero((values[:-1] < HIGH) & (values[1:] >= HIGH))
    share = (HIGH - values[at]) / (values[at + 1] - values[at])
    return times[at] + share * (times[at + 1] - times[at])


def assert_aligned(id_: str, times: np.ndarray, values: np.ndarray, markers: np.ndarray) -> None:
    """A rise is half a sample before the first high one, where the marker is."""
    order = np.argsort(times, kind="stable")  # of the parts before and after a reconnection
    found = rises(times[order], values[order])
    assert len(found) == len(markers)
    error = found + 0.5 * PERIOD[id_] - markers
    assert np.abs(error).max() < 0.4 * PERIOD[id_], error / PERIOD[id_]


def test_csv(session: Session, recording: Recording, tmp_path: Path) -> None:
    csv_files.export(recording, tmp_path)
    markers = (tmp_path / "markers.csv").read_text().splitlines()
    assert markers[0] == "time,marker,data"
    for id_, steps in session.steps.items():
        parts = sorted(tmp_path.glob(f"{id_.replace(':', '_').replace('/', '_')}*.csv"))
        rows = np.concatenate([np.loadtxt(p, delimiter=",", skiprows=1) for p in parts])
        at = [float(row.split(",")[0]) for row in markers[1:] if f",{id_}," in row]
        assert at == pytest.approx(steps, abs=1e-9)
        assert_aligned(id_, rows[:, 0], rows[:, 1], steps)
        names = parts[0].read_text().splitlines()[0].split(",")
        assert names[-2:] == ["original_time", "arrived"]
        assert np.abs(rows[:, -2] + OFFSET[id_] - rows[:, 0]).max() < 0.02


def test_parquet(session: Session, recording: Recording, tmp_path: Path) -> None:
    pq = pytest.importorskip("pyarrow.parquet")
    parquet_files.export(recording, tmp_path)
    markers = pq.read_table(tmp_path / "markers.parquet").to_pydict()
    assert json.loads(markers["data"][0])["n"] == 0
    for id_, steps in session.steps.items():
        parts = sorted(tmp_path.glob(f"{id_.replace(':', '_').replace('/', '_')}*.parquet"))
        tables = [pq.read_table(part) for part in parts]
        times = np.concatenate([t["time"].to_numpy() for t in tables])
        values = np.concatenate([t.column(1).to_numpy() for t in tables])
        assert_aligned(id_, times, values, steps)


def test_mcap(session: Session, recording: Recording, tmp_path: Path) -> None:
    reader = pytest.importorskip("mcap.reader")
    (path,) = mcap_file.export(recording, tmp_path / "a.mcap")
    rows: dict[str, list[tuple[float, float]]] = {}
    with path.open("rb") as file:
        for _, channel, message in reader.make_reader(file).iter_messages():
            body = json.loads(message.data)
            if channel.topic == "/markers":
                assert json.loads(body["data"])["tab"] == "a\tb"
            value = body.get("C3", body.get("EDA"))
            if value is not None:
                rows.setdefault(channel.topic[1:], []).append((message.log_time / 1e9, value))
    shift = 1767323045.0 - START  # the wall time in the manifest
    for id_, steps in session.steps.items():
        times, values = np.array(rows[id_]).T
        assert_aligned(id_, times - shift, values, steps)


def test_edf(session: Session, recording: Recording, tmp_path: Path) -> None:
    edfio = pytest.importorskip("edfio")
    (path,) = edf_file.export(recording, tmp_path / "a.edf")
    edf = edfio.read_edf(path)
    notes = [(a.onset, a.text) for a in edf.annotations]
    for id_, label in ((EEG.id, "C3"), (EDA.id, "EDA")):
        signal = edf.get_signal(label)
        markers = np.array([onset for onset, text in notes if text.startswith(f"{id_} {{")])
        values = np.where(signal.digital == -32768, np.nan, signal.data)
        assert_aligned(id_, np.arange(len(values)) / signal.sampling_frequency, values, markers)
    gaps = [text for _, text in notes if text.startswith("BAD_gap")]
    assert len(gaps) >= 39  # of the wristband
    unknown = edf.get_signal("EDA").digital == -32768
    assert 0.03 < unknown.mean() < 0.1


def test_bids_eeg_in_mne(session: Session, recording: Recording, tmp_path: Path) -> None:
    mne_bids = pytest.importorskip("mne_bids")
    bids_folder.export(recording, tmp_path, subject="01", task="walk")
    place = mne_bids.BIDSPath(
        root=tmp_path, subject="01", session="01", task="walk", datatype="eeg"
    )
    raw = mne_bids.read_raw_bids(place, verbose="error")
    marks = [a["onset"] for a in raw.annotations if a["description"].startswith(EEG.id)]
    assert_aligned(EEG.id, raw.times, raw.get_data(units="uV")[0], np.array(marks))


def test_bids_physiology(session: Session, recording: Recording, tmp_path: Path) -> None:
    bids_folder.export(recording, tmp_path, subject="01", task="walk")
    folder = tmp_path / "sub-01" / "ses-01" / "eeg"
    events = [
        line.split("\t") for line in next(folder.glob("*_events.tsv")).read_text().splitlines()
    ]
    assert events[0] == ["onset", "duration", "trial_type", "data"]
    markers = np.array([float(row[0]) for row in events[1:] if row[2] == EDA.id])
    assert json.loads(next(row[3] for row in events if row[2] == EDA.id))["tab"] == "a\tb"
    found_times, found_values = [], []
    for path in sorted(folder.glob("*eda*_physio.tsv.gz")):
        about = json.loads(Path(str(path).replace(".tsv.gz", ".json")).read_text())
        assert about["SamplingFrequency"] == pytest.approx(REAL[EDA.id], rel=1e-5)
        with gzip.open(path, "rt") as file:
            cells = [line.strip() for line in file]
        values = np.array([np.nan if cell == "n/a" else float(cell) for cell in cells])
        assert 0.04 < np.isnan(values).mean() < 0.08
        found_times.append(about["StartTime"] + np.arange(len(values)) / about["SamplingFrequency"])
        found_values.append(values)
    assert len(found_times) == 2  # plugged in again
    assert_aligned(EDA.id, np.concatenate(found_times), np.concatenate(found_values), markers)


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Session:
    return Session(tmp_path_factory.mktemp("long") / "rec", 7200.0, 50)


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("check", [test_csv, test_edf, test_bids_eeg_in_mne, test_bids_physiology])
def test_two_hours(check: Callable[..., None], long: Session, tmp_path: Path) -> None:
    with Recording(long.folder) as recording:
        check(long, recording, tmp_path / "out")
