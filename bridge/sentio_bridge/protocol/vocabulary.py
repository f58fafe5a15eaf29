"""Sensors, purposes and modalities, as the protocol names them; pure."""

from __future__ import annotations

from sentio_models import AFFECT, INDICES
from sentio_sensors import Role

LABELS = AFFECT + INDICES
"""Entries that a person or a game can label with a true value."""

INPUT_ROLES = tuple(
    role.value
    for role in (
        Role.FACE, Role.PPG, Role.ECG, Role.HEART_RATE, Role.EDA, Role.RESP, Role.TEMP, Role.ACCEL,
        Role.EEG,
    )
)  # fmt: skip
"""Roles of the streams that an engine can send in."""

SENSORS = ("camera", "microphone", "eeg", "body", "text", "headset")
"""What a person can agree to, one by one."""


PURPOSES = ("adapt", "record", "record_raw")
"""What for: live estimates; features into a recording; raw samples into a recording."""


MODALITY_OF = {
    "camera": "face",
    "microphone": "voice",
    "eeg": "eeg",
    "body": "body",
    "text": "text",
    "headset": "headset",
}
"""Which modality speaks from which sensor."""


_SENSOR_OF_ROLE = {
    Role.VIDEO: "camera",
    Role.FACE: "camera",
    Role.AUDIO: "microphone",
    Role.EEG: "eeg",
}


def sensor_of(role: Role, default: str = "body") -> str:
    """Return the sensor whose consent covers streams of ``role``."""
    return _SENSOR_OF_ROLE.get(role, default)
