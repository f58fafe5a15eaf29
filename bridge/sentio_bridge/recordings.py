"""The operations ``record`` and ``replay``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from sentio_bridge import requests as rq
from sentio_bridge.consent import SENSORS
from sentio_bridge.control import Handler
from sentio_bridge.errors import RequestError
from sentio_bridge.new_folder import check
from sentio_bridge.recorded_hub import RecordedHub
from sentio_bridge.session import Session
from sentio_sensors import SensorError


class Steered(Protocol):
    """A recording that plays as a source; ``ReplaySource`` is one."""

    @property
    def position(self) -> float:
        """Seconds into the recording."""
        ...

    @property
    def paused(self) -> bool:
        """Whether it stands still."""
        ...

    def pause(self) -> None:
        """Stand still."""
        ...

    def resume(self) -> None:
        """Go on."""
        ...

    def seek(self, position: float) -> None:
        """Go on from ``position`` seconds into the recording."""
        ...

    def set_speed(self, speed: float) -> None:
        """Play so many recorded seconds a second."""
        ...


class Replays:
    """Lets clients steer the recording that is being replayed.

    Args:
        players: By name of their source; filled as sources open.
    """

    def __init__(self, players: Mapping[str, Steered]) -> None:
        self._players = players

    def handlers(self) -> dict[str, Handler]:
        """Return a handler for each operation offered here."""
        return {"replay": self.replay}

    def replay(self, asked: rq.Replay, now: float) -> Mapping[str, Any]:
        """Pause, resume, seek or change the speed of every recording that plays."""
        if not self._players:
            raise RequestError(
                "refused", "no recording is being replayed", 'name one: type = "recording"'
            )
        if asked.action == "seek" and asked.time is None:
            raise RequestError("bad_argument", "time is missing: seconds into the recording")
        if asked.action == "speed" and asked.speed is None:
            raise RequestError("bad_argument", "speed is missing")
        for player in self._players.values():
            if asked.action == "pause":
                player.pause()
            elif asked.action == "resume":
                player.resume()
            elif asked.action == "seek" and asked.time is not None:
                player.seek(asked.time)
            elif asked.speed is not None:
                player.set_speed(asked.speed)
        told = {
            name: {"position": player.position, "paused": player.paused}
            for name, player in self._players.items()
        }
        return {"replay": told}


class Recordings:
    """Lets clients record.

    Args:
        hub: Tells everybody.
        session: Records.
    """

    def __init__(self, hub: RecordedHub, session: Session) -> None:
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
            for subject, lane in self._hub.lanes.items():
                lane.recording = body
                self._hub.event(subject, "recording", name, now, {"folder": body["folder"]})
        return {"recording": body}
