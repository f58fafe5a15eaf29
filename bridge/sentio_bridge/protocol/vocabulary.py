"""Sensors, purposes and modalities, as the protocol names them; pure."""

from __future__ import annotations

from sentio_sensors import Role

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
