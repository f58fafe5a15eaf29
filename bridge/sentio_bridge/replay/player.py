"""Paced messages of a recording, with pause, seek and speed; no I/O."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import inf
from typing import Generic, Protocol, TypeVar

from sentio_sensors import Clock

BURST = 256
"""Maximum messages per call at unlimited speed, so that requests are still handled."""


class Timed(Protocol):
    """Protocol of items with a time of sending."""

    @property
    def time(self) -> float:
        """Time of sending (recording's clock, seconds)."""
        ...


Item = TypeVar("Item", bound=Timed)


class Player(Generic[Item]):
    """Player of messages; for one thread.

    Args:
        make: Returns the messages from a position (seconds into the recording) or earlier; the
            flag states whether it was sought and should be reached soon.
        clock: Clock for pacing.
        first: Start of the recording (its clock); default: its first message.
        speed: Recorded seconds per second; 0 for as fast as possible.
        start: Start position, seconds.
        end: End position, seconds; 0 for the end.
        loop: Restart at the end.
    """

    def __init__(
        self,
        make: Callable[[float, bool], Iterator[Item]],
        clock: Clock,
        *,
        first: float | None = None,
        speed: float = 1.0,
        start: float = 0.0,
        end: float = 0.0,
        loop: bool = False,
    ) -> None:
        self._make = make
        self._clock = clock
        self._speed = speed
        self._start = start
        self._end = end or inf
        self._loop = loop
        self._paused = False
        self._seeking = False
        self._first = first
        self._position = start
        self._jumps = -1
        self._jump(start, False)

    @property
    def position(self) -> float:
        """Seconds into the recording."""
        return self._position

    @property
    def paused(self) -> bool:
        """Whether it is paused."""
        return self._paused

    @property
    def jumps(self) -> int:
        """Number of jumps; clients need a new epoch after each."""
        return self._jumps

    @property
    def ended(self) -> bool:
        """Whether all has been played."""
        return self._next is None

    def pause(self) -> None:
        """Pause."""
        self._paused = True

    def resume(self) -> None:
        """Resume at the current position."""
        self._paused = False
        self._rebase()

    def seek(self, position: float) -> None:
        """Continue at ``position`` seconds; ``take`` skips the messages before it."""
        self._jump(max(0.0, position), True)

    def set_speed(self, speed: float) -> None:
        """Set the speed from here: recorded seconds per second."""
        self._speed = speed
        self._rebase()

    def deadline(self) -> float:
        """Return when ``take`` is due (clock's seconds); infinite if never."""
        if self._next is None:
            return inf
        if self._seeking or not (self._speed or self._paused):
            return -inf
        if self._paused:
            return inf
        return self._origin + self._at(self._next) / self._speed

    def take(self) -> list[Item]:
        """Return the messages that are due now."""
        due: list[Item] = []
        for _ in range(BURST):
            if self._next is None or self.deadline() > self._clock.now():
                break
            if self._seeking and self._at(self._next) >= self._position:
                self._seeking = False
                self._rebase()
                continue
            if not self._seeking:
                due.append(self._next)
                self._position = self._at(self._next)
            self._advance()
            empty = self._seeking and self._position == self._start
            if self._next is None and self._loop and not empty:
                self._jump(self._start, False)
                break
        return due

    def _at(self, sent: Item) -> float:
        return sent.time - (self._first or 0.0)

    def _jump(self, position: float, sought: bool) -> None:
        self._messages = self._make(position, sought)
        self._jumps += 1
        self._seeking = True
        self._position = position
        self._rebase()
        self._advance()

    def _advance(self) -> None:
        self._next = next(self._messages, None)
        if self._next is None:
            return
        self._first = self._next.time if self._first is None else self._first
        if self._at(self._next) > self._end:
            self._next = None

    def _rebase(self) -> None:
        """Map the current position to the current time."""
        self._origin = self._clock.now() - (self._position / self._speed if self._speed else 0.0)


def played(player: Player[Item], clock: Clock) -> Iterator[Item]:
    """Yield all messages of a player, waiting for each."""
    while not player.ended:
        clock.sleep(player.deadline() - clock.now())
        yield from player.take()
