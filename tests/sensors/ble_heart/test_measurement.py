"""Tests of parsing heart rate measurements, with the layout of the service."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentio_sensors import FormatError
from sentio_sensors.ble_heart.measurement import HeartRateMeasurement, parse


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("00 48", HeartRateMeasurement(72)),
        ("01 2c 01", HeartRateMeasurement(300)),
        ("04 00", HeartRateMeasurement(0, contact=False)),
        ("06 3c", HeartRateMeasurement(60, contact=True)),
        ("02 3c", HeartRateMeasurement(60)),  # the contact flag is ignored without support
        ("08 50 e8 03", HeartRateMeasurement(80, energy=1000)),
        ("10 3c 00 04", HeartRateMeasurement(60, rr_s=(1.0,))),
        ("10 5a 00 02 9a 02", HeartRateMeasurement(90, rr_s=(0.5, 666 / 1024))),
        ("10 3c", HeartRateMeasurement(60)),  # the flag is set, no beat since
        (
            "1f 78 00 ff ff 00 02",
            HeartRateMeasurement(120, contact=True, energy=65535, rr_s=(0.5,)),
        ),
        ("e0 48", HeartRateMeasurement(72)),  # reserved flags
        ("00 48 00", HeartRateMeasurement(72)),  # padding that no flag requires
    ],
)
def test_valid_value_is_parsed(data: str, expected: HeartRateMeasurement) -> None:
    assert parse(bytes.fromhex(data)) == expected


@pytest.mark.parametrize("data", ["", "00", "01 48", "08 48 01", "09 48 00 01", "10 48 00 04 01"])
def test_truncated_value_is_refused(data: str) -> None:
    with pytest.raises(FormatError):
        parse(bytes.fromhex(data))


@given(st.binary(max_size=24))
def test_arbitrary_bytes_are_parsed_or_refused(data: bytes) -> None:
    try:
        measured = parse(data)
    except FormatError:
        return
    assert 0 <= measured.rate <= 0xFFFF
    assert all(0 <= rr < 64 for rr in measured.rr_s)
    assert 2 * len(measured.rr_s) + 2 <= len(data)
