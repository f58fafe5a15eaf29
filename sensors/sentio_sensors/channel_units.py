"""Convert the units that devices state to Sentio's unit of each role."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sentio_sensors.stream import Role

UNITS: Mapping[Role, str] = {
    Role.EEG: "uV",
    Role.ECG: "uV",
    Role.EOG: "uV",
    Role.EMG: "uV",
    Role.EDA: "uS",
    Role.TEMP: "degC",
    Role.ACCEL: "g",
    Role.HEART_RATE: "/min",
    Role.RR: "ms",
    Role.FACE: "1",
}
"""Unit of each role; other roles have no defined unit."""

UNSTATED = frozenset(
    ("", "unknown", "none", "n/a", "na", "-", "?", "au", "a.u.", "arbitrary", "undefined", "nan")
)
"""Texts, in lower case, that state no unit: the role's own is assumed."""

_PREFIXES = {
    "": 1.0, "n": 1e-9, "nano": 1e-9, "u": 1e-6, "micro": 1e-6, "m": 1e-3, "milli": 1e-3,
    "k": 1e3, "kilo": 1e3, "mega": 1e6,
}  # fmt: skip

_VOLTS = re.compile(r"^(nano|micro|milli|kilo|[numk])?(?:v|volts?)$")
_SIEMENS = re.compile(r"^(nano|micro|milli|[num])?(?:s|siemens|mhos?)$")
_OHMS = re.compile(r"^(kilo|mega|[km])?(?:ohms?|w)$")
_EXPONENT = re.compile(r"^(?:1(?:\.0*)?e|10\^|10\*\*)?([+-]?\d{1,2})(?:\*?v(?:olts?)?)?$")
"""The power of ten of the SI unit, as mne-lsl writes it: ``-6`` for microvolts."""

_GRAVITY = 9.80665
_ACCEL = {
    "g": 1.0, "gs": 1.0, "g's": 1.0, "gn": 1.0, "gee": 1.0, "gravity": 1.0, "gravities": 1.0,
    "mg": 1e-3, "milli-g": 1e-3, "millig": 1e-3, "ug": 1e-6, "1/64g": 1 / 64,
    "m/s2": 1 / _GRAVITY, "m/s^2": 1 / _GRAVITY, "m/s**2": 1 / _GRAVITY, "m/s/s": 1 / _GRAVITY,
    "m/sec2": 1 / _GRAVITY, "m/sec^2": 1 / _GRAVITY, "ms^-2": 1 / _GRAVITY, "ms-2": 1 / _GRAVITY,
    "m*s^-2": 1 / _GRAVITY, "m.s-2": 1 / _GRAVITY, "m.s^-2": 1 / _GRAVITY,
    "cm/s2": 0.01 / _GRAVITY, "cm/s^2": 0.01 / _GRAVITY, "mm/s2": 1e-3 / _GRAVITY,
    "mm/s^2": 1e-3 / _GRAVITY,
}  # fmt: skip
_RATE = {
    "bpm": 1.0, "/min": 1.0, "1/min": 1.0, "min-1": 1.0, "min^-1": 1.0, "beats/min": 1.0,
    "beats/minute": 1.0, "count/min": 1.0, "counts/min": 1.0, "beats": 1.0, "beatsperminute": 1.0,
    "hz": 60.0, "1/s": 60.0, "/s": 60.0,
}  # fmt: skip
_BREATHS = frozenset(
    ("brpm", "rpm", "breaths/min", "breath/min", "breathsperminute", "breaths", "br/min",
     "breaths/minute", "resp/min", "cpm")
)  # fmt: skip
_INTERVAL = {
    "ms": 1.0, "msec": 1.0, "millisecond": 1.0, "milliseconds": 1.0, "s": 1e3, "sec": 1e3,
    "second": 1e3, "seconds": 1e3, "us": 1e-3, "microseconds": 1e-3, "1/1024s": 1e3 / 1024,
    "1/1024": 1e3 / 1024,
}  # fmt: skip
_CELSIUS = {
    "oc",
    "centigrade",
    "degreescentigrade",
    "celsiusdegrees",
    "degc.",
    "c",
    "degc",
    "deg.c",
    "celsius",
    "degcelsius",
    "degreescelsius",
    "degreec",
    "degreesc",
}
_KELVIN = {"k", "kelvin", "degk"}
_FAHRENHEIT = {"f", "degf", "deg.f", "fahrenheit", "degfahrenheit", "degreesf", "degreef",
               "degreesfahrenheit"}  # fmt: skip

