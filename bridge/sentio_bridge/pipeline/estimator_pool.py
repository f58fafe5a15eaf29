"""Route a subject's streams to estimators, which are created on demand."""

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
from sentio_bridge.pipeline.user_models import EstimatorKind, user_kinds
from sentio_models import Estimator, Norm
from sentio_models.runtime.guarded_estimator import Budget
from sentio_sensors import Chunk, Clock, Role, StreamSpec

BODY_ROLES = frozenset({"ppg", "ecg", "heart_rate", "eda", "resp", "temp", "accel"})
"""Roles that the body estimator reads, in any combination."""


def kinds(models: Models) -> tuple[EstimatorKind, ...]:
    """Return all kinds of estimators: user models before built-in models.

    Imports happen in ``make``: without a camera no face model is loaded.

    Raises:
        ConfigError: A user model does not match its manifest.
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

    def game_input() -> Estimator:
        from sentio_models.modalities.game import GameInputEstimator

        return GameInputEstimator()

    def motion() -> Estimator:
        from sentio_models.modalities.motion import MotionEstimator

        return MotionEstimator()

    shipped = (
        EstimatorKind("face", "face", "camera", frozenset({"video"}), face),
        EstimatorKind(
            "expression", "face", "camera", frozenset({"face"}), lambda: expression("face"), True
        ),
        EstimatorKind("voice", "voice", "microphone", frozenset({"audio"}), voice, True),
        EstimatorKind("body", "body", "body", BODY_ROLES, body, True),
        EstimatorKind("eeg", "eeg", "eeg", frozenset({"eeg"}), eeg, True),
        EstimatorKind("input", "game", "input", frozenset({"input"}), game_input, True),
        EstimatorKind("motion", "movement", "motion", frozenset({"motion"}), motion, True),
        EstimatorKind(
            "headset",
            "headset",
            "headset",
            frozenset({"face"}),
            lambda: expression("headset"),
            True,
        ),
    )
    return (*user_kinds(models.own, shipped, gpu=models.gpu), *shipped)


@dataclass(frozen=True, slots=True)
class _Route:
    """Destination of the chunks of one stream.

    Attributes:
        runner: Runner that reads them, or None.
        raw: Whether they are also published on ``raw/``.
    """

    runner: EstimatorRunner | None
    raw: bool


class EstimatorPool:
    """Estimators of one subject, and the routes from its streams to them.

    A runner is identified by the subject and its name, a stream by the subject and its id.

    Attributes:
        runners: By name, started as streams open.
        names: Unique ids of the subject's streams.

    Args:
        subject: The subject.
        kinds: Kinds of estimators that can be started.
        clock: Clock to measure the estimators.
        budget: Time limit of each estimator.
        post: Receives messages for the hub.
        observe: Called with each input in order of use (the recorder); or None.
        raw: Patterns of ids of streams to publish; video is excluded.
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
        """Route a stream that was opened or reopened; from any thread."""
        # A recording must know which consent covers a face: camera or headset.
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
        """Route a chunk of an open stream; from any thread."""
        route = self._routes[spec.id]
        if spec.role is Role.MARKER:
            for time, name in zip(chunk.times, chunk.values[:, 0], strict=True):
                self._post(MarkerReceived(self.subject, str(name), float(time)))
            return
        if route.runner is not None:
            route.runner.offer(chunk)
        elif self._observe is not None:
            self._observe(
                self.subject, "", chunk
            )  # a recording may contain streams without a model
        if route.raw:
            self._post(raw_message(self.subject, spec, chunk))

    def forget(self, modality: str) -> None:
        """Discard samples and learnt state of the estimators of ``modality``."""
        for runner in self._running():
            if runner.modality == modality:
                runner.forget()

    def personalise(self, norms: Mapping[str, Mapping[str, Norm]]) -> None:
        """Set a person's baselines by modality, for current and later estimators."""
        with self._lock:
            self._norms = norms
        for runner in self._running():
            runner.personalise(norms.get(runner.modality, {}))

    def stop(self) -> None:
        """Stop all runners."""
        for runner in self._running():
            runner.request_stop()  # all end at the same time
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
