"""Tests of exports of a recording of two people with equal stream names."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.recording.export.bids import assert_valid

from sentio_recording.export import bids_folder, csv_files, edf_file, mcap_file
from sentio_recording.export.people import MAX_LABEL, chosen, labels
from sentio_recording.manifest import Clocks, Manifest
from sentio_recording.recording import Recording
from sentio_recording.storage import Storage
from sentio_recording.summary import summarise
from sentio_recording.xdf.headers import StreamInfo, info_of
from sentio_sensors import Channel, FormatError, Role, StreamKey, StreamSpec

VALUES = {"ann": 10.0, "b b": 20.0}
LABELS = {"ann": "ann", "b b": "bb"}
SECONDS = 4


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a recording in which each person's samples have values of their own."""
    folder = tmp_path_factory.mktemp("two") / "rec"
    clocks = Clocks(monotonic=100.0, wall="2026-01-02T03:04:05Z")
    storage = Storage(folder, Manifest(id="t", clocks=clocks), 100.0, reserved=0)
    for subject, value in VALUES.items():
        meta = {"subject": subject}
        eeg = StreamSpec("cap", Role.EEG, 250.0, (Channel("Fz", "uV"),), "amp", meta)
        eda = StreamSpec("band", Role.EDA, 4.0, (Channel("EDA", "uS"),), "band", meta)
        for spec in (eeg, eda):
            key = StreamKey(subject, spec.id)
            storage.open(key, info_of(spec), 100.0)
            count = int(SECONDS * spec.rate_hz)
            times = 100.0 + np.arange(count) / spec.rate_hz
            wave = value + np.sin(np.arange(count))
            storage.samples(key, times, wave[:, None].astype(np.float32))
    info = StreamInfo("markers", "Markers", (Channel("marker", ""),), 0.0, "string", "markers")
    storage.open("markers", info, 100.0)
    for subject, data in (("ann", {"of": "ann"}), ("b b", {})):  # the same name and moment
        event = {"subject": subject, "kind": "marker", "name": "boss", "time": 101.0, "data": data}
        storage.text("events", [(101.0, msgspec.json.encode(event))])
        storage.text("markers", [(101.0, b"boss")])
    event = {"subject": "b b", "kind": "marker", "name": "only b", "time": 102.0, "data": {}}
    storage.text("events", [(102.0, msgspec.json.encode(event))])
    storage.text("markers", [(102.0, b"only b"), (103.0, b"everybody's")])
    storage.end(104.0, "stopped", {})
    return folder


def test_bids_has_a_folder_for_each_person(folder: Path, tmp_path: Path) -> None:
    mne_bids = pytest.importorskip("mne_bids")
    with Recording(folder) as recording:
        bids_folder.export(recording, tmp_path)
    rows = (tmp_path / "participants.tsv").read_text().split()
    assert rows == ["participant_id", "sub-ann", "sub-bb"]
    markers = {"ann": ["boss", "everybody's"], "bb": ["boss", "only b", "everybody's"]}
    for subject, label in LABELS.items():
        place = mne_bids.BIDSPath(
            root=tmp_path, subject=label, session="01", task="session", datatype="eeg"
        )
        raw = mne_bids.read_raw_bids(place, verbose="error")
        assert raw.get_data(units="uV").mean() == pytest.approx(VALUES[subject], abs=0.1)
        found = [a["description"] for a in raw.annotations]
        assert [name for name in found if "BAD" not in name] == markers[label]
        base = tmp_path / f"sub-{label}/ses-01/eeg/sub-{label}_ses-01_task-session"
        with gzip.open(f"{base}_recording-band_physio.tsv.gz", "rt") as file:
            assert abs(np.loadtxt(file).mean() - VALUES[subject]) < 0.5
        events = Path(f"{base}_events.tsv").read_text()
        assert ('{"of":"ann"}' in events) == (subject == "ann")
    (original,) = (p for p in (tmp_path / "sourcedata").rglob("*") if p.is_file())
    assert original.parent == tmp_path / "sourcedata" / "several" / "ses-01"
    assert original.read_bytes() == (folder / "data.xdf").read_bytes()
    assert_valid(tmp_path)


