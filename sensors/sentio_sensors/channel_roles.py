"""Map channel names, types and units of devices to roles and Sentio's units."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from sentio_sensors.channel_units import (
    SAME,
    UNITS,
    UNSTATED,
    Conversion,
    conversion,
    is_other_quantity,
    is_rate,
    plain_unit,
)
from sentio_sensors.derived_measures import is_stream_of_measures, measured, spaced
from sentio_sensors.signal_names import signal_named
from sentio_sensors.stream import Channel, Role

_TYPES = {
    "eeg": Role.EEG,
    "ecg": Role.ECG,
    "ekg": Role.ECG,
    "eog": Role.EOG,
    "heog": Role.EOG,
    "veog": Role.EOG,
    "emg": Role.EMG,
    "ppg": Role.PPG,
    "bvp": Role.PPG,
    "hr": Role.HEART_RATE,
    "heartrate": Role.HEART_RATE,
    "heart_rate": Role.HEART_RATE,
    "heart rate": Role.HEART_RATE,
    "heart-rate": Role.HEART_RATE,
    "rr": Role.RR,
    "rri": Role.RR,
    "ibi": Role.RR,
    "nn": Role.RR,
    "ppi": Role.RR,
    "rr_interval": Role.RR,
    "rr-interval": Role.RR,
    "rr interval": Role.RR,
    "rrinterval": Role.RR,
    "rr_intervals": Role.RR,
    "rr-intervals": Role.RR,
    "rr intervals": Role.RR,
    "rrintervals": Role.RR,
    "eda": Role.EDA,
    "gsr": Role.EDA,
    "sc": Role.EDA,
    "resp": Role.RESP,
    "respiration": Role.RESP,
    "breathing": Role.RESP,
    "temp": Role.TEMP,
    "temperature": Role.TEMP,
    "skintemp": Role.TEMP,
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
    "misc": Role.OTHER,
    "other": Role.OTHER,
    "aux": Role.OTHER,
    "auxiliary": Role.OTHER,
    "trigger": Role.OTHER,
    "triggers": Role.OTHER,
    "trig": Role.OTHER,
    "trg": Role.OTHER,
    "stim": Role.OTHER,
    "sti": Role.OTHER,
    "status": Role.OTHER,
    "counter": Role.OTHER,
    "cnt": Role.OTHER,
    "sequence": Role.OTHER,
    "timestamp": Role.OTHER,
    "timestamps": Role.OTHER,
    "battery": Role.OTHER,
    "gyro": Role.OTHER,
    "gyr": Role.OTHER,
    "gyroscope": Role.OTHER,
    "mag": Role.OTHER,
    "magnetometer": Role.OTHER,
    "validation": Role.OTHER,
    "digital": Role.OTHER,
}
"""Channel and stream types, in lower case, as the XDF wiki and common vendors write them."""

_PHYSIOLOGY = frozenset(
    (Role.ECG, Role.PPG, Role.EDA, Role.RESP, Role.TEMP, Role.ACCEL, Role.HEART_RATE, Role.RR,
     Role.EMG, Role.EOG)
)  # fmt: skip
"""Roles of signals that one device sends in one stream."""

_GENERIC = frozenset(
    ("", "unknown", "signal", "signals", "data", "none", "n/a", "-", "channel", "analog", "raw")
)
"""Channel types that state nothing: the stream's type applies."""

_FILLERS = frozenset("raw data signal signals stream filtered sensor".split())
"""Words of a type that do not change what it is."""

