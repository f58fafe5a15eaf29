"""Threads that share work without waiting for one another."""

from __future__ import annotations

import threading
from collections import deque

from sentio_bridge.pipeline.serial_executor import SerialExecutor

DEADLINE = 20.0


def test_all_work_is_done_once_in_order_and_by_one_at_a_time() -> None:
    waiting: deque[tuple[int, int]] = deque()
    done: list[tuple[int, int]] = []
    inside = [0]
    most = [0]

    def work() -> None:
        inside[0] += 1
        most[0] = max(most[0], inside[0])
        while waiting:
            done.append(waiting.popleft())
        inside[0] -= 1

    baton = SerialExecutor(lambda: bool(waiting), work)

    def bring(who: int) -> None:
        for index in range(2000):
            waiting.append((who, index))
            baton.run()

    threads = [threading.Thread(target=bring, args=(who,)) for who in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(DEADLINE)
    assert not waiting
    assert most == [1]
    for who in range(4):
        assert [index for by, index in done if by == who] == list(range(2000))


def test_who_finds_it_taken_leaves_the_work_and_does_not_wait() -> None:
    waiting, done = deque([1]), []
    working, go = threading.Semaphore(0), threading.Semaphore(0)

    def work() -> None:
        done.append(waiting.popleft())
        working.release()
        assert go.acquire(timeout=DEADLINE)

    baton = SerialExecutor(lambda: bool(waiting), work)
    slow = threading.Thread(target=baton.run)
    slow.start()
    assert working.acquire(timeout=DEADLINE)
    waiting.append(2)
    baton.run()  # returns at once, or this test would hang
    assert done == [1]
    go.release(2)
    slow.join(DEADLINE)
    assert done == [1, 2]


def test_what_comes_while_it_is_held_is_done_afterwards() -> None:
    waiting: deque[int] = deque()
    done: list[int] = []
    baton = SerialExecutor(lambda: bool(waiting), lambda: done.append(waiting.popleft()))
    with baton.held():
        waiting.append(1)
        baton.run()
        assert done == []
    assert done == [1]


def test_the_next_may_work_after_one_has_failed() -> None:
    waiting = deque([1, 2])

    def work() -> None:
        if waiting.popleft() == 1:
            raise ValueError("broken")

    baton = SerialExecutor(lambda: bool(waiting), work)
    try:
        baton.run()
    except ValueError:
        pass
    baton.run()
    assert not waiting


def test_other_work_is_done_in_its_place_and_only_if_nobody_is_at_it() -> None:
    waiting, done = deque([1]), []
    baton = SerialExecutor(lambda: bool(waiting), lambda: done.append(waiting.popleft()))
    with baton.held():
        baton.try_to(lambda: done.append(0))
        waiting.append(2)
    assert done == [1, 2]
    baton.try_to(lambda: waiting.extend(done))
    assert done == [1, 2, 1, 2]
