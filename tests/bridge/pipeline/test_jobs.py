"""Sequential jobs on a separate thread, and unique stream names."""

from __future__ import annotations

import queue
import threading

import pytest

from sentio_bridge.errors import RequestError
from sentio_bridge.pipeline.jobs import WAITING, JobDone, JobRunner
from sentio_bridge.pipeline.stream_names import StreamNames

DEADLINE = 60.0


def test_jobs_run_in_order_and_are_posted_when_done() -> None:
    posted: queue.Queue[JobDone] = queue.Queue()
    jobs, done = JobRunner(posted.put), list[tuple[int, float]]()
    threads = set[str]()
    for number in range(5):
        jobs.submit(
            lambda: threads.add(threading.current_thread().name),
            lambda now, n=number: done.append((n, now)),  # type: ignore[misc]
        )
    for _ in range(5):
        posted.get(timeout=DEADLINE).finish(7.0)
    assert done == [(number, 7.0) for number in range(5)]
    assert threads == {"sentio-jobs"}
    jobs.close()


def test_failed_job_does_not_affect_others(caplog: pytest.LogCaptureFixture) -> None:
    posted: queue.Queue[JobDone] = queue.Queue()
    jobs = JobRunner(posted.put)
    jobs.submit(lambda: 1 / 0, lambda _: None)  # type: ignore[arg-type,return-value]
    jobs.submit(lambda: None, lambda _: None)
    for _ in range(2):
        posted.get(timeout=DEADLINE)
    assert any(record.exc_info for record in caplog.records)
    jobs.close()


def test_full_queue_refuses_and_close_runs_queued_jobs() -> None:
    posted: queue.Queue[JobDone] = queue.Queue()
    jobs, go, started = JobRunner(posted.put), threading.Event(), threading.Event()

    def block() -> None:
        started.set()
        go.wait(DEADLINE)

    jobs.submit(block, lambda _: None)
    assert started.wait(DEADLINE)
    for _ in range(WAITING):
        jobs.submit(lambda: None, lambda _: None)
    with pytest.raises(RequestError) as refused:
        jobs.submit(lambda: None, lambda _: None)
    assert refused.value.code == "busy"
    go.set()
    jobs.close(DEADLINE)
    assert posted.qsize() == WAITING + 1


def test_equal_stream_ids_of_two_sources_become_unique() -> None:
    names, one, two, three = StreamNames(), object(), object(), object()
    assert names.unique(one, "left", "sim1/ppg") == "sim1/ppg"
    assert names.unique(two, "right", "sim1/ppg") == "right:sim1/ppg"
    assert names.unique(three, "right", "sim1/ppg") == "right-2:sim1/ppg"
    for owner, name in ((one, "sim1/ppg"), (two, "right:sim1/ppg")):  # reopened
        assert names.unique(owner, "right", "sim1/ppg") == name
