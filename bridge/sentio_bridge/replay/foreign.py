"""Run models and fusion over any recording, on the recording's clock.

For files of other programs. Playing them at another speed through a live sidecar would change the
intervals between samples, and with them for example the heart rate; here only the sending is
faster.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sentio_bridge.affect.subject_model import SubjectModel
from sentio_bridge.config.loader import Config
from sentio_bridge.core import commands as cmd
from sentio_bridge.core.consent import ConsentLedger
from sentio_bridge.core.frame_pacer import FramePacer
from sentio_bridge.core.hub import Hub
from sentio_bridge.core.outgoing import TimedOutgoing
from sentio_bridge.core.sensor_status import SensorStatus
from sentio_bridge.core.subject_state import SubjectState
from sentio_bridge.errors import ConfigError
from sentio_bridge.pipeline.estimator_pipeline import EstimatorPipeline
from sentio_bridge.pipeline.estimator_pool import kinds
from sentio_bridge.pipeline.messages import model_problem
from sentio_bridge.pipeline.user_models import EstimatorKind
from sentio_bridge.protocol.vocabulary import sensor_of
from sentio_models import ModelError
from sentio_recording.recording import Recording
from sentio_recording.tracks import blocks, tracks
from sentio_sensors import Chunk, Role, StreamSpec
from sentio_sensors.files.track import begin

SUBJECT = "player"
"""Subject of the samples; files of other programs do not name one."""

LEAD = 60.0
"""Seconds before a sought position from which models run: length of the longest window."""


SILENCE = 60.0
"""Maximum gap, seconds, that is filled with keepalive frames; a clock jump is longer."""


class ForeignReplay:
    """Replay of a foreign recording: the messages that a live sidecar would have sent.

    Args:
        recording: Recording of any program; must stay open.
        roles: Patterns of streams and channels with their role.
        config: Models and settings.

    Raises:
        ConfigError: No stream has a role.
    """

    def __init__(
        self, recording: Recording, roles: Mapping[str, Role], config: Config | None = None
    ) -> None:
        self._tracks = tracks(recording, roles)
        self._config = config or Config()
        self._name = recording.path.name
        if all(track.spec.role is Role.MARKER for track in self._tracks):
            names = ", ".join(info.name for info in recording.streams.values())
            raise ConfigError(f"no stream has a role; streams: {names}", "use --map STREAM=ROLE")
        self.first = begin(self._tracks)

    def messages(self, position: float = 0.0) -> Iterator[TimedOutgoing]:
        """Yield the messages, starting ``LEAD`` before ``position`` (seconds)."""
        start = max(self.first, self.first + position - LEAD)
        run = _Run(self._config, start)
        try:
            run.open([track.spec for track in self._tracks], self._name)
            for chunk in blocks(self._tracks, start):
                now = float(chunk.times[-1])
                yield from run.until(now)
                run.process(chunk, now)
            yield from run.until(run.now)
        finally:
            run.close()


class _Run:
    """A hub with its estimators, on one thread and on the recording's clock."""

    def __init__(self, config: Config, start: float) -> None:
        self._config = config
        subject_state = SubjectState(
            SubjectModel(SUBJECT, config.fusion),
            ConsentLedger(),
            FramePacer(config.sidecar.rate_hz),
        )
        self._subject_state = subject_state
        self._hub = Hub(0, {SUBJECT: subject_state})
        self._pipelines: dict[str, EstimatorPipeline] = {}
        self._route: dict[str, str] = {}
        self.now = start

    def open(self, specs: list[StreamSpec], source: str) -> None:
        """Create the estimators of the streams, and report the sensors."""
        known = kinds(self._config.models)
        for spec in specs:
            sensor = sensor_of(spec.role)
            kind = next((k for k in known if k.sensor == sensor and spec.role in k.roles), None)
            if kind is None:
                continue
            self._subject_state.consent.grant(sensor, ["adapt"], "replay", self.now)
            if kind.name in self._pipelines or self._make(kind):
                self._pipelines[kind.name].apply(spec)
                self._route[spec.id] = kind.name
            streams = tuple(s.id for s in specs if sensor_of(s.role) == sensor)
            status = SensorStatus("on", (), "", streams)
            self._hub.apply(cmd.SensorChanged(SUBJECT, sensor, source, status), self.now)

    def process(self, chunk: Chunk, now: float) -> None:
        """Process a chunk with models and hub."""
        name = self._route.get(chunk.stream)
        if name is None:
            for time, row in zip(chunk.times, chunk.values, strict=True):
                if isinstance(row[0], str):
                    self._hub.apply(cmd.MarkerReceived(SUBJECT, row[0], float(time)), now)
            return
        result = self._pipelines[name].apply(chunk)
        if result is not None:
            estimate, captured = result
            self._hub.apply(cmd.EstimateReceived(SUBJECT, name, captured, estimate), now)

    def close(self) -> None:
        """Free the models."""
        for pipeline in self._pipelines.values():
            pipeline.close()

    def until(self, now: float) -> Iterator[TimedOutgoing]:
        """Yield the messages up to ``now``, also in gaps of the recording."""
        limit = min(now, self.now + SILENCE)
        while (due := self._hub.deadline()) < limit:
            yield from self._tick(max(due, self.now))
        yield from self._tick(now)

    def _tick(self, now: float) -> Iterator[TimedOutgoing]:
        self.now = max(self.now, now)
        for message in self._hub.poll(self.now):
            yield TimedOutgoing(self.now, message)

    def _make(self, kind: EstimatorKind) -> bool:
        try:
            self._pipelines[kind.name] = EstimatorPipeline(kind.make())
        except ModelError as error:
            self._hub.apply(model_problem(SUBJECT, kind.modality, error), self.now)
            return False
        return True
