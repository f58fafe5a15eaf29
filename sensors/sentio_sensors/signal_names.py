"""Names of the body's signals as people write them, beside the types of XDF."""

from __future__ import annotations

import re

from sentio_sensors.derived_measures import spaced
from sentio_sensors.stream import Role

_NAMES = {
    Role.EDA: """skin conductance|skin conductance level|scl|galvanic skin response
        |galvanic skin resistance|electrodermal|electrodermal activity|electrodermal response""",
    Role.PPG: """finger pulse|ear pulse|pulse wave|pulse waveform|blood volume pulse|pleth|plet
        |plethysmogram|plethysmography|plethysmograph|photoplethysmogram|photoplethysmography""",
    Role.RESP: """rip|rsp|breath|breathing|breathing belt|breath belt|resp|resp belt|respiration
        |respiration belt|respiratory belt|respiratory effort|respiratory inductance|chest belt
        |nasal airflow|airflow|rip abdomen|rip thorax|rip chest|rip rib cage|abdominal respiration
        |thoracic respiration|resp abdomen|resp thorax|resp chest""",
    Role.TEMP: "skin temp|skin temperature|skt|finger temp|finger temperature|hand temperature",
    Role.HEART_RATE: "heart rate|pulse rate|heart beat rate",
    Role.ECG: "electrocardiogram|electrocardiography",
    Role.EMG: """electromyogram|electromyography|zygomaticus|zygomaticus major|corrugator
        |corrugator supercilii|orbicularis|orbicularis oculi|masseter|trapezius|frontalis""",
    Role.EOG: "electrooculogram|electrooculography",
}  # fmt: skip

_PLACES = frozenset("thorax abdomen thoracic abdominal".split())
"""Places of a belt for breathing, of electrodes in a stream of another signal."""

_PULSE = "pulse"
"""A signal beside the type of a stream; a table's column of this name may have rates."""


def _roles(names: dict[Role, str]) -> dict[str, Role]:
    return {name.strip(): role for role, text in names.items() for name in text.split("|")}


_ROLES = _roles(_NAMES)

_ASIDE = frozenset("signal raw sensor channel ch left right filtered clean cleaned".split())
"""Words beside a name that do not change what it is."""


def signal_named(label: str, stream_type: str = "", stream: Role | None = None) -> Role | None:
    """Return the signal that a label names in words; None for others.

    Args:
        label: The channel's name.
        stream_type: Type of its stream; empty for a table.
        stream: Role of that type, if it has one.
    """
    words = re.split(r"[^a-z0-9]+", spaced(label).lower())
    kept = [word for word in words if word and not word.isdigit() and word not in _ASIDE]
    if not kept:
        return None
    name = " ".join([*kept[:-1], kept[-1].rstrip("0123456789")])
    if stream_type.strip() and name == _PULSE:
        return Role.HEART_RATE if stream is Role.HEART_RATE else Role.PPG
    if stream_type.strip() and name in _PLACES and stream is None:
        return Role.RESP
    return _ROLES.get(name)
