"""What the sidecar says of itself once a second."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import psutil

from sentio_bridge.core.hub import Hub
from sentio_bridge.pipeline.estimator_pool import EstimatorPool
from sentio_bridge.pipeline.estimator_runner import EstimatorRunner
from sentio_bridge.pipeline.source_runner import SourceRunner


class Health:
    """Collects rates, latencies, drops and problems.

    Args:
        hub: For frames and latency.
        feeds: The sources.
        estimators: Each subject's.
        start: When the sidecar started (LSL clock).
        drops: Returns what each other queue has dropped, by its name.
    """

    def __init__(
        self,
        hub: Hub,
        feeds: Sequence[SourceRunner],
        estimators: Collection[EstimatorPool],
        start: float,
        drops: Callable[[], Mapping[str, int]] = dict,
    ) -> None:
        self._hub = hub
        self._feeds = feeds
        self._estimators = estimators
        self._start = start
        self._drops = drops
        self._subscriptions = 0
        self._process = psutil.Process()
        self._process.cpu_percent()  # the first call only starts the count

    def subscription(self, subscribed: bool) -> bool:
        """Count a subscription that began or ended; return whether it began."""
        self._subscriptions = max(0, self._subscriptions + (1 if subscribed else -1))
        return subscribed

    def body(self, now: float) -> dict[str, Any]:
        """Return the body of ``health`` (PROTOCOL.md, section 8)."""
        runners = {
            self._name(runner): runner
            for pool in self._estimators
            for runner in list(pool.runners.values())
        }
        drops = {name: runner.drops for name, runner in runners.items()}
        drops.update(self._drops())
        sources = {feed.name: self._source(feed) for feed in self._feeds}
        return {
            "epoch": self._hub.epoch,
            "time": now,
            "uptime": now - self._start,
            "rate_hz": sum(recent.rate(now) for recent in self._hub.latency.values()),
            "frames": self._hub.frames,
            "cpu": self._process.cpu_percent() / 100.0,
            "rss": self._process.memory_info().rss,
            "subscribers": self._subscriptions,
            "latency": {s: r.percentiles(now) for s, r in self._hub.latency.items()},
            "sources": sources,
            "models": {name: _model(runner, now) for name, runner in runners.items()},
            "queues": {name: count for name, count in drops.items() if count},
            "problems": [
                f"{name}: {source['reason']}" + (f" ({source['fix']})" if source["fix"] else "")
                for name, source in sources.items()
                if source["state"] in ("absent", "error", "gap")
            ],
        }

    def _name(self, runner: EstimatorRunner) -> str:
        """Return the key of a model: its name, after its subject's where there are several."""
        several = len(self._estimators) > 1
        return f"{runner.subject}/{runner.name}" if several else runner.name

    @staticmethod
    def _source(feed: SourceRunner) -> dict[str, Any]:
        status = feed.status
        return {
            "subject": feed.subject,
            "state": status.state,
            "reason": ", ".join(status.reasons),
            "fix": status.fix,
            "rate_hz": status.rate_hz,
            "age": status.age,
            "drops": status.drops,
            "lost": status.lost,
            "reconnects": status.reconnects,
        }


def _model(runner: EstimatorRunner, now: float) -> dict[str, Any]:
    return {
        "subject": runner.subject,
        "modality": runner.modality,
        "runs": runner.runs,
        "failures": runner.failures,
        "state": runner.off or "ok",
        "hz": runner.cost.rate(now),
        **runner.cost.percentiles(now),
    }
