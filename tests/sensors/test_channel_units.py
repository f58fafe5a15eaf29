"""Units that devices state become Sentio's, or are known not to be."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentio_sensors import Role
from sentio_sensors.channel_units import conversion, is_other_quantity


@pytest.mark.parametrize(
    ("role", "unit", "value", "expected"),
    [
        (Role.EEG, "volts", 1e-6, 1.0),
        (Role.EEG, "V", 1e-6, 1.0),
        (Role.EEG, "mV", 1.0, 1e3),
        (Role.EEG, "nV", 8000.0, 8.0),
        (Role.EEG, "nanovolts", 8000.0, 8.0),
        (Role.EEG, "microvolts", 3.0, 3.0),
        (Role.EEG, "\N{MICRO SIGN}V", 3.0, 3.0),
        (Role.EEG, "\N{GREEK SMALL LETTER MU}V", 3.0, 3.0),
        (Role.EEG, "\u00c2\u00b5V", 3.0, 3.0),
        (Role.EDA, "\u00ce\u00bcS", 4.0, 4.0),
        (Role.EEG, "uVolt", 3.0, 3.0),
        (Role.EEG, "-6", 3.0, 3.0),
        (Role.EEG, "0", 3e-6, 3.0),
        (Role.EEG, "-3", 3e-3, 3.0),
        (Role.EEG, "1e-09", 3e3, 3.0),
        (Role.EEG, "unknown", 3.0, 3.0),
        (Role.EEG, "none", 3.0, 3.0),
        (Role.ECG, "mV", 1.5, 1500.0),
        (Role.EOG, "V", 1e-5, 10.0),
        (Role.EMG, "mV", 0.1, 100.0),
        (Role.EDA, "uS", 4.0, 4.0),
        (Role.EDA, "\N{GREEK SMALL LETTER MU}S", 4.0, 4.0),
        (Role.EDA, "microsiemens", 4.0, 4.0),
        (Role.EDA, "nS", 4000.0, 4.0),
        (Role.EDA, "mS", 0.004, 4.0),
        (Role.EDA, "siemens", 4e-6, 4.0),
        (Role.EDA, "kOhm", 250.0, 4.0),
        (Role.EDA, "kohms", 250.0, 4.0),
        (Role.EDA, "k\N{OHM SIGN}", 250.0, 4.0),
        (Role.EDA, "k\N{GREEK CAPITAL LETTER OMEGA}", 250.0, 4.0),
        (Role.EDA, "MOhm", 0.25, 4.0),
        (Role.EDA, "ohm", 250e3, 4.0),
        (Role.TEMP, "celsius", 33.0, 33.0),
        (Role.TEMP, "\N{DEGREE SIGN}C", 33.0, 33.0),
        (Role.TEMP, "K", 306.15, 33.0),
        (Role.TEMP, "kelvin", 306.15, 33.0),
        (Role.TEMP, "fahrenheit", 91.4, 33.0),
        (Role.TEMP, "\N{DEGREE SIGN}F", 91.4, 33.0),
        (Role.ACCEL, "m/s\N{SUPERSCRIPT TWO}", 9.80665, 1.0),
        (Role.ACCEL, "1/64g", 64.0, 1.0),
        (Role.ACCEL, "mg", 1000.0, 1.0),
        (Role.HEART_RATE, "bpm", 72.0, 72.0),
        (Role.HEART_RATE, "Hz", 1.2, 72.0),
        (Role.RR, "ms", 833.0, 833.0),
        (Role.RR, "s", 0.833, 833.0),
        (Role.RR, "1/1024 s", 1024.0, 1000.0),
        (Role.PPG, "whatever", 5.0, 5.0),
        (Role.RESP, "%", 5.0, 5.0),
    ],
)
def test_units_are_converted(role: Role, unit: str, value: float, expected: float) -> None:
    found = conversion(role, unit)
    assert found is not None
    assert found.apply(np.array([value]))[0] == pytest.approx(expected)


@pytest.mark.parametrize(
    ("role", "unit"),
    [(Role.EEG, "furlongs"), (Role.EEG, "kOhm"), (Role.TEMP, "mV"), (Role.EDA, "g")],
)
def test_an_unknown_unit_is_not_guessed(role: Role, unit: str) -> None:
    assert conversion(role, unit) is None


def test_a_resistance_of_zero_is_unknown() -> None:
    found = conversion(Role.EDA, "kOhm")
    assert found is not None
    assert np.isnan(found.apply(np.array([0.0, -1.0]))).all()


@pytest.mark.parametrize("unit", ["percent", "%", "seconds", "celsius", "g", "bpm", "uS", "count"])
def test_other_quantities_are_recognised(unit: str) -> None:
    assert is_other_quantity(unit)


@pytest.mark.parametrize("unit", ["", "uV", "volts", "-6", "unknown", "parsecs"])
def test_voltages_and_unknown_words_are_no_other_quantity(unit: str) -> None:
    assert not is_other_quantity(unit)


@given(st.sampled_from(list(Role)), st.text(max_size=40))
def test_any_text_gets_a_result(role: Role, unit: str) -> None:
    found = conversion(role, unit)
    assert found is None or np.isfinite(found.apply(np.ones(1))).all()


@pytest.mark.parametrize(
    ("role", "unit", "one"),
    [
        (Role.EEG, "1e-6V", 1.0), (Role.EEG, "[µV]", 1.0), (Role.EDA, "µ℧", 1.0),
        (Role.ACCEL, "m/(s^2)", 1 / 9.80665), (Role.ACCEL, "m.s-2", 1 / 9.80665),
        (Role.ACCEL, "milli-g", 1e-3), (Role.TEMP, "centigrade", 1.0), (Role.TEMP, "oC", 1.0),
        (Role.RR, "1/1024", 1e3 / 1024),
    ],
)  # fmt: skip
def test_other_spellings_are_converted(role: Role, unit: str, one: float) -> None:
    found = conversion(role, unit)
    assert found is not None
    assert float(found.apply(np.array(1.0))) == pytest.approx(one)
