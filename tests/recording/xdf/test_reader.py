from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import pyxdf
from hypothesis import given
from hypothesis import strategies as st

from sentio_recording.errors import NotARecordingError
from sentio_recording.recording import Recording
from sentio_recording.xdf import chunks as xdf
from sentio_recording.xdf.headers import header_xml, info_of
from sentio_recording.xdf.reader import Damage, Ended, Opened, Samples, read
from sentio_recording.xdf.writer import XdfWriter
from sentio_sensors import Channel, Chunk, Role, StreamSpec

EEG = StreamSpec("amp/eeg", Role.EEG, 250.0, (Channel("Fz", "uV"), Channel("Cz", "uV")), "amp")
MARKER = StreamSpec("game/marker", Role.MARKER, 0.0, (Channel("name", ""),))


def chunk(spec: StreamSpec, start: float, count: int) -> Chunk:
    values = np.random.default_rng(int(start)).normal(size=(count, len(spec.channels)))
    times = start + np.arange(count) / spec.rate_hz
    return Chunk(spec.id, times, values.astype(np.float32))


def whole(*pieces: bytes) -> bytes:
    writer = XdfWriter("2026-01-01T00:00:00Z", "t")
    return writer.begin()[0].data + b"".join(pieces)


def header(number: int, xml: bytes | None = None) -> bytes:
    return xdf.stream_header(number, header_xml(info_of(EEG), 1.0, "u") if xml is None else xml)


def eeg(number: int, start: float) -> bytes:
    part = chunk(EEG, start, 5)
    layout = xdf.sample_type(np.dtype("<f4"), 2)
    return xdf.numeric_samples(number, layout, part.times, part.values)


@pytest.mark.parametrize("name", ["minimal", "clock_resets", "empty_streams"])
def test_reader_agrees_with_pyxdf_on_xdf_examples(data_dir: Path, name: str) -> None:
    path = data_dir / "xdf_examples" / f"{name}.xdf"
    streams, _ = pyxdf.load_xdf(
        str(path), synchronize_clocks=False, dejitter_timestamps=False, handle_clock_resets=False
    )
    with Recording(path) as recording:
        assert recording.damages == []
        assert sorted(recording.streams) == sorted(s["info"]["stream_id"] for s in streams)
        for stream in streams:
            times, values = recording.samples(stream["info"]["stream_id"])
            assert np.array_equal(times, stream["time_stamps"])
            expected = stream["time_series"]
            if len(times):
                assert np.array_equal(values, np.array(expected, values.dtype))


def test_invalid_file_is_refused() -> None:
    for data in (b"", b"RIFF....", b"XDE:"):
        with pytest.raises(NotARecordingError):
            list(read(data))


def test_unknown_chunks_are_skipped() -> None:
    data = whole(header(1), xdf.chunk(99, b"from the future"), eeg(1, 5.0))
    kinds = [type(item) for item in read(data)]
    assert kinds == [Opened, Samples]


def test_samples_without_header_are_reported_and_the_rest_is_read() -> None:
    data = whole(header(1), eeg(2, 5.0), eeg(1, 6.0))
    items = list(read(data))
    assert [type(item) for item in items] == [Opened, Damage, Samples]
    assert "no header" in items[1].why
    assert data[items[1].offset :][: items[1].length] == eeg(2, 5.0)


def test_second_header_is_reported_and_the_first_is_used() -> None:
    other = header_xml(info_of(MARKER), 1.0, "u")
    items = list(read(whole(header(1), header(1, other), eeg(1, 5.0))))
    assert [type(item) for item in items] == [Opened, Damage, Samples]


def test_reading_continues_at_the_boundary_after_damage() -> None:
    hostile = b"\x08" + (2**63).to_bytes(8, "little") + b"\x03\x00junk"
    data = whole(header(1), eeg(1, 5.0), hostile, eeg(1, 6.0), xdf.boundary(), eeg(1, 7.0))
    items = list(read(data))
    assert [type(item) for item in items] == [Opened, Samples, Damage, Samples]
    assert items[2].offset == data.index(hostile)
    assert items[3].times[0] == 7.0


BOMB = b"""<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><info><name>&c;</name></info>"""


