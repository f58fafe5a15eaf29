"""Simulated sensors: one scripted person, every role, no hardware."""

from sentio_sensors.simulate.brain import ELECTRODES
from sentio_sensors.simulate.face import BLENDSHAPES, HEAD_POSE
from sentio_sensors.simulate.faults import Fault
from sentio_sensors.simulate.scenario import PRESETS, Scenario, Segment, Truth
from sentio_sensors.simulate.settings import SimulateSettings
from sentio_sensors.simulate.source import SimulatedSource

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
