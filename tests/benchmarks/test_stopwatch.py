"""The stopwatch measures a program, not what else the machine does."""

from __future__ import annotations

import multiprocessing
import os
import sys
import time

import pytest

from benchmarks.stopwatch import Stopwatch

WORK = 0.2


def doze(found: multiprocessing.Queue[tuple[float, float, float]]) -> None:
    """Sleep, and report the measured and the elapsed time, and that after a restart."""
    watch, before = Stopwatch(), time.monotonic()
    time.sleep(WORK)
    measured, passed = watch.elapsed(), time.monotonic() - before
    watch.restart()
    found.put((measured, passed, watch.elapsed()))


def test_a_sleep_is_measured() -> None:
    # In a process of its own: threads of other tests that wait for a processor would be subtracted.
    context = multiprocessing.get_context("spawn")
    found = context.Queue()
    program = context.Process(target=doze, args=(found,))
    program.start()
    measured, passed, again = found.get(timeout=60.0)
    program.join()
    found.close()
    assert WORK / 2 < measured <= passed
    assert again < WORK / 2


def test_ended_and_unknown_processes_are_not_an_error() -> None:
    process = multiprocessing.get_context("spawn").Process(target=time.sleep, args=(0.0,))
    process.start()
    watch = Stopwatch(lambda: [process.pid or 0, 2**22 + 1])
    process.join()
    assert watch.elapsed() >= 0.0


def compute(processors: set[int], found: multiprocessing.Queue[tuple[float, float]]) -> None:
    """Compute on one processor, and report the measured and the elapsed time."""
    os.sched_setaffinity(0, processors)
    watch, before, end = Stopwatch(), time.monotonic(), time.process_time() + WORK
    while time.process_time() < end:
        pass
    found.put((watch.elapsed(), time.monotonic() - before))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux counts the waits")
def test_waits_for_a_processor_are_left_out() -> None:
    one = {min(os.sched_getaffinity(0))}
    context = multiprocessing.get_context("spawn")
    found = context.Queue()
    programs = [context.Process(target=compute, args=(one, found)) for _ in range(2)]
    for program in programs:
        program.start()
    times = [found.get(timeout=60.0) for _ in programs]
    for program in programs:
        program.join()
    found.close()
    assert max(elapsed for _, elapsed in times) > 1.3 * WORK  # they did wait for each other
    for measured, _ in times:
        assert measured == pytest.approx(WORK, rel=0.3)
