"""Operations that need only the hub (PROTOCOL.md, section 6)."""

from __future__ import annotations

import logging
from collections.abc import Callable

from sentio_bridge.affect.synthesis import synthesise
from sentio_bridge.control.dispatcher import Answer, Handler, Recorded, event_time
from sentio_bridge.core import commands as cmd
from sentio_bridge.core.hub import Hub
from sentio_bridge.errors import RequestError
from sentio_bridge.protocol import requests as rq
from sentio_bridge.protocol.bodies import HealthBody, plain
from sentio_bridge.protocol.entries import limits
from sentio_bridge.protocol.frame import LAYOUT, MINOR, SCHEMA, State
from sentio_bridge.version import VERSION

logger = logging.getLogger(__name__)


class SessionHandlers:
    """Handlers of the operations that need only the hub.

    Args:
        hub: Hub that they read and change.
        health: Returns the current health.
        state_endpoint: Endpoint of the published state.
        end: Ends the sidecar, soon after it has returned.
    """

    def __init__(
        self,
        hub: Hub,
        *,
        health: Callable[[float], HealthBody],
        state_endpoint: str,
        end: Callable[[], None],
    ) -> None:
        self._hub = hub
        self._end = end
        self._health = health
        self._state_endpoint = state_endpoint

    def handlers(self) -> dict[str, Handler]:
        """Return the handlers by operation."""
        return {
            "hello": self.hello,
            "time": lambda _, now: {"time": now},
            "status": self.status,
            "shutdown": self.shutdown,
            "marker": self.marker,
            "freeze": self.freeze,
            "unfreeze": self.unfreeze,
            "override": self.override,
            "rate": self.rate,
            "label": self.label,
            "self_report": self.self_report,
            "adaptation": self.adaptation,
            "synthesise": self.synthesise,
        }

    def hello(self, request: rq.Hello, now: float) -> Answer:
        """Return identity, protocol version and the layout of the affect vector."""
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

    def status(self, request: rq.Status, now: float) -> Answer:
        """Return health and detail."""
        subject = self._subject(request)
        self._hub.apply(cmd.CalibrationChecked(), now)
        detail = self._hub.detail(subject, now)
        return {"health": plain(self._health(now)), "detail": plain(detail)}

    def shutdown(self, request: rq.Shutdown, now: float) -> Answer:
        """End the sidecar after the reply."""
        logger.info("a client ends the sidecar%s", request.reason and f": {request.reason!r}")
        self._end()
        return {}

    def marker(self, request: rq.Marker, now: float) -> Recorded:
        """Record a marker of the game."""
        time = event_time(request.time, now)
        subject = self._subject(request)
        self._hub.apply(cmd.MarkerReceived(subject, request.name, time, request.data), now)
        return Recorded({"time": time})

    def freeze(self, request: rq.Freeze, now: float) -> Recorded:
        """Freeze adaptation."""
        self._hub.apply(cmd.Freeze(self._subject(request), request.reason, request.by), now)
        return Recorded({"frozen": True})

    def unfreeze(self, request: rq.Unfreeze, now: float) -> Recorded:
        """Resume adaptation."""
        self._hub.apply(cmd.Unfreeze(self._subject(request), request.by), now)
        return Recorded({"frozen": False})

    def override(self, request: rq.Override, now: float) -> Recorded:
        """Override values.

        Raises:
            RequestError: No entry is named, a name is unknown, or a value is out of its range.
        """
        subject = self._subject(request)
        if not request.values:
            raise RequestError(
                "bad_argument",
                "values names no entry, expected a number, or null to release one",
                "write for example: {stress: 0.5}; encoders may leave out NaN",
            )
        for name, value in request.values.items():
            low, high = limits(name)
            if value is not None and not low <= value <= high:
                raise RequestError(
                    "bad_argument",
                    f"values: {name} is {value:g}, expected {low:g} to {high:g}",
                    f"write a value in its range: {max(low, min(value, high)):g}",
                )
        self._hub.apply(cmd.Override(subject, request.values, request.seconds, request.by), now)
        return Recorded({"overrides": self._hub.subjects[subject].overrides(now)})

    def rate(self, request: rq.Rate, now: float) -> Answer:
        """Change the maximum frame rate."""
        self._hub.apply(cmd.RateChanged(request.hz), now)
        return {"rate_hz": request.hz}

    def label(self, request: rq.Label, now: float) -> Recorded:
        """Store the true state with the features of its moment."""
        subject, time = self._subject(request), event_time(request.time, now)
        self._hub.apply(cmd.LabelGiven(subject, request.name, request.value, time), now)
        return Recorded({"labels": len(self._hub.subjects[subject].person.labels)})

    def self_report(self, request: rq.SelfReport, now: float) -> Recorded:
        """Fuse the person's own report."""
        subject, time = self._subject(request), event_time(request.time, now)
        self._hub.apply(cmd.SelfReported(subject, request.name, request.value, time), now)
        return Recorded({})

    def adaptation(self, request: rq.Adaptation, now: float) -> Recorded:
        """Record an adaptation made by the engine."""
        time = event_time(request.time, now)
        self._hub.apply(
            cmd.AdaptationReported(
                self._subject(request),
                request.what,
                request.value,
                request.why,
                time,
                request.asked,
                request.by,
                request.seconds,
            ),
            now,
        )
        return Recorded({})

    def synthesise(self, request: rq.Synthesise, now: float) -> Answer:
        """Return an agent's behaviour for a target affect."""
        response = synthesise(
            emotion=request.emotion,
            intensity=request.intensity,
            valence=request.valence,
            arousal=request.arousal,
            dominance=request.dominance,
        )
        return {"response": response}

    def _subject(self, request: rq.Request) -> str:
        return self._hub.subject_state(request.subject).person.subject
