"""Serves a replay on the sidecar's two ports: engines see no difference to a live session."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from importlib.metadata import version
from secrets import randbits
from tempfile import TemporaryDirectory
from typing import Any

from sentio_bridge import requests as rq
from sentio_bridge import wire
from sentio_bridge.config import Config, Source
from sentio_bridge.consent import sensor_of
from sentio_bridge.control import Control
from sentio_bridge.errors import ConfigError
from sentio_bridge.frame import LAYOUT, MINOR, SCHEMA, State
from sentio_bridge.player import Player
from sentio_bridge.recordings import Replays
from sentio_bridge.replay import Sent, frames, recorded_frames, restamped
from sentio_bridge.sidecar import Sidecar
from sentio_bridge.sockets import ServerSockets
from sentio_sensors import Clock, Role
from sentio_sensors.recording.recording import Recording
from sentio_sensors.recording.replay_source import ReplaySettings
from sentio_sensors.recording.tracks import tracks

LONGEST_WAIT = 0.2
"""Seconds between two looks at whether to stop."""


def publish(
    recording: Recording,
    sockets: ServerSockets,
    clock: Clock,
    stop: threading.Event,
    *,
    speed: float,
    start: float = 0.0,
    end: float = 0.0,
    loop: bool = False,
    compute: bool = True,
) -> int:
    """Send a recording's messages as if they were live, and let clients steer.

    Args:
        recording: Ours.
        sockets: Bound; closed here.
        clock: Paces and stamps.
        stop: Ends it.
        speed: Recorded seconds a second; 0 as fast as they come.
        start: Seconds into the recording.
        end: The same; 0 for the end.
        loop: Begin again at the end.
        compute: Run models, fusion and hub again; otherwise send the recorded frames.

    Returns:
        How many messages were sent.

    Raises:
        ReplayError: There is nothing to compute from.
    """

    def make(sought: bool) -> Iterator[Sent]:
        # What was sought is reached soon with the estimates as recorded, which are the same.
        return frames(recording, compute=not sought) if compute else recorded_frames(recording)

    with sockets:
        player = Player(make, clock, speed=speed, start=start, end=end, loop=loop)
        first, count = randbits(30), 0

        def epoch() -> int:
            """A reader drops what is older than what it has, so each jump is a new session."""
            return first + player.jumps

        subjects = list(recording.manifest.subjects) if recording.manifest else []
        front = _Front(epoch, subjects, sockets.state_endpoint)
        replays = Replays({recording.path.name: player})
        control = Control({**front.handlers(), **replays.handlers()})
        while not stop.is_set() and not player.ended:
            sockets.wait(min(LONGEST_WAIT, player.deadline() - clock.now()))
            now_played = epoch()  # of what is taken here: a loop jumps at its end
            for sent in player.take():
                sockets.publish(restamped(sent, clock.now(), now_played))
                count += 1
            for envelope, body in sockets.requests():
                sockets.reply(envelope, control.handle(body, envelope[0], clock.now()))
            for _ in sockets.subscriptions():
                pass  # nothing is kept for who comes late: the next frame is near
    return count


def through_pipeline(
    recording: Recording,
    sockets: ServerSockets,
    clock: Clock,
    stop: threading.Event,
    *,
    speed: float,
    start: float = 0.0,
    end: float = 0.0,
    loop: bool = False,
    roles: Mapping[str, Role],
) -> int:
    """Run a sidecar whose only source is the recording, as for files of other programs.

    Args:
        recording: Of any program.
        sockets: Bound; closed here.
        clock: Paces and stamps.
        stop: Ends it; it also ends with the recording.
        speed: Recorded seconds a second.
        start: Seconds into the recording.
        end: The same; 0 for the end.
        loop: Begin again at the end.
        roles: Patterns of streams and channels with their role.

    Returns:
        How many messages were sent.

    Raises:
        ConfigError: No stream has a role, or ``speed`` is 0: live models need time.
    """
    if not speed:
        sockets.close()
        raise ConfigError("files of other programs play in time", "give --speed 0.25..100")
    played = {track.spec.role for track in tracks(recording, roles)}
    sensors = tuple(dict.fromkeys(sensor_of(role) for role in Role if role in played - _MARKERS))
    if not sensors:
        sockets.close()
        names = ", ".join(info.name for info in recording.streams.values())
        raise ConfigError(f"no stream has a role; there are: {names}", "say --map STREAM=ROLE")
    settings = ReplaySettings(
        path=str(recording.path), speed=speed, start=start, end=end, loop=loop, roles=dict(roles)
    )
    source = Source(name=recording.path.name, subject="player", sensors=sensors, settings=settings)
    count = 0

    def heard(message: bytes) -> None:
        nonlocal count
        count += 1
        kind, _, body = wire.split(message)
        if kind == "event":
            told = wire.decode_map(body)
            if told["kind"] == "sensor" and told["data"].get("state") == "ended":
                stop.set()

    with TemporaryDirectory() as profiles:  # whose body this was, nobody knows
        consent = {sensor: ["adapt"] for sensor in sensors}
        config = Config(consent=consent, sources=(source,), profiles=profiles)
        Sidecar(config, clock, sockets).run(stop, heard)
    return count


class _Front:
    """What clients ask of a replay before they listen."""

    def __init__(self, epoch: Callable[[], int], subjects: list[str], state_endpoint: str) -> None:
        self._epoch = epoch
        self._subjects = subjects
        self._state_endpoint = state_endpoint

    def handlers(self) -> dict[str, Any]:
        """Return a handler for each operation offered here."""
        return {"hello": self.hello, "time": lambda _, now: {"time": now}}

    def hello(self, asked: rq.Hello, now: float) -> Mapping[str, Any]:
        """Say who we are and what the numbers mean."""
        return {
            "name": "sentio",
            "version": version("sentio"),
            "protocol": [SCHEMA, MINOR],
            "epoch": self._epoch(),
            "time": now,
            "layout": list(LAYOUT),
            "states": [state.label for state in State],
            "subjects": self._subjects,
            "rate_hz": 60.0,
            "capabilities": ["hello", "replay", "time"],
            "state_endpoint": self._state_endpoint,
        }


_MARKERS = frozenset({Role.MARKER})
