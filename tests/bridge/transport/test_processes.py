"""Tests of the search for the processes behind connections."""

from __future__ import annotations

import os
import socket
import sys
import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from sentio_bridge.transport.processes import UNKNOWN, Process, ProcessFinder, owners

PORT, INODE = 0x1F90, "4711"
TAIL = "00000000:00000000 00:00000000 00000000  1000        0"
TABLE = (
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid\n"
    f"   0: 0100007F:1F90 0100007F:6FDC 01 {TAIL} 4711\n"
    f"   1: 0100007F:6FDC 0100007F:1F90 01 {TAIL} 9999\n"
    f"   2: 0100007F:0FA0 0100007F:6FDC 06 {TAIL} 0\n"
)


@contextmanager
def connection() -> Iterator[int]:
    """Connect to this process; yield the port of the client's end."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        with socket.create_connection(server.getsockname()) as client, server.accept()[0]:
            yield client.getsockname()[1]


def proc(folder: Path, owner: int, others: Sequence[int]) -> Path:
    """Write Linux process files: one process holds the connection's socket."""
    (folder / "net").mkdir()
    (folder / "net" / "tcp").write_text(TABLE)
    for pid in (owner, *others):
        (folder / str(pid) / "fd").mkdir(parents=True)
        (folder / str(pid) / "comm").write_text(f"program {pid}\n")
        (folder / str(pid) / "fd" / "0").symlink_to("/dev/null")
    (folder / str(owner) / "fd" / "3").symlink_to(f"socket:[{INODE}]")
    return folder


def test_connection_has_the_process_that_opened_it() -> None:
    with connection() as port:
        assert owners({port})[port].pid == os.getpid()


@pytest.mark.skipif(sys.platform != "linux", reason="reads Linux process files")
def test_process_is_found_by_the_inode_of_its_socket(tmp_path: Path) -> None:
    folder = proc(tmp_path, 42, [7, 8])
    assert owners({PORT, 0x0FA0}, (), folder) == {PORT: Process(42, "program 42")}
    assert owners({0x1234}, (), folder) == {}


@pytest.mark.skipif(sys.platform != "linux", reason="reads Linux process files")
def test_likely_process_is_looked_at_first_and_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = proc(tmp_path, 42, range(100, 120))
    looked: list[str] = []
    listdir = os.listdir

    def counted(path: str) -> list[str]:
        looked.append(str(path))
        return listdir(path)

    monkeypatch.setattr(os, "listdir", counted)
    assert owners({PORT}, (42,), folder)[PORT].pid == 42
    assert [path for path in looked if path.endswith("/fd")] == [f"{folder}/42/fd"]
    assert owners({PORT}, (100, 9999), folder)[PORT].pid == 42  # a wrong or ended one costs a look


def test_who_connected_last_is_likely_to_connect_again() -> None:
    asked: list[Sequence[int]] = []
    answered = threading.Semaphore(0)

    def search(ports: Collection[int], likely: Sequence[int]) -> dict[int, Process]:
        asked.append(likely)
        return {port: Process(port, "") for port in ports}

    def found(processes: Mapping[int, Process]) -> None:
        answered.release()

    finder = ProcessFinder(found, search, pause=0.0)
    try:
        for port in (3, 4, 3):
            finder.find(port)
            assert answered.acquire(timeout=20.0)
    finally:
        finder.close()
    assert asked == [(), (3,), (4, 3)]


def test_failed_search_leaves_the_process_unknown() -> None:
    results: list[Mapping[int, Process]] = []
    answered = threading.Event()

    def search(ports: Collection[int], likely: Sequence[int]) -> dict[int, Process]:
        raise OSError("no process files")

    def found(processes: Mapping[int, Process]) -> None:
        results.append(processes)
        answered.set()

    finder = ProcessFinder(found, search)
    try:
        finder.find(5)
        assert answered.wait(20.0)
    finally:
        finder.close()
    assert results == [{5: UNKNOWN}]