_ASIDE = re.compile(
    r"""^(?:
        (?:.*time[ _-]?stamps?(?:[ _-]?m?s)?|time|utc|epoch)
        |unix.*|(?:lsl|device|system)[ _-]?time.*
        |(?:sample|package|packet|frame)?[ _-]?(?:counter|cnt|count|index|number|num|no|id)
        |last[ _-]?pkt|lost.*|dropped.*|reserved.*|unused.*|blank|dummy.*|nc\d*
        |n?seq(?:uence)?(?:[ _-]?(?:number|num|nr))?
        |interpolated?|(?:hardware[ _-]?|event[ _-]?)?markers?(?:[ _-]?hardware)?|marker.*|events?
        |tri?g(?:g?er)?s?(?:[ _-]?\d+)?|sti(?:m(?:ulus)?)?(?:[ _-]?\d+)?|status[ _-]?\d*|di\d*
        |digital.*|(?:v|h)?sync.*|photo(?:[ _-]?(?:diode|sensor|cell))?\d*|light.*
        |button.*|key.*|msg
        |batt?(?:ery)?.*|charge|validation.*|valid
        |gyro?.*|magn?(?:et.*)?(?:[ _-]?[xyz])?|(?:left|right)?[ _-]?aux.*|misc.*
        |(?:raw)?cq(?:[ _-].*)?|(?:contact|signal)?[ _-]?quality.*|eq[ _-].*|h(?:si).*|touching.*
        |.*impedance.*|z[ _-].*|gnd|ground|refs?|reference|cms|drl|bip[ _-]?\d*|quat.*|orient.*
        |pressure.*|ambient.*|spo2|oxygen.*|erg[ _-]?\d+|ana[ _-]?\d+
    )$""",
    re.X,
)
"""Labels, in lower case, of channels beside signals that are not signals."""

_SERVICE = re.compile(
    r"""^(?:
        (?:.*time[ _-]?stamps?(?:[ _-]?m?s)?|time|utc|epoch)
        |unix.*|(?:lsl|device|system)[ _-]?time.*
        |(?:sample|package|packet|frame)[ _-]?(?:counter|cnt|count|index|number|num|no|id)
        |counter|cnt|n?seq(?:uence)?(?:[ _-]?(?:number|num|nr))?|lost.*|dropped.*
        |tri?g(?:g?er)?s?(?:[ _-]?\d+)?|markers?|events?|status[ _-]?\d*
        |ambient.*|batt?(?:ery)?.*|charge|valid(?:ation|ity)?.*|(?:contact|signal)?[ _-]?quality.*
    )$""",
    re.X,
)
"""Labels, in lower case, that are not a signal of the body either, whatever the stream's type."""

_REPORTED = re.compile(
    r"^.*[ _-](?:quality|qual|sqi|valid(?:ity)?|status|conf(?:idence)?|lead[ _-]?off|counter"
    r"|battery|error|flags?)$"
)
"""Labels, in lower case, of what a device reports about a signal: ``ECG_quality``."""

_PREFIX = re.compile(r"^eeg[._ -]+")
"""What some programs write before the labels of all channels of a headset: ``EEG.Counter``."""

_NAMED = (
    (re.compile(r"^(?:ecg|ekg)(?![a-z]{2})"), Role.ECG),
    (re.compile(r"^(?:[hvlr]|left|right)?[ _-]?eog"), Role.EOG),
    (re.compile(r"^emg"), Role.EMG),
    (re.compile(r"^(?:gsr|eda)(?![a-z]{2})"), Role.EDA),
    (re.compile(r"^(?:resp|respiration|breath(?:ing)?|belt)[ _-]?\d*$"), Role.RESP),
    (re.compile(r"^(?:ppg|bvp)(?![a-z]{2})"), Role.PPG),
    (re.compile(r"^acc(?:el(?:eration|erometer)?)?[ _-]?[xyz\d]*$"), Role.ACCEL),
    (re.compile(r"^(?:skin[ _-]?)?temp(?:erature)?[ _-]?\d*$"), Role.TEMP),
    (re.compile(r"^(?:hr|heart[ _-]?rate|bpm)$"), Role.HEART_RATE),
)
"""Labels, in lower case, of signals that no electrode on the head has, whatever their type."""

_FREE = re.compile(r"^exg?[ _-]?[1-8]$")
"""Labels, in lower case, of BioSemi's electrodes that each laboratory puts elsewhere: beside the
eyes, on a muscle, on the chest or behind the ears."""

_CONDUCTANCE = re.compile(r"^(?:[unµμ]S|(?:micro|nano)[ -]?siemens)$")
"""Units of skin conductance; with a small s it is one of time."""

