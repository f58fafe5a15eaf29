"""Record of disconnected clients and banned processes; no I/O."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MOST = 16
"""Offenders that are kept; the least recent one is dropped first."""


@dataclass(slots=True)
class Offender:
    """Connections of one process that were closed for one reason.

    Attributes:
        what: Limit or rule, as in PROTOCOL.md, section 8.
        socket: ``state`` or ``control``.
        port: Port of its newest such connection.
        pid: Process id, or 0.
        program: Name of the program, or empty.
        name: Name that it gave in ``hello``, or empty.
        count: Number of closed connections.
        at: Time of the newest, seconds.
    """

    what: str
    socket: str
    port: int
    pid: int
    program: str
    name: str
    count: int
    at: float


class Offenders:
    """The most recent offenders.

    Args:
        ban: Seconds for which a process that exceeded a limit may not connect.
    """

    def __init__(self, ban: float) -> None:
        self._ban = ban
        self._records: dict[tuple[str, str, int], Offender] = {}
        self._banned: dict[int, float] = {}

    def add(self, offender: Offender, *, ban: bool) -> None:
        """Count a closed connection; optionally ban its process if it is known."""
        key = offender.what, offender.socket, offender.pid
        known = self._records.pop(key, None)
        if known is not None:
            offender.count += known.count
            offender.name = offender.name or known.name
            offender.program = offender.program or known.program
        self._records[key] = offender  # the newest is last
        while len(self._records) > MOST:
            self._records.pop(next(iter(self._records)))
        if ban and offender.pid:
            self._banned[offender.pid] = offender.at + self._ban
            while len(self._banned) > MOST:
                self._banned.pop(next(iter(self._banned)))

    def identified(self, port: int, pid: int, program: str) -> None:
        """Add the process of a connection that was closed before it was known."""
        for key, record in list(self._records.items()):
            if record.port == port and not record.pid:
                del self._records[key]
                record.pid, record.program = pid, program
                self.add(record, ban=False)

    def is_any_banned(self, now: float) -> bool:
        """Return whether a process may not connect now."""
        return any(until > now for until in self._banned.values())

    def is_banned(self, pid: int, now: float) -> bool:
        """Return whether this process may not connect now."""
        return self._banned.get(pid, now) > now

    def report(self, now: float) -> list[Mapping[str, Any]]:
        """Return the offenders for `health`, the newest first."""
        return [
            {
                "what": record.what,
                "socket": record.socket,
                "port": record.port,
                "pid": record.pid,
                "program": record.program,
                "name": record.name,
                "count": record.count,
                "age": max(0.0, now - record.at),
            }
            for record in reversed(self._records.values())
        ]
