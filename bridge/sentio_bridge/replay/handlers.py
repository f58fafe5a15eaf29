"""Operation `replay`: control a recording that is played as a source."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from sentio_bridge.control.dispatcher import Answer, Handler
from sentio_bridge.errors import RequestError
from sentio_bridge.protocol import requests as rq


class ReplayControl(Protocol):
    """Protocol of players, such as ``ReplaySource``."""

    @property
    def position(self) -> float:
        """Seconds into the recording."""
        ...

    @property
    def paused(self) -> bool:
        """Whether it is paused."""
        ...

    def pause(self) -> None:
        """Pause."""
        ...

    def resume(self) -> None:
        """Resume."""
        ...

    def seek(self, position: float) -> None:
        """Continue at ``position`` seconds into the recording."""
        ...

    def set_speed(self, speed: float) -> None:
        """Set the speed: recorded seconds per second."""
        ...


class ReplayHandlers:
    """Handler of the operation ``replay``.

    Args:
        players: Players by name of their source; filled as sources open.
    """

    def __init__(self, players: Mapping[str, ReplayControl]) -> None:
        self._players = players

    def handlers(self) -> dict[str, Handler]:
        """Return the handlers by operation."""
        return {"replay": self.replay}

    def replay(self, request: rq.Replay, now: float) -> Answer:
        """Pause, resume, seek or change the speed of every player."""
        if not self._players:
            raise RequestError(
                "refused",
                "no recording is being replayed",
                'configure a source of type = "recording"',
            )
        if request.action == "seek" and request.time is None:
            raise RequestError("bad_argument", "time is missing: seconds into the recording")
        if request.action == "speed" and request.speed is None:
            raise RequestError("bad_argument", "speed is missing")
        for player in self._players.values():
            if request.action == "pause":
                player.pause()
            elif request.action == "resume":
                player.resume()
            elif request.action == "seek" and request.time is not None:
                player.seek(request.time)
            elif request.speed is not None:
                player.set_speed(request.speed)
        players = {
            name: {"position": player.position, "paused": player.paused}
            for name, player in self._players.items()
        }
        return {"replay": players}
