"""Map channel names, types and units of devices to roles and Sentio's units."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase

from sentio_sensors.errors import FormatError
from sentio_sensors.stream import Role

_TYPES = {
    "eeg": Role.EEG,
    "ecg": Role.ECG,
    "ekg": Role.ECG,
    "ppg": Role.PPG,
    "bvp": Role.PPG,
    "hr": Role.HEART_RATE,
    "heartrate": Role.HEART_RATE,
    "heart_rate": Role.HEART_RATE,
    "heart rate": Role.HEART_RATE,
    "heart-rate": Role.HEART_RATE,
    "eda": Role.EDA,
    "gsr": Role.EDA,
    "sc": Role.EDA,
    "resp": Role.RESP,
    "respiration": Role.RESP,
    "breathing": Role.RESP,
    "temp": Role.TEMP,
    "temperature": Role.TEMP,
    "acc": Role.ACCEL,
    "accel": Role.ACCEL,
    "accelerometer": Role.ACCEL,
    "audio": Role.AUDIO,
    "face": Role.FACE,
    "blendshape": Role.FACE,
    "blendshapes": Role.FACE,
    "expression": Role.FACE,
    "marker": Role.MARKER,
    "markers": Role.MARKER,
}
"""Channel and stream types, in lower case, as the XDF wiki and common vendors write them."""

_SCALES: Mapping[Role, Mapping[str, float]] = {
    Role.EEG: {"": 1, "uv": 1, "µv": 1, "microvolts": 1, "mv": 1e3, "millivolts": 1e3, "v": 1e6,
               "volts": 1e6},
    Role.ECG: {"": 1, "uv": 1, "µv": 1, "microvolts": 1, "mv": 1e3, "millivolts": 1e3, "v": 1e6,
               "volts": 1e6},
    Role.EDA: {"": 1, "us": 1, "µs": 1, "microsiemens": 1, "s": 1e6, "siemens": 1e6, "ns": 1e-3},
    Role.ACCEL: {"": 1, "g": 1, "mg": 1e-3, "1/64g": 1 / 64, "m/s2": 1 / 9.80665,
                 "m/s^2": 1 / 9.80665, "m/s²": 1 / 9.80665},
}  # fmt: skip
"""Factor from each unit to the role's unit (uV, uS, g)."""

UNITS: Mapping[Role, str] = {
    Role.EEG: "uV",
    Role.ECG: "uV",
    Role.EDA: "uS",
    Role.TEMP: "degC",
    Role.ACCEL: "g",
    Role.HEART_RATE: "/min",
    Role.FACE: "1",
}
"""Unit of each role; other roles have no defined unit."""

ELECTRODES = frozenset(
    """fp1 fpz fp2 af7 af3 afz af4 af8 f9 f7 f5 f3 f1 fz f2 f4 f6 f8 f10 ft9 ft7 fc5 fc3 fc1 fcz
    fc2 fc4 fc6 ft8 ft10 t7 t8 t3 t4 c5 c3 c1 cz c2 c4 c6 tp9 tp7 cp5 cp3 cp1 cpz cp2 cp4 cp6 tp8
    tp10 p9 p7 p5 p3 p1 pz p2 p4 p6 p8 p10 t5 t6 po7 po3 poz po4 po8 o1 oz o2 a1 a2 m1 m2""".split()
)
"""Names of the 10-10 system (Jurcak et al. 2007), in lower case."""


def role_of(
    label: str, kind: str, stream_type: str, override: Mapping[str, Role] | None = None
) -> Role | None:
    """Return the role of a channel, or None if it is unknown.

    Args:
        label: The channel's name.
        kind: The channel's own type; may be empty.
        stream_type: The type of its stream.
        override: Configured role by label pattern (``PPG*``); the first match applies.
    """
    for pattern, role in (override or {}).items():
        if fnmatchcase(label.lower(), pattern.lower()):
            return role
    for word in (kind, stream_type):
        if word.strip().lower() in _TYPES:
            return _TYPES[word.strip().lower()]
    name = label.strip().lower()
    if name in ELECTRODES:
        return Role.EEG
    head = name.replace("-", "_").split("_")[0].rstrip("0123456789xyz ")
    return _TYPES.get(name) or _TYPES.get(head)


def scale_of(role: Role, unit: str) -> float:
    """Return the factor that converts a channel to the unit of its role.

    Raises:
        FormatError: The unit is unknown for this role.
    """
    scales = _SCALES.get(role)
    if scales is None:
        return 1.0
    found = scales.get(unit.strip().lower())
    if found is None:
        known = ", ".join(name for name in scales if name)
        raise FormatError(
            f"unit {unit!r} of a channel of role {role.value}; expected one of {known}",
            "correct the sender's channel description",
        )
    return float(found)
