"""A hub that tells a recording session of every call made from outside, in order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sentio_bridge import hublog
from sentio_bridge.hub import Hub
from sentio_bridge.hublog import Entry
from sentio_bridge.lane import Lane, SensorStatus
from sentio_bridge.session import Session


class RecordedHub(Hub):
    """The hub of a live sidecar.

    Calls that the hub makes of its own, and those made while a request is carried out, follow
    from the outer call and are not told.

    Args:
        epoch: As ``Hub``.
        lanes: As ``Hub``.
        session: Told of the calls.
    """

    def __init__(self, epoch: int, lanes: Mapping[str, Lane], session: Session) -> None:
        super().__init__(epoch, lanes)
        self._session = session
        self._depth = 0
        self._now = 0.0

    def sensor(
        self, subject: str, name: str, source: str, status: SensorStatus, now: float
    ) -> None:
        """See ``Hub``."""
        entry = hublog.Sensor(
            subject, name, source, status.state, status.reasons, status.fix, status.streams
        )
        with self._outer(entry, now):
            super().sensor(subject, name, source, status, now)

    def model(
        self, subject: str, modality: str, state: str, reason: str, fix: str, now: float
    ) -> None:
        """See ``Hub``."""
        with self._outer(hublog.Model(subject, modality, state, reason, fix), now):
            super().model(subject, modality, state, reason, fix, now)

    def marker(
        self, subject: str, name: str, time: float, data: Mapping[str, Any], now: float
    ) -> None:
        """See ``Hub``."""
        with self._outer(hublog.Marker(subject, name, time, dict(data)), now):
            super().marker(subject, name, time, data, now)

    def event(
        self, subject: str, kind: str, name: str, time: float, data: Mapping[str, Any]
    ) -> None:
        """See ``Hub``; told with the time of the call before, which is all that order needs."""
        with self._outer(hublog.Event(subject, kind, name, time, dict(data)), self._now):
            super().event(subject, kind, name, time, data)

    def tick(self, now: float) -> list[bytes]:
        """See ``Hub``."""
        self._now = now
        with self.quiet():
            messages = super().tick(now)
        self._session.ticked(messages, now)
        return messages

    @contextmanager
    def quiet(self) -> Iterator[None]:
        """Tell nothing of what is called inside."""
        self._depth += 1
        try:
            yield
        finally:
            self._depth -= 1

    @contextmanager
    def _outer(self, entry: Entry, now: float) -> Iterator[None]:
        if self._depth == 0:
            self._now = max(self._now, now)
            self._session.call(entry, now)
        with self.quiet():
            yield
