"""Health report: models of every subject, drops of every queue."""

from __future__ import annotations

import threading

import numpy as np

from sentio_bridge.core.hub import Hub
from sentio_bridge.pipeline.estimator_pool import EstimatorPool
from sentio_bridge.pipeline.messages import PipelineMessage
from sentio_bridge.pipeline.user_models import EstimatorKind
from sentio_bridge.server.health import Health
from sentio_models import Estimate, Needs, Norm
from sentio_models.runtime.guarded_estimator import Budget
from sentio_sensors import Channel, Chunk, MonotonicClock, Role, StreamSpec

CLOCK = MonotonicClock()
EDA = StreamSpec("strap/eda", Role.EDA, 4.0, (Channel("eda", "uS"),))


class Calm:
    modality = "body"
    needs = Needs(frozenset({"eda"}), 1.0, 0.0)

    def estimate(self, window: object) -> Estimate:
        return Estimate("body", quality=1.0)

    def personalise(self, baseline: dict[str, Norm]) -> None: ...


KIND = EstimatorKind("body", "body", "body", frozenset({"eda"}), Calm, quick=True)  # type: ignore[arg-type]


def running(subject: str, chunks: int) -> EstimatorPool:
    """Return a pool whose estimator has produced ``chunks`` estimates."""
    posted = threading.Semaphore(0)

    def post(message: PipelineMessage) -> None:
        posted.release()

    pool = EstimatorPool(subject, [KIND], clock=CLOCK, budget=Budget(), post=post)
    pool.open("body", EDA)
    for number in range(chunks):
        pool.offer(EDA, Chunk(EDA.id, np.array([1.0 + number]), np.ones((1, 1), np.float32)))
        assert posted.acquire(timeout=20.0)
    return pool


def test_models_of_two_subjects_have_separate_entries() -> None:
    pools = [running("ann", 1), running("ben", 3)]
    models = Health(Hub(1, {}), [], pools, 0.0).body(1.0).models
    runs = {name: (model.subject, model.runs) for name, model in models.items()}
    assert runs == {"ann/body": ("ann", 1), "ben/body": ("ben", 3)}
    for pool in pools:
        pool.stop()


def test_models_of_one_subject_have_plain_names() -> None:
    pool = running("ann", 1)
    assert list(Health(Hub(1, {}), [], [pool], 0.0).body(1.0).models) == ["body"]
    pool.stop()


def test_drops_of_every_queue_are_reported() -> None:
    drops = {"messages": 0, "text": 7}
    assert Health(Hub(1, {}), [], [], 0.0, lambda: drops).body(1.0).queues == {"text": 7}
