"""Tests of opening any file: XDF, compressed, other programs', hostile."""

from __future__ import annotations

import gzip
import os
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from tests.sensors.files import written as w

from sentio_recording.recording import Recording
from sentio_recording.repair import repair, verify
from sentio_recording.tracks import tracks
from sentio_recording.xdf.headers import StreamInfo
from sentio_recording.xdf.writer import XdfWriter
from sentio_sensors import AbsentError, Channel, FormatError, Role, SensorError
from sentio_sensors.files import Hints


def xdf(path: Path, *streams: tuple[StreamInfo, np.ndarray, np.ndarray]) -> Path:
    writer = XdfWriter("", "t")
    pieces = writer.begin()
    for info, times, values in streams:
        number, header = writer.stream(info, 0.0)
        piece = writer.samples(number, times, values)
        writer.confirm(piece)
        pieces += [*header, piece]
    path.write_bytes(b"".join(piece.data for piece in pieces + writer.end(1.0)))
    return path


EDA = StreamInfo("Band", "EDA", (Channel("EDA", "uS"),), 4.0, "float32", "b")
T = 100 + np.arange(40) / 4


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    return xdf(tmp_path / "good.xdf", (EDA, T, np.arange(40, dtype=np.float32)[:, None]))


@pytest.mark.parametrize("name", ["good.xdfz", "good.xdf.gz", "good.dat"])
def test_compressed_xdf_is_the_same_recording(plain: Path, name: str) -> None:
    packed = plain.with_name(name)
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    with Recording(plain) as one, Recording(packed) as other:
        assert other.format == ""
        for a, b in zip(one.samples(1), other.samples(1), strict=True):
            assert np.array_equal(a, b)
    assert verify(packed).ok
    # Cut: what is whole is read, and a repaired copy is written.
    packed.write_bytes(packed.read_bytes()[:-30])
    with Recording(packed) as cut:
        assert [info.name for info in cut.streams.values()] == ["Band"]
    fixed = repair(packed).repaired
    assert fixed is not None
    assert verify(fixed).ok


def test_hostile_compression_is_refused_quickly(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.xdfz"
    bomb.write_bytes(gzip.compress(b"XDF:" + bytes(300 << 20), 1))
    with pytest.raises(FormatError, match=r"unpacks to more than 256 MiB; unpack it first: gunzip"):
        Recording(bomb)
    other = tmp_path / "notes.txt.gz"
    other.write_bytes(gzip.compress(b"hello" * 1000))
    with pytest.raises(FormatError, match=r"begins with b'hellohel'.*gunzip notes.txt.gz"):
        Recording(other)
    broken = tmp_path / "broken.xdfz"
    broken.write_bytes(b"\x1f\x8b" + bytes(200))
    with pytest.raises(FormatError, match="gzip -t"):
        Recording(broken)


def test_streams_of_other_programs_have_roles_and_sentios_units(tmp_path: Path) -> None:
    pytest.importorskip("pandas", exc_type=ImportError)
    with Recording(w.e4(tmp_path / "S08")) as recording:
        assert recording.format == "Empatica E4"
        found = {track.spec.id: track for track in tracks(recording)}
    assert {"S08/bvp", "S08/eda", "S08/temp", "S08/acc", "S08/tags/marker"} <= set(found)
    assert found["S08/acc"].spec.role is Role.ACCEL
    assert found["S08/acc"].values[0].tolist() == [0.0, 0.0, 1.0]  # from 1/64 g
    assert found["S08/bvp"].spec.rate_hz == 64
    assert found["S08/tags/marker"].values.tolist() == [["tag1"], ["tag2"]]
    with Recording(w.shimmer(tmp_path / "a.csv")) as recording:
        acc = next(t for t in tracks(recording) if t.spec.role is Role.ACCEL)
    assert acc.values[0] == pytest.approx([0, 0, 1])


def test_hints_and_notes_reach_the_reader(tmp_path: Path) -> None:
    pytest.importorskip("pandas", exc_type=ImportError)
    path = tmp_path / "a.csv"
    path.write_text("EDA,mood\n" + "2.5,1\n" * 40 + "3")
    with pytest.raises(FormatError, match="--rate"):
        Recording(path)
    with Recording(path, Hints(rate_hz=8.0)) as recording:
        assert recording.notes == ("the last line is cut and is left out",)
        (track,) = tracks(recording)
        assert (track.spec.id, track.spec.rate_hz, len(track.times)) == ("a/eda", 8.0, 40)
        mood = tracks(recording, {"mood": Role.EDA})
        assert [t.spec.id for t in mood] == ["a/eda", "a/other"]


def test_number_markers_are_markers(tmp_path: Path) -> None:
    irregular = StreamInfo("Codes", "Markers", (Channel("code", ""),), 0.0, "int32", "c")
    sampled = StreamInfo("Lines", "Markers", (Channel("code", ""),), 4.0, "int16", "l")
    held = np.zeros((40, 1), np.int16)
    held[8:12], held[20:] = 5, 7
    path = xdf(
        tmp_path / "a.xdf",
        (irregular, np.array([101.0, 102.0, 103.0]), np.array([[11], [11], [12]], np.int32)),
        (sampled, T, held),
    )
    with Recording(path) as recording:
        codes, lines = tracks(recording)
    assert codes.spec.role is lines.spec.role is Role.MARKER
    assert codes.values[:, 0].tolist() == ["11", "11", "12"]
    assert (lines.times.tolist(), lines.values[:, 0].tolist()) == ([102.0, 105.0], ["5", "7"])


def test_devices_pipes_and_folders_are_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path("/dev/zero"), Path("/dev/null")):
        with pytest.raises(FormatError, match="device, pipe or socket"):
            Recording(path)
    with pytest.raises(FormatError, match="contains pipe: no recording that is known"):
        Recording(tmp_path)
    for name in ("b", "a"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "data.xdf").touch()
    with pytest.raises(AbsentError, match=r"contains recordings: a, b") as refused:
        Recording(tmp_path)
    assert refused.value.fix == f"name one of them: {tmp_path / 'a'}"
    with pytest.raises(AbsentError, match="does not exist"):
        Recording(tmp_path / "none.xdf")


