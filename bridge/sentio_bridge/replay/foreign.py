"""Runs models and fusion over any recording's samples, in the recording's own time.

For files of other programs. Played at another speed through a live sidecar their stamps would lie
closer or wider, and a heart would beat at another rate; here only the sending is hurried.
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
"""Whose samples they are: other programs do not say."""

LEAD = 60.0
"""Seconds before a place that is gone to, from which on models run: the longest window's length."""


SILENCE = 60.0
"""Seconds of silence that are told of, four times a second; a clock that jumped has longer ones."""


class ForeignReplay:
    """What would have been sent live, had Sentio been there.

    Args:
        recording: Of any program; must stay open.
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
            raise ConfigError(f"no stream has a role; there are: {names}", "say --map STREAM=ROLE")
        self.first = begin(self._tracks)

    def messages(self, position: float = 0.0) -> Iterator[TimedOutgoing]:
        """Yield what is sent from ``LEAD`` before ``position`` (seconds into it) on."""
        start = max(self.first, self.first + position - LEAD)
        run = _Run(self._config, start)
        try:
            run.open([track.spec for track in self._tracks], self._name)
            for chunk in blocks(self._tracks, start):
                now = float(chunk.times[-1])
                yield from run.until(now)
                run.take(chunk, now)
            yield from run.until(run.now)
        finally:
            run.close()


class _Run:
    """A hub with its estimators, in one thread and on the recording's clock."""

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
        """Make what reads the streams, and tell of it."""
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

    def take(self, chunk: Chunk, now: float) -> None:
        """Let models and hub have a chunk."""
        name = self._route.get(chunk.stream)
        if name is None:
            for time, row in zip(chunk.times, chunk.values, strict=True):
                if isinstance(row[0], str):
                    self._hub.apply(cmd.MarkerReceived(SUBJECT, row[0], float(time)), now)
            return
        made = self._pipelines[name].apply(chunk)
        if made is not None:
            estimate, captured = made
            self._hub.apply(cmd.EstimateReceived(SUBJECT, name, captured, estimate), now)

    def close(self) -> None:
        """Free the models."""
        for pipeline in self._pipelines.values():
            pipeline.close()

    def until(self, now: float) -> Iterator[TimedOutgoing]:
        """Yield what is sent up to ``now``, also where the recording is silent."""
        silent = min(now, self.now + SILENCE)
        while (due := self._hub.deadline()) < silent:
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
