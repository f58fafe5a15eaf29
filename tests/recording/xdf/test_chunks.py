from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentio_recording.errors import DamagedError
from sentio_recording.xdf import chunks as xdf

NUMERIC = [name for name, dtype in xdf.FORMATS.items() if dtype is not None]
STAMPS = st.floats(allow_nan=False, allow_infinity=False)


@given(st.integers(0, 2**64 - 1))
def test_lengths_use_their_shortest_form(value: int) -> None:
    field = xdf.length_field(value)
    assert xdf.read_length(memoryview(field), 0, len(field)) == (value, len(field))
    assert len(field) == (2 if value < 256 else 5 if value < 2**32 else 9)


@given(st.sampled_from(NUMERIC), st.integers(1, 9), st.lists(STAMPS, min_size=1, max_size=40))
def test_numbers_are_read_back_bit_for_bit(fmt: str, channels: int, stamps: list[float]) -> None:
    dtype = xdf.FORMATS[fmt]
    assert dtype is not None
    raw = np.random.default_rng(len(stamps)).bytes(len(stamps) * channels * dtype.itemsize)
    values = np.frombuffer(raw, dtype).reshape(len(stamps), channels)
    layout = xdf.sample_type(dtype, channels)
    data = memoryview(xdf.numeric_samples(7, layout, np.array(stamps), values))
    frame = xdf.read_frame(data, 0)
    times, got = xdf.read_samples(data, frame, fmt, channels)
    assert frame.end == len(data)
    assert xdf.stream_of(data, frame) == 7
    assert times.tobytes() == np.array(stamps).tobytes()
    assert got.tobytes() == values.tobytes()


@given(st.lists(st.lists(st.text(max_size=300), min_size=2, max_size=2), min_size=1, max_size=9))
def test_texts_are_read_back(rows: list[list[str]]) -> None:
    clean = [[t.encode("utf-8", "replace") for t in row] for row in rows]
    data = memoryview(xdf.text_samples(1, np.arange(len(rows)) + 0.5, clean))
    times, got = xdf.read_samples(data, xdf.read_frame(data, 0), "string", 2)
    assert [[v.encode() for v in row] for row in got.tolist()] == clean
    assert times.tolist() == [n + 0.5 for n in range(len(rows))]


def test_sample_without_stamp_has_unknown_time() -> None:
    body = b"\x01\x00\x00\x00" + b"\x01\x02" + b"\x08" + np.array([5.0]).tobytes()
    body += np.array([1], "<i2").tobytes() + b"\x00" + np.array([2], "<i2").tobytes()
    data = memoryview(xdf.chunk(xdf.Tag.SAMPLES, body))
    times, values = xdf.read_samples(data, xdf.read_frame(data, 0), "int16", 1)
    assert times[0] == 5.0
    assert np.isnan(times[1])
    assert values[:, 0].tolist() == [1, 2]


@pytest.mark.parametrize("length", [2**63, 2**64 - 1, 2**32, 1000])
def test_hostile_length_is_reported_with_its_offset(length: int) -> None:
    data = memoryview(b"pad" + b"\x08" + length.to_bytes(8, "little") + b"\x03\x00")
    with pytest.raises(DamagedError) as caught:
        xdf.read_frame(data, 3)
    assert caught.value.offset == 3


def test_hostile_count_allocates_no_memory() -> None:
    body = b"\x01\x00\x00\x00" + b"\x08" + (2**62).to_bytes(8, "little") + b"\x08"
    data = memoryview(xdf.chunk(xdf.Tag.SAMPLES, body))
    for fmt in ("float32", "string"):
        with pytest.raises(DamagedError, match="do not fit"):
            xdf.read_samples(data, xdf.read_frame(data, 0), fmt, 1)


@given(st.binary(max_size=200))
def test_arbitrary_bytes_are_read_or_refused(raw: bytes) -> None:
    data = memoryview(xdf.chunk(xdf.Tag.SAMPLES, b"\x01\0\0\0" + raw))
    for fmt in xdf.FORMATS:
        try:
            times, values = xdf.read_samples(data, xdf.read_frame(data, 0), fmt, 2)
        except DamagedError:
            continue
        assert len(times) == len(values)
