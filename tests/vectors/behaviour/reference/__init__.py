"""Reference implementation of docs/behaviour.md, as simple as possible.

It only generates the vectors for the tests of GDScript and C#.
Unknown is NaN everywhere.
"""

from __future__ import annotations

from reference.breathing import BreathingPace, Coherence
from reference.elapsed import clamp
from reference.filters import (
    Binding,
    ConfidenceGate,
    DeadBand,
    EntryConfidence,
    Expression,
    Pid,
    ResponseCurve,
    SlewLimit,
    Smoothing,
    Switch,
)
from reference.flashes import ColourGuard, FlashGuard
from reference.inputs import InputCounter
from reference.pacing import Pacing
from reference.rails import Rails

__all__ = [
    "Binding",
    "BreathingPace",
    "Coherence",
    "ColourGuard",
    "ConfidenceGate",
    "DeadBand",
    "EntryConfidence",
    "Expression",
    "FlashGuard",
    "InputCounter",
    "Pacing",
    "Pid",
    "Rails",
    "ResponseCurve",
    "SlewLimit",
    "Smoothing",
    "Switch",
    "clamp",
]
