"""Tests of the LSL source with real outlets on this machine."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from sentio_sensors import (
    AbsentError,
    DisconnectedError,
    FormatError,
    Role,
)
from sentio_sensors.lsl.source import LslSettings, LslSource

pylsl = pytest.importorskip("pylsl", exc_type=ImportError)
from sentio_sensors.lsl import binding  # noqa: E402

from .conftest import CLOCK, EEG, read, spec, unique  # noqa: E402


def test_samples_have_roles_units_and_times(
    opened: Callable[[LslSettings], LslSource],
) -> None:
    name = unique("eeg")
    outlet = binding.Outlet(name, spec(name))
    source = opened(LslSettings(stream_name=name, dejitter=False))
    (stream,) = source.specs  # type: ignore[attr-defined]
    assert (stream.role, stream.rate_hz) == (Role.EEG, 100.0)
    assert stream.channels == EEG
    times = CLOCK.now() - 0.05 + np.arange(5) / 100
    outlet.push(times, np.arange(10).reshape(5, 2))
    chunks = read(source, 5)
    assert np.concatenate([c.times for c in chunks]) == pytest.approx(times, abs=1e-9)
    assert np.concatenate([c.values for c in chunks])[:, 0].tolist() == [0, 2, 4, 6, 8]


def test_units_are_converted_and_mixed_streams_split(
    opened: Callable[[LslSettings], LslSource],
) -> None:
    name = unique("mixed")
    info = pylsl.StreamInfo(name, "Biosignals", 3, 50.0, "float32", name)
    channels = info.desc().append_child("channels")
    for label, unit, kind in (("EEG1", "volts", "EEG"), ("bvp", "", "PPG"), ("x", "", "Other")):
        channel = channels.append_child("channel")
        for key, value in (("label", label), ("unit", unit), ("type", kind)):
            channel.append_child_value(key, value)
    outlet = pylsl.StreamOutlet(info)
    source = opened(LslSettings(stream_name=name, dejitter=False))
    roles = [s.role for s in source.specs]  # type: ignore[attr-defined]
    assert roles == [Role.EEG, Role.PPG, Role.OTHER]
    outlet.push_sample([1e-6, 5.0, 7.0], CLOCK.now())
    eeg, ppg = read(source, 1)[:2]
    assert eeg.values == pytest.approx(1.0)
    assert ppg.values == pytest.approx(5.0)


@pytest.mark.parametrize(("kind", "label"), [("HR", ""), ("Strap", "heart rate")])
def test_strap_stream_has_heart_rate_role(
    opened: Callable[[LslSettings], LslSource], kind: str, label: str
) -> None:
    name = unique("strap")
    info = pylsl.StreamInfo(name, kind, 1, 0.0, "float32", name)
    if label:
        channel = info.desc().append_child("channels").append_child("channel")
        channel.append_child_value("label", label)
        channel.append_child_value("unit", "bpm")
    outlet = pylsl.StreamOutlet(info)
    source = opened(LslSettings(stream_name=name))
    (stream,) = source.specs  # type: ignore[attr-defined]
    assert stream.role is Role.HEART_RATE
    assert stream.channels[0].unit == "/min"
    outlet.push_sample([72.0], CLOCK.now())
    assert read(source, 1)[0].values.tolist() == [[72.0]]


def test_roles_can_be_configured(opened: Callable[[LslSettings], LslSource]) -> None:
    name = unique("unknown")
    outlet = pylsl.StreamOutlet(pylsl.StreamInfo(name, "Whatever", 2, 10.0, "float32", name))
    assert outlet is not None
    with pytest.raises(FormatError, match="roles = "):
        opened(LslSettings(stream_name=name))
    source = opened(LslSettings(stream_name=name, roles={"ch1": Role.PPG, "ch*": Role.EDA}))
    assert [s.role for s in source.specs] == [Role.PPG, Role.EDA]  # type: ignore[attr-defined]


def test_several_streams_without_filter_are_refused() -> None:
    # The message names the first streams by name; other tests of this process may have some.
    first, second = f"0 {unique('first')}", f"0 {unique('second')}"
    outlets = [binding.Outlet(first, spec(first)), binding.Outlet(second, spec(second))]
    source = LslSource(LslSettings(resolve=5.0), CLOCK)
    with pytest.raises(AbsentError) as caught:
        source.open()
    assert repr(first) in caught.value.what
    assert repr(second) in caught.value.what
    assert "stream_name = " in caught.value.fix
    del outlets


def test_markers_are_text(opened: Callable[[LslSettings], LslSource]) -> None:
    name = unique("markers")
    outlet = binding.Outlet(name, spec(name, Role.MARKER, 0.0), text=True)
    source = opened(LslSettings(stream_name=name))
    outlet.push(np.array([CLOCK.now()]), np.array([["boss"]], object))
    assert read(source, 1)[0].values.tolist() == [["boss"]]


def test_missing_stream_raises_absent() -> None:
    source = LslSource(LslSettings(stream_name=unique("nobody"), resolve=0.2), CLOCK)
    with pytest.raises(AbsentError, match="sentio devices"):
        source.open()
    source.close()


@pytest.mark.parametrize("with_id", [True, False])
def test_lost_sender_is_detected_and_found_again(
    opened: Callable[[LslSettings], LslSource], with_id: bool
) -> None:
    name = unique("comes-and-goes")

    def sender() -> object:
        return pylsl.StreamOutlet(
            pylsl.StreamInfo(name, "EEG", 2, 100.0, "float32", name if with_id else "")
        )

    outlet = sender()
    source = opened(LslSettings(stream_name=name, dejitter=False))
    outlet.push_sample([1, 2], CLOCK.now())  # type: ignore[attr-defined]
    read(source, 1)
    del outlet
    gone = CLOCK.now()
    with pytest.raises(DisconnectedError):  # noqa: PT012 - it takes some readings
        while CLOCK.now() < gone + 10:
            source.read(0.05)
    source.close()
    outlet = sender()
    assert [s.role for s in source.open()] == [Role.EEG]
    outlet.push_sample([3, 4], CLOCK.now())  # type: ignore[attr-defined]
    assert read(source, 1)[0].values.tolist() == [[3, 4]]


def outlet_of(
    name: str, kind: str, rate: float, channels: list[tuple[str, str, str]], fmt: str = "float32"
) -> object:
    info = pylsl.StreamInfo(name, kind, len(channels), rate, fmt, name)
    described = info.desc().append_child("channels")
    for label, unit, own in channels:
        channel = described.append_child("channel")
        for key, value in (("label", label), ("unit", unit), ("type", own)):
            channel.append_child_value(key, value)
    return pylsl.StreamOutlet(info)


def test_an_amplifier_with_odd_channels_is_read(
    opened: Callable[[LslSettings], LslSource],
) -> None:
    name = unique("amplifier")
    channels = [
        ("Timestamp", "seconds", "EEG"), ("Counter", "", "EEG"), ("Fz", "nV", "EEG"),
        ("Cz", "nV", "EEG"), ("HEOG", "uV", "EOG"), ("TRG", "", "Trigger"),
        ("Battery", "percent", "MISC"), ("Skin", "kelvin", "TEMP"),
    ]  # fmt: skip
    outlet = outlet_of(name, "EEG", 100.0, channels)
    source = opened(LslSettings(stream_name=name, dejitter=False))
    roles = {s.role: s for s in source.specs}  # type: ignore[attr-defined]
    assert list(roles) == [Role.OTHER, Role.EEG, Role.EOG, Role.TEMP]
    assert [c.label for c in roles[Role.EEG].channels] == ["Fz", "Cz"]
    assert [c.label for c in roles[Role.OTHER].channels] == [
        "Timestamp", "Counter", "TRG", "Battery",
    ]  # fmt: skip
    outlet.push_sample([9.0, 3.0, 8000.0, 4000.0, 50.0, 1.0, 87.0, 306.15], CLOCK.now())  # type: ignore[attr-defined]
    found = {chunk.stream.rpartition("/")[2]: chunk.values[0].tolist() for chunk in read(source, 1)}
    assert found["eeg"] == pytest.approx([8.0, 4.0])
    assert found["other"] == [9.0, 3.0, 1.0, 87.0]
    assert found["temp"] == pytest.approx([33.0], abs=1e-4)


@pytest.mark.parametrize(("unit", "value"), [("", 1.0), ("mg", 1.0), ("g", 1000.0)])
def test_acceleration_without_a_unit_has_that_of_its_gravity(
    opened: Callable[[LslSettings], LslSource], unit: str, value: float
) -> None:
    name = unique("wrist")
    outlet = outlet_of(name, "ACC", 50.0, [(axis, unit, "ACC") for axis in "xyz"])
    source = opened(LslSettings(stream_name=name, dejitter=False))
    for index in range(3):
        outlet.push_sample([0, 0, 1000], CLOCK.now() + index / 50)  # type: ignore[attr-defined]
    (chunk, *_) = read(source, 3)
    assert chunk.values[0].tolist() == pytest.approx([0, 0, value])


def test_settings_state_units_and_leave_channels_out(
    opened: Callable[[LslSettings], LslSource],
) -> None:
    name = unique("settings")
    outlet = outlet_of(name, "EEG", 100.0, [("Fz", "bits", ""), ("Cz", "uV", ""), ("P1", "", "")])
    settings = LslSettings(stream_name=name, dejitter=False, units={"F*": "mV"}, ignore=("P*",))
    source = opened(settings)
    outlet.push_sample([2.0, 3.0, 4.0], CLOCK.now())  # type: ignore[attr-defined]
    assert read(source, 1)[0].values.tolist() == [[2000.0, 3.0]]


def test_a_stream_without_a_usable_channel_is_refused_until_it_starts_again() -> None:
    name = unique("odd")
    outlet = outlet_of(name, "EEG", 100.0, [("Fz", "bits", "EEG")])
    source = LslSource(LslSettings(stream_name=name), CLOCK)
    for _ in range(2):
        with pytest.raises(FormatError, match="'bits'") as error:
            source.open()
        assert "units" in error.value.fix
        source.close()
    del outlet


def test_a_stream_of_measures_is_not_advised_to_become_eeg() -> None:
    name = unique("contact")
    outlet = outlet_of(name, "Contact-Quality", 2.0, [("AF3", "", ""), ("Overall", "", "")])
    source = LslSource(LslSettings(stream_name=name), CLOCK)
    with pytest.raises(FormatError, match="no channel of a known role: AF3, Overall") as error:
        source.open()
    assert error.value.fix.startswith("it has measures and no signal: remove its source")
    source.close()
    del outlet


def test_the_advice_about_roles_has_the_label_of_the_channel() -> None:
    name = unique("mood")
    outlet = outlet_of(name, "Lab", 4.0, [("mood", "", "")])
    source = LslSource(LslSettings(stream_name=name), CLOCK)
    with pytest.raises(FormatError) as error:
        source.open()
    assert 'roles = {"mood" = "eeg"}' in error.value.fix
    source.close()
    del outlet


def test_channels_may_be_described_by_name_and_units(
    opened: Callable[[LslSettings], LslSource],
) -> None:
    name = unique("named")
    info = pylsl.StreamInfo(name, "EEG", 2, 100.0, "float32", name)
    channel = info.desc().append_child("channels").append_child("channel")
    channel.append_child_value("name", "Fz")
    channel.append_child_value("units", "volts")
    outlet = pylsl.StreamOutlet(info)
    source = opened(LslSettings(stream_name=name, dejitter=False))
    (stream,) = source.specs  # type: ignore[attr-defined]
    assert [c.label for c in stream.channels] == ["Fz", "ch2"]
    outlet.push_sample([1e-6, 5.0], CLOCK.now())
    assert read(source, 1)[0].values.tolist() == [[pytest.approx(1.0), 5.0]]


def test_an_absurd_rate_is_refused_in_words() -> None:
    name = unique("absurd")
    info = pylsl.StreamInfo(name, "EEG", 2, 1e9, "float32", name)
    outlet = pylsl.StreamOutlet(info, max_buffered=1)  # allocates less
    source = LslSource(LslSettings(stream_name=name), CLOCK)
    with pytest.raises(FormatError, match=r"1e\+09 samples a second"):
        source.open()
    source.close()
    del outlet


def test_a_clock_that_is_not_lsls_is_corrected_and_reported(
    opened: Callable[[LslSettings], LslSource],
) -> None:
    name = unique("unix")
    outlet = binding.Outlet(name, spec(name))
    source = opened(LslSettings(stream_name=name))
    times = CLOCK.now() + 1.7e9 + np.arange(20) / 100
    outlet.push(times, np.ones((20, 2)))
    chunks = read(source, 20)
    found = np.concatenate([c.times for c in chunks])
    assert np.abs(found - CLOCK.now()).max() < 5.0
    stamps = chunks[0].stamps
    assert stamps is not None
    assert stamps.original[0] == pytest.approx(times[0], abs=1e-6)
    assert stamps.offset == pytest.approx(-1.7e9, abs=5)
    code, _, seconds = stamps.remarks[0].partition(":")
    assert code == "clock_offset"
    assert float(seconds) == pytest.approx(-1.7e9, abs=5)


def test_a_clock_is_trusted_if_configured(
    opened: Callable[[LslSettings], LslSource],
) -> None:
    name = unique("trusted")
    outlet = binding.Outlet(name, spec(name))
    source = opened(LslSettings(stream_name=name, clock="sender", dejitter=False))
    outlet.push(np.array([5.0, 5.01]), np.ones((2, 2)))
    times = np.concatenate([chunk.times for chunk in read(source, 2)])
    assert times.tolist() == [5.0, 5.01]


def test_one_stamp_for_a_chunk_of_an_irregular_stream_loses_nothing(
    opened: Callable[[LslSettings], LslSource],
) -> None:
    name = unique("irregular")
    outlet = outlet_of(name, "ECG", 0.0, [("ECG", "uV", "ECG")])
    source = opened(LslSettings(stream_name=name))
    start = CLOCK.now() - 1.5
    for k in range(3):
        outlet.push_chunk(np.full((50, 1), k, np.float32), start + 0.5 * k)  # type: ignore[attr-defined]
    chunks = read(source, 150)
    times = np.concatenate([c.times for c in chunks])
    assert len(times) == 150
    assert np.diff(times) == pytest.approx(np.full(149, 0.01), abs=1e-6)


def test_intervals_between_beats_have_their_role(
    opened: Callable[[LslSettings], LslSource],
) -> None:
    name = unique("rr")
    outlet = outlet_of(name, "RR", 0.0, [("RR", "s", "RR")])
    source = opened(LslSettings(stream_name=name))
    (stream,) = source.specs  # type: ignore[attr-defined]
    assert (stream.role, stream.channels[0].unit) == (Role.RR, "ms")
    outlet.push_sample([0.833], CLOCK.now())  # type: ignore[attr-defined]
    assert read(source, 1)[0].values == pytest.approx(833.0)


def test_numeric_markers_become_texts(opened: Callable[[LslSettings], LslSource]) -> None:
    name = unique("codes")
    outlet = outlet_of(name, "Markers", 0.0, [("code", "", "")], "int32")
    source = opened(LslSettings(stream_name=name))
    assert [s.role for s in source.specs] == [Role.MARKER]  # type: ignore[attr-defined]
    for code in (7, 7, 0):
        outlet.push_sample([code], CLOCK.now())  # type: ignore[attr-defined]
    texts = [row[0] for chunk in read(source, 3) for row in chunk.values]
    assert texts == ["7", "7", "0"]


def test_latin_1_texts_are_read(opened: Callable[[LslSettings], LslSource]) -> None:
    import ctypes

    from pylsl.lib import lib

    name = unique("latin")
    outlet = pylsl.StreamOutlet(pylsl.StreamInfo(name, "Markers", 1, 0.0, "string", name))
    source = opened(LslSettings(stream_name=name))
    for text in (b"\xdcberraschung", "\u00dcber".encode(), b"plain"):
        value = (ctypes.c_char_p * 1)(text)
        lib.lsl_push_sample_strtp(outlet.obj, value, ctypes.c_double(CLOCK.now()), 1)
    texts = [row[0] for chunk in read(source, 3) for row in chunk.values]
    assert texts == ["\u00dcberraschung", "\u00dcber", "plain"]


def test_query_contains_every_filter() -> None:
    settings = LslSettings(stream_name="A'B", stream_type="EEG")
    assert settings.query() == "name=\"A'B\" and type='EEG'"
    assert LslSettings(predicate="x", stream_name="y").query() == "x"


def test_a_name_that_was_sent_in_latin_1_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its bytes equal no query, which is UTF-8; an ASCII name needs no second search."""
    predicates: list[str] = []

    def find(predicate: str, timeout: float) -> list[binding.LslStream]:
        predicates.append(predicate)
        return []

    monkeypatch.setattr(binding, "find", find)
    for name in ("Ger\u00e4t", "device"):
        with pytest.raises(AbsentError):
            LslSource(LslSettings(stream_name=name), CLOCK).open()
    assert predicates == ["name='Ger\u00e4t'", "", "name='device'"]
    sent = binding.LslStream("Ger\u00e4t", "PPG", "id", "host", 64.0, False, (), None)
    assert LslSettings(stream_name="Ger\u00e4t").matches(sent)
    assert not LslSettings(stream_name="Ger\u00e4t", stream_type="EEG").matches(sent)
