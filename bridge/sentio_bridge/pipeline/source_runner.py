"""Open a source with consent, close it on withdrawal, and filter its samples."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import msgspec

from sentio_bridge.core.commands import SensorChanged
from sentio_bridge.core.consent import ConsentLedger
from sentio_bridge.core.sensor_status import SensorStatus, without_consent
from sentio_bridge.pipeline.estimator_pool import EstimatorPool
from sentio_bridge.protocol.vocabulary import sensor_of
from sentio_sensors import Chunk, Clock, Role, Source, StreamSpec
from sentio_sensors.runtime.backoff import LARGEST
from sentio_sensors.runtime.supervisor import SourceStatus, Supervisor


class SourceRunner:
    """Runner of one source while at least one of its sensors has consent.

    Samples of sensors without consent are dropped before anything reads them. The
    supervisor's thread alone opens and closes the device: ``update`` only requests it.

    Args:
        name: Name of the source.
        sensors: Sensors whose consent it needs; the first also covers roles of no sensor.
        make: Creates the source; called at each opening, on the source's thread.
        consent: The subject's ledger; read from the source's thread.
        pool: Receives the subject's streams, and the chunks with consent.
        clock: For pacing and watchdogs.
        post: Receives ``SensorChanged``.
        longest_wait: Maximum seconds between attempts to open the source.
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
        self._needed: dict[str, str] = {}
        self._supervisor = Supervisor(
            name,
            make,
            clock=clock,
            on_streams=self._opened,
            sink=self._route,
            on_state=self._report,
            longest_wait=longest_wait,
        )

    def update(self) -> None:
        """Request that the source is opened or closed, according to consent."""
        if any(self._consent.allows(sensor) for sensor in self.sensors):
            self._supervisor.open()
        else:
            self._supervisor.close()
        self._report()

    def request_stop(self) -> None:
        """Request that the source is closed for good; returns at once."""
        self._supervisor.stop(0.0)

    def stop(self) -> None:
        """Close the source; waits up to a second."""
        self._supervisor.stop(1.0)

    @property
    def status(self) -> SourceStatus:
        """Status of the source."""
        return self._supervisor.status

    def sensor_for(self, role: Role) -> str:
        """Return the sensor of this source whose consent covers ``role``."""
        sensor = sensor_of(role)
        return sensor if sensor in self.sensors else self.sensors[0]

    def _opened(self, specs: Sequence[StreamSpec]) -> None:
        names = self._pool.names
        self._specs = {
            spec.id: replace(spec, id=names.unique(self, self.name, spec.id)) for spec in specs
        }
        for id_, spec in self._specs.items():
            sensor = self.sensor_for(spec.role)
            self._needed[id_] = "" if spec.role is Role.MARKER else sensor
            self._pool.open(sensor, spec)
        self._report()  # it may have no stream for one of its sensors

    def _route(self, chunk: Chunk) -> None:
        spec, needed = self._specs[chunk.stream], self._needed[chunk.stream]
        if spec.id != chunk.stream:
            chunk = msgspec.structs.replace(chunk, stream=spec.id)
        if not needed or self._consent.allows(needed):
            self._pool.offer(spec, chunk)

    def _report(self) -> None:
        """Post the status of each sensor: the source's, or that of missing consent."""
        allowed = tuple(s for s in self.sensors if self._consent.allows(s))
        status = self._supervisor.status
        for sensor in allowed:
            reported = self._of_sensor(sensor, status)
            self._post(SensorChanged(self.subject, sensor, self.name, reported))
        for sensor in self.sensors:
            if sensor not in allowed:
                reported = without_consent(self._consent, sensor)
                self._post(SensorChanged(self.subject, sensor, self.name, reported))

    def _of_sensor(self, sensor: str, status: SourceStatus) -> SensorStatus:
        """Return what a source does for one of its sensors.

        A source without a stream for it must not hide that another one is lost: markers go on
        when the amplifier is dead.
        """
        mine = {
            id_: spec.id for id_, spec in self._specs.items() if self._serves(spec.role, sensor)
        }
        if self._specs and not mine:
            return SensorStatus("off")
        state, reasons = status.state, status.reasons
        if state == "gap" and status.silent and not mine.keys() & set(status.silent):
            state, reasons = "on", ()
        return SensorStatus(state, reasons, status.fix, tuple(mine.values()))

    def _serves(self, role: Role, sensor: str) -> bool:
        return role is not Role.MARKER and self.sensor_for(role) == sensor
