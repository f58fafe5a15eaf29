"""Files of the SD card of OpenBCI's Cyton: counters, clocks, scales and damage."""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sensors.files.written_lab import card, row, signal

from sentio_sensors import FormatError
from sentio_sensors.files import FileContent, Hints
from sentio_sensors.files.formats.openbci_card import ACCEL_SCALE, EEG_SCALE
from sentio_sensors.files.reader import read


def streams(content: FileContent) -> dict[str, tuple[float, int, int]]:
    return {s.name: (s.rate_hz, *s.values.shape) for s in content.streams}


@pytest.mark.parametrize("channels", [8, 16])
def test_counts_become_microvolts_and_g(tmp_path: Path, channels: int) -> None:
    values = signal(channels, 1000)
    content = read(card(tmp_path / "OBCI_01.TXT", values))
    assert content.format == "OpenBCI SD card"
    assert streams(content) == {"eeg": (250.0, 1000, channels), "accel": (50.0, 200, 3)}
    eeg, accel = content.streams
    assert eeg.values == pytest.approx(values * EEG_SCALE)
    assert eeg.values.max() < 4.5e6 / 24
    assert eeg.times == pytest.approx(7.28 + np.arange(1000) / 250)
    assert accel.values[0] == pytest.approx(np.array([3, -8, 8192]) * ACCEL_SCALE)
    assert accel.times[:2] == pytest.approx(7.28 + np.array([3, 8]) / 250)
    assert [c.unit for c in eeg.channels] == ["uV"] * channels
    assert any("gain of 24" in note for note in content.notes)


def test_lost_samples_and_restarts_leave_their_time(tmp_path: Path) -> None:
    """The stream is stopped and started; the sample number shows what is lost."""
    values = signal(8, 600)
    numbers = [n for n in range(650) if not 300 <= n < 350]
    path = card(tmp_path / "a.txt", values, 1000, numbers)
    first = path.read_text().split("%Total")[0]
    again = card(tmp_path / "b.txt", values[:500], 20_000).read_text()
    path.write_text(f"{first}%STOP AT\n{3600:08X}\n{again}")
    content = read(path)
    assert "samples that the card lost, by the sample number: 50" in content.notes
    eeg = content.streams[0]
    assert eeg.times[:600] == pytest.approx(1 + np.array(numbers) / 250)
    assert eeg.times[600:] == pytest.approx(20 + np.arange(500) / 250)


def test_a_board_that_was_switched_on_again_follows(tmp_path: Path) -> None:
    texts = [card(tmp_path / "a.txt", signal(8, 5000), at).read_text().split("%Total")[0]
             for at in (50_000, 2_000)]  # fmt: skip
    path = tmp_path / "c.txt"
    path.write_text("".join(texts))
    content = read(path)
    assert content.streams[0].times == pytest.approx(50 + np.arange(10_000) / 250)
    assert any("switched on again" in note for note in content.notes)


def test_the_clock_of_the_board_counts_against_the_usual_rate(tmp_path: Path) -> None:
    path = card(tmp_path / "a.txt", signal(16, 5000), 1000)
    text = path.read_text().replace("%Total", f"%STOP AT\n{41_010:08X}\n%Total")
    path.write_text(text)
    content = read(path)
    assert content.streams[0].rate_hz == 125
    assert any("125 Hz by the clock" in note for note in content.notes)
    assert read(path, Hints(rate_hz=500)).streams[0].rate_hz == 500
    path.write_text(text.replace(f"{41_010:08X}\n", f"{41_010:08X}\n%SamplingFreq:\n0000007D\n"))
    assert not any("clock" in note for note in read(path).notes)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_damage_and_what_an_earlier_file_wrote_are_left_out(tmp_path: Path, end: str) -> None:
    lines = card(tmp_path / "a.txt", signal(8, 400)).read_text().split("\n")
    lines[20] = lines[20][:31]
    lines[30] = lines[30].replace(",", ";", 1)
    lines[40] = lines[40][:10] + "G" + lines[40][11:]
    old = [row(n, range(8)) for n in range(50)]
    path = tmp_path / "b.txt"
    path.write_bytes(end.join([*lines[:-1], *old, "\0" * 512]).encode())
    content = read(path)
    assert "damaged lines, which are left out: 3" in content.notes
    assert len(content.streams[0].times) == 397
    assert content.streams[0].times[-1] == pytest.approx(7.28 + 399 / 250)


def test_one_line_and_no_line(tmp_path: Path) -> None:
    path = tmp_path / "OBCI_05.TXT"
    path.write_text(f"%OBCI SD card\n%START AT\n0001D4C0\n{row(0, range(8), (1, 2, 3))}")
    assert streams(read(path)) == {"eeg": (250.0, 1, 8), "accel": (0.0, 1, 3)}
    path.write_text("%START AT\n0001D4C0\n%STOP AT\n0001D4C1\n")
    with pytest.raises(FormatError):
        read(path)


def test_a_file_without_its_beginning_is_read(tmp_path: Path) -> None:
    lines = card(tmp_path / "a.txt", signal(8, 400)).read_text().split("\n")
    path = tmp_path / "b.txt"
    path.write_text("\n".join(lines[100:300]).lower())
    assert streams(read(path))["eeg"] == (250.0, 200, 8)


def test_a_table_of_whole_numbers_is_not_a_card(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("\n".join(",".join([f"{i:02d}", *["123456"] * 8]) for i in range(50)))
    with pytest.raises(FormatError, match="--rate"):
        read(path)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300), st.integers(0, 2000))
def test_any_damage_ends_in_samples_or_a_message(data: bytes, at: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = card(Path(folder) / "a.txt", signal(8, 40))
        whole = path.read_bytes()
        path.write_bytes(whole[:at] + data + whole[at + len(data) :])
        with contextlib.suppress(FormatError):
            assert all(np.isfinite(s.times).all() for s in read(path).streams)