def test_one_of_several_people_is_exported_alone(
    folder: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with Recording(folder) as recording:
        bids_folder.export(recording, tmp_path / "bids", subject="b b=07")
        edf_file.export(recording, tmp_path / "a.edf", subjects=["ann"])
    assert "contains other people too" in caplog.text
    files = [path for path in (tmp_path / "bids").rglob("*") if path.is_file()]
    assert len([path for path in files if path.name.startswith("sub-07_")]) == 6
    assert not [path for path in files if "sub-07" not in path.name and "sub-" in path.name]
    assert not (tmp_path / "bids" / "sourcedata").exists()
    assert (tmp_path / "a.edf").exists()


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (["07"], r"2 people \(ann, b b\).*--to bids --out out --subject ann"),
        (["ann=a_1"], "letters and digits"),
        (["ann=1", "b b=1"], "the same label"),
    ],
)
def test_a_subject_that_is_none_of_the_people_is_refused(
    folder: Path, asked: list[str], words: str
) -> None:
    with Recording(folder) as recording, pytest.raises(FormatError, match=words):
        chosen(recording, asked, "bids", Path("out"))


def test_edf_has_a_file_for_each_person(folder: Path, tmp_path: Path) -> None:
    edfio = pytest.importorskip("edfio", exc_type=ImportError)
    with Recording(folder) as recording:
        written = edf_file.export(recording, tmp_path / "a.edf")
    assert [path.name for path in written] == ["a_sub-ann.edf", "a_sub-bb.edf"]
    for path, value, others in zip(written, VALUES.values(), ("only b", "of"), strict=True):
        edf = edfio.read_edf(path)
        assert [s.label for s in edf.signals] == ["Fz", "EDA"]
        assert edf.signals[0].data.mean() == pytest.approx(value, abs=0.1)
        assert not [a for a in edf.annotations if others in a.text]


def test_tables_and_messages_state_the_subject(folder: Path, tmp_path: Path) -> None:
    with Recording(folder) as recording:
        csv_files.export(recording, tmp_path)
        (path,) = mcap_file.export(recording, tmp_path / "a.mcap")
        summary = summarise(recording)
    for name, value in (("ann_cap", 10.0), ("b_b_cap", 20.0)):
        rows = np.loadtxt(tmp_path / f"{name}.csv", delimiter=",", skiprows=1)
        assert abs(rows[:, 1].mean() - value) < 0.1
    with (tmp_path / "markers.csv").open(newline="") as file:
        rows = [row[1:] for row in csv.reader(file)]
    assert rows == [
        ["marker", "data", "subject"],
        ["boss", '{"of":"ann"}', "ann"],
        ["boss", "", "b b"],
        ["only b", "", "b b"],
        ["everybody's", "", ""],
    ]
    assert [name for _, name in summary.markers] == [
        "ann/boss", "b b/boss", "b b/only b", "everybody's",
    ]  # fmt: skip
    reader = pytest.importorskip("mcap.reader")
    with path.open("rb") as file:
        topics = {channel.topic for _, channel, _ in reader.make_reader(file).iter_messages()}
    assert {"/ann/cap", "/b b/cap", "/ann/band", "/b b/band", "/markers"} <= topics


@given(st.lists(st.text(max_size=80), unique=True, max_size=8))
def test_labels_are_valid_and_distinct(names: list[str]) -> None:
    found = labels(names)
    assert set(found) == set(names)
    assert len({label.casefold() for label in found.values()}) == len(names)
    for label in found.values():
        assert label.isascii()
        assert label.isalnum()
        assert len(label) <= MAX_LABEL + 2
    assert labels(names[::-1]) == found


def test_labels_keep_what_is_one() -> None:
    names = ["ann.1", "ann1", "Ann1x2", "Zoë", "李"]
    assert labels(names) == {
        "ann.1": "ann1x3", "ann1": "ann1", "Ann1x2": "Ann1x2", "Zoë": "Zoe", "李": "person",
    }  # fmt: skip
