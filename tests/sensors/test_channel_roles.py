"""Tests of mapping channel names, types and units to roles."""

from __future__ import annotations

import pytest

from sentio_sensors import FormatError, Role
from sentio_sensors.channel_roles import role_of, scale_of


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
        ("ACC_X", "", "", Role.ACCEL),
        ("accx", "", "", Role.ACCEL),
        ("x", "Accelerometer", "E4", Role.ACCEL),
        ("Respiration", "", "", Role.RESP),
        ("HR", "", "", Role.HEART_RATE),
        ("Heart Rate", "", "", Role.HEART_RATE),
        ("ch1", "", "HeartRate", Role.HEART_RATE),
        ("HRV", "", "", None),
        ("mood", "", "Quality", None),
    ],
)
def test_role_is_derived_from_label_and_types(
    label: str, kind: str, stream: str, role: Role | None
) -> None:
    assert role_of(label, kind, stream) is role


def test_configured_role_has_priority() -> None:
    assert role_of("Fz", "EEG", "EEG", {"f*": Role.PPG}) is Role.PPG


def test_units_are_scaled_or_refused() -> None:
    assert scale_of(Role.EEG, "volts") == 1e6
    assert scale_of(Role.ACCEL, "1/64g") == 1 / 64
    assert scale_of(Role.PPG, "whatever") == 1
    with pytest.raises(FormatError, match="expected one of"):
        scale_of(Role.EEG, "furlongs")
