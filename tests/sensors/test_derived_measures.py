"""Tests that what was computed of a signal is not read as the signal."""

from __future__ import annotations

import pytest

from sentio_sensors import Role
from sentio_sensors.channel_roles import Described, assign, role_of
from sentio_sensors.derived_measures import is_stream_of_measures, spaced

COMPUTED = """ECG_Rate ECG_R_Peaks ECG_Phase_Atrial ECGNoise ECGAmplitude RSP_Rate RSP_Amplitude
RespRate Respiration_Rate breathing_rate EDA_Phasic EDA_Tonic PPG_Peaks PPG-Rate HR_Confidence
TEMP_ambient Alpha_TP9 AF3/theta Fp1_offset PeakAccel EMG_RMS""".split()
"""Labels as NeuroKit, Zephyr, Emotiv and others write them."""

STREAM = {
    "ecg": "ECG", "rsp": "Respiration", "resp": "Respiration", "respiration": "Respiration",
    "breathing": "Respiration", "eda": "EDA", "ppg": "PPG", "hr": "HR", "temp": "TEMP",
    "peak": "ACC", "emg": "EMG",
}  # fmt: skip


@pytest.mark.parametrize("typed", [True, False])
@pytest.mark.parametrize("label", COMPUTED)
def test_a_measure_of_a_signal_is_not_the_signal(label: str, typed: bool) -> None:
    first = spaced(label).replace("_", " ").replace("-", " ").split()[0].lower()
    stream = STREAM.get(first, "EEG") if typed else ""
    assert role_of(label, "", stream) in (Role.OTHER, None)
    assert role_of(label, stream, stream) in (Role.OTHER, None)


@pytest.mark.parametrize(
    ("label", "stream", "role"),
    [
        ("Heart Rate", "HR", Role.HEART_RATE), ("BVP HR", "PPG", Role.HEART_RATE),
        ("pulse_rate", "PPG", Role.HEART_RATE), ("SpO2", "PPG", Role.OTHER),
        ("RMSSD", "HR", Role.OTHER), ("SDNN", "RR", Role.OTHER), ("SCR", "EDA", Role.OTHER),
        ("SCL", "EDA", Role.EDA), ("Rate", "Respiration", Role.OTHER),
        ("LeadOff", "ECG", Role.OTHER),
        ("Confidence", "PPG", Role.OTHER), ("Respiration", "Physio", Role.RESP),
        ("EcgWaveform", "", Role.ECG), ("ECG_Clean", "ECG", Role.ECG), ("Raw", "EDA", Role.EDA),
        ("AFz", "EEG", Role.EEG), ("CPz", "", Role.EEG), ("PowerLab 1", "ECG", Role.ECG),
    ],
)  # fmt: skip
def test_signals_keep_their_role(label: str, stream: str, role: Role) -> None:
    assert role_of(label, "", stream) is role


@pytest.mark.parametrize(
    "stream",
    ["EEG-Quality", "Contact-Quality", "BandPower", "Band-Power", "Impedance", "FFT", "EQ"],
)
def test_electrodes_of_a_stream_of_measures_are_not_eeg(stream: str) -> None:
    """Emotiv names the channels of contact quality after the electrodes too."""
    assert is_stream_of_measures(stream)
    assert role_of("AF3", "", stream) is Role.OTHER
    assert role_of("AF3", "EEG", stream) is Role.OTHER


@pytest.mark.parametrize("stream", ["EEG", "", "Biosignals", "Biometrics", "BrainVision RDA"])
def test_other_streams_of_electrodes_are_eeg(stream: str) -> None:
    assert not is_stream_of_measures(stream)
    assert role_of("AF3", "", stream) is Role.EEG


def test_units_of_breaths_and_beats_show_what_is_a_rate() -> None:
    channels = [Described("Breathing", "brpm", "RESP"), Described("Belt", "N", "RESP"),
                Described("PPG", "bpm", "PPG"), Described("Pulse", "", "PPG")]  # fmt: skip
    found = assign(channels, "Physio").columns
    labels = {role: [c.channel.label for c in columns] for role, columns in found.items()}
    assert labels == {
        Role.OTHER: ["Breathing"],
        Role.RESP: ["Belt"],
        Role.HEART_RATE: ["PPG"],
        Role.PPG: ["Pulse"],
    }


def test_a_resistance_without_a_unit_is_not_read_as_a_conductance() -> None:
    found = assign([Described("Resistance"), Described("Skin Resistance", "kOhm")], "GSR")
    assert [c.channel.label for c in found.columns[Role.EDA]] == ["Skin Resistance"]
    assert [c.channel.label for c in found.columns[Role.OTHER]] == ["Resistance"]
    assert "'Resistance' has no unit" in found.notes[0]
