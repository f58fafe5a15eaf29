"""Tests of EDF and BDF as recorders write them: triggers, units, damaged headers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.packages import require
from tests.sensors.files import written as w

from sentio_sensors import FormatError
from sentio_sensors.files import FileStream
from sentio_sensors.files.reader import read

require("edfio")

RATE, SECONDS = 64, 8
SET = 0x300000
"""Bits of BioSemi's status that are no triggers: CMS in range, speed mode."""


def biosemi(path: Path, labels: tuple[str, ...], status: np.ndarray) -> Path:
    """Write a BDF as BioSemi's ActiView: 24 bits, with the channel ``Status``."""
    names = (*labels, "Status")
    count = len(names)

    def fields(width: int, values: list[object]) -> bytes:
        return b"".join(f"{value:<{width}}".encode() for value in values)  # type: ignore[str-bytes-safe]

    def packed(values: np.ndarray) -> bytes:
        return values.astype("<i4").view(np.uint8).reshape(-1, 4)[:, :3].tobytes()

    head = b"\xffBIOSEMI" + b" " * 160 + b"09.03.2410.00.00"
    head += fields(8, [256 * (count + 1)]) + fields(44, ["24BIT"]) + fields(8, [SECONDS, 1])
    head += fields(4, [count]) + fields(16, list(names)) + b" " * 80 * count
    head += fields(8, ["uV"] * len(labels) + ["Boolean"])
    for low in (-(2**18), 2**18 - 1, -(2**23), 2**23 - 1):
        digital = -(2**23) if low < 0 else 2**23 - 1
        head += fields(8, [low] * len(labels) + [digital])
    head += b" " * 80 * count + fields(8, [RATE] * count) + b" " * 32 * count
    signal = np.arange(RATE) * 32
    records = [
        packed(signal) * len(labels) + packed(status[s * RATE : (s + 1) * RATE] | SET)
        for s in range(SECONDS)
    ]
    path.write_bytes(head + b"".join(records))
    return path


def streams(path: Path) -> dict[str, FileStream]:
    return {stream.name: stream for stream in read(path).streams}


@pytest.mark.parametrize("unused", [0, 0xFF00])
def test_triggers_of_biosemi_are_markers(tmp_path: Path, unused: int) -> None:
    status = np.full(RATE * SECONDS, unused)
    status[64:70] |= 7
    status[200:204] |= 12
    status[204:208] |= 13
    found = streams(biosemi(tmp_path / "a.bdf", ("A1", "A32", "EXG1"), status))
    assert [channel.label for channel in found["eeg"].channels] == ["A1", "A32"]
    marks = found["status"]
    assert marks.values[:, 0].tolist() == ["7", "12", "13"]
    assert (marks.times - found["eeg"].times[0]) * RATE == pytest.approx([64, 200, 204])


@pytest.mark.parametrize(("unit", "read_as"), [(b"\xb5V", "µV"), ("µV".encode(), "µV")])
def test_micro_is_read_in_each_encoding(tmp_path: Path, unit: bytes, read_as: str) -> None:
    path = w.edf(tmp_path / "a.edf")
    path.write_bytes(path.read_bytes().replace(b"uV      ", unit.ljust(8)))
    assert {channel.unit for channel in streams(path)["eeg"].channels} == {read_as}


def test_trigger_channel_of_an_edf_is_read_as_markers(tmp_path: Path) -> None:
    path = w.edf(tmp_path / "a.edf")
    data = path.read_bytes().replace(b"EOG left        ", b"Trigger         ")
    path.write_bytes(data)
    assert "trigger" not in streams(path)  # 2560 different values: a signal


def test_records_without_a_duration_are_refused(tmp_path: Path) -> None:
    path = w.edf(tmp_path / "a.edf")
    data = path.read_bytes()
    path.write_bytes(data[:244] + b"0       " + data[252:])
    with pytest.raises(FormatError, match="records of 0 s"):
        read(path)


def test_ranges_with_decimal_commas_are_read(tmp_path: Path) -> None:
    path = w.edf(tmp_path / "a.edf")
    data = path.read_bytes().replace(b"100     ", b"100.5   ")
    path.write_bytes(data)
    expected = streams(path)
    signals = int(data[252:256])
    ranges = slice(256 + 104 * signals, 256 + 136 * signals)
    assert b"." in data[ranges]
    commas = data[ranges].replace(b".", b",")
    path.write_bytes(data[: ranges.start] + commas + data[ranges.stop :])
    for name, found in streams(path).items():
        assert found.channels == expected[name].channels
        assert (found.values == expected[name].values).all()


@pytest.mark.parametrize("range_", [b"0       ", b"x       "])
def test_a_signal_without_a_scale_is_not_read_as_microvolts(tmp_path: Path, range_: bytes) -> None:
    path = w.edf(tmp_path / "a.edf")
    data = path.read_bytes()
    signals = int(data[252:256])
    at = 256 + 104 * signals
    path.write_bytes(data[:at] + range_ * 2 * signals + data[at + 16 * signals :])
    units = {channel.unit for stream in streams(path).values() for channel in stream.channels}
    assert units == {"uncalibrated", ""}, "markers have no unit"
