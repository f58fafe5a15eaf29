"""Front ends of users' models: Sentio's features, raw samples, or a face crop."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from sentio_models.errors import ModelRefusedError
from sentio_models.estimate import MODALITIES
from sentio_models.estimator import Estimator, Needs, Norm
from sentio_models.modalities.face.align import crop
from sentio_models.runtime.manifest import Manifest
from sentio_models.window import Window

ROLES = frozenset({"eeg", "ecg", "ppg", "eda", "resp", "temp", "accel", "audio"})
"""Streams whose raw samples a model may use."""

MAX_SECONDS = 60.0
"""Longest window of raw samples, seconds."""

MAX_SIDE = 224
"""Largest side of a face crop, pixels."""

Features = Callable[[str], Estimator]
"""Returns the shipped estimator of a modality."""


@dataclass(frozen=True, slots=True)
class FrontOutput:
    """Output of a front end.

    Attributes:
        values: Values by input name; None without input.
        quality: 0..1.
        reasons: Reasons for a quality below 1.
    """

    values: dict[str, NDArray[np.float32]] | None
    quality: float
    reasons: tuple[str, ...] = ()


class Front(Protocol):
    """Protocol from a window to a model's inputs."""

    @property
    def needs(self) -> Needs:
        """Required streams, length and rate."""
        ...

    def prepare(self, window: Window) -> FrontOutput:
        """Return inputs in the manifest's shapes."""
        ...

    def personalise(self, baseline: Mapping[str, Norm]) -> None:
        """Reset to a person's baseline."""
        ...


class FeatureFront:
    """Front end of a shipped estimator's features, in the order of the labels.

    Args:
        manifest: Its only input has shape ``[1, n]`` and ``n`` labels.
        estimator: Computes the features.
    """

    def __init__(self, manifest: Manifest, estimator: Estimator) -> None:
        (tensor,) = manifest.inputs
        if tensor.shape != [1, len(tensor.labels)] or not tensor.labels:
            raise ModelRefusedError(
                f"{manifest.name}: input {tensor.name} has shape {tensor.shape} and "
                f"{len(tensor.labels)} labels, expected [1, n] and a feature name for each of n"
            )
        self._name, self._labels = tensor.name, tensor.labels
        self._estimator = estimator

    @property
    def needs(self) -> Needs:
        """Required input of the shipped estimator."""
        return self._estimator.needs

    def prepare(self, window: Window) -> FrontOutput:
        """Run the shipped estimator and select its features."""
        estimate = self._estimator.estimate(window)
        missing = [label for label in self._labels if label not in estimate.features]
        if missing:
            code = "features_missing"
            return FrontOutput(None, 0.0, (*estimate.reasons, code))
        row = [estimate.features[label] for label in self._labels]
        return FrontOutput(
            {self._name: np.array([row], np.float32)}, estimate.quality, estimate.reasons
        )

    def personalise(self, baseline: Mapping[str, Norm]) -> None:
        """Reset the shipped estimator."""
        self._estimator.personalise(baseline)


