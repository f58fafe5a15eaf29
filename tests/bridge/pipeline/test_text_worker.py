"""Text worker: bounded queue, forgetting by subject, defects, end of the thread."""

from __future__ import annotations

import queue
import threading

import pytest

from sentio_bridge.core.commands import EstimateReceived, ModelChanged
from sentio_bridge.defects import DefectLog
from sentio_bridge.pipeline.text_worker import WAITING_LINES, ReadLine, TextWorker
from sentio_models import Estimate

DEADLINE = 60.0


class Model:
    """Model that reads one line per permit."""

    def __init__(self) -> None:
        self.reading = threading.Semaphore(0)
        self.go = threading.Semaphore(0)
        self.posted: queue.Queue[EstimateReceived | ModelChanged] = queue.Queue()
        self.defects = DefectLog()
        self.worker = TextWorker(lambda: self.read, self.posted.put, self.defects)

    def read(self, line: str) -> Estimate:
        self.reading.release()
        assert self.go.acquire(timeout=DEADLINE)
        if line == "broken":
            raise ZeroDivisionError("a defect of the model")
        return Estimate("text", quality=0.5, reasons=(line,))

    def next_line(self) -> str:
        message = self.posted.get(timeout=DEADLINE)
        assert isinstance(message, EstimateReceived)
        return message.estimate.reasons[0]


def threads() -> int:
    return sum(thread.name == "sentio-text" for thread in threading.enumerate())


def test_thread_ends_with_the_worker() -> None:
    model = Model()
    before = threads()
    model.worker.add("ann", "hello", 1.0)
    assert model.reading.acquire(timeout=DEADLINE)
    assert threads() == before + 1
    model.go.release()
    assert model.next_line() == "hello"
    model.worker.close()
    model.worker.add("ann", "too late", 2.0)
    assert threads() == before
    assert model.posted.empty()


def test_unused_worker_closes() -> None:
    worker = TextWorker(lambda: pytest.fail("no line came"), lambda _: None)
    worker.close()


def test_oldest_lines_over_the_limit_are_dropped_and_counted() -> None:
    model = Model()
    model.worker.add("ann", "first", 0.0)
    assert model.reading.acquire(timeout=DEADLINE)
    for number in range(WAITING_LINES + 3):
        model.worker.add("ann", str(number), float(number))
    assert model.worker.drops == 3
    model.go.release(2)
    assert [model.next_line(), model.next_line()] == ["first", "3"]
    model.worker.close(0.0)
    model.go.release()


def test_forget_drops_only_lines_of_the_subject() -> None:
    model = Model()
    model.worker.add("ann", "being read", 0.0)
    assert model.reading.acquire(timeout=DEADLINE)
    model.worker.add("ben", "ben's", 1.0)
    model.worker.add("ann", "waits", 2.0)
    model.worker.forget("ann")
    model.go.release(2)
    assert model.next_line() == "ben's"
    model.worker.close()
    assert model.posted.empty()
    assert model.worker.drops == 0


def test_defect_loses_one_line(caplog: pytest.LogCaptureFixture) -> None:
    model = Model()
    model.go.release(2)
    model.worker.add("ann", "broken", 0.0)
    model.worker.add("ann", "intact", 1.0)
    problem = model.posted.get(timeout=DEADLINE)
    assert isinstance(problem, ModelChanged)
    assert "a defect of the model" in problem.reason
    assert model.next_line() == "intact"
    assert model.defects.count == 1
    assert [r.exc_info is not None for r in caplog.records] == [True]
    model.worker.close()


def test_loading_is_retried_with_the_next_line() -> None:
    posted: queue.Queue[EstimateReceived | ModelChanged] = queue.Queue()
    attempts = [0]

    def make() -> ReadLine:
        attempts[0] += 1
        if attempts[0] == 1:
            raise OSError("disk failure")
        return lambda line: Estimate("text", quality=0.5, reasons=(line,))

    worker = TextWorker(make, posted.put)
    for line in ("one", "two"):
        worker.add("ann", line, 0.0)
    assert isinstance(posted.get(timeout=DEADLINE), ModelChanged)
    assert isinstance(posted.get(timeout=DEADLINE), EstimateReceived)
    worker.close()
