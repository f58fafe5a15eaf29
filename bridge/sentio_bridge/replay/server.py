"""Serves a replay on the sidecar's two ports: engines see no difference to a live session."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from secrets import randbits
from typing import Any

from sentio_bridge.control.dispatcher import Dispatcher
from sentio_bridge.core.outgoing import (
    DetailMessage,
    FrameMessage,
    Outgoing,
    TimedOutgoing,
    restamped,
)
from sentio_bridge.outputs import FanOut, Output, ZeroMqOutput
from sentio_bridge.protocol import requests as rq
from sentio_bridge.protocol.frame import LAYOUT, MINOR, SCHEMA, State
from sentio_bridge.replay.engine import frames, recorded_frames
from sentio_bridge.replay.foreign import SUBJECT, ForeignReplay
from sentio_bridge.replay.handlers import ReplayHandlers
from sentio_bridge.replay.player import Player
from sentio_bridge.transport.server import ServerSockets
from sentio_bridge.version import VERSION
from sentio_recording.recording import Recording
from sentio_sensors import Clock, Role

KEEPALIVE = 0.25
"""Longest silence, seconds, as of a live sidecar."""

LONGEST_WAIT = 0.1
"""Seconds between two looks at whether to stop or to break the silence."""


@dataclass(frozen=True, slots=True)
class PlayedRecording:
    """What is played.

    Attributes:
        name: For clients.
        make: As ``Player``'s.
        subjects: Whose frames they are.
        first: As ``Player``'s.
    """

    name: str
    make: Callable[[float, bool], Iterator[TimedOutgoing]]
    subjects: tuple[str, ...]
    first: float | None = None


def native(recording: Recording, *, compute: bool = True) -> PlayedRecording:
    """Play a recording of ours.

    Args:
        recording: Stays open.
        compute: Run models, fusion and hub again; otherwise send the recorded frames.
    """

    def make(position: float, sought: bool) -> Iterator[TimedOutgoing]:
        # What was sought is reached soon with the estimates as recorded, which are the same.
        return frames(recording, compute=not sought) if compute else recorded_frames(recording)

    subjects = recording.manifest.subjects if recording.manifest else ()
    return PlayedRecording(recording.path.name, make, tuple(subjects))


def foreign(recording: Recording, roles: Mapping[str, Role]) -> PlayedRecording:
    """Play a recording of any program through the models.

    Args:
        recording: Stays open.
        roles: Patterns of streams and channels with their role.

    Raises:
        ConfigError: No stream has a role.
    """
    run = ForeignReplay(recording, roles)
    return PlayedRecording(
        recording.path.name, lambda position, _: run.messages(position), (SUBJECT,), run.first
    )


def publish(
    played: PlayedRecording,
    sockets: ServerSockets,
    clock: Clock,
    stop: threading.Event,
    *,
    speed: float,
    start: float = 0.0,
    end: float = 0.0,
    loop: bool = False,
    outputs: Sequence[Output] = (),
) -> int:
    """Send a recording's messages as if they were live, and let clients steer.

    Args:
        played: What.
        sockets: Bound; closed here.
        clock: Paces and stamps.
        stop: Ends it.
        speed: Recorded seconds a second; 0 as fast as they come.
        start: Seconds into the recording.
        end: The same; 0 for the end.
        loop: Begin again at the end.
        outputs: More outputs beside ZeroMQ; closed here.

    Returns:
        How many messages were sent.

    Raises:
        ReplayError: There is nothing to compute from.
    """
    zeromq = ZeroMqOutput(sockets)
    fan_out = FanOut([zeromq, *outputs])
    try:
        player = Player(
            played.make, clock, first=played.first, speed=speed, start=start, end=end, loop=loop
        )
        first, count = randbits(30), 0

        def epoch() -> int:
            """A reader drops what is older than what it has, so each jump is a new session."""
            return first + player.jumps

        restamper = _Restamper()
        front = _Front(epoch, played.subjects, sockets.state_endpoint)
        replays = ReplayHandlers({played.name: player})
        control = Dispatcher({**front.handlers(), **replays.handlers()})
        while not stop.is_set() and not player.ended:
            sockets.wait(min(LONGEST_WAIT, player.deadline() - clock.now()))
            now_played = epoch()  # of what is taken here: a loop jumps at its end
            due = player.take()
            fan_out.publish([restamper.next(sent, clock.now(), now_played) for sent in due])
            count += len(due)
            fan_out.publish(restamper.repeated(clock.now(), epoch()))
            for envelope, body in sockets.requests():
                control.handle(body, envelope[0], clock.now(), partial(sockets.reply, envelope))
            zeromq.serve_subscribers()
        return count
    finally:
        fan_out.close()


class _Restamper:
    """Numbers each subject's frames anew, and repeats the last state while a replay is paused.

    Silence means trouble to a reader; a pause is none.
    """

    def __init__(self) -> None:
        self._frames: dict[str, tuple[TimedOutgoing, float]] = {}
        self._details: dict[str, TimedOutgoing] = {}
        self._seq: dict[str, int] = {}
        self._epoch: int | None = None

    def next(self, sent: TimedOutgoing, now: float, epoch: int) -> Outgoing:
        """Return a message as it is sent now."""
        if epoch != self._epoch:
            self._epoch = epoch
            self._seq.clear()
        outgoing = sent.outgoing
        subject = outgoing.key
        if isinstance(outgoing, FrameMessage):
            self._frames[subject] = sent, now
            self._seq[subject] = self._seq.get(subject, -1) + 1
        elif isinstance(outgoing, DetailMessage):
            self._details[subject] = sent
        return restamped(sent, now, epoch, self._seq.get(subject, 0))

    def repeated(self, now: float, epoch: int) -> list[Outgoing]:
        """Return the last frame and detail of every subject of whom no frame was sent for long."""
        found: list[Outgoing] = []
        for subject, (frame, at) in list(self._frames.items()):
            if now - at >= KEEPALIVE:
                found.append(self.next(frame, now, epoch))
                if subject in self._details:
                    found.append(self.next(self._details[subject], now, epoch))
        return found


class _Front:
    """What clients ask of a replay before they listen."""

    def __init__(
        self, epoch: Callable[[], int], subjects: tuple[str, ...], state_endpoint: str
    ) -> None:
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
            "version": VERSION,
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
