"""Serve a replay on the sidecar's two ports, like a live session."""

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
from sentio_bridge.replay.engine import ReplayError, frames, recorded_frames
from sentio_bridge.replay.foreign import SUBJECT, ForeignReplay
from sentio_bridge.replay.handlers import ReplayHandlers
from sentio_bridge.replay.player import Player
from sentio_bridge.transport.server import ServerSockets
from sentio_bridge.version import VERSION
from sentio_recording.recording import Recording
from sentio_sensors import Clock, Role

KEEPALIVE = 0.25
"""Maximum seconds between frames, as in a live sidecar."""

LONGEST_WAIT = 0.1
"""Maximum seconds between checks for stop and keepalive."""


@dataclass(frozen=True, slots=True)
class PlayedRecording:
    """Recording to play.

    Attributes:
        name: Name for clients.
        make: As for ``Player``.
        subjects: Subjects of the frames.
        first: As for ``Player``.
    """

    name: str
    make: Callable[[float, bool], Iterator[TimedOutgoing]]
    subjects: tuple[str, ...]
    first: float | None = None


def native(recording: Recording, *, compute: bool = True) -> PlayedRecording:
    """Return a recording made by Sentio, ready to play.

    Args:
        recording: Must stay open.
        compute: Recompute models, fusion and hub; otherwise send the recorded frames.

    Raises:
        ReplayError: The recorded frames are wanted, and there are none.
    """
    if not compute and next(recorded_frames(recording), None) is None:
        raise ReplayError("the recording contains no frames", "recompute them: omit --frames")

    def make(position: float, sought: bool) -> Iterator[TimedOutgoing]:
        # After a seek use the recorded estimates: they are the same, and faster.
        return frames(recording, compute=not sought) if compute else recorded_frames(recording)

    subjects = recording.manifest.subjects if recording.manifest else ()
    return PlayedRecording(recording.path.name, make, tuple(subjects))


def foreign(recording: Recording, roles: Mapping[str, Role]) -> PlayedRecording:
    """Return a recording of another program, ready to play through the models.

    Args:
        recording: Must stay open.
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
    """Publish a recording's messages as if live, and handle control requests.

    Args:
        played: Recording to play.
        sockets: Bound sockets; closed here.
        clock: Clock for pacing and timestamps.
        stop: Ends the replay when set.
        speed: Recorded seconds per second; 0 for as fast as possible.
        start: Start position, seconds.
        end: End position, seconds; 0 for the end.
        loop: Restart at the end.
        outputs: Outputs in addition to ZeroMQ; closed here. Those that leave this machine get
            everything: the caller has checked that the persons share it.

    Returns:
        Number of messages sent.

    Raises:
        ReplayError: The recording has nothing to replay.
    """
    zeromq = ZeroMqOutput(sockets)
    fan_out = FanOut([zeromq, *outputs], may_share=lambda _: True)
    try:
        player = Player(
            played.make, clock, first=played.first, speed=speed, start=start, end=end, loop=loop
        )
        first, count = randbits(30), 0

        def epoch() -> int:
            """Return a new epoch for each jump: clients drop frames older than the newest."""
            return first + player.jumps

        restamper = _Restamper()
        ended = threading.Event()
        hello = _HelloHandlers(epoch, played.subjects, sockets.state_endpoint, ended.set)
        replays = ReplayHandlers({played.name: player})
        control = Dispatcher({**hello.handlers(), **replays.handlers()}, sockets.access)
        while not stop.is_set() and not ended.is_set() and not player.ended:
            sockets.wait(min(LONGEST_WAIT, player.deadline() - clock.now()))
            taken_epoch = epoch()  # before ``take``: a loop jumps at its end
            due = player.take()
            fan_out.publish([restamper.next(sent, clock.now(), taken_epoch) for sent in due])
            count += len(due)
            fan_out.publish(restamper.repeated(clock.now(), epoch()))
            for request in sockets.requests():
                reply = partial(sockets.reply, request)
                control.handle(request.body, request.client, clock.now(), reply)
            zeromq.serve_subscribers()
        return count
    finally:
        fan_out.close()


class _Restamper:
    """Number each subject's frames, with keepalive frames while paused.

    Clients treat a longer gap as a failure.
    """

    def __init__(self) -> None:
        self._frames: dict[str, tuple[TimedOutgoing, float]] = {}
        self._details: dict[str, TimedOutgoing] = {}
        self._seq: dict[str, int] = {}
        self._epoch: int | None = None

    def next(self, sent: TimedOutgoing, now: float, epoch: int) -> Outgoing:
        """Return a message with the current time and number."""
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
        """Return the last frame and detail of every subject whose keepalive is due."""
        messages: list[Outgoing] = []
        for subject, (frame, at) in list(self._frames.items()):
            if now - at >= KEEPALIVE:
                messages.append(self.next(frame, now, epoch))
                if subject in self._details:
                    messages.append(self.next(self._details[subject], now, epoch))
        return messages


class _HelloHandlers:
    """Handlers of the operations ``hello``, ``time`` and ``shutdown`` of a replay."""

    def __init__(
        self,
        epoch: Callable[[], int],
        subjects: tuple[str, ...],
        state_endpoint: str,
        end: Callable[[], None],
    ) -> None:
        self._end = end
        self._epoch = epoch
        self._subjects = subjects
        self._state_endpoint = state_endpoint

    def handlers(self) -> dict[str, Any]:
        """Return the handlers by operation."""
        return {
            "hello": self.hello,
            "time": lambda _, now: {"time": now},
            "shutdown": self.shutdown,
        }

    def shutdown(self, request: rq.Shutdown, now: float) -> Mapping[str, Any]:
        """End the replay after the reply."""
        self._end()
        return {}

    def hello(self, request: rq.Hello, now: float) -> Mapping[str, Any]:
        """Return identity, protocol version and the layout of the affect vector."""
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
            "capabilities": ["hello", "replay", "shutdown", "time"],
            "state_endpoint": self._state_endpoint,
        }
