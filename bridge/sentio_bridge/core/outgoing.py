"""Outgoing messages: typed bodies, encoded on first use; pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import msgspec
from msgspec.structs import replace

from sentio_bridge.protocol import codec
from sentio_bridge.protocol.bodies import DetailBody, EventBody, HealthBody, RawBody, plain
from sentio_bridge.protocol.frame import AffectFrame


class _Message:
    """A message of one kind about one key (a subject or stream).

    Attributes:
        kind: First part of its topic.
        key: Second part; may be empty.
    """

    kind: ClassVar[str]
    key: str
    _encoded: bytes | None = None

    @property
    def topic(self) -> bytes:
        """Topic that subscribers select, with its zero byte."""
        return codec.topic(self.kind, self.key)

    @property
    def encoded(self) -> bytes:
        """The complete encoded message, cached."""
        if self._encoded is None:
            self._encoded = self._encode()
        return self._encoded

    def _encode(self) -> bytes:
        raise NotImplementedError


class FrameMessage(_Message):
    """The fused state of a subject: ``affect/<subject>``."""

    kind = "affect"

    def __init__(self, body: AffectFrame) -> None:
        self.key = body.subject
        self.body = body

    def _encode(self) -> bytes:
        return codec.encode_affect(self.body)


class _MapMessage(_Message):
    """A message whose body is a map."""

    body: msgspec.Struct

    def _encode(self) -> bytes:
        return codec.encode_map(self.kind, self.key, plain(self.body))


class DetailMessage(_MapMessage):
    """All details of a subject's state: ``detail/<subject>``."""

    kind = "detail"
    body: DetailBody

    def __init__(self, subject: str, body: DetailBody) -> None:
        self.key = subject
        self.body = body


class EventMessage(_MapMessage):
    """Something happened to a subject: ``event/<subject>``."""

    kind = "event"
    body: EventBody

    def __init__(self, subject: str, body: EventBody) -> None:
        self.key = subject
        self.body = body

    def _encode(self) -> bytes:
        """Cut a name that is longer than clients read; ``cut`` is then its whole length."""
        body = plain(self.body)
        if len(self.body.name) > codec.MAX_TEXT:
            body |= {"name": self.body.name[: codec.MAX_TEXT], "cut": len(self.body.name)}
        return codec.encode_map(self.kind, self.key, body)


class HealthMessage(_MapMessage):
    """Health of the sidecar: ``health``."""

    kind = "health"
    body: HealthBody

    def __init__(self, body: HealthBody) -> None:
        self.key = ""
        self.body = body


class RawMessage(_MapMessage):
    """A chunk of samples of a configured stream: ``raw/<stream>``."""

    kind = "raw"
    body: RawBody

    def __init__(self, body: RawBody) -> None:
        self.key = body.stream
        self.body = body


Outgoing = FrameMessage | DetailMessage | EventMessage | HealthMessage | RawMessage
"""Any outgoing message."""


@dataclass(frozen=True, slots=True)
class TimedOutgoing:
    """A message and its time of sending (clock of the run that sent it, seconds)."""

    time: float
    outgoing: Outgoing

    @property
    def message(self) -> bytes:
        """The complete encoded message."""
        return self.outgoing.encoded


def restamped(sent: TimedOutgoing, now: float, epoch: int, seq: int | None = None) -> Outgoing:
    """Return a message with times as if it were sent now, as engines expect.

    Args:
        sent: Recorded or replayed message.
        now: Clock of the receivers, seconds.
        epoch: Epoch of this replay, to distinguish it from the recorded session.
        seq: Sequence number in this replay of a frame, or of a detail's frame; default: as
            recorded.
    """
    outgoing, shift = sent.outgoing, now - sent.time
    if isinstance(outgoing, FrameMessage):
        frame = outgoing.body
        captured = None if frame.captured is None else frame.captured + shift
        seq = frame.seq if seq is None else seq
        return FrameMessage(replace(frame, epoch=epoch, seq=seq, sent=now, captured=captured))
    if isinstance(outgoing, DetailMessage):
        detail = outgoing.body
        seq = detail.seq if seq is None else seq
        changed = replace(detail, epoch=epoch, seq=seq, sent=detail.sent + shift)
        return DetailMessage(outgoing.key, changed)
    if isinstance(outgoing, EventMessage):
        event = outgoing.body
        return EventMessage(outgoing.key, replace(event, epoch=epoch, time=event.time + shift))
    return outgoing
