"""The operations ``record`` and ``replay``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sentio_bridge.control.dispatcher import Handler
from sentio_bridge.errors import RequestError
from sentio_bridge.protocol import requests as rq
from sentio_bridge.protocol.vocabulary import SENSORS
from sentio_bridge.recording.new_folder import check
from sentio_bridge.recording.recorded_hub import RecordedHub
from sentio_bridge.recording.session_recorder import SessionRecorder
from sentio_sensors import SensorError


class RecordingHandlers:
    """Lets clients record.

    Args:
        hub: Tells everybody.
        session: Records.
    """

    def __init__(self, hub: RecordedHub, session: SessionRecorder) -> None:
        self._hub = hub
        self._session = session

    def handlers(self) -> dict[str, Handler]:
        """Return a handler for each operation offered here."""
        return {"record": self.record}

    def record(self, asked: rq.Record, now: float) -> Mapping[str, Any]:
        """Start, stop or tell."""
        unknown = sorted(set(asked.raw) - set(SENSORS))
        if unknown:
            raise RequestError("bad_argument", f"raw: {unknown[0]!r} is no sensor")
        if asked.folder is not None:
            check(asked.folder)
        before = self._session.body()
        try:
            if asked.action == "start":
                self._session.start(asked.folder, asked.raw, asked.purpose)
                if not before["active"]:
                    self._hub.retell(now)
            elif asked.action == "stop":
                self._session.stop()
        except SensorError as error:
            raise RequestError("failed", error.what, error.fix) from None
        body = self._session.body()
        if body["active"] != before["active"]:
            name = "started" if body["active"] else "stopped"
            for subject, subject_state in self._hub.subjects.items():
                subject_state.recording = body
                self._hub.event(subject, "recording", name, now, {"folder": body["folder"]})
        return {"recording": body}
