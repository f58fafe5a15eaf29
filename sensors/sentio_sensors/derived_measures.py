"""Channels of what was computed of a signal: rates, peaks, noise, band powers.

Devices and programs send such measures beside a signal and name them after it, ``ECG_Rate`` or
``AF3/theta``. A model that read one as the signal would give wrong values.
"""

from __future__ import annotations

import re

from sentio_sensors.stream import Role

SIGNALS = frozenset(
    (Role.EEG, Role.ECG, Role.PPG, Role.EDA, Role.RESP, Role.TEMP, Role.ACCEL, Role.EMG, Role.EOG,
     Role.HEART_RATE, Role.RR)
)  # fmt: skip
"""Roles that models read."""

_ANY = frozenset(
    """amplitude amplitudes phase peak peaks onset onsets variability noise envelope rms rmssd sdnn
    sdsd pnn50 nn50 hrv psd fft bandpower spo2 sao2 confidence conf sqi snr amb leadoff
    recovery risetime halfrecovery""".split()
)
"""Words of a measure of any signal."""

_OF = {
    Role.EEG: frozenset("theta alpha beta delta gamma power asymmetry coherence offset".split()),
    Role.EDA: frozenset("phasic tonic scr scrs".split()),
    Role.RESP: frozenset("br bpm brpm rpm".split()),
    Role.TEMP: frozenset("ambient room air board chip env environment".split()),
    Role.HEART_RATE: frozenset("max min maximum minimum zone target spo2 lf hf vlf".split()),
    Role.RR: frozenset("lf hf vlf count".split()),
}
"""Words of a measure of signals of one role."""

_STREAM = re.compile(
    r"qual|impedance|(?:band|spectral)[ _-]?power|fft|psd|spectr|(?<![a-z])metrics?|asymmetry"
    r"|coherence|connectivity|^(?:cq|eq|sqi|features?)$"
)
"""Types, in lower case, of streams that have a measure of each electrode."""

_HEART = re.compile(r"(?:heart|pulse)[ _-]?rate|^(?:.*[ _-])?(?:hr|bpm)$")

_PARTS = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
"""Between the words of ``RespRate`` and ``ECGNoise``."""


def spaced(label: str) -> str:
    """Return a label with spaces between its words: ``Resp Rate`` of ``RespRate``."""
    return _PARTS.sub(" ", label)


def measured(label: str, role: Role) -> Role:
    """Return the role of a channel that a signal's name gave ``role``.

    Args:
        label: The channel's name.
        role: Role by its name or the type of its stream.

    Returns:
        ``Role.OTHER`` for a measure that no model reads, ``Role.HEART_RATE`` for a heart rate
        that is named after the signal that it was computed of; else ``role``.
    """
    if role not in SIGNALS:
        return role
    words = re.split(r"[^0-9a-z]+", spaced(label).lower())
    words += re.split(r"[^0-9a-z]+", label.lower())
    if role in (Role.ECG, Role.PPG) and _HEART.search(label.strip().lower()):
        role = Role.HEART_RATE
    known = _ANY | _OF.get(role, frozenset())
    if any(word in known for word in words):
        return Role.OTHER
    if role is not Role.HEART_RATE and any(word.endswith("rate") for word in words):
        return Role.OTHER
    return role


def is_stream_of_measures(stream_type: str) -> bool:
    """Return whether a stream's type is one of measures: ``EEG-Quality``."""
    return bool(_STREAM.search(spaced(stream_type.strip()).lower()))
