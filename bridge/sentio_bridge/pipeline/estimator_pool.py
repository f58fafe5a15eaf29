"""Which estimator reads which streams; made when the first such stream opens."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from sentio_bridge.config.loader import Models
from sentio_bridge.pipeline.estimator_runner import EstimatorRunner, Measured, ModelProblem, Tap
from sentio_bridge.pipeline.text_worker import TextReader
from sentio_bridge.pipeline.user_models import EstimatorKind, own_kinds
from sentio_models import Estimator, Norm
from sentio_models.runtime.guarded_estimator import Budget
from sentio_sensors import Chunk, Clock, StreamSpec

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


def text_reader(*, encoder: bool = False) -> TextReader:
    """Load the text model, with the sentence encoder if it is wanted and installed.

    Raises:
        ModelError: onnxruntime or the weights are not there, or not what they should be.
    """
    from sentio_models.modalities.text import TextEstimator

    return TextEstimator.best() if encoder else TextEstimator()


class EstimatorPool:
    """One subject's workers, started as streams open.

    Args:
        subject: Whose.
        kinds: What can be started.
        clock: Times the estimators.
        budget: What each may cost.
        post: Takes what they say.
        tap: Told of what workers consume, in order; or None.
    """

    def __init__(
        self,
        subject: str,
        kinds: Sequence[EstimatorKind],
        *,
        clock: Clock,
        budget: Budget,
        post: Callable[[Measured | ModelProblem], None],
        tap: Tap | None = None,
    ) -> None:
        self._subject = subject
        self._kinds = kinds
        self._clock = clock
        self._budget = budget
        self._post = post
        self._tap = tap
        self._lock = threading.Lock()
        self._workers: dict[str, EstimatorRunner] = {}
        self._routes: dict[str, EstimatorRunner] = {}
        self._norms: Mapping[str, Mapping[str, Norm]] = {}

    @property
    def workers(self) -> list[EstimatorRunner]:
        """Return the workers that run."""
        return list(self._workers.values())

    def stream(self, sensor: str, spec: StreamSpec) -> None:
        """Learn of an open stream, and start the worker that reads it; from any thread."""
        for kind in self._kinds:
            if kind.sensor == sensor and spec.role.value in kind.roles:
                with self._lock:
                    worker = self._workers.get(kind.name) or self._start(kind)
                    self._routes[spec.id] = worker
                worker.stream(spec)
                return
        if self._tap is not None:
            self._tap.stream("", spec)

    def offer(self, chunk: Chunk) -> None:
        """Hand a chunk to the worker that reads its stream; from any thread."""
        worker = self._routes.get(chunk.stream)
        if worker is not None and not worker.dead:
            worker.offer(chunk)
        elif self._tap is not None:
            self._tap.chunk("", chunk)  # nobody reads it, but a recording may keep it

    def rehearse(self, streams: Iterable[str]) -> None:
        """Let the workers that read these streams get ready for the next chunk; from any thread."""
        for worker in {self._routes[id_] for id_ in streams if id_ in self._routes}:
            worker.rehearse()

    def forget(self, modality: str) -> None:
        """Drop what the workers of ``modality`` hold and learnt."""
        for worker in self.workers:
            if worker.modality == modality:
                worker.forget()

    def personalise(self, norms: Mapping[str, Mapping[str, Norm]]) -> None:
        """Let every worker, also of later streams, use a person's baselines by modality."""
        with self._lock:
            self._norms = norms
        for worker in self.workers:
            worker.personalise(norms.get(worker.modality, {}))

    def stop(self) -> None:
        """End all workers."""
        for worker in self.workers:
            worker.stop()

    def _start(self, kind: EstimatorKind) -> EstimatorRunner:
        worker = EstimatorRunner(
            kind.name,
            self._subject,
            kind.modality,
            kind.make,
            clock=self._clock,
            budget=self._budget,
            post=self._post,
            quick=kind.quick,
            tap=self._tap,
        )
        self._workers[kind.name] = worker
        if self._norms.get(kind.modality):
            worker.personalise(self._norms[kind.modality])
        worker.start()
        return worker