ELECTRODES = frozenset(
    """fp1 fpz fp2 af7 af3 afz af4 af8 f9 f7 f5 f3 f1 fz f2 f4 f6 f8 f10 ft9 ft7 fc5 fc3 fc1 fcz
    fc2 fc4 fc6 ft8 ft10 t7 t8 t3 t4 c5 c3 c1 cz c2 c4 c6 tp9 tp7 cp5 cp3 cp1 cpz cp2 cp4 cp6 tp8
    tp10 p9 p7 p5 p3 p1 pz p2 p4 p6 p8 p10 t5 t6 po7 po3 poz po4 po8 o1 oz o2 a1 a2 m1 m2""".split()
)
"""Names of the 10-10 system (Jurcak et al. 2007), in lower case."""


@dataclass(frozen=True, slots=True)
class Described:
    """A channel as its device describes it; empty texts are unknown."""

    label: str
    unit: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Choices:
    """What the user states about channels, by pattern of their labels.

    Attributes:
        roles: Role by pattern; the first match applies.
        units: Unit by pattern, likewise; replaces what the device states.
        ignore: Patterns of channels that are left out.
    """

    roles: Mapping[str, Role] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    ignore: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """One used column of a device's samples.

    Attributes:
        index: Its number in the device's samples.
        channel: Label and unit after conversion.
        conversion: To that unit.
    """

    index: int
    channel: Channel
    conversion: Conversion = SAME


@dataclass(frozen=True, slots=True)
class Assignment:
    """Columns by role.

    Attributes:
        columns: Columns of each role, in the device's order.
        notes: What is not as the device states it, one sentence each.
        unknown: Labels of channels without a role.
        free: Labels of electrodes whose place is not stated; they are ``Role.OTHER``.
    """

    columns: Mapping[Role, tuple[Column, ...]]
    notes: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    free: tuple[str, ...] = ()


def assign(
    channels: Sequence[Described], stream_type: str, choices: Choices | None = None
) -> Assignment:
    """Give each channel its role and unit; one odd channel never refuses the others.

    A channel whose unit is unknown is kept as it is under ``Role.OTHER``, which no model reads.
    """
    chosen = choices or Choices()
    columns: dict[Role, list[Column]] = {}
    notes: list[str] = []
    unknown: list[str] = []
    free: list[str] = []
    for index, described in enumerate(channels):
        label = described.label
        if any(_matches(label, pattern) for pattern in chosen.ignore):
            continue
        unit = _unit(described, chosen)
        role = role_of(label, described.kind, stream_type, chosen.roles)
        stated = any(_matches(label, pattern) for pattern in chosen.roles)
        role = role or _by_unit(label, unit)
        if role is None:
            unknown.append(label)
            continue
        if role is Role.OTHER and not stated and _FREE.match(label.strip().lower()):
            free.append(label)
        if not stated and role in (Role.PPG, Role.RESP) and is_rate(unit):
            role = Role.HEART_RATE if role is Role.PPG else Role.OTHER
        convert = conversion(role, unit)
        if role is Role.EDA and not plain_unit(unit) and "resistance" in label.lower():
            convert = None
        if convert is None and not stated and is_other_quantity(unit):
            role, convert = Role.OTHER, SAME  # a battery among electrodes, by its unit
        elif convert is None:
            stated_unit = (
                f"the unit {unit!r}, which is unknown"
                if unit.strip()
                else "no unit, which is unclear"
            )
            notes.append(
                f"channel {label!r} has {stated_unit} for {role.value}: it is recorded and not used"
            )
            role, convert = Role.OTHER, SAME
        own = UNITS.get(role, unit or "au")
        columns.setdefault(role, []).append(Column(index, Channel(label, own), convert))
    return Assignment(
        {r: tuple(c) for r, c in columns.items()}, tuple(notes), tuple(unknown), tuple(free)
    )


