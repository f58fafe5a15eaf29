"""Tests of damaged files: values or one typed error, bounded memory."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.memory import peak_memory
from tests.packages import require
from tests.sensors.files import written as w
from tests.sensors.files import written_lab as lab

from sentio_sensors import SensorError
from sentio_sensors.files import Hints
from sentio_sensors.files.head import Head
from sentio_sensors.files.reader import FORMATS as FILE_FORMATS
from sentio_sensors.files.reader import detect, read

require("pandas")

FORMATS: dict[str, Callable[[Path], Path]] = {
    "BVP.csv": lambda f: w.e4(f / "e4") / "BVP.csv",
    "IBI.csv": lambda f: w.e4(f / "e4") / "IBI.csv",
    "s.zip": lambda f: w.e4_zip(f / "s.zip", w.e4(f / "e4")),
    "s.npz": lambda f: w.e4_npz(f / "s.npz"),
    "s.avro": lambda f: w.embrace_plus(f / "s.avro"),
    "openbci5.txt": lambda f: w.openbci_5(f / "a.txt", seconds=0.5),
    "openbci4.txt": lambda f: w.openbci_4(f / "a.txt"),
    "brainflow.csv": lambda f: w.brainflow(f / "a.csv", "ganglion", 0, 0.5),
    "mind_monitor.csv": lambda f: w.mind_monitor(f / "a.csv", 64),
    "shimmer.csv": lambda f: w.shimmer(f / "a.csv"),
    "polar.txt": lambda f: w.polar(f / "a.txt", "ecg"),
    "emotibit.csv": lambda f: w.emotibit(f / "a.csv"),
    "emotibit_raw.csv": lambda f: w.emotibit_raw(f / "a.csv"),
    "opensignals.txt": lambda f: w.opensignals(f / "a.txt"),
    "card.txt": lambda f: lab.card(f / "OBCI_01.TXT", lab.signal(8, 200)),
    "labchart.txt": lambda f: w.lines(f / "a.txt", [*lab.labchart(), *lab.labchart()]),
    "acqknowledge.txt": lambda f: w.lines(f / "a.txt", lab.acq()),
    "muse_lsl.csv": lambda f: lab.muse_lsl(f / "EEG.csv"),
    "e4_server.txt": lambda f: lab.e4_server(f / "a.txt"),
    "muse_player.csv": lambda f: lab.muse_player(f / "a.csv"),
    "a.easy": lambda f: lab.nic_easy(f / "a.easy", rows=200),
    "a.edf": lambda f: w.edf(f / "a.edf"),
    "a.bdf": lambda f: w.edf(f / "a.bdf", True),
    "s.vhdr": lambda f: w.brainvision(f, "s"),
    "s.vmrk": lambda f: w.brainvision(f, "s").with_suffix(".vmrk"),
}
NEEDS = {"s.avro": "fastavro", "brainflow.csv": "brainflow", "a.edf": "edfio", "a.bdf": "edfio",
         "s.vhdr": "mne", "s.vmrk": "mne"}  # fmt: skip

INSERTED = [b"-", b"nan", b"1e999", b"9" * 20, b",", b";", b'"', b"\n", b"\0", b"\xff\xfe", b"{",
            b"7" * 200_000, b"," * 3000, b"\t" * 5000, b"inf"]  # fmt: skip

places = st.one_of(st.floats(0, 1), st.floats(0, 0.05), st.just(0.999))
changes = st.one_of(
    st.tuples(st.just("insert"), places, st.sampled_from(INSERTED)),
    st.tuples(st.just("replace"), places, st.binary(min_size=1, max_size=12)),
    st.tuples(st.just("delete"), places, st.integers(1, 4000)),
    st.tuples(st.just("repeat"), places, st.integers(1, 2000)),
    st.tuples(st.just("cut"), places, st.none()),
)


def changed(data: bytes, change: tuple[str, float, object]) -> bytes:
    kind, place, what = change
    at = int(place * len(data))
    if kind == "insert":
        return data[:at] + bytes(what) + data[at:]  # type: ignore[call-overload]
    if kind == "replace":
        return data[:at] + bytes(what) + data[at + len(what) :]  # type: ignore[call-overload,arg-type]
    if kind == "delete":
        return data[:at] + data[at + int(what) :]  # type: ignore[call-overload]
    if kind == "repeat":
        return data[:at] + data[max(0, at - int(what)) : at] + data[at:]  # type: ignore[call-overload]
    return data[:at]


@pytest.fixture(params=list(FORMATS))
def good(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, bytes]:
    pytest.importorskip(NEEDS.get(request.param, "numpy"), exc_type=ImportError)
    path = FORMATS[request.param](tmp_path)
    assert read(path, Hints(board="ganglion")).streams
    return path, path.read_bytes()


@pytest.mark.parametrize("examples", [10, pytest.param(150, marks=pytest.mark.slow)])
def test_damage_gives_values_or_one_typed_error(good: tuple[Path, bytes], examples: int) -> None:
    @given(st.lists(changes, min_size=1, max_size=3))
    @settings(max_examples=examples, deadline=None)
    def read_damaged(damage: list[tuple[str, float, object]]) -> None:
        check_damaged(*good, damage)

    read_damaged()


def check_damaged(path: Path, data: bytes, damage: list[tuple[str, float, object]]) -> None:
    for change in damage:
        data = changed(data, change)
    path.write_bytes(data)
    begun = time.process_time()
    with peak_memory() as peak:
        try:
            content = read(path, Hints(board="ganglion"))
        except SensorError as refused:
            content = None
            fix = refused.fix
    assert peak.bytes < 300_000_000
    assert time.process_time() - begun < 10
    if content is None:
        assert fix
        return
    for stream in content.streams:
        assert stream.values.shape == (len(stream.times), len(stream.channels))
        assert np.isfinite(stream.times).all()
        assert np.all(np.diff(stream.times) >= 0)
        assert 0 <= stream.rate_hz < 1e9
        if stream.values.dtype != object:
            assert np.isfinite(stream.values).any(axis=1).all()
            assert not np.isinf(stream.values).any()


def test_only_the_damaged_file_of_a_session_is_left_out(tmp_path: Path) -> None:
    folder = w.e4(tmp_path / "s")
    (folder / "EDA.csv").write_bytes(b"1700000000\n-4\n1.0\n2.0\n")
    (folder / "TEMP.csv").write_bytes(b"1700000000\n-4\n1.0\n2.0\n")
    content = read(folder)
    assert {s.name for s in content.streams} == {"bvp", "acc", "ibi", "tags"}
    assert sum("is damaged and left out" in note for note in content.notes) == 2


def test_length_that_a_file_states_is_not_allocated(tmp_path: Path) -> None:
    pytest.importorskip("fastavro", exc_type=ImportError)
    whole = w.embrace_plus(tmp_path / "s.avro").read_bytes()
    sync = whole[-16:]
    head, _, _ = whole.partition(sync)
    huge = tmp_path / "huge.avro"
    huge.write_bytes(head + sync + b"\x02" + b"\xfe\xff\xff\xff\x7f" + bytes(100))  # 17 GB
    tracemalloc.start()
    try:
        with pytest.raises(SensorError):
            read(huge, Hints())
        assert tracemalloc.get_traced_memory()[1] < 100_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("name", ["BVP", "IBI", "TEMP"])
@pytest.mark.parametrize("text", ["hello\nworld\n1\n", "\n\nx,y\n1\n2\n", ",\n,\n,\n"])
def test_one_damaged_file_of_an_e4_affects_no_other(tmp_path: Path, name: str, text: str) -> None:
    folder = w.e4(tmp_path / "session")
    (folder / f"{name}.csv").write_text(text)
    content = read(folder)
    assert {s.name for s in content.streams} == {
        "bvp", "eda", "temp", "acc", "ibi", "tags"} - {name.lower()}  # fmt: skip
    assert any(note.startswith(name) for note in content.notes)


def test_every_format_is_damaged_here(tmp_path: Path) -> None:
    for package in NEEDS.values():
        pytest.importorskip(package, exc_type=ImportError)
    found = set()
    for number, write in enumerate(FORMATS.values()):
        folder = tmp_path / str(number)
        folder.mkdir()
        format_ = detect(Head(write(folder)))
        found.add("" if format_ is None else format_.name)
    assert {f.name for f in FILE_FORMATS} - found == {"table"}