def test_stream_numbers_of_any_size_are_read(plain: Path) -> None:
    data = plain.read_bytes().replace((1).to_bytes(4, "little"), (2**32 - 1).to_bytes(4, "little"))
    plain.write_bytes(data)
    with Recording(plain) as recording:
        (number,) = recording.streams
        assert number == 2**32 - 1
        assert len(recording.samples(number)[0]) in (0, 40)


@pytest.mark.slow
def test_ten_thousand_streams_and_a_text_of_100_mb_take_seconds(tmp_path: Path) -> None:
    import time

    from sentio_recording.summary import summarise

    info = [StreamInfo("s", "EEG", EDA.channels, 4.0, "float32", f"d{i}") for i in range(10_000)]
    many = xdf(tmp_path / "many.xdf", *((i, T[:2], np.ones((2, 1), np.float32)) for i in info))
    text = StreamInfo("m", "Markers", (Channel("m", ""),), 0.0, "string", "m")
    long = xdf(tmp_path / "l.xdf", (text, T[:1], np.array([["x" * 100_000_000]], object)))
    begun = time.process_time()
    for path in (many, long):
        with Recording(path) as recording:
            found = summarise(recording)
            assert len({recording.label(number) for number in recording.streams}) in (1, 10_000)
    assert len(found.markers[0][1]) == 100_000_000
    assert time.process_time() - begun < 40


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04" + bytes(100), b"Obj\x01" + b"\xff" * 200, b"0       " + b"9" * 4000,
        b"\xffBIOSEMI" + b" " * 4000, b"%OpenBCI Raw EXG Data\n1,2,3\n" * 9,
        b"Brain Vision Data Exchange Header File Version 1.0\n[Common Infos]\nDataFile=/dev/zero\n",
        b"# OpenSignals Text File Format. Version 1\n# {\"a\": 3}\n# EndOfHeader\n1\t2\n1\t2\n",
        b"\x89PNG\r\n" + os.urandom(3000), b"RIFF" + bytes(4000), bytes(5000), b"\n" * 5000,
    ],
)  # fmt: skip
def test_damaged_files_end_in_one_message(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.dat"
    path.write_bytes(content)
    tracemalloc.start()
    try:
        with pytest.raises(SensorError) as refused:
            Recording(path)
        assert tracemalloc.get_traced_memory()[1] < 100_000_000
    finally:
        tracemalloc.stop()
    assert refused.value.fix
    assert "x.dat" in str(refused.value)


def test_array_of_impossible_shape_is_refused(tmp_path: Path) -> None:
    import io
    import zipfile

    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        header, {"descr": "<f8", "fortran_order": False, "shape": (10**12,)}
    )
    path = tmp_path / "a.npz"
    np.savez(path, BVP_fs=64.0, BVP_t0=0.0)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("BVP.npy", header.getvalue() + bytes(80))
    with pytest.raises(FormatError, match=r"states the shape \(1000000000000,\)"):
        Recording(path)
    for rate in (-64.0, 0.0, np.nan, 1e9):
        np.savez(path, BVP=np.zeros(9), BVP_fs=rate, BVP_t0=0.0)
        with pytest.raises(FormatError, match="expected a rate above 0"):
            Recording(path)
    np.savez(path, BVP=np.array([{}], object), BVP_fs=64.0, BVP_t0=0.0)
    with pytest.raises(FormatError, match="expected numbers"):
        Recording(path)


@pytest.mark.parametrize(("unit", "expected"), [("au", 1.0), ("", 1.0), ("g", 1000.0)])
def test_acceleration_without_a_unit_is_in_g_by_its_gravity(
    tmp_path: Path, unit: str, expected: float
) -> None:
    axes = tuple(Channel(axis, unit) for axis in "xyz")
    info = StreamInfo("wrist", "ACC", axes, 4.0, "float32", "w")
    values = np.tile(np.float32([0, 0, 1000]), (40, 1))
    with Recording(xdf(tmp_path / "a.xdf", (info, T, values))) as recording:
        (track,) = tracks(recording)
    assert track.spec.role is Role.ACCEL
    assert track.values[0].tolist() == pytest.approx([0, 0, expected])
