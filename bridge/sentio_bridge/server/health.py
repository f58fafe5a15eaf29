"""Report once a second how the sidecar is."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from types import MappingProxyType

import psutil

from sentio_bridge.core.hub import Hub
from sentio_bridge.pipeline.estimator_pool import EstimatorPool
from sentio_bridge.pipeline.estimator_runner import EstimatorRunner
from sentio_bridge.pipeline.source_runner import SourceRunner
from sentio_bridge.protocol.bodies import HealthBody, ModelHealth, SourceHealth


class Health:
    """Collects rates, latencies, drops and problems.

    Args:
        hub: For frames and latency.
        feeds: The sources.
        estimators: Each subject's.
        start: When the sidecar started (LSL clock).
        drops: Returns what each other queue has dropped, by its name.
        subscribers: Returns how many subscriptions there are.
        outputs: Failures by output.
        defects: Returns how many defects were caught, except those of sources and models.
    """

    def __init__(
        self,
        hub: Hub,
        feeds: Sequence[SourceRunner],
        estimators: Collection[EstimatorPool],
        start: float,
        drops: Callable[[], Mapping[str, int]] = dict,
        *,
        subscribers: Callable[[], int] = lambda: 0,
        outputs: Mapping[str, int] = MappingProxyType({}),
        defects: Callable[[], int] = lambda: 0,
    ) -> None:
        self._hub = hub
        self._feeds = feeds
        self._estimators = estimators
        self._start = start
        self._drops = drops
        self._subscribers = subscribers
        self._outputs = outputs
        self._defects = defects
        self._process = psutil.Process()
        self._process.cpu_percent()  # the first call only starts the count

    def body(self, now: float) -> HealthBody:
        """Return the body of `health` (PROTOCOL.md, section 8)."""
        runners = {
            self._key(runner.subject, runner.name): runner
            for pool in self._estimators
            for runner in list(pool.runners.values())
        }
        drops = {key: runner.drops for key, runner in runners.items()}
        drops.update(self._drops())
        sources: dict[str, SourceHealth] = {}
        for feed in self._feeds:
            sources[_free(self._key(feed.subject, feed.name), sources)] = _source(feed)
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
            sources=sources,
            models={key: _model(runner, now) for key, runner in runners.items()},
            queues={name: count for name, count in drops.items() if count},
            problems=[
                f"{name}: {source.reason}" + (f" ({source.fix})" if source.fix else "")
                for name, source in sources.items()
                if source.state in ("absent", "error", "gap")
            ],
            outputs=dict(self._outputs),
            defects=self._defects() + sum(feed.status.defects for feed in self._feeds),
        )

    def _key(self, subject: str, name: str) -> str:
        """Return a name that no other person's source or model has."""
        return f"{subject}/{name}" if len(self._estimators) > 1 else name


def _free(name: str, taken: Collection[str]) -> str:
    """Return ``name``, numbered where another source of the person has it."""
    found, number = name, 2
    while found in taken:
        found, number = f"{name}-{number}", number + 1
    return found


def _source(feed: SourceRunner) -> SourceHealth:
    status = feed.status
    return SourceHealth(
        subject=feed.subject,
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
        state=runner.off or "ok",
        hz=runner.cost.rate(now),
        **runner.cost.percentiles(now),
    )
