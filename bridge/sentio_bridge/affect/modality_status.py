"""Status of a modality's sensor and newest estimate; no I/O, no clock."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sentio_bridge.affect.fusion import FusionSettings
from sentio_bridge.protocol.frame import State

_NO_PERSON = frozenset({"no_face", "no_subject", "not_worn", "silence"})


@dataclass(slots=True)
class ModalityStatus:
    """Newest status of one modality.

    Attributes:
        sensor: State of its sensor or model (PROTOCOL.md, section 5).
        sensor_reasons: Short codes.
        fix: Remedy, for people.
        captured: Capture time of the newest estimate; None before the first.
        quality: Its quality, 0..1.
        reasons: Its reasons.
        model: Name of its model.
    """

    sensor: str = "ok"
    sensor_reasons: tuple[str, ...] = ()
    fix: str = ""
    captured: float | None = None
    quality: float = 0.0
    reasons: tuple[str, ...] = ()
    model: str = ""

    def age(self, now: float) -> float | None:
        """Return the age of the newest estimate in seconds; None before the first."""
        return None if self.captured is None else max(0.0, now - self.captured)

    def state(self, now: float, settings: FusionSettings) -> tuple[str, tuple[str, ...]]:
        """Return the state of PROTOCOL.md, section 5, and its reasons."""
        age = self.age(now)
        if self.sensor not in ("ok", "warming"):
            return self.sensor, self.sensor_reasons
        if age is None:
            return "warming", self.sensor_reasons
        if age > settings.stale_after:
            return "stale", self.sensor_reasons
        if self.quality >= settings.min_quality:
            return "ok", self.reasons
        if _NO_PERSON & set(self.reasons):
            return "no_subject", self.reasons
        return ("warming" if "warming" in self.reasons else "bad_quality"), self.reasons


def overall(modalities: Iterable[str], measured: bool) -> State:
    """Return the state of all modalities together.

    Args:
        modalities: Their states.
        measured: Whether anything has been measured so far.
    """
    states = set(modalities)
    if "ok" in states:
        return State.OK
    if "withdrawn" in states and states <= {"withdrawn", "absent"}:
        return State.WITHDRAWN
    if "no_subject" in states and not states & {"bad_quality", "warming"}:
        return State.NO_SUBJECT
    if not measured or "warming" in states:
        return State.WARMING
    return State.STALE
