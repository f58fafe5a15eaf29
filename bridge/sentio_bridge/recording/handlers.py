"""Operation `record`."""

from __future__ import annotations

from collections.abc import Callable

from sentio_bridge.control.dispatcher import Answer, Handler, Later
from sentio_bridge.core import commands as cmd
from sentio_bridge.core.hub import Hub
from sentio_bridge.core.saved_state import save
from sentio_bridge.errors import RequestError
from sentio_bridge.privacy.policy import check_use
from sentio_bridge.protocol import requests as rq
from sentio_bridge.protocol.bodies import plain
from sentio_bridge.protocol.vocabulary import SENSORS
from sentio_bridge.recording.beginning import Beginning
from sentio_bridge.recording.new_folder import check
from sentio_bridge.recording.session_recorder import SessionRecorder
from sentio_sensors import SensorError


class RecordingHandlers:
    """Handler of the operation ``record``; waits for the disk without the hub's lock.

    Args:
        hub: Hub whose commands and messages are recorded.
        session: The recorder.
        sent: Waits until the messages that follow from earlier requests were sent.
    """

    def __init__(self, hub: Hub, session: SessionRecorder, sent: Callable[[], None]) -> None:
        self._hub = hub
        self._session = session
        self._sent = sent

    def handlers(self) -> dict[str, Handler]:
        """Return the handlers by operation."""
        return {"record": self.record}

    def record(self, request: rq.Record, now: float) -> Answer | Later:
        """Start or stop a recording, or return its status."""
        unknown = sorted(set(request.raw) - set(SENSORS))
        if unknown:
            raise RequestError(
                "bad_argument",
                f"raw: {unknown[0]!r} is not a sensor",
                f"sensors: {', '.join(SENSORS)}",
            )
        if request.folder is not None:
            check(request.folder)
        check_use([request.purpose])
        if request.action == "start":
            return self._start(request, now)
        if request.action == "stop":
            return self._stop()
        return {"recording": plain(self._session.body())}

    def report(self, now: float) -> None:
        """Add the status of the recorder to the subjects' details."""
        self._hub.apply(cmd.RecordingReported(self._session.body()), now)

    def ended(self, reason: str, now: float) -> None:
        """Report that a recording ended by itself."""
        self.report(now)
        for subject in self._hub.subjects:
            self._hub.apply(cmd.RecordingChanged(subject, "ended", reason=reason), now)

    def _start(self, request: rq.Record, now: float) -> Later:
        subjects = self._hub.subjects.items()
        contributed = {subject: state.person.contributed for subject, state in subjects}
        permitted = self._session.beginnings.may_store_state(contributed)
        beginning = self._session.begin(
            self._hub.state(),
            now,
            name=request.folder,
            raw=request.raw,
            purpose=request.purpose,
            saved=save(self._hub) if permitted else None,
            contributed=contributed if permitted else {},
        )

        def work() -> Exception | None:
            if beginning is None:
                return None
            try:
                self._session.beginnings.open(beginning)
            except Exception as error:  # ``finish`` abandons the recording, then raises it
                return error
            return None

        def finish(error: Exception | None, at: float) -> Answer:
            return self._started(beginning, error, at)

        def abandon() -> None:
            if beginning is not None:
                self._session.opened(beginning, succeeded=False)

        return Later(work, finish, abandon)

    def _started(self, beginning: Beginning | None, error: Exception | None, now: float) -> Answer:
        if beginning is not None:
            self._session.opened(beginning, error is None)
        if isinstance(error, SensorError):
            raise RequestError("failed", error.what, error.fix)
        if error is not None:
            raise error
        if beginning is not None:
            self._changed("started", now)
        return {"recording": plain(self._session.body())}

    def _stop(self) -> Later:
        def work() -> bool:
            self._sent()  # events of earlier requests are recorded when they are sent
            active = self._session.body().active
            self._session.stop()
            return active

        def finish(was_active: bool, at: float) -> Answer:
            if was_active:
                self._changed("stopped", at)
            return {"recording": plain(self._session.body())}

        return Later(work, finish)

    def _changed(self, change: str, now: float) -> None:
        self.report(now)
        folder = self._session.body().folder
        for subject in self._hub.subjects:
            self._hub.apply(cmd.RecordingChanged(subject, change, folder=folder), now)