@pytest.mark.parametrize(
    "xml",
    [
        b"",
        b"<info>",
        b"not xml",
        b"\xff\xfe",
        BOMB,
        b"<a>" * 5000 + b"</a>" * 5000,
        b"<info><channel_count>x</channel_count></info>",
        header_xml(info_of(EEG), 1.0, "u").replace(
            b">2</channel_count", b">999999999</channel_count"
        ),
        header_xml(info_of(EEG), 1.0, "u").replace(b">2</channel_count", b">-2</channel_count"),
        header_xml(info_of(EEG), 1.0, "u").replace(b"float32", b"float16"),
    ],
)
def test_invalid_header_affects_only_its_stream(xml: bytes) -> None:
    data = whole(header(1, xml), xdf.boundary(), header(2), eeg(2, 5.0))
    items = list(read(data))
    assert [type(item) for item in items] == [Damage, Opened, Samples]
    assert items[0].offset == data.index(header(1, xml))


@pytest.mark.parametrize(
    "control", [b"\x07", b"\x1b[31m", b"&#27;", b"&#x1B;", b"&#0;", b"\xef\xbf\xbf"]
)
def test_control_characters_in_a_name_lose_no_stream(control: bytes) -> None:
    xml = header_xml(info_of(EEG), 1.0, "u")
    assert b"<name>" in xml
    opened, samples = read(
        whole(header(1, xml.replace(b"<name>", b"<name>" + control)), eeg(1, 5.0))
    )
    assert isinstance(opened, Opened)
    assert opened.info.name.startswith("\ufffd")
    assert isinstance(samples, Samples)


def test_channels_may_be_described_by_name_and_units() -> None:
    xml = header_xml(info_of(EEG), 1.0, "u")
    for ours, other in ((b"label>", b"name>"), (b"unit>", b"units>")):
        xml = xml.replace(ours, other)
    opened, _ = read(whole(header(1, xml), eeg(1, 5.0)))
    assert isinstance(opened, Opened)
    assert opened.info.channels == EEG.channels


@pytest.mark.parametrize("rate", [b"nan", b"-1", b"inf", b"", b"fast", b"1e12"])
def test_stream_with_an_impossible_rate_keeps_its_samples(rate: bytes) -> None:
    xml = header_xml(info_of(EEG), 1.0, "u").replace(b">250<", b">" + rate + b"<")
    opened, samples = read(whole(header(1, xml), eeg(1, 5.0)))
    assert isinstance(opened, Opened)
    assert isinstance(samples, Samples)
    assert opened.info.rate_hz == 0.0


def test_hostile_files_allocate_no_memory() -> None:
    hostile = whole(
        header(1),
        b"\x08" + (2**63).to_bytes(8, "little") + b"\x03\x00",
        xdf.boundary(),
        xdf.chunk(3, b"\1\0\0\0" + b"\x08" + (2**60).to_bytes(8, "little")),
        xdf.boundary(),
        header(3, BOMB),
        xdf.boundary(),
    )
    tracemalloc.start()
    items = list(read(hostile))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert sum(isinstance(item, Damage) for item in items) == 3
    assert peak < 2_000_000


@pytest.mark.parametrize("stamp", [np.nan, np.inf, -1e300, 1e10])
def test_implausible_stamp_is_computed_from_the_rate(stamp: float) -> None:
    part = chunk(EEG, 10.0, 3)
    times = np.array([10.0, stamp, 10.008])
    layout = xdf.sample_type(np.dtype("<f4"), 2)
    data = whole(header(1), xdf.numeric_samples(1, layout, times, part.values))
    samples = list(read(data))[1]
    assert isinstance(samples, Samples)
    assert samples.deduced == 1
    assert np.allclose(samples.times, [10.0, 10.004, 10.008])


@given(st.binary(max_size=400))
def test_arbitrary_bytes_are_read_or_reported(raw: bytes) -> None:
    data = whole(header(1), raw, xdf.boundary(), eeg(1, 5.0))
    items = list(read(data))
    assert isinstance(items[-1], Samples | Damage | Ended)


@given(st.data())
def test_any_changed_byte_never_crashes_the_reader(make_once: bytes, choose: st.DataObject) -> None:
    at = choose.draw(st.integers(4, len(make_once) - 1))
    changed = bytearray(make_once)
    changed[at] ^= choose.draw(st.integers(1, 255))
    assert len(list(read(bytes(changed)))) > 0


@pytest.fixture(scope="module")
def make_once() -> bytes:
    parts = [header(1), header(2)]
    for n in range(6):
        parts += [eeg(1 + n % 2, 5.0 + n), xdf.boundary()]
    return whole(*parts)


def test_written_content_is_read_back(make: Callable[..., Path]) -> None:
    folder = make()
    with Recording(folder) as recording:
        assert recording.damages == []
        assert recording.stated[1] == len(recording.samples(1)[0]) == 60
        assert recording.streams[1].channels == EEG.channels
