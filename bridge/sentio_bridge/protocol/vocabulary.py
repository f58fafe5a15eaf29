"""Sensors, purposes and modalities of the protocol; pure."""

from __future__ import annotations

from sentio_models import AFFECT, INDICES
from sentio_sensors import Role

LABELS = AFFECT + INDICES
"""Entries that a person or a game can label with a true value."""

INPUT_ROLES = tuple(
    role.value
    for role in (
        Role.FACE, Role.PPG, Role.ECG, Role.HEART_RATE, Role.EDA, Role.RESP, Role.TEMP, Role.ACCEL,
        Role.EEG, Role.INPUT, Role.MOTION,
    )
)  # fmt: skip
"""Roles of the streams that an engine can send in."""

SENSORS = ("camera", "microphone", "eeg", "body", "text", "headset", "input", "motion")
"""Sensors, each with its own consent.

``input`` is statistics of keys, buttons, mouse and touch, never what is typed; ``motion`` is how
head and hands move.
"""


PURPOSES = ("adapt", "exercise", "research", "record", "record_raw", "personal_model", "share")
"""Purposes of consent.

Live estimates for the game, for an exercise, for a study; recorded features, recorded raw samples;
models trained on the person's labels, which are kept; data that leave this machine.
"""

LIVE_PURPOSES = ("adapt", "exercise", "research")
"""Purposes that permit reading a sensor; the others permit more use of what is read."""


MODALITY_OF = {
    "camera": "face",
    "microphone": "voice",
    "eeg": "eeg",
    "body": "body",
    "text": "text",
    "headset": "headset",
    "input": "game",
    "motion": "movement",
}
"""Modality of each sensor that has one."""

FEATURES_ONLY = frozenset({"movement"})
"""Modalities whose features show moments, and that are not part of the fused state.

``movement`` and not ``motion``: that is a reason of other estimates, which are found by their text
when a person's data are removed.
"""


RECORDED_FEATURES = frozenset({Role.FACE, Role.INPUT, Role.MARKER})
"""Roles without raw samples: the purpose ``record`` is sufficient to record them."""


_SENSOR_OF_ROLE = {
    Role.VIDEO: "camera",
    Role.FACE: "camera",
    Role.AUDIO: "microphone",
    Role.EEG: "eeg",
    Role.INPUT: "input",
    Role.MOTION: "motion",
    Role.EOG: "eeg",
    Role.EMG: "eeg",
}


def sensor_of(role: Role, default: str = "body") -> str:
    """Return the sensor whose consent covers streams of ``role``."""
    return _SENSOR_OF_ROLE.get(role, default)
