"""Tests of mapping channel names, types and units to roles."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentio_sensors import Role
from sentio_sensors.channel_roles import Choices, Described, assign, role_of


@pytest.mark.parametrize(
    ("label", "kind", "stream", "role"),
    [
        ("Fz", "", "", Role.EEG),
        ("AF7", "", "Biosignals", Role.EEG),
        ("ch1", "EEG", "", Role.EEG),
        ("ch1", "", "eeg", Role.EEG),
        ("EKG", "", "", Role.ECG),
        ("BVP", "", "", Role.PPG),
        ("GSR", "", "", Role.EDA),
        ("PPG", "", "GSR", Role.PPG),
        ("Temp 2", "", "EDA", Role.TEMP),
        ("LA-RA", "", "ECG", Role.ECG),
        ("EEG.Counter", "EEG", "EEG", Role.OTHER),
        ("ACC_X", "", "", Role.ACCEL),
        ("accx", "", "", Role.ACCEL),
        ("x", "Accelerometer", "E4", Role.ACCEL),
        ("Respiration", "", "", Role.RESP),
        ("HR", "", "", Role.HEART_RATE),
        ("Heart Rate", "", "", Role.HEART_RATE),
        ("ch1", "", "HeartRate", Role.HEART_RATE),
        ("HRV", "", "", None),
        ("mood", "", "Quality", None),
        ("RR", "", "RR", Role.RR),
        ("ch1", "", "IBI", Role.RR),
        ("rr-interval", "", "Strap", Role.RR),
        ("TP9", "unknown", "signal", Role.EEG),
        ("1", "", "EXG", None),
    ],
)
def test_role_is_derived_from_label_and_types(
    label: str, kind: str, stream: str, role: Role | None
) -> None:
    assert role_of(label, kind, stream) is role


@pytest.mark.parametrize(
    ("label", "kind", "role"),
    [
        ("HEOG", "EOG", Role.EOG),
        ("VEOG", "", Role.EOG),
        ("EMGz", "EMG", Role.EMG),
        ("emg_left", "", Role.EMG),
        ("ECG", "", Role.ECG),
        ("TRG", "Trigger", Role.OTHER),
        ("TRIG", "", Role.OTHER),
        ("Trigger 1", "EEG", Role.OTHER),
        ("STI 014", "", Role.OTHER),
        ("CNT", "Counter", Role.OTHER),
        ("Counter", "EEG", Role.OTHER),
        ("Interpolate", "EEG", Role.OTHER),
        ("HardwareMarker", "EEG", Role.OTHER),
        ("MarkerValueInt", "EEG", Role.OTHER),
        ("Timestamp", "EEG", Role.OTHER),
        ("nSeq", "Sequence", Role.OTHER),
        ("Battery Level", "", Role.OTHER),
        ("Battery", "MISC", Role.OTHER),
        ("Validation Indicator", "", Role.OTHER),
        ("Accelerometer X", "", Role.ACCEL),
        ("Gyroscope Y", "", Role.OTHER),
        ("Right AUX", "EEG", Role.OTHER),
        ("anything", "MISC", Role.OTHER),
        ("anything", "Impedance", Role.OTHER),
        ("Resp", "", Role.RESP),
        ("GSR", "", Role.EDA),
        ("T7", "EEG", Role.EEG),
        ("EEG 1", "", Role.EEG),
        ("7", "", Role.EEG),
        ("Cz", "", Role.EEG),
    ],
)
def test_a_channel_of_an_eeg_stream_is_eeg_only_if_it_is_one(
    label: str, kind: str, role: Role
) -> None:
    assert role_of(label, kind, "EEG") is role


def test_configured_role_has_priority() -> None:
    assert role_of("Fz", "EEG", "EEG", {"f*": Role.PPG}) is Role.PPG


AMPLIFIER = [
    Described("Fz", "microvolts", "EEG"),
    Described("Cz", "\N{GREEK SMALL LETTER MU}V", "EEG"),
    Described("Pz", "parsecs", "EEG"),
    Described("Oz", "percent", "EEG"),
    Described("Temp", "kelvin", "TEMP"),
    Described("mood", "", "EEG"),
]


def test_one_odd_channel_does_not_refuse_the_others() -> None:
    found = assign(AMPLIFIER, "EEG")
    assert [c.channel.label for c in found.columns[Role.EEG]] == ["Fz", "Cz", "mood"]
    assert [c.channel.label for c in found.columns[Role.OTHER]] == ["Pz", "Oz"]
    assert [c.channel.unit for c in found.columns[Role.OTHER]] == ["parsecs", "percent"]
    assert [c.index for c in found.columns[Role.TEMP]] == [4]
    (note,) = found.notes
    assert "'Pz'" in note
    assert "'parsecs'" in note


def test_the_user_states_roles_units_and_what_is_left_out() -> None:
    choices = Choices({"mood": Role.RESP}, {"P*": "nV"}, ("T*", "Oz"))
    found = assign(AMPLIFIER, "EEG", choices)
    assert [c.channel.label for c in found.columns[Role.EEG]] == ["Fz", "Cz", "Pz"]
    assert found.columns[Role.EEG][2].conversion.factor == 1e-3
    assert [c.channel.label for c in found.columns[Role.RESP]] == ["mood"]
    assert Role.TEMP not in found.columns
    assert Role.OTHER not in found.columns
    assert found.notes == ()


TEXT = st.text(max_size=24) | st.sampled_from(["EEG", "uV", "Counter", "-6", "kOhm"])


@given(st.lists(st.builds(Described, TEXT, TEXT, TEXT), max_size=12), TEXT)
def test_every_channel_is_somewhere(channels: list[Described], stream: str) -> None:
    found = assign(channels, stream)
    used = [column.index for columns in found.columns.values() for column in columns]
    assert len(used) == len(set(used))
    assert len(used) + len(found.unknown) == len(channels)


@pytest.mark.parametrize(
    ("labels", "role"),
    [
        ("ECG1 EKG", Role.ECG), ("HEOGL VEOG+ EOG_left", Role.EOG), ("EMG_chin", Role.EMG),
        ("Resp Belt", Role.RESP), ("PPG_IR", Role.PPG), ("Fp1 A2-A1 E128 Cz_left", Role.EEG),
        ("OR:TIMESTAMP_s TimestampS DEVICE_TIME UTC LastPkt LOST FrameNo Reserved Unused Status1 "
         "Digital_Input Sync VSYNC Photodiode Light RawCq Quality F3_impedance GND REF CMS DRL "
         "BIP1 Quat_W Ambient SpO2", Role.OTHER),
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["EEG", ""])
def test_label_of_another_signal_is_stronger_than_the_type_eeg(
    labels: str, role: Role, kind: str
) -> None:
    for label in labels.split():
        assert role_of(label, kind, "EEG") is role, label


def test_temperature_among_electrodes_in_microvolts_is_not_used() -> None:
    """A vendor labels all channels as EEG in uV: the number cannot be a temperature."""
    found = assign([Described("Fz", "uV", "EEG"), Described("Temp", "uV", "EEG")], "EEG")
    assert [c.channel.label for c in found.columns[Role.EEG]] == ["Fz"]
    assert [c.channel.label for c in found.columns[Role.OTHER]] == ["Temp"]


@pytest.mark.parametrize(
    "stream", ["ECG", "PPG", "GSR", "HR", "RR", "ACC", "Respiration", "EEG", ""]
)
@pytest.mark.parametrize("kind", ["", "stated"])
@pytest.mark.parametrize(
    "label",
    ["Battery", "Batt %", "Counter", "Packet Counter", "Timestamp", "unix time", "TRIG", "Marker",
     "Status", "Signal quality", "ECG_quality", "HR confidence", "PPG-valid",
     "ECG lead off", "Ambient", "ambient light"],
)  # fmt: skip
def test_what_a_device_reports_of_itself_is_not_a_signal(
    label: str, kind: str, stream: str
) -> None:
    own = stream if kind else ""  # programs give all channels the type of the stream
    assert role_of(label, own, stream) is Role.OTHER


@pytest.mark.parametrize(
    ("label", "stream", "role"),
    [("Pressure", "Respiration", Role.RESP), ("Lead II", "ECG", Role.ECG), ("X", "ACC", Role.ACCEL),
     ("event", "Markers", Role.MARKER), ("counter", "Markers", Role.MARKER),
     ("Sensor 1", "GSR", Role.EDA), ("IR", "PPG", Role.PPG)],
)  # fmt: skip
def test_labels_of_signals_keep_the_role_of_their_stream(
    label: str, stream: str, role: Role
) -> None:
    assert role_of(label, "", stream) is role


@pytest.mark.parametrize("stream", ["Physio", "Biosignals", "Peripheral", "GSR", "Misc", "EEG"])
@pytest.mark.parametrize(
    ("labels", "role"),
    [
        ("Skin Conductance|skin_conductance_level|Galvanic Skin Response|Electrodermal Activity"
         "|SkinConductance 2|Raw skin conductance", Role.EDA),
        ("Pulse|Finger Pulse|Blood Volume Pulse|Pleth|Plet|Photoplethysmogram", Role.PPG),
        ("Respiration|RIP|RIP Abdomen|Breathing Belt|Respiratory Effort|RSP", Role.RESP),
        ("Skin Temp|Skin Temperature|SKT|Finger temperature", Role.TEMP),
        ("Electrocardiogram|ECG", Role.ECG),
        ("Zygomaticus|Corrugator left|Electromyogram", Role.EMG),
        ("Heart Rate|Pulse Rate", Role.HEART_RATE),
    ],
)  # fmt: skip
def test_signals_are_known_by_their_names_in_words(stream: str, labels: str, role: Role) -> None:
    for label in labels.split("|"):
        assert role_of(label, "", stream) is role, label


@pytest.mark.parametrize(
    ("label", "stream", "role"),
    [("Pulse", "HR", Role.HEART_RATE), ("Pulse", "", None), ("Thorax", "EMG", Role.EMG),
     ("Thorax", "Physio", Role.RESP), ("Breathing Rate", "Physio", Role.OTHER),
     ("Body Temperature", "Physio", None)],
)  # fmt: skip
def test_unclear_labels_have_no_other_role(label: str, stream: str, role: Role | None) -> None:
    assert role_of(label, "", stream) is role


@pytest.mark.parametrize("kind", ["EEG", ""])
def test_free_electrodes_of_biosemi_are_recorded_and_not_used(kind: str) -> None:
    labels = ["Fp1", "A17", "EXG1", "EXG8", "EX3", "Erg1", "Ana2", "Plet", "GSR1"]
    found = assign([Described(label, "uV", kind) for label in labels], "EEG")
    assert [column.channel.label for column in found.columns[Role.EEG]] == ["Fp1", "A17"]
    assert found.free == ("EXG1", "EXG8", "EX3")
    assert {"EXG1", "EXG8", "EX3", "Erg1", "Ana2"} <= {
        column.channel.label for column in found.columns[Role.OTHER]
    }
    choices = Choices({"EXG*": Role.EOG})
    stated = assign([Described("EXG1", "uV", kind)], "EEG", choices)
    assert (list(stated.columns), stated.free) == ([Role.EOG], ())


@pytest.mark.parametrize(
    ("label", "unit", "role"),
    [("Sensor 2", "uS", Role.EDA), ("SkC", "microsiemens", Role.EDA), ("Y", "m/s^2", Role.ACCEL),
     ("Y", "", None), ("delay", "us", None), ("Sensor 2", "mV", None)],
)  # fmt: skip
def test_a_unit_that_one_signal_has_shows_the_role(
    label: str, unit: str, role: Role | None
) -> None:
    found = assign([Described(label, unit)], "Physio")
    assert next(iter(found.columns), None) is role


@pytest.mark.parametrize(
    ("stream", "role"),
    [("EEG raw", Role.EEG), ("Raw_ECG", Role.ECG), ("PPG-Data", Role.PPG),
     ("Skin Conductance", Role.EDA), ("EEG Quality", None), ("EEG Model", None)],
)  # fmt: skip
def test_words_that_state_nothing_do_not_hide_a_type(stream: str, role: Role | None) -> None:
    assert role_of("ch1", "", stream) is role
    assert role_of("Trigger", "", stream) is Role.OTHER
