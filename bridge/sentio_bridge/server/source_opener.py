"""The configured sources of a sidecar, and those of them that replay a recording."""

from __future__ import annotations

from collections.abc import Callable

import sentio_sensors
from sentio_bridge.config.loader import Config, Source
from sentio_bridge.core.consent import ConsentLedger
from sentio_bridge.pipeline.estimator_pool import EstimatorPool
from sentio_bridge.pipeline.messages import PipelineMessage
from sentio_bridge.pipeline.source_factory import build
from sentio_bridge.pipeline.source_runner import SourceRunner
from sentio_bridge.replay.handlers import ReplayControl
from sentio_recording.replay_source import ReplaySource
from sentio_sensors import Clock


class SourceOpener:
    """Opener of configured sources.

    Attributes:
        players: Opened sources that clients can pause and seek, by name.

    Args:
        config: Configuration.
        clock: LSL-domain clock; simulated sources count from its present time.
    """

    def __init__(self, config: Config, clock: Clock) -> None:
        self._config = config
        self._clock = clock
        self._origin = clock.now()
        self.players: dict[str, ReplayControl] = {}

    def runner(
        self,
        source: Source,
        consent: ConsentLedger,
        pool: EstimatorPool,
        post: Callable[[PipelineMessage], None],
    ) -> SourceRunner:
        """Return what opens, reads and closes a source, as consent allows.

        Args:
            source: Configured source.
            consent: Consent ledger of its subject.
            pool: Estimators of its subject.
            post: Receives the states of the source.
        """
        return SourceRunner(
            source.name,
            source.sensors,
            lambda: self._open(source),
            consent,
            pool,
            clock=self._clock,
            post=post,
            longest_wait=source.kind.longest_wait,
        )

    def _open(self, source: Source) -> sentio_sensors.Source:
        created = build(source, self._clock, self._origin)
        if isinstance(created, ReplaySource):
            shared = sum(s.name == source.name for s in self._config.sources) > 1
            name = f"{source.subject}/{source.name}" if shared else source.name
            self.players[name] = created
        return created
