"""One configured source: opened only with consent, closed when it is withdrawn, routed by role."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from sentio_bridge.core.consent import ConsentLedger
from sentio_bridge.core.sensor_status import SensorStatus, without_consent
from sentio_bridge.protocol.vocabulary import sensor_of
from sentio_sensors import Chunk, Clock, Role, Source, StreamSpec
from sentio_sensors.runtime.backoff import LARGEST
from sentio_sensors.runtime.supervisor import SourceStatus, Supervisor


@dataclass(frozen=True, slots=True)
class SensorChanged:
    """What a source of one subject does now, on its way to the hub.

    Attributes:
        subject: Whose.
        source: The source's name.
        sensors: The sensors it stands for.
        status: The same for each.
    """

    subject: str
    source: str
    sensors: tuple[str, ...]
    status: SensorStatus


class SourceRunner:
    """Runs one source as long as at least one of its sensors is agreed to.

    Streams of sensors that are not agreed to are dropped before anybody sees them.

    Args:
        name: Of the source.
        subject: Whose body it measures.
        sensors: Which consents it needs; the first stands for roles that name none of them.
        make: Builds the source; called anew at each opening.
        consent: The subject's ledger; read from the source's thread.
        clock: For pacing and watchdogs.
        on_stream: Told of subject, sensor and each stream that is opened.
        sink: Takes subject, stream and every agreed chunk.
        post: Takes ``SensorChanged``.
        longest_wait: Seconds between two tries to open the source, at most.
        rehearse: Told the streams whose next chunk is due in a moment; or None.
    """

    def __init__(
        self,
        name: str,
        subject: str,
        sensors: tuple[str, ...],
        make: Callable[[], Source],
        consent: ConsentLedger,
        *,
        clock: Clock,
        on_stream: Callable[[str, str, StreamSpec], None],
        sink: Callable[[str, StreamSpec, Chunk], None],
        post: Callable[[SensorChanged], None],
        longest_wait: float = LARGEST,
        rehearse: Callable[[Iterable[str]], None] | None = None,
    ) -> None:
        self.name = name
        self.subject = subject
        self.sensors = sensors
        self._make = make
        self._consent = consent
        self._clock = clock
        self._on_stream = on_stream
        self._sink = sink
        self._post = post
        self._longest_wait = longest_wait
        self._rehearse = rehearse
        self._supervisor: Supervisor | None = None
        self._specs: dict[str, StreamSpec] = {}
        self._closing: threading.Thread | None = None

    def update(self) -> None:
        """Open or close the source as consent now says; returns at once."""
        agreed = any(self._consent.allows(sensor) for sensor in self.sensors)
        if agreed and self._supervisor is None:
            self._start()
        elif not agreed and self._supervisor is not None:
            supervisor, self._supervisor = self._supervisor, None
            self._closing = threading.Thread(
                target=self._finish, args=(supervisor,), name=f"close-{self.name}", daemon=True
            )
            self._closing.start()
        elif not agreed:
            self._tell_closed()
        else:
            self._tell(self._supervisor.status if self._supervisor else SourceStatus("off"))

    def stop(self) -> None:
        """Close the source; waits up to a second."""
        if self._supervisor is not None:
            self._supervisor.stop(1.0)
            self._supervisor = None
        if self._closing is not None:
            self._closing.join(1.0)

    @property
    def status(self) -> SourceStatus:
        """What the source is doing."""
        return self._supervisor.status if self._supervisor else SourceStatus("off")

    def _start(self) -> None:
        if self._closing is not None:
            self._closing.join(1.0)  # one owner per device
        rehearse = self._rehearse
        self._supervisor = Supervisor(
            self.name,
            self._make(),
            clock=self._clock,
            on_streams=self._streams,
            sink=self._chunk,
            on_state=lambda _, __: self._changed(),
            longest_wait=self._longest_wait,
            rehearse=None if rehearse is None else lambda: rehearse(self._specs),
        )
        self._supervisor.start()

    def _finish(self, supervisor: Supervisor) -> None:
        supervisor.stop(1.0)
        self._tell_closed()

    def _streams(self, _: str, specs: Sequence[StreamSpec]) -> None:
        self._specs = {spec.id: spec for spec in specs}
        for spec in specs:
            self._on_stream(self.subject, self.sensor_for(spec.role), spec)

    def _chunk(self, chunk: Chunk) -> None:
        spec = self._specs.get(chunk.stream)
        if spec is None:
            return
        if spec.role is Role.MARKER or self._consent.allows(self.sensor_for(spec.role)):
            self._sink(self.subject, spec, chunk)

    def sensor_for(self, role: Role) -> str:
        """Return which of this source's consents covers ``role``."""
        sensor = sensor_of(role)
        return sensor if sensor in self.sensors else self.sensors[0]

    def _changed(self) -> None:
        supervisor = self._supervisor
        if supervisor is not None:
            self._tell(supervisor.status)

    def _tell(self, status: SourceStatus) -> None:
        # A sensor of this source without consent is not on, whatever the source does.
        agreed = tuple(s for s in self.sensors if self._consent.allows(s))
        if agreed:
            news = SensorStatus(status.state, status.reasons, status.fix, tuple(self._specs))
            self._post(SensorChanged(self.subject, self.name, agreed, news))
        self._tell_closed()

    def _tell_closed(self) -> None:
        for sensor in self.sensors:
            if self._consent.allows(sensor):
                continue
            status = without_consent(self._consent, sensor)
            self._post(SensorChanged(self.subject, self.name, (sensor,), status))