def _by_unit(label: str, unit: str) -> Role | None:
    """Return the signal that alone has this unit; None for other units."""
    if _CONDUCTANCE.match(unit.strip()):
        return Role.EDA
    axis = label.strip().lower() in ("x", "y", "z") and plain_unit(unit) not in UNSTATED
    return Role.ACCEL if axis and conversion(Role.ACCEL, unit) is not None else None


def _unit(described: Described, choices: Choices) -> str:
    matching = (u for p, u in choices.units.items() if _matches(described.label, p))
    return next(matching, described.unit)


def unit_stated(described: Described, choices: Choices) -> str:
    """Return the unit that the user or the device states; empty if neither does."""
    unit = _unit(described, choices)
    return "" if plain_unit(unit) in UNSTATED else unit


def role_of(
    label: str, kind: str, stream_type: str, override: Mapping[str, Role] | None = None
) -> Role | None:
    """Return the role of a channel, or None if it is unknown.

    ``Role.OTHER`` is a channel that no model reads: a trigger, counter, battery or time stamp,
    also where its stream or its own type calls it EEG.

    Args:
        label: The channel's name.
        kind: The channel's own type; may be empty.
        stream_type: The type of its stream.
        override: Configured role by label pattern (``PPG*``); the first match applies.
    """
    for pattern, role in (override or {}).items():
        if _matches(label, pattern):
            return role
    found = _signal(label, kind, stream_type)
    if found is None and spaced(label) != label:
        found = _signal(spaced(label), kind, stream_type)
    if found is Role.EEG and is_stream_of_measures(stream_type):
        return Role.OTHER
    return None if found is None else measured(label, found)


def _signal(label: str, kind: str, stream_type: str) -> Role | None:
    """Return the role of a channel, or of the signal that it was computed of."""
    name = label.strip().lower()
    own, stream = _type(kind), _type(stream_type)
    electric = _TYPES.get(own, _TYPES.get(stream) if own in _GENERIC else None)
    if electric in (Role.EEG, None) and _ASIDE.match(_PREFIX.sub("", name)):
        return Role.OTHER
    if electric in (Role.EEG, None, *_PHYSIOLOGY) and _REPORTED.match(name):
        return Role.OTHER
    if electric in _PHYSIOLOGY and _SERVICE.match(name):
        return Role.OTHER
    if electric is Role.EEG and _FREE.match(name):
        return Role.OTHER
    whole = _TYPES.get(stream) or signal_named(stream_type)
    written = signal_named(label, stream_type, whole)
    named = _by_label(name) or written
    pattern = next((role for pattern, role in _NAMED if pattern.match(name)), None)
    if electric is Role.EEG and named is None:
        named = pattern
    if own == "eeg" and (pattern or written) is not None:
        return pattern or written
    if own in _TYPES:
        return _TYPES[own]
    if own not in _GENERIC and stream in ("eeg", "exg"):
        return Role.EEG if name in ELECTRODES else Role.OTHER
    alone = _TYPES.get(name.rstrip("0123456789 _-"))
    alone = alone if alone in _PHYSIOLOGY else written
    if whole in _PHYSIOLOGY and alone in _PHYSIOLOGY:
        return alone  # PPG beside the skin conductance of one device
    if named is not None and (whole in (None, Role.EEG) or whole is Role.OTHER):
        return named
    if whole is not None:
        return whole
    return Role.EEG if name in ELECTRODES else named


def _type(text: str) -> str:
    """Return a type without words that state nothing: ``eeg`` of ``EEG raw``."""
    plain = text.strip().lower()
    if plain in _TYPES:
        return plain
    words = re.split(r"[^a-z0-9]+", plain)
    short = " ".join(word for word in words if word and word not in _FILLERS)
    return short if short in _TYPES else plain


def _by_label(name: str) -> Role | None:
    """Return the role that a label names, not counting electrodes."""
    head = re.split(r"[ _-]", name)[0].rstrip("0123456789xyz ")
    return _TYPES.get(name) or _TYPES.get(head)


def _matches(label: str, pattern: str) -> bool:
    return fnmatchcase(label.lower(), pattern.lower())