class SampleFront:
    """Front end of one stream's newest raw samples, shape ``[1, channels, n]``.

    Args:
        manifest: Its input's labels name the channels; ``constants.rate_hz`` is the model's
            rate.
        role: Role of the stream.
    """

    def __init__(self, manifest: Manifest, role: str) -> None:
        (tensor,) = manifest.inputs
        rate = manifest.constants.get("rate_hz")
        if role not in ROLES or len(tensor.shape) != 3 or tensor.shape[0] != 1:
            raise ModelRefusedError(
                f"{manifest.name}: samples of {role!r} in shape {tensor.shape}, expected one of "
                f"{', '.join(sorted(ROLES))} in shape [1, channels, samples]"
            )
        if not isinstance(rate, int | float) or not 0 < tensor.shape[2] / rate <= MAX_SECONDS:
            raise ModelRefusedError(
                f"{manifest.name}: constants.rate_hz is {rate!r}; with {tensor.shape[2]} samples "
                f"it must make a window of at most {MAX_SECONDS:.0f} s"
            )
        if tensor.labels and len(tensor.labels) != tensor.shape[1]:
            raise ModelRefusedError(
                f"{manifest.name}: {len(tensor.labels)} labels for {tensor.shape[1]} channels"
            )
        self._tensor, self._role, self._rate = tensor, role, float(rate)
        seconds = tensor.shape[2] / self._rate
        self._needs = Needs(frozenset({role}), seconds, seconds / 4)

    @property
    def needs(self) -> Needs:
        """The stream, with the length of the model's input."""
        return self._needs

    def prepare(self, window: Window) -> FrontOutput:
        """Select the channels and interpolate linearly to the model's rate."""
        _, channels, count = self._tensor.shape
        signal = window.signals.get(self._role)
        if signal is None or len(signal.values) < 2:
            return FrontOutput(None, 0.0, ("no_signal",))
        columns = list(range(channels))
        if self._tensor.labels:
            place = {name.lower(): i for i, name in enumerate(signal.channels)}
            columns = [place.get(label.lower(), -1) for label in self._tensor.labels]
        if -1 in columns or signal.values.shape[1] < channels:
            return FrontOutput(None, 0.0, ("channels_missing", *signal.reasons))
        wanted = (np.arange(count) - count + 1) / self._rate
        if signal.offsets[0] > wanted[0] + 1.5 / self._rate:
            return FrontOutput(None, 0.0, ("warming", *signal.reasons))
        values = np.asarray(signal.values[:, columns], np.float64)
        if not np.isfinite(values).all():
            return FrontOutput(None, 0.0, ("not_finite", *signal.reasons))
        resampled = [np.interp(wanted, signal.offsets, column) for column in values.T]
        inputs = {self._tensor.name: np.array([resampled], np.float32)}
        return FrontOutput(inputs, signal.quality, signal.reasons)

    def personalise(self, baseline: Mapping[str, Norm]) -> None:
        """Do nothing: there is no state."""


class CropFront:
    """Front end of the aligned face, shape ``[1, 1, s, s]``, grey 0..255, as in FER+.

    Args:
        manifest: Manifest of the model.
        face: The shipped face estimator.
    """

    def __init__(self, manifest: Manifest, face: Estimator) -> None:
        from sentio_models.modalities.face.estimator import FaceEstimator

        (tensor,) = manifest.inputs
        size = tensor.shape[-1]
        matches = tensor.shape == [1, 1, size, size] and 16 <= size <= MAX_SIDE
        if not matches or not isinstance(face, FaceEstimator):
            raise ModelRefusedError(
                f"{manifest.name}: input {tensor.name} has shape {tensor.shape}, a face crop has "
                f"[1, 1, s, s] with s from 16 to {MAX_SIDE}"
            )
        self._name, self._size, self._face, self._at = tensor.name, size, face, 0.0

    @property
    def needs(self) -> Needs:
        """The newest image."""
        return self._face.needs

    def prepare(self, window: Window) -> FrontOutput:
        """Find and align the face."""
        self._at += window.step if np.isfinite(window.step) else 0.0
        signal = window.signals.get("video")
        if signal is None or len(signal.values) == 0:
            return FrontOutput(None, 0.0, ("no_video",))
        observation = self._face.observe(signal.values[-1], self._at)
        if observation is None:
            return FrontOutput(None, 0.0, ("no_face", *signal.reasons))
        aligned = crop(signal.values[-1], observation.face.landmarks.astype(np.float64), self._size)
        values = {self._name: aligned.grey[None, None]}
        return FrontOutput(
            values, observation.quality * signal.quality, (*observation.reasons, *signal.reasons)
        )

    def personalise(self, baseline: Mapping[str, Norm]) -> None:
        """Reset the face tracking."""
        self._face.personalise(baseline)
        self._at = 0.0


def front_of(manifest: Manifest, features: Features) -> Front:
    """Create the front end of ``manifest.preprocessing``.

    Args:
        manifest: ``features:MODALITY``, ``samples:ROLE`` or ``face_crop``.
        features: Returns shipped estimators.

    Raises:
        ModelRefusedError: The name is unknown, or the input does not match.
    """
    kind, _, what = manifest.preprocessing.partition(":")
    if len(manifest.inputs) != 1:
        raise ModelRefusedError(
            f"{manifest.name}: {len(manifest.inputs)} inputs, a front end has exactly one"
        )
    if kind == "features" and what in MODALITIES:
        return FeatureFront(manifest, features(what))
    if kind == "samples":
        return SampleFront(manifest, what)
    if kind == "face_crop":
        return CropFront(manifest, features("face"))
    raise ModelRefusedError(
        f"{manifest.name}: preprocessing is {manifest.preprocessing!r}",
        "use 'features:MODALITY', 'samples:ROLE' or 'face_crop' (docs/models.md)",
    )
