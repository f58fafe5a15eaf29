"""Tests of logs of the E4 streaming server."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.packages import require
from tests.sensors.files import written_lab as lab
from tests.sensors.files.written import START, lines

from sentio_sensors.files.reader import read

require("pandas")


@pytest.mark.parametrize(("mark", "decimal"), [(" ", "."), (" ", ","), (";", ","), (",", ".")])
def test_all_kinds_of_a_log_are_read(tmp_path: Path, mark: str, decimal: str) -> None:
    content = read(lab.e4_server(tmp_path / "log.txt", mark, decimal))
    found = {s.name: s for s in content.streams}
    assert {name: (s.kind, s.rate_hz, len(s.times)) for name, s in found.items()} == {
        "bvp": ("PPG", 64.0, 640), "eda": ("EDA", 4.0, 40), "temp": ("TEMP", 4.0, 40),
        "acc": ("ACCEL", 32.0, 320), "ibi": ("RR", 0.0, 11), "hr": ("HEART_RATE", 0.0, 11),
        "tags": ("Markers", 0.0, 1),
    }  # fmt: skip
    assert found["acc"].values[5].tolist() == [0, -2, 64]
    assert [channel.unit for channel in found["acc"].channels] == ["1/64g"] * 3
    assert found["eda"].values[0, 0] == 3.125
    assert found["temp"].channels[0].unit == "degC"
    assert found["ibi"].times == pytest.approx(START + 0.8 * np.arange(1, 12))
    assert found["ibi"].channels[0].unit == "s"
    assert found["tags"].times.tolist() == [START + 4.5]
    assert content.notes == []


def test_only_cut_and_shuffled_lines_are_left_out(tmp_path: Path) -> None:
    path = lab.e4_server(tmp_path / "log.txt")
    rows = path.read_text().splitlines()
    rows[100], rows[101] = rows[101], rows[100]
    rows[300] = rows[300][:15]  # "E4_Bvp 17000000"
    lines(path, [*rows, "E4_Bvp 1700000011.0", "E4_Acc 1700000011.0 1 2"])
    content = read(path)
    found = {s.name: s for s in content.streams}
    assert sum(len(s.times) for s in content.streams) == 640 + 320 + 80 + 23 - 1
    assert np.all(np.diff(found["bvp"].times) > 0)
    assert content.notes == ["lines that are cut or damaged, which are left out: 3"]
