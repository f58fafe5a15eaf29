"""Find the processes behind loopback connections, on a thread of their own.

A search reads every process's descriptors, which takes milliseconds; one search serves all
connections that were accepted since the last one.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from collections import deque
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

LIKELY = 8
"""Processes that connected last and are looked at first: who comes again costs one look."""

PAUSE = 0.2
"""Seconds between two searches: bounds the cost of a storm of connections."""


@dataclass(frozen=True, slots=True)
class Process:
    """A process.

    Attributes:
        pid: Process id; 0 if it cannot be read, as for other users' processes.
        name: Name of its program; may be empty.
    """

    pid: int
    name: str


UNKNOWN = Process(0, "")


def owners(
    ports: Collection[int], likely: Sequence[int] = (), proc: Path = Path("/proc")
) -> dict[int, Process]:
    """Return the process of each local TCP port; unknown ports are omitted.

    Args:
        ports: Local ports of connected sockets.
        likely: Processes that are looked at first.
        proc: Folder of the Linux process files; elsewhere psutil is used.
    """
    if sys.platform == "linux":
        inodes = {}
        for table in ("net/tcp", "net/tcp6"):
            with contextlib.suppress(OSError):
                inodes.update(_inodes((proc / table).read_text(), ports))
        return _holders(inodes, likely, proc)
    return _by_psutil(ports)


def _inodes(table: str, ports: Collection[int]) -> dict[str, int]:
    """Return the port of each socket's inode, of the wanted local ports."""
    found = {}
    for port in ports:
        # A search passes over thousands of other connections at no cost. A pattern for each port
        # would stay in the cache of compiled ones.
        end = f":{port:04X}"
        at = table.find(f"{end} ")
        while at >= 0:
            begin = table.rfind("\n", 0, at) + 1
            columns = table[begin : table.find("\n", at)].split()
            if len(columns) > 9 and columns[1].endswith(end) and columns[9] != "0":
                found[columns[9]] = port
            at = table.find(f"{end} ", at + 1)
    return found


def _holders(inodes: Mapping[str, int], likely: Sequence[int], proc: Path) -> dict[int, Process]:
    wanted = {f"socket:[{inode}]": port for inode, port in inodes.items()}
    found = dict.fromkeys(inodes.values(), UNKNOWN)
    left = len(wanted)
    for name in dict.fromkeys((*map(str, likely), *os.listdir(proc))):
        if not left:
            break
        folder = f"{proc}/{name}/fd"
        if not name.isdigit():
            continue
        try:
            links = [_link(f"{folder}/{number}") for number in os.listdir(folder)]
        except OSError:  # another user's, or it has ended
            continue
        ports = [wanted[link] for link in links if link in wanted]
        if ports:
            left -= len(ports)
            process = Process(int(name), _name(proc / name))
            found.update(dict.fromkeys(ports, process))
    return found


def _link(path: str) -> str:
    try:
        return os.readlink(path)
    except OSError:  # closed since the folder was listed
        return ""


def _name(folder: Path) -> str:
    try:
        return (folder / "comm").read_text(errors="replace").strip()
    except OSError:
        return ""


def _by_psutil(ports: Collection[int]) -> dict[int, Process]:
    try:
        connections = psutil.net_connections("tcp")
    except (psutil.Error, OSError):
        return {}
    found = {}
    for connection in connections:
        if connection.laddr and connection.laddr.port in ports and connection.pid:
            try:
                name = psutil.Process(connection.pid).name()
            except psutil.Error:
                name = ""
            found[connection.laddr.port] = Process(connection.pid, name)
    return found


class ProcessFinder:
    """Search for processes on a thread of its own.

    Args:
        found: Called on that thread with the processes by port.
        search: As ``owners``.
        pause: Seconds between two searches.
    """

    def __init__(
        self,
        found: Callable[[Mapping[int, Process]], None],
        search: Callable[[Collection[int], Sequence[int]], dict[int, Process]] = owners,
        pause: float = PAUSE,
    ) -> None:
        self._found = found
        self._search = search
        self._pause = pause
        self._changed = threading.Condition()
        self._wanted: set[int] = set()
        self._likely: deque[int] = deque(maxlen=LIKELY)
        self._ending = False
        self._thread = threading.Thread(target=self._run, name="sentio-processes", daemon=True)
        self._thread.start()

    def find(self, port: int) -> None:
        """Request the process of a port; its result comes with ``found``."""
        with self._changed:
            self._wanted.add(port)
            self._changed.notify()

    def close(self) -> None:
        """End the thread."""
        with self._changed:
            self._ending = True
            self._changed.notify()
        self._thread.join(2.0)

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._wanted or self._ending)
                if self._ending:
                    return
                wanted, self._wanted = self._wanted, set()
            try:
                processes = self._search(wanted, tuple(self._likely))
            except (OSError, ValueError):
                processes = {}
            for pid in {process.pid for process in processes.values() if process.pid}:
                if pid in self._likely:
                    self._likely.remove(pid)
                self._likely.appendleft(pid)
            self._found({port: processes.get(port, UNKNOWN) for port in wanted})
            with self._changed:
                self._changed.wait_for(lambda: self._ending, self._pause)
