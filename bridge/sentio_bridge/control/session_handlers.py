"""Carries out the control requests of PROTOCOL.md, section 6."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sentio_bridge.affect.synthesis import synthesise
from sentio_bridge.control.dispatcher import Handler, when
from sentio_bridge.core.hub import Hub
from sentio_bridge.core.subject_state import SubjectState
from sentio_bridge.errors import RequestError
from sentio_bridge.protocol import requests as rq
from sentio_bridge.protocol.frame import LAYOUT, MINOR, SCHEMA, State
from sentio_bridge.version import VERSION


class SessionHandlers:
    """The operations that need nothing but the hub.

    Args:
        hub: Whose state they change.
        consent_changed: Told of the subject and sensor whose consent changed, so that sources
            open and close.
        health: Returns the current health body.
        state_endpoint: Where state is published.
    """

    def __init__(
        self,
        hub: Hub,
        *,
        consent_changed: Callable[[str, str], None],
        health: Callable[[float], Mapping[str, Any]],
        state_endpoint: str,
    ) -> None:
        self._hub = hub
        self._consent_changed = consent_changed
        self._health = health
        self._state_endpoint = state_endpoint

    def handlers(self) -> dict[str, Handler]:
        """Return a handler for each operation offered here."""
        return {
            "hello": self.hello,
            "time": lambda _, now: {"time": now},
            "status": self.status,
            "marker": self.marker,
            "consent": self.consent,
            "freeze": self.freeze,
            "unfreeze": self.unfreeze,
            "override": self.override,
            "rate": self.rate,
            "adaptation": self.adaptation,
            "synthesise": self.synthesise,
        }

    def hello(self, asked: rq.Hello, now: float) -> Mapping[str, Any]:
        """Say who we are and what the numbers mean."""
        return {
            "name": "sentio",
            "version": VERSION,
            "protocol": [SCHEMA, MINOR],
            "epoch": self._hub.epoch,
            "time": now,
            "layout": list(LAYOUT),
            "states": [state.label for state in State],
            "subjects": list(self._hub.subjects),
            "rate_hz": next(iter(self._hub.subjects.values())).pacer.rate_hz,
            "capabilities": sorted(rq.OPERATIONS),
            "state_endpoint": self._state_endpoint,
        }

    def status(self, asked: rq.Status, now: float) -> Mapping[str, Any]:
        """Return health and detail."""
        subject_state = self._hub.subject_state(asked.subject)
        return {"health": self._health(now), "detail": self._hub.detail_now(subject_state, now)}

    def marker(self, asked: rq.Marker, now: float) -> Mapping[str, Any]:
        """Note a moment of the game."""
        time = when(asked.time, now)
        subject_state = self._hub.subject_state(asked.subject)
        self._hub.marker(subject_state.person.subject, asked.name, time, asked.data, now)
        return {"time": time}

    def consent(self, asked: rq.Consent, now: float) -> Mapping[str, Any]:
        """Grant, withdraw or tell."""
        subject_state = self._hub.subject_state(asked.subject)
        if asked.action != "status":
            if asked.sensor is None:
                raise RequestError("bad_argument", "sensor is missing")
            by = asked.by or "client"
            if asked.action == "grant":
                subject_state.consent.grant(asked.sensor, asked.purposes, by, now)
            else:
                subject_state.consent.withdraw(asked.sensor, by, now)
            subject = subject_state.person.subject
            self._hub.event(
                subject,
                "consent",
                asked.sensor,
                now,
                {"purposes": subject_state.consent.status()[asked.sensor], "by": by},
            )
            self._hub.consent_changed(subject, asked.sensor, now)
            self._consent_changed(subject, asked.sensor)
        return {"consent": subject_state.consent.status()}

    def freeze(self, asked: rq.Freeze, now: float) -> Mapping[str, Any]:
        """Ask adaptation to hold still."""
        return self._set_frozen(self._hub.subject_state(asked.subject), asked.reason, now)

    def unfreeze(self, asked: rq.Unfreeze, now: float) -> Mapping[str, Any]:
        """Let adaptation go on."""
        return self._set_frozen(self._hub.subject_state(asked.subject), None, now)

    def override(self, asked: rq.Override, now: float) -> Mapping[str, Any]:
        """Set values by hand."""
        subject_state = self._hub.subject_state(asked.subject)
        subject_state.override(asked.values, asked.seconds, now)
        self._hub.event(
            subject_state.person.subject, "override", "values", now, {"values": asked.values}
        )
        return {"overrides": subject_state.overrides(now)}

    def rate(self, asked: rq.Rate, now: float) -> Mapping[str, Any]:
        """Change how many frames a second go out at most."""
        for subject_state in self._hub.subjects.values():
            subject_state.pacer.rate_hz = asked.hz
        return {"rate_hz": asked.hz}

    def adaptation(self, asked: rq.Adaptation, now: float) -> Mapping[str, Any]:
        """Note what the engine changed."""
        time = when(asked.time, now)
        subject = self._hub.subject_state(asked.subject).person.subject
        self._hub.event(
            subject, "adaptation", asked.what, time, {"value": asked.value, "why": asked.why}
        )
        return {}

    def synthesise(self, asked: rq.Synthesise, now: float) -> Mapping[str, Any]:
        """Turn a target affect into what an agent can show."""
        response = synthesise(
            emotion=asked.emotion,
            intensity=asked.intensity,
            valence=asked.valence,
            arousal=asked.arousal,
            dominance=asked.dominance,
        )
        return {"response": response}

    def _set_frozen(
        self, subject_state: SubjectState, reason: str | None, now: float
    ) -> Mapping[str, Any]:
        subject_state.frozen = reason
        self._hub.event(
            subject_state.person.subject,
            "frozen",
            "frozen" if reason else "unfrozen",
            now,
            {"reason": reason or ""},
        )
        return {"frozen": reason is not None}
