"""A recording's messages in their own time: paused, sought and hurried; no I/O."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import inf
from typing import Generic, Protocol, TypeVar

from sentio_sensors import Clock

BURST = 256
"""Messages gone through at once where there is no pace, so that requests are still heard."""


class Timed(Protocol):
    """Anything with the time at which it was sent."""

    @property
    def time(self) -> float:
        """The recording's clock, seconds."""
        ...


Item = TypeVar("Item", bound=Timed)


class Player(Generic[Item]):
    """Plays messages; one thread owns it.

    Args:
        make: Begins the messages anew, not later than at a position (seconds into the recording);
            told whether that was sought, and should be reached soon.
        clock: Paces.
        first: When the recording begins (its clock); its first message by default.
        speed: Recorded seconds a second; 0 as fast as they come.
        start: Seconds into the recording.
        end: The same; 0 for the end.
        loop: Begin again at the end.
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
        self._go_to(start, False)

    @property
    def position(self) -> float:
        """Seconds into the recording."""
        return self._position

    @property
    def paused(self) -> bool:
        """Whether it stands still."""
        return self._paused

    @property
    def jumps(self) -> int:
        """How often it left the order of the recording: readers must be told (a new epoch)."""
        return self._jumps

    @property
    def ended(self) -> bool:
        """Whether all has been played."""
        return self._next is None

    def pause(self) -> None:
        """Stand still."""
        self._paused = True

    def resume(self) -> None:
        """Go on from where it stands."""
        self._paused = False
        self._rebase()

    def seek(self, position: float) -> None:
        """Go on from ``position`` seconds into the recording; ``take`` finds the way there."""
        self._go_to(max(0.0, position), True)

    def set_speed(self, speed: float) -> None:
        """Play so many recorded seconds a second from here."""
        self._speed = speed
        self._rebase()

    def deadline(self) -> float:
        """Return when ``take`` is due (the clock's seconds); infinite if it never will be."""
        if self._next is None:
            return inf
        if self._seeking or not (self._speed or self._paused):
            return -inf
        if self._paused:
            return inf
        return self._origin + self._at(self._next) / self._speed

    def take(self) -> list[Item]:
        """Return what is due now."""
        found: list[Item] = []
        for _ in range(BURST):
            if self._next is None or self.deadline() > self._clock.now():
                break
            if self._seeking and self._at(self._next) >= self._position:
                self._seeking = False
                self._rebase()
                continue
            if not self._seeking:
                found.append(self._next)
                self._position = self._at(self._next)
            self._advance()
            nothing = self._seeking and self._position == self._start  # the stretch is empty
            if self._next is None and self._loop and not nothing:
                self._go_to(self._start, False)
                break
        return found

    def _at(self, sent: Item) -> float:
        return sent.time - (self._first or 0.0)

    def _go_to(self, position: float, sought: bool) -> None:
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
        """Let the position be now."""
        self._origin = self._clock.now() - (self._position / self._speed if self._speed else 0.0)


def played(player: Player[Item], clock: Clock) -> Iterator[Item]:
    """Yield all that a player plays, waiting in between; for those who do nothing else."""
    while not player.ended:
        clock.sleep(player.deadline() - clock.now())
        yield from player.take()
