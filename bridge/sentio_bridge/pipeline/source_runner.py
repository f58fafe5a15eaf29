"""Open a source with consent, close it when that is withdrawn, and gate what it sends."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from sentio_bridge.core.commands import SensorChanged
from sentio_bridge.core.consent import ConsentLedger
from sentio_bridge.core.sensor_status import SensorStatus, without_consent
from sentio_bridge.pipeline.estimator_pool import EstimatorPool
from sentio_bridge.protocol.vocabulary import sensor_of
from sentio_sensors import Chunk, Clock, Role, Source, StreamSpec
from sentio_sensors.runtime.backoff import LARGEST
from sentio_sensors.runtime.supervisor import SourceStatus, Supervisor


class SourceRunner:
    """Runs one source as long as at least one of its sensors is agreed to.

    Samples of sensors that are not agreed to are dropped before anything reads them. The
    supervisor's thread alone opens and closes the device: ``update`` only says what is wanted.

    Args:
        name: Of the source.
        sensors: Which consents it needs; the first stands for roles that name none of them.
        make: Builds the source; called anew at each opening, on the source's thread.
        consent: The subject's ledger; read from the source's thread.
        pool: Takes the subject's streams and agreed chunks.
        clock: For pacing and watchdogs.
        post: Takes ``SensorChanged``.
        longest_wait: Seconds between two tries to open the source, at most.
    """

    def __init__(
        self,
        name: str,
        sensors: tuple[str, ...],
        make: Callable[[], Source],
        consent: ConsentLedger,
        pool: EstimatorPool,
        *,
        clock: Clock,
        post: Callable[[SensorChanged], None],
        longest_wait: float = LARGEST,
    ) -> None:
        self.name = name
        self.subject = pool.subject
        self.sensors = sensors
        self._consent = consent
        self._pool = pool
        self._post = post
        self._specs: dict[str, StreamSpec] = {}
        self._supervisor = Supervisor(
            name,
            make,
            clock=clock,
            on_streams=self._opened,
            sink=self._pass_on,
            on_state=self._report,
            longest_wait=longest_wait,
        )

    def update(self) -> None:
        """Open or close the source as consent now says; returns at once."""
        if any(self._consent.allows(sensor) for sensor in self.sensors):
            self._supervisor.open()
        else:
            self._supervisor.close()
        self._report()

    def stop(self) -> None:
        """Close the source; waits up to a second."""
        self._supervisor.stop(1.0)

    @property
    def status(self) -> SourceStatus:
        """What the source is doing."""
        return self._supervisor.status

    def sensor_for(self, role: Role) -> str:
        """Return which of this source's consents covers ``role``."""
        sensor = sensor_of(role)
        return sensor if sensor in self.sensors else self.sensors[0]

    def _opened(self, specs: Sequence[StreamSpec]) -> None:
        names = self._pool.names
        self._specs = {
            spec.id: replace(spec, id=names.unique(self, self.name, spec.id)) for spec in specs
        }
        for spec in self._specs.values():
            self._pool.open(self.sensor_for(spec.role), spec)

    def _pass_on(self, chunk: Chunk) -> None:
        spec = self._specs[chunk.stream]
        if spec.id != chunk.stream:
            chunk = replace(chunk, stream=spec.id)
        if spec.role is Role.MARKER or self._consent.allows(self.sensor_for(spec.role)):
            self._pool.offer(spec, chunk)

    def _report(self) -> None:
        """Post the state of each sensor: the source's, or why it may not be used."""
        agreed = tuple(s for s in self.sensors if self._consent.allows(s))
        if agreed:
            status = self._supervisor.status
            shown = SensorStatus(
                status.state,
                status.reasons,
                status.fix,
                tuple(spec.id for spec in self._specs.values()),
            )
            for sensor in agreed:
                self._post(SensorChanged(self.subject, sensor, self.name, shown))
        for sensor in self.sensors:
            if sensor not in agreed:
                shown = without_consent(self._consent, sensor)
                self._post(SensorChanged(self.subject, sensor, self.name, shown))
