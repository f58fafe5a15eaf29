"""Route a subject's streams to estimators, made when the first such stream opens."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatch
from pathlib import Path

from sentio_bridge.config.loader import Models
from sentio_bridge.core.commands import MarkerReceived
from sentio_bridge.pipeline.estimator_runner import EstimatorRunner, Observer
from sentio_bridge.pipeline.messages import PipelineMessage, raw_message
from sentio_bridge.pipeline.stream_names import StreamNames
from sentio_bridge.pipeline.user_models import EstimatorKind, own_kinds
from sentio_models import Estimator, Norm
from sentio_models.runtime.guarded_estimator import Budget
from sentio_sensors import Chunk, Clock, Role, StreamSpec

BODY_ROLES = frozenset({"ppg", "ecg", "heart_rate", "eda", "resp", "temp", "accel"})
"""What the body estimator can read, any subset."""


def kinds(models: Models) -> tuple[EstimatorKind, ...]:
    """Return every kind of estimator: the user's own before those that ship.

    Imports happen in ``make``: who has no camera never loads a face model.

    Raises:
        ConfigError: A model of the user's own is not what its manifest says.
    """

    def face() -> Estimator:
        from sentio_models.modalities.face import FaceEstimator

        path = Path(models.landmarker) if models.landmarker else None
        return FaceEstimator(path, gpu=models.gpu, hz=models.face_hz)

    def expression(modality: str) -> Estimator:
        from sentio_models.modalities.face import BlendshapeEstimator

        return BlendshapeEstimator(modality)

    def voice() -> Estimator:
        from sentio_models.modalities.voice import VoiceEstimator

        return VoiceEstimator()

    def body() -> Estimator:
        from sentio_models.modalities.body import BodyEstimator

        return BodyEstimator()

    def eeg() -> Estimator:
        from sentio_models.modalities.eeg import EegEstimator

        return EegEstimator()

    shipped = (
        EstimatorKind("face", "face", "camera", frozenset({"video"}), face),
        EstimatorKind(
            "expression", "face", "camera", frozenset({"face"}), lambda: expression("face"), True
        ),
        EstimatorKind("voice", "voice", "microphone", frozenset({"audio"}), voice, True),
        EstimatorKind("body", "body", "body", BODY_ROLES, body, True),
        EstimatorKind("eeg", "eeg", "eeg", frozenset({"eeg"}), eeg, True),
        EstimatorKind(
            "headset",
            "headset",
            "headset",
            frozenset({"face"}),
            lambda: expression("headset"),
            True,
        ),
    )
    return (*own_kinds(models.own, shipped, gpu=models.gpu), *shipped)


@dataclass(frozen=True, slots=True)
class _Route:
    """Where chunks of one stream go.

    Attributes:
        runner: Reads them; None where no estimator does.
        raw: They are published on ``raw/`` too.
    """

    runner: EstimatorRunner | None
    raw: bool


class EstimatorPool:
    """Routes one subject's streams to the estimators that read them.

    A runner is identified by the subject and its name, a stream by the subject and its id.

    Attributes:
        runners: By name, started as streams open.
        names: Keeps the ids of the subject's streams apart.

    Args:
        subject: Whose.
        kinds: What can be started.
        clock: Times the estimators.
        budget: What each may cost.
        post: Takes messages for the hub.
        observe: Called with what is used, in order (the recorder); or None.
        raw: Patterns of stream ids whose samples are published, pictures excepted.
    """

    def __init__(
        self,
        subject: str,
        kinds: Sequence[EstimatorKind],
        *,
        clock: Clock,
        budget: Budget,
        post: Callable[[PipelineMessage], None],
        observe: Observer | None = None,
        raw: Sequence[str] = (),
    ) -> None:
        self.subject = subject
        self.runners: dict[str, EstimatorRunner] = {}
        self._kinds = kinds
        self._clock = clock
        self._budget = budget
        self._post = post
        self._observe = observe
        self._raw = raw
        self._lock = threading.Lock()
        self._routes: dict[str, _Route] = {}
        self.names = StreamNames()
        self._norms: Mapping[str, Mapping[str, Norm]] = {}

    def open(self, sensor: str, spec: StreamSpec) -> None:
        """Route a stream that was opened, new or again; from any thread."""
        # A recording must know whose consent covers a face: the camera's or the headset's.
        spec = replace(spec, meta={**spec.meta, "sensor": sensor})
        raw = spec.role is not Role.VIDEO and any(fnmatch(spec.id, p) for p in self._raw)
        kind = next(
            (k for k in self._kinds if k.sensor == sensor and spec.role.value in k.roles), None
        )
        with self._lock:
            runner = None if kind is None else self.runners.get(kind.name) or self._start(kind)
        if runner is not None:
            runner.offer(spec)
        elif self._observe is not None:
            self._observe(self.subject, "", spec)
        self._routes[spec.id] = _Route(runner, raw)

    def offer(self, spec: StreamSpec, chunk: Chunk) -> None:
        """Send a chunk of an open stream on its way; from any thread."""
        route = self._routes[spec.id]
        if spec.role is Role.MARKER:
            for time, name in zip(chunk.times, chunk.values[:, 0], strict=True):
                self._post(MarkerReceived(self.subject, str(name), float(time)))
            return
        if route.runner is not None:
            route.runner.offer(chunk)
        elif self._observe is not None:
            self._observe(self.subject, "", chunk)  # a recording may keep what no model reads
        if route.raw:
            self._post(raw_message(self.subject, spec, chunk))

    def forget(self, modality: str) -> None:
        """Drop what the estimators of ``modality`` hold and learnt."""
        for runner in self._running():
            if runner.modality == modality:
                runner.forget()

    def personalise(self, norms: Mapping[str, Mapping[str, Norm]]) -> None:
        """Let every estimator, also of later streams, use a person's baselines by modality."""
        with self._lock:
            self._norms = norms
        for runner in self._running():
            runner.personalise(norms.get(runner.modality, {}))

    def stop(self) -> None:
        """End all runners."""
        for runner in self._running():
            runner.stop()

    def _running(self) -> list[EstimatorRunner]:
        with self._lock:
            return list(self.runners.values())

    def _start(self, kind: EstimatorKind) -> EstimatorRunner:
        runner = EstimatorRunner(
            self.subject,
            kind,
            clock=self._clock,
            budget=self._budget,
            post=self._post,
            observe=self._observe,
        )
        if self._norms.get(kind.modality):
            runner.personalise(self._norms[kind.modality])
        self.runners[kind.name] = runner
        runner.start()
        return runner
