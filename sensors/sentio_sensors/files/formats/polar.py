"""Polar straps and watches: text of the app Polar Sensor Logger."""

from __future__ import annotations

from sentio_sensors.files.content import FileContent, Hints
from sentio_sensors.files.formats.tables import table_layout, with_rules
from sentio_sensors.files.head import Head
from sentio_sensors.files.table.rules import Column, split_unit
from sentio_sensors.files.table.streams import Table

NAME = "Polar Sensor Logger"


def matches(head: Head) -> bool:
    """Return whether the header is one of Polar Sensor Logger."""
    layout = table_layout(head)
    names = layout.names if layout is not None else ()
    return len(names) > 1 and names[0].lower() in ("phone timestamp", "timestamp [phone]")


def read(head: Head, hints: Hints) -> FileContent:
    """Read ECG (uV), acceleration, optics, heart rate and beat intervals (ms)."""
    return with_rules(head, Table(NAME, _rule), hints)


def _rule(header: str, unit: str) -> Column:
    name, unit = split_unit(header)
    word = name.lower()
    if word == "sensor timestamp":  # the strap's clock; the phone's stamps jitter by 100 ms
        return Column(name, unit or "ns", "time")
    if word == "timestamp":
        return Column(name, unit or "ms", "time", rank=1)
    if word == "phone timestamp":
        return Column(name, "", "time", rank=2)
    if word == "ecg":
        return Column(name, unit, "ECG")
    if word in ("x", "y", "z") and unit in ("mg", "g"):  # G is Gauss, of the magnetometer
        return Column(word, unit, "ACCEL")
    if word.startswith(("channel", "ppg")):
        return Column(name, "", "PPG")
    if word == "hr":
        return Column(name, unit, "heart_rate")
    if word in ("rr-interval", "rr interval", "pp-interval", "pp interval"):
        return Column(name, unit or "ms", "rr")
    return Column(name, unit, "ignored")  # HRV, breathing interval, contact, ambient light