_ELECTRIC = frozenset({Role.EEG, Role.ECG, Role.EOG, Role.EMG})


@dataclass(frozen=True, slots=True)
class Conversion:
    """How values of one channel become those of the role's unit.

    Attributes:
        factor: Multiplied first.
        offset: Added then.
        inverse: Whether ``factor`` is divided by the value instead (ohms to siemens).
    """

    factor: float = 1.0
    offset: float = 0.0
    inverse: bool = False

    @property
    def none(self) -> bool:
        """Whether values stay as they are."""
        return self == SAME

    def apply(self, values: NDArray[Any]) -> NDArray[np.float64]:
        """Return converted values; a resistance of 0 gives NaN."""
        numbers = np.asarray(values, np.float64)
        if self.inverse:
            with np.errstate(divide="ignore", invalid="ignore"):
                result: NDArray[np.float64] = np.where(numbers > 0, self.factor / numbers, np.nan)
            return result
        return numbers * self.factor + self.offset


SAME = Conversion()

_ASIDE = str.maketrans("", "", "_()[]{}")
"""Characters that units are written with or without: ``m/(s^2)``, ``[uV]``."""


def plain_unit(unit: str) -> str:
    """Return a unit in lower case and ASCII: any mu becomes ``u``, any omega ``ohm``."""
    text = unicodedata.normalize("NFKC", _once(unit)).strip().lower()
    text = text.replace("\N{GREEK SMALL LETTER MU}", "u").replace("\N{MICRO SIGN}", "u")
    text = text.replace("\N{GREEK SMALL LETTER OMEGA}", "ohm").replace("\N{OHM SIGN}", "ohm")
    text = (
        text.replace("\N{INVERTED OHM SIGN}", "mho")
        .replace("\N{DEGREE SIGN}", "deg")
        .replace("\N{REPLACEMENT CHARACTER}", "u")
    )
    return "".join(text.split()).translate(_ASIDE)


def _once(text: str) -> str:
    """Return a text whose UTF-8 was read as Latin-1, as it was before."""
    if text.isascii():
        return text
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text


def conversion(role: Role, unit: str) -> Conversion | None:
    """Return the conversion of a unit to that of the role; None if unknown.

    Args:
        role: Role of the channel.
        unit: As the device states it.
    """
    text = plain_unit(unit)
    if role not in UNITS or text in UNSTATED:
        return SAME
    if role in _ELECTRIC:
        return _scaled(_VOLTS, text, 1e6)
    if role is Role.EDA:
        ohms = _OHMS.match(text)
        if ohms:
            scale = {"k": 1e3, "kilo": 1e3, "m": 1e6, "mega": 1e6}.get(ohms.group(1) or "", 1.0)
            return Conversion(1e6 / scale, inverse=True)
        return _scaled(_SIEMENS, text, 1e6)
    if role is Role.TEMP:
        if text in _CELSIUS:
            return SAME
        if text in _KELVIN:
            return Conversion(1.0, -273.15)
        return Conversion(5 / 9, -160 / 9) if text in _FAHRENHEIT else None
    table = {Role.ACCEL: _ACCEL, Role.HEART_RATE: _RATE, Role.RR: _INTERVAL}.get(role)
    if table is None:
        return SAME
    return Conversion(table[text]) if text in table else None


def is_rate(unit: str) -> bool:
    """Return whether a unit is one of beats or breaths in a time."""
    text = plain_unit(unit)
    return text in _RATE or text in _BREATHS


def is_other_quantity(unit: str) -> bool:
    """Return whether a unit is known and certainly not one of an electric signal."""
    text = plain_unit(unit)
    if text in UNSTATED or _EXPONENT.match(text) or _VOLTS.match(text):
        return False
    known = _CELSIUS | _KELVIN | _FAHRENHEIT | _ACCEL.keys() | _INTERVAL.keys()
    others = {"percent", "%", "deg/s", "dps", "rad/s", "ut", "gauss", "count", "counts", "samples",
              "bool", "boolean", "integer", "int"}  # fmt: skip
    return (
        text in known
        or text in others
        or is_rate(text)
        or bool(_SIEMENS.match(text) or _OHMS.match(text))
    )


def _scaled(pattern: re.Pattern[str], text: str, to_role: float) -> Conversion | None:
    exponent = _EXPONENT.match(text)
    if exponent:
        return _factor(10.0 ** int(exponent.group(1)) * to_role)
    found = pattern.match(text)
    return None if found is None else _factor(_PREFIXES[found.group(1) or ""] * to_role)


def _factor(value: float) -> Conversion:
    return Conversion(float(f"{value:.12g}"))
