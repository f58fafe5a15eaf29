"""Serial queue, shared by threads without waiting."""

from __future__ import annotations

import threading
from collections import deque

import pytest

from sentio_bridge.pipeline.serial_queue import LIMIT, SerialQueue

DEADLINE = 60.0


def test_items_are_handled_once_in_order_on_one_thread_at_a_time() -> None:
    handled: list[tuple[int, int]] = []
    inside = [0]
    maximum = [0]

    def handle(items: list[tuple[int, int]]) -> None:
        inside[0] += 1
        maximum[0] = max(maximum[0], inside[0])
        handled.extend(items)
        inside[0] -= 1

    queue = SerialQueue(handle, bound=lambda _: 0)

    def post_items(thread: int) -> None:
        for index in range(2000):
            queue.post((thread, index))

    threads = [threading.Thread(target=post_items, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(DEADLINE)
    assert queue.take() == []
    assert maximum == [1]
    for number in range(4):
        assert [index for by, index in handled if by == number] == list(range(2000))


def test_item_is_handled_by_the_thread_already_handling() -> None:
    handled: list[int] = []
    working, go = threading.Semaphore(0), threading.Semaphore(0)

    def handle(items: list[int]) -> None:
        handled.extend(items)
        working.release()
        assert go.acquire(timeout=DEADLINE)

    queue = SerialQueue(handle)
    slow = threading.Thread(target=queue.post, args=(1,))
    slow.start()
    assert working.acquire(timeout=DEADLINE)
    queue.post(2)  # returns at once, or this test would hang
    assert handled == [1]
    go.release(2)
    slow.join(DEADLINE)
    assert handled == [1, 2]


def test_items_added_during_exclusive_use_are_handled_afterwards() -> None:
    handled: list[int] = []
    queue: SerialQueue[int] = SerialQueue(handled.extend)
    with queue.exclusive():
        queue.post(1)
        queue.put(2)
        assert handled == []
    assert handled == [1, 2]


def test_items_may_be_taken_during_exclusive_use() -> None:
    handled: list[int] = []
    queue: SerialQueue[int] = SerialQueue(handled.extend)
    with queue.exclusive():
        queue.post(1)
        assert queue.take() == [1]
    assert handled == []


def test_handler_is_called_again_after_an_exception() -> None:
    handled: list[int] = []

    def handle(items: list[int]) -> None:
        if items == [1]:
            raise ValueError("broken")
        handled.extend(items)

    queue = SerialQueue(handle)
    with pytest.raises(ValueError, match="broken"):
        queue.post(1)
    queue.post(2)
    assert handled == [2]


def test_oldest_items_over_the_limit_are_dropped_and_counted() -> None:
    queue: SerialQueue[int] = SerialQueue(lambda _: None)
    for index in range(LIMIT + 3):
        queue.put(index)
    assert queue.drops == 3
    assert queue.take() == list(range(3, LIMIT + 3))


def test_custom_bound_decides_which_items_are_dropped() -> None:
    def no_repeats(waiting: deque[int]) -> int:
        if waiting[-1] != waiting[-2]:
            return 0
        waiting.pop()
        return 1

    queue: SerialQueue[int] = SerialQueue(lambda _: None, no_repeats)
    for item in (1, 1, 2, 2, 2):
        queue.put(item)
    assert (queue.drops, queue.take()) == (3, [1, 2])
