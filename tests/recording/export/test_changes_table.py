"""Tests that adaptations, overrides and freezes are in BIDS and beside EDF."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from tests.recording.conftest import EEG, MANIFEST, scene
from tests.recording.export.bids import assert_valid

from sentio_recording.export import bids_folder, changes_table, edf_file
from sentio_recording.recorder import Recorder
from sentio_recording.recording import Recording
from sentio_recording.xdf.headers import StreamInfo
from sentio_sensors import Channel, Chunk, ManualClock

EVENTS = [
    (100.5, "adaptation", "fog\tdensity", {"value": 0.3, "asked": 0.5, "why": "stress .7"}, "ana"),
    (101.0, "adaptation", "fog", {"value": 0.1, "by": "Ann", "seconds": 4.5}, "ana"),
    (101.5, "override", "values", {"values": {"stress": 0.2, "mood": None}, "by": "Bo"}, "ana"),
    (102.0, "frozen", "frozen", {"reason": "asked for", "by": "Bo"}, ""),
    (102.2, "marker", "boss", {"a": 1}, "ana"),
    (102.5, "adaptation", "light", {"value": 1.0}, "ben"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a recording with an event of each kind."""
    recorder = Recorder(tmp_path / "rec", MANIFEST, ManualClock(100.0))
    recorder.start()
    recorder.stream(EEG)
    for item in scene(3):
        if isinstance(item, Chunk) and item.stream == EEG.id:
            recorder.chunk(item)
    recorder.open(StreamInfo("events", "Text", (Channel("text", ""),), 0.0, "string", "events"))
    for time, kind, name, data, subject in EVENTS:
        text = {"kind": kind, "name": name, "subject": subject, "time": time, "data": data}
        recorder.record("events", time, msgspec.json.encode(text))
    recorder.stop()
    return tmp_path / "rec"


def rows(path: Path) -> list[dict[str, str]]:
    head, *lines = path.read_text().splitlines()
    return [dict(zip(head.split("\t"), line.split("\t"), strict=True)) for line in lines]


def test_changes_have_value_cause_author_and_duration(folder: Path, tmp_path: Path) -> None:
    with Recording(folder) as recording:
        written = bids_folder.export(recording, tmp_path / "bids", subject="07", task="calm")
        start = float(recording.whole(next(iter(recording.streams))).times[0])
    path = tmp_path / "bids/sub-07/ses-01/beh/sub-07_ses-01_task-calm_beh.tsv"
    assert path in written
    found = rows(path)
    assert [(r["kind"], r["target"], r["value"]) for r in found] == [
        ("adaptation", "fog density", "0.3"), ("adaptation", "fog", "0.1"),
        ("override", "stress", "0.2"), ("override", "mood", "n/a"),
        ("frozen", "adaptation", "frozen"), ("adaptation", "light", "1.0"),
    ]  # fmt: skip
    assert float(found[0]["onset"]) == pytest.approx(100.5 - start)
    assert (found[0]["asked"], found[0]["reason"], found[0]["author"]) == (
        "0.5",
        "stress .7",
        "n/a",
    )
    assert (found[1]["duration"], found[1]["author"]) == ("4.5", "Ann")
    assert (found[4]["reason"], found[4]["author"]) == ("asked for", "Bo")
    assert json.loads(path.with_suffix(".json").read_text()).keys() == found[0].keys()


def test_changes_of_another_person_are_left_out(folder: Path, tmp_path: Path) -> None:
    with Recording(folder) as recording:
        changes_table.write(recording, tmp_path / "a_beh", "ben", 100.0)
        assert changes_table.write(recording, tmp_path / "b_beh", "cleo", 100.0) != []
    assert [r["target"] for r in rows(tmp_path / "a_beh.tsv")] == ["adaptation", "light"]
    assert [r["target"] for r in rows(tmp_path / "b_beh.tsv")] == ["adaptation"]


def test_a_recording_without_changes_has_no_such_file(
    make: Callable[..., Path], tmp_path: Path
) -> None:
    with Recording(make()) as recording:
        bids_folder.export(recording, tmp_path / "bids")
    assert not list((tmp_path / "bids").rglob("*_beh*"))


def test_the_dataset_passes_the_validator(folder: Path, tmp_path: Path) -> None:
    with Recording(folder) as recording:
        bids_folder.export(recording, tmp_path / "bids", subject="07", task="calm")
    assert_valid(tmp_path / "bids")


def test_edf_has_the_changes_beside_it(folder: Path, tmp_path: Path) -> None:
    pytest.importorskip("edfio", exc_type=ImportError)
    with Recording(folder) as recording:
        written = edf_file.export(recording, tmp_path / "a.edf")
        start = float(recording.whole(next(iter(recording.streams))).times[0])
    table, about = tmp_path / "a_changes.tsv", tmp_path / "a_changes.json"
    assert written == [tmp_path / "a.edf", table, about]
    first, *others = rows(table)
    assert (first["kind"], first["target"], first["reason"]) == (
        "adaptation", "fog density", "stress .7",
    )  # fmt: skip
    assert float(first["onset"]) == pytest.approx(100.5 - start, abs=1e-5)
    assert len(others) == 5
    assert set(json.loads(about.read_bytes())) == set(first)
