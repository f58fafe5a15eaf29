"""Sound files that were written into a pipe, or cut, in all containers of WAV."""

from __future__ import annotations

import contextlib
import os
import struct
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sentio_sensors.errors import FormatError
from sentio_sensors.microphone.stored import SoundFile

soundfile = pytest.importorskip("soundfile")

RATE, COUNT = 48000, 12_000
TONE = 0.3 * np.sin(2 * np.pi * 220 * np.arange(COUNT) / RATE)


def whole(path: Path, container: str, subtype: str = "PCM_16") -> bytearray:
    """Return a file as libsndfile writes it; BW64 is RF64 with another mark."""
    kind = {"RIFX": "WAV", "RIFF": "WAV", "BW64": "RF64"}.get(container, container)
    endian = "BIG" if container == "RIFX" else "FILE"
    soundfile.write(path, TONE, RATE, subtype, endian, kind)
    data = bytearray(path.read_bytes())
    if container == "BW64":
        data[:4] = b"BW64"
    return data


def stated(data: bytearray, container: str, length: int) -> bytearray:
    """State another length, as a program does that cannot go back."""
    at = data.index(b"data")
    if container == "W64":
        data[16:24] = data[at + 16 : at + 24] = struct.pack("<Q", length)
    elif container in ("RF64", "BW64"):
        sizes = data.index(b"ds64")
        data[sizes + 8 : sizes + 32] = struct.pack("<QQQ", length, length, length)
    else:
        order = ">I" if container == "RIFX" else "<I"
        data[4:8] = data[at + 4 : at + 8] = struct.pack(order, length % 2**32)
    return data


def samples(path: Path) -> np.ndarray:
    sound = SoundFile(path)
    try:
        found = sound.read(10 * COUNT)
        sound.rewind()
        assert sound.read(10) == pytest.approx(found[:10], abs=1e-6)  # sums of other lengths
    finally:
        sound.close()
    return found


@pytest.mark.parametrize("container", ["RIFF", "RIFX", "RF64", "BW64", "W64"])
@pytest.mark.parametrize("length", [None, 0, 2**63 - 1, 2**64 - 1])
@pytest.mark.parametrize("subtype", ["PCM_16", "FLOAT"])
def test_all_samples_are_found(
    tmp_path: Path, container: str, length: int | None, subtype: str
) -> None:
    path = tmp_path / "a.wav"
    data = whole(path, container, subtype)
    path.write_bytes(data if length is None else stated(data, container, length))
    assert samples(path) == pytest.approx(TONE, abs=1e-4)


@pytest.mark.parametrize("container", ["RIFF", "RIFX", "RF64", "BW64", "W64"])
def test_the_beginning_of_a_cut_file_is_read(tmp_path: Path, container: str) -> None:
    path = tmp_path / "a.wav"
    data = whole(path, container)
    path.write_bytes(data[: len(data) - COUNT])  # half of the samples
    assert samples(path) == pytest.approx(TONE[: COUNT // 2], abs=1e-4)


def test_a_long_file_without_its_chunk_of_lengths_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    data = whole(path, "RF64")
    at = data.index(b"ds64")
    data[at : at + 4] = b"JUNK"
    path.write_bytes(data)
    assert samples(path) == pytest.approx(TONE, abs=1e-4)


def test_a_pipe_is_not_a_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.wav")
    with pytest.raises(FormatError, match="is a device, pipe or socket.*head -c"):
        SoundFile(tmp_path / "a.wav")


def test_sound_without_a_decoder_is_refused(tmp_path: Path) -> None:
    """The header names a coding that no program knows."""
    pytest.importorskip("av")
    path = tmp_path / "a.wav"
    data = whole(path, "RIFF")
    data[20:22] = b"\x77\x77"
    path.write_bytes(data)
    with pytest.raises(FormatError, match="cannot be read as sound.*ffmpeg -i a.wav"):
        SoundFile(path)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["RIFF", "RF64", "W64"]), st.integers(0, 120), st.binary(max_size=40),
    st.integers(0, 400),
)  # fmt: skip
def test_any_damaged_header_ends_in_samples_or_a_message(
    container: str, at: int, damage: bytes, cut: int
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.wav"
        data = whole(path, container)
        data[at : at + len(damage)] = damage
        path.write_bytes(data[: max(1, len(data) - cut)])
        with contextlib.suppress(FormatError):
            assert samples(path).ndim == 1
