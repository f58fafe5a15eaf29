"""Simulated sensors: one scripted person, every role, no hardware."""

from sentio_sensors.simulated.brain import ELECTRODES
from sentio_sensors.simulated.face import BLENDSHAPES, HEAD_POSE
from sentio_sensors.simulated.faults import Fault
from sentio_sensors.simulated.scenario import PRESETS, Scenario, Segment, Truth
from sentio_sensors.simulated.settings import SimulateSettings
from sentio_sensors.simulated.source import SimulatedSource

__all__ = [
    "BLENDSHAPES",
    "ELECTRODES",
    "HEAD_POSE",
    "PRESETS",
    "Fault",
    "Scenario",
    "Segment",
    "SimulateSettings",
    "SimulatedSource",
    "Truth",
]
