"""Health report of the sidecar, once a second."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import psutil

from sentio_bridge.core.hub import Hub
from sentio_bridge.pipeline.estimator_pool import EstimatorPool
from sentio_bridge.pipeline.estimator_runner import EstimatorRunner
from sentio_bridge.pipeline.source_runner import SourceRunner
from sentio_bridge.protocol.bodies import HealthBody, ModelHealth, SourceHealth


class Health:
    """Collector of rates, latencies, drops and problems.

    Args:
        hub: Hub, for frames and latency.
        sources: The sources.
        estimators: Estimators of each subject.
        start: When the sidecar started (LSL clock).
        drops: Returns the number of dropped items by queue.
        subscribers: Returns the number of subscriptions.
        outputs: Number of failures by output.
        defects: Returns the number of caught defects, without those of sources and models.
        disconnected: Returns the clients that were disconnected for a reason.
    """

    def __init__(
        self,
        hub: Hub,
        sources: Sequence[SourceRunner],
        estimators: Collection[EstimatorPool],
        start: float,
        drops: Callable[[], Mapping[str, int]] = dict,
        *,
        subscribers: Callable[[], int] = lambda: 0,
        outputs: Mapping[str, int] = MappingProxyType({}),
        defects: Callable[[], int] = lambda: 0,
        disconnected: Callable[[], list[Mapping[str, Any]]] = list,
    ) -> None:
        self._hub = hub
        self._sources = sources
        self._estimators = estimators
        self._start = start
        self._drops = drops
        self._subscribers = subscribers
        self._outputs = outputs
        self._defects = defects
        self._disconnected = disconnected
        self._process = psutil.Process()
        self._process.cpu_percent()  # the first call only starts the measurement

    def body(self, now: float) -> HealthBody:
        """Return the body of `health` (PROTOCOL.md, section 8)."""
        runners = {
            self._key(runner.subject, runner.name): runner
            for pool in self._estimators
            for runner in list(pool.runners.values())
        }
        drops = {key: runner.drops for key, runner in runners.items()}
        drops.update(self._drops())
        models = {key: _model(runner, now) for key, runner in runners.items()}
        reports: dict[str, SourceHealth] = {}
        for runner in self._sources:
            reports[_unique(self._key(runner.subject, runner.name), reports)] = _source(runner)
        return HealthBody(
            epoch=self._hub.epoch,
            time=now,
            uptime=now - self._start,
            rate_hz=sum(recent.rate(now) for recent in self._hub.latency.values()),
            frames=self._hub.frames,
            cpu=self._process.cpu_percent() / 100.0,
            rss=self._process.memory_info().rss,
            subscribers=self._subscribers(),
            latency={s: r.percentiles(now) for s, r in self._hub.latency.items()},
            sources=reports,
            models=models,
            queues={name: count for name, count in drops.items() if count},
            problems=[
                f"{name}: {source.reason}" + (f" ({source.fix})" if source.fix else "")
                for name, source in reports.items()
                if source.state in ("absent", "error", "gap")
            ]
            + [
                f"{name}: {model.limit_hz:g} estimates a second at most, because they take too "
                "long (close other programs)"
                for name, model in models.items()
                if model.limit_hz
            ],
            disconnected=self._disconnected(),
            outputs=dict(self._outputs),
            defects=self._defects() + sum(source.status.defects for source in self._sources),
        )

    def _key(self, subject: str, name: str) -> str:
        """Return a name that is unique among all subjects."""
        return f"{subject}/{name}" if len(self._estimators) > 1 else name


def _unique(name: str, taken: Collection[str]) -> str:
    """Return ``name``, with a number if it is taken."""
    free, number = name, 2
    while free in taken:
        free, number = f"{name}-{number}", number + 1
    return free


def _source(runner: SourceRunner) -> SourceHealth:
    status = runner.status
    return SourceHealth(
        subject=runner.subject,
        state=status.state,
        reason=", ".join(status.reasons),
        fix=status.fix,
        rate_hz=status.rate_hz,
        age=status.age,
        drops=status.drops,
        lost=status.lost,
        reconnects=status.reconnects,
    )


def _model(runner: EstimatorRunner, now: float) -> ModelHealth:
    return ModelHealth(
        subject=runner.subject,
        modality=runner.modality,
        runs=runner.runs,
        failures=runner.failures,
        state=runner.off or ("slowed" if runner.limit_hz else "ok"),
        limit_hz=runner.limit_hz or None,
        hz=runner.cost.rate(now),
        **runner.cost.percentiles(now),
    )
