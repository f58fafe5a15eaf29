"""Meaning of a table's columns, by header and by the writing program."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from sentio_sensors.channel_roles import ELECTRODES, role_of
from sentio_sensors.channel_units import UNITS, UNSTATED, conversion, is_rate, plain_unit
from sentio_sensors.derived_measures import measured, spaced
from sentio_sensors.files.table.time_unit import unit_named
from sentio_sensors.stream import Role

_BRACKETS = re.compile(r"^(?P<name>.*?)\s*[\[({]\s*(?P<unit>[^\])}]*)\s*[\])}]\s*$")
_SUFFIX = re.compile(
    r"^(?P<name>.+?)[_ .](?P<unit>uV|µV|mV|nV|V|uS|µS|μS|nS|kOhms?|ms|us|ns|sec|seconds|s|degC|"
    r"celsius|bpm|mg)$"
)

_LAST = re.compile(
    r"^(?P<name>.+?)\s*(?:[_ .,/:-]|\s+in\s+)\s*(?P<unit>[^\s_,/:-]+(?:/[^\s_/]+)?)$"
)
"""A name and its last word, which may be a unit: ``ECG/mV``, ``acc_x_m/s2``, ``temp_F``."""

_AXES = frozenset("x y z ax ay az".split())

_CONDUCTANCE = re.compile("^[unµμ]S$")
"""A unit that of all signals skin conductance alone has; with a small s it is one of time."""

_LISTED = re.compile(r"^(?:Sensor[ -]?[A-Z]|[A-Z]|Data Set \d+|MOT)\s*[:.]\s*(?P<name>.+)$")
"""A name after the input or list to which it belongs: ``E: SC`` and ``Sensor-A:EEG``."""

LONGEST = 200
"""Characters of a header that may end with a unit; a longer one is not a header."""

TIME_NAMES = frozenset(
    """time timestamp timestamps time_stamp t seconds sec secs lsl_timestamp lsl_time unix
    unix_time unix_timestamp unixtime datetime date_time date localtime local_time local_timestamp
    localtimestamp elapsed elapsed_time time_elapsed elapsedtime timecode utc epoch recording_time
    recordingtime phone_timestamp sensor_timestamp device_time devicetime system_time systemtime
    time_s time_ms time_us time_ns timestamp_ms timestamp_us timestamp_ns timestamp_s timestamp_unix
    ts unix_ts lsl_ts ts_ms ts_us ts_ns ts_s
    time_rel relative_time start_time starttime start_date startdate measurement_time sample_time
    utc_time time_utc recorded_at zeit uhrzeit temps tiempo hora ticks filetime datenum serial_date
    serialdate time_ticks timestamp_ticks s ms us ns millis micros milliseconds microseconds
    nanoseconds""".split()
)
"""Headers of a time column, in lower case with underscores; a unit alone is one."""

_KINDS = {
    "bvp": "PPG", "pleth": "PPG", "plethysmogram": "PPG", "photoplethysmogram": "PPG",
    "ppg_green": "PPG", "gsr": "EDA", "eda": "EDA", "sc": "EDA", "scl": "EDA",
    "skin_conductance": "EDA", "electrodermal": "EDA", "rsp": "RESP", "resp": "RESP",
    "respiration": "RESP", "breathing": "RESP", "breath": "RESP", "skt": "TEMP",
    "skin_temperature": "TEMP", "skin_temp": "TEMP", "temperature": "TEMP", "temp": "TEMP",
    "ekg": "ECG", "ecg": "ECG", "hr": "heart_rate", "heart_rate": "heart_rate",
    "heartrate": "heart_rate", "bpm": "heart_rate", "rr": "rr", "rri": "rr", "ibi": "rr",
    "rr_interval": "rr", "rr_intervals": "rr", "rr_ms": "rr", "pp_interval": "rr", "ppi": "rr",
    "pulse_rate": "heart_rate", "pulserate": "heart_rate", "beats_per_minute": "heart_rate",
    "eog": "EOG", "veog": "EOG", "heog": "EOG", "emg": "EMG", "acc": "ACCEL", "accel": "ACCEL",
    "acceleration": "ACCEL", "accelerometer": "ACCEL", "ppg": "PPG", "eeg": "EEG",
}  # fmt: skip
"""Kinds by header, in lower case with underscores."""

_LAST_WORDS = frozenset(["eda", "gsr", "ecg", "ekg", "ppg", "bvp", "electrodermal"])
"""Words that say what a column is at the end of its name too: ``Hand links EDA``."""

_ABOUT = re.compile(r"qual|valid|conf|status|batt|lead|imped|temp|count|rate|index|gain")
"""What describes a signal and is not one."""

_NO_HEART = re.compile(r"resp|breath|^br$|^rr$|^rf$|tempo|cadence|step|metronom|target|stim|music")
"""What else is counted by the minute."""

_MARKERS = frozenset(
    """marker markers event events trigger triggers annotation annotations stim stimulus stimuli
    stim_marker event_marker marker_value_int markervalueint label labels code elements trig trg
    sti ttl""".split()
)

_IGNORED = frozenset(
    """index sample samples sample_index sample_number row counter packet packetnumber package nr
    battery battery_level battery_percentage charge quality status note notes comment comments
    participant participant_id subject session trial block condition""".split()
)


@dataclass(frozen=True, slots=True)
class Column:
    """What a column is.

    Attributes:
        label: Name of the channel.
        unit: Its unit; empty if unknown.
        kind: Kind as in ``FileChannel``; ``time``, ``Markers``, ``ignored``; empty if unknown.
        group: Columns of one group form a stream; empty for the kind's.
        rank: For several time columns: the lowest is used.
        clock: Device whose times are those of this column, in a table of several devices.
    """

    label: str
    unit: str = ""
    kind: str = ""
    group: str = ""
    rank: int = 0
    clock: str = ""


Rule = Callable[[str, str], Column | None]
"""Returns what a column with this header and unit is, or None if the rule does not know."""


def split_unit(header: str) -> tuple[str, str]:
    """Return name and unit of a header such as ``ECG (mV)`` or ``eda_uS``."""
    if len(header) > LONGEST:
        return header.strip(), ""
    found = _BRACKETS.match(header) or _SUFFIX.match(header)
    if found and found["name"].strip():
        return found["name"].rstrip(" /,:-").strip(), found["unit"].strip()
    last = _LAST.match(header)
    if last and _is_unit(last["name"], last["unit"]):
        return last["name"].strip(), last["unit"].strip()
    return header.strip(), ""


def _is_unit(name: str, word: str) -> bool:
    """Return whether the last word of a header is a unit of what the others name."""
    if plain(name) in TIME_NAMES:
        return unit_named(word) is not None
    kind = kind_of(name).lower()
    role = Role(kind) if kind in set(Role) else Role.OTHER
    if role not in UNITS or plain_unit(word) in UNSTATED or word in ("s", "v", "1"):
        return False
    found = conversion(role, word)
    return found is not None and not word[:1].isdigit() and word[:1] not in "+-"


def bare(cell: str) -> str:
    """Return a cell without brackets around it."""
    found = re.match(r"^\s*[\[({]\s*(.*?)\s*[\])}]\s*$", cell)
    return found[1] if found else cell.strip()


def plain(header: str) -> str:
    """Return a header in lower case with underscores for other characters."""
    return re.sub(r"[^0-9a-zµμ%]+", "_", header.strip().lower()).strip("_")


def column_of(header: str, unit: str = "") -> Column:
    """Return what a column is, by its header alone.

    Args:
        header: Cell of the header.
        unit: Cell of the line of units; empty if there is none.
    """
    name, stated = split_unit(header)
    if re.match(r"^\d{2,4}[-/.]\d", stated) or "=" in stated:  # a date, or TIMETICK(f=10000000)
        stated = ""
    given = bare(unit)
    unit = given or stated
    word = plain(name)
    if word in TIME_NAMES or plain(header) in TIME_NAMES:
        return Column(name, unit, "time", rank=2 if word == "date" else 0)
    if word in _MARKERS:
        return Column(name, "", "Markers")
    if word in _IGNORED or not word:
        return Column(name or header, unit, "ignored")
    if re.match(r"^exg_channel_\d+$", word):
        return Column(name, "uV", "EEG")  # the OpenBCI GUI, without the lines before its header
    kind = kind_of(name)
    if kind.lower() == "eeg" and electrode(name).lower() in ELECTRODES:
        name = electrode(name)
    if not kind and unit.lower() in ("bpm", "beats/min") and not _NO_HEART.search(word):
        kind = "heart_rate"
    if not kind and stated.lower() in _KINDS and not is_rate(stated):  # "Pulse (BVP)"
        kind, unit = _KINDS[stated.lower()], given
    if not kind and word in _AXES and plain_unit(unit) not in UNSTATED:
        kind = "ACCEL" if conversion(Role.ACCEL, unit) is not None else ""
    if not kind and _CONDUCTANCE.match(unit):
        kind = "EDA"
    if not kind and word.endswith("timestamp") or word.startswith("timestamp"):
        return Column(name, unit, "time", rank=1)
    if kind.upper() in ("PPG", "RESP") and is_rate(unit):
        kind = "heart_rate" if kind.upper() == "PPG" else "other"
    return Column(name, unit, kind)


def kind_of(label: str) -> str:
    """Return the kind of a channel by its label; empty if unknown."""
    found = _kind_of(label)
    if not found and (inner := _LISTED.match(label)):
        found = _kind_of(inner["name"])
    if not found and spaced(label) != label:
        found = _kind_of(spaced(label))
    role = Role(found.lower()) if found.lower() in set(Role) else Role.OTHER
    return found if measured(label, role) is role else measured(label, role).value


def _kind_of(label: str) -> str:
    """Return the kind of a channel, or of the signal that it was computed of."""
    word = plain(label)
    if word in _KINDS:
        return _KINDS[word]
    role = role_of(label, "", "")
    if role is not None:
        return role.value
    if word.startswith("eeg_") and role_of(label, "eeg", "") is Role.OTHER:
        return "other"  # a counter of a headset
    if word.startswith("heart_rate_") and not re.search("var|conf|qual|valid", word):
        return "heart_rate"
    for part in (
        word.rpartition("_")[0],
        word.split("_")[0],
        word.split("_")[0].rstrip("0123456789xyz"),
    ):
        if part in _KINDS:
            return _KINDS[part]
    last = word.rpartition("_")[2]
    return _KINDS[last] if last in _LAST_WORDS and not _ABOUT.search(word) else ""


def electrode(label: str) -> str:
    """Return an electrode's name alone: ``Fp1`` of ``EEG Fp1-Ref``."""
    text = re.sub(r"^(?:EEG|eeg)[ ._-]+", "", label.strip())
    return re.sub(r"[-_ ](?:REF|Ref|ref|LE|AR|AVG|A1A2|M1M2|CAR)$", "", text).strip() or label


def time_unit(column: Column, header: str) -> str | None:
    """Return the stated unit of a time column, or None."""
    return unit_named(column.unit) or unit_named(header.rpartition("_")[2])
