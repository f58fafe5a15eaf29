"""Shimmer: CSV of Consensys, with a line of units below the header."""

from __future__ import annotations

import re
from dataclasses import replace

from sentio_sensors.files.content import FileContent, Hints
from sentio_sensors.files.formats.tables import table_layout, with_rules
from sentio_sensors.files.head import Head
from sentio_sensors.files.table.rules import Column
from sentio_sensors.files.table.streams import Table

NAME = "Shimmer"

_COLUMN = re.compile(
    r"^(?P<device>.*?Shimmer_?(?!(?:PPG|ECG|EMG|EXG\d?|GSR|Accel|Gyro|Mag|Internal|Pressure|Resp|Skin|"
    r"Battery|VSense|System|Event|Ext|Int)_)[0-9A-Za-z]{2,8}_|Shimmer_)?"
    r"(?P<name>.+?)_(?P<form>CAL|RAW|UNCAL)$"
)


_OWN = re.compile(
    r"^(?P<device>(?!(?:ppg|ecg|emg|exg|gsr|accel|gyro|mag|internal|pressure|resp|skin|battery|"
    r"vsense|system|event|ext|int|timestamp|temperature|realtime)(?:_|\d|$)).+?_)"
    r"(?P<name>(?:ppg|ecg|emg|exg|gsr|accel|gyro|mag|internal|pressure|resp|skin|battery|vsense|"
    r"system|event|ext|int|timestamp|temperature|realtime)(?:_|\d|$).*)$",
    re.IGNORECASE,
)
"""A device that its user named, ``LeftHand_PPG_A13``."""


def matches(head: Head) -> bool:
    """Return whether the header has columns of Consensys."""
    layout = table_layout(head)
    if layout is None:
        return False
    names = [name for name in layout.names if name]
    calibrated = sum(name.endswith(("_CAL", "_RAW", "_UNCAL")) for name in names)
    named = any("shimmer" in name.lower() for name in names)
    return calibrated >= 2 and (named or calibrated == len(names))


def read(head: Head, hints: Hints) -> FileContent:
    """Read calibrated skin conductance, optics, ECG, motion and temperature."""
    layout = table_layout(head)
    names = " ".join(layout.names).lower() if layout is not None else ""
    rule = _rule if "skin_conductance" in names else _rule_of_resistance
    return with_rules(head, Table(NAME, rule), hints)


def _rule_of_resistance(header: str, unit: str) -> Column:
    """Return what a column is in a file that has only skin resistance."""
    found = _COLUMN.match(header)
    resistance = found is not None and (
        "skin_resistance" in header.lower() or found["name"].lower() == "gsr"
    )
    if found is not None and found["form"] == "CAL" and resistance:
        return Column(found["name"], unit, "EDA", clock=found["device"] or "")
    return _rule(header, unit)


def _rule(header: str, unit: str) -> Column:
    found = _COLUMN.match(header)
    if found is None or found["form"] != "CAL":
        return Column(header, unit, "ignored")
    own = _OWN.match(found["name"])
    clock = found["device"] or (own["device"] if own else "")
    return replace(_named(found, unit), clock=clock)


def _named(found: re.Match[str], unit: str) -> Column:
    """Return what a calibrated column is."""
    own = _OWN.match(found["name"])
    name, unit = (own or found)["name"], unit.replace("(s^2)", "s^2")
    word = name.lower()
    if "timestamp" in word:
        rank = 0 if "unix" in word else 1
        return Column(name, unit, "time", rank=rank)
    if "skin_conductance" in word:
        return Column(name, unit, "EDA")
    if "ppgtohr" in word:
        return Column(name, "bpm", "heart_rate")
    if re.match(r"^(internal_adc_|ppg)|ppg", word) and "ibi" not in word:
        return Column(name, unit, "PPG") if "ppg" in word else Column(name, unit, "ignored")
    if word.startswith(("ecg_", "ecg")) and "status" not in word and "ecgtohr" not in word:
        return Column(name, unit, "ECG")
    if word.startswith("emg"):
        return Column(name, unit, "EMG")
    if word.startswith("accel") or "accel" in word:
        return Column(name, unit, "ACCEL", group="accel_wr" if "wr" in word else "accel")
    if word.startswith("resp"):
        return Column(name, unit, "RESP")
    if word.startswith("skin_temperature"):
        return Column(name, unit, "TEMP")
    if word.startswith("event_marker"):
        return Column(name, "", "Markers")
    return Column(name, unit, "ignored")  # resistance, gyroscope, board temperature, battery
