"""Tests of lists of a headband's OSC messages."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.packages import require
from tests.sensors.files import written_lab as lab
from tests.sensors.files.written import START, lines

from sentio_sensors.files.reader import read

require("pandas")


@pytest.mark.parametrize("mark", [", ", ",", " "])
def test_signals_and_annotations_are_read(tmp_path: Path, mark: str) -> None:
    content = read(lab.muse_player(tmp_path / "a.csv", mark))
    found = {s.name: s for s in content.streams}
    assert {name: (s.kind, s.rate_hz, len(s.times)) for name, s in found.items()} == {
        "eeg": ("EEG", 220.0, 2200), "acc": ("ACCEL", 50.0, 500), "tags": ("Markers", 0.0, 1),
    }  # fmt: skip
    eeg = found["eeg"]
    assert [(c.label, c.unit) for c in eeg.channels] == [
        ("TP9", "uV"), ("Fp1", "uV"), ("Fp2", "uV"), ("TP10", "uV"),
    ]  # fmt: skip
    assert eeg.times == pytest.approx(START + np.arange(2200) / 220, abs=1e-5)
    assert eeg.values[8].tolist() == [801, 801.5, 802, 803.25]
    assert {c.unit for c in found["acc"].channels} == {"mg"}
    assert found["tags"].values[0, 0].startswith("eyes closed")
    assert found["tags"].times.tolist() == [START + 3.5]


def test_a_header_milliseconds_and_quoted_values_of_muselab_are_read(tmp_path: Path) -> None:
    rows = [f'{START * 1000 + 4 * i:.0f},test/eeg,"1,2,3,{i}"' for i in range(500)]
    rows += [f'{START * 1000 + 20 * i:.0f},test/acc,"0.0,0.1,0.98"' for i in range(100)]
    content = read(lines(tmp_path / "a.csv", ["timestamp,osc_address,osc_data", *rows]))
    eeg, acc = content.streams
    assert (eeg.rate_hz, len(eeg.times), eeg.times[-1]) == (250.0, 500, START + 1.996)
    assert [c.label for c in eeg.channels] == ["TP9", "AF7", "AF8", "TP10"]
    assert acc.channels[0].unit == "g"
    assert content.notes == []


def test_two_people_and_auxiliary_inputs_stay_apart(tmp_path: Path) -> None:
    rows = []
    for i in range(500):
        rows += [f"{START + i / 256:.6f}, Person0/eeg, 1, 2, 3, 4, 9, 9",
                 f"{START + i / 256:.6f}, Person1/eeg, 5, 6, 7, 8, 9, 9",
                 f"{START + i / 256:.6f}, Person1/acc, 5, 6, 7"]  # fmt: skip
    content = read(lines(tmp_path / "a.csv", rows))
    assert {s.name: s.values[0].tolist() for s in content.streams} == {
        "Person0-eeg": [1, 2, 3, 4], "Person1-eeg": [5, 6, 7, 8],
    }  # fmt: skip
    assert any("auxiliary" in note for note in content.notes)
    assert any("neither in g nor in mg" in note for note in content.notes)


def test_a_cut_first_line_is_left_out_alone(tmp_path: Path) -> None:
    path = lab.muse_player(tmp_path / "a.csv")
    rows = path.read_text().splitlines()
    content = read(lines(path, [f"{START - 1}, /muse/eeg, 1.5", *rows, f"{START + 11}, /muse/eeg"]))
    assert (len(content.streams[0].times), len(content.streams[0].channels)) == (2200, 4)
    assert content.notes == ["lines that are cut or damaged, which are left out: 2"]
