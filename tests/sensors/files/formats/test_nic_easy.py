"""Tests of Neuroelectrics' .easy files."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.packages import require
from tests.sensors.files import written_lab as lab
from tests.sensors.files.written import START, lines

from sentio_sensors import AbsentError
from sentio_sensors.files.head import Head
from sentio_sensors.files.reader import detect, read

require("pandas")


@pytest.mark.parametrize("accelerated", [True, False])
@pytest.mark.parametrize("info", [True, False])
def test_channels_acceleration_and_triggers_are_read(
    tmp_path: Path, accelerated: bool, info: bool
) -> None:
    content = read(lab.nic_easy(tmp_path / "a.easy", accelerated=accelerated, info=info))
    found = {s.name: s for s in content.streams}
    assert set(found) == {"eeg", "triggers"} | ({"ecg"} if info else set()) | (
        {"acc"} if accelerated else set()
    )
    eeg = found["eeg"]
    assert (eeg.rate_hz, len(eeg.times)) == (500.0, 2000)
    assert {channel.unit for channel in eeg.channels} == {"nV"}
    if info:
        assert [c.label for c in eeg.channels] == ["P7", "P4", "Cz", "Pz", "P3", "P8", "O2"]
        assert found["ecg"].values[4].tolist() == [6004]
        assert [*found["triggers"].values[:, 0]] == ["Eyes open", "Eyes closed", "7"]
    else:
        assert [channel.label for channel in eeg.channels] == [f"Ch{i + 1}" for i in range(8)]
        assert [*found["triggers"].values[:, 0]] == ["1", "22", "7"]
    assert eeg.values[4, :6].tolist() == [4, 1004, 2004, 3004, 4004, 5004]
    assert eeg.times[[0, 999, 1000]] == pytest.approx([START, START + 1.998, START + 3])
    assert found["triggers"].times == pytest.approx([START + 0.2, START + 1.4, START + 4])
    if accelerated:
        assert found["acc"].values[0].tolist() == [12, -30, 9807]
        assert found["acc"].channels[0].unit == "mm/s^2"


def test_the_info_opens_its_data_and_may_be_wrong(tmp_path: Path) -> None:
    path = lab.nic_easy(tmp_path / "a.easy")
    info = path.with_suffix(".info")
    assert [s.name for s in read(info).streams] == ["eeg", "ecg", "acc", "triggers"]
    info.write_text(info.read_text().replace("channels: 8", "channels: 20"))
    content = read(path)
    assert [(s.name, len(s.channels)) for s in content.streams[:3]] == [
        ("eeg", 7), ("ecg", 1), ("acc", 3),
    ]  # fmt: skip
    assert any("20 channels" in note for note in content.notes)
    path.unlink()
    with pytest.raises(AbsentError, match=r"a\.easy, the data of a\.info, is missing"):
        read(info)


def test_other_tables_of_integers_are_not_easy_files(tmp_path: Path) -> None:
    rows = [f"{i}\t{2 * i}\t{3 * i}" for i in range(100)]
    found = detect(Head(lines(tmp_path / "a.txt", rows)))
    assert found is not None
    assert found.name == "table"
