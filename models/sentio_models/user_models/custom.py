"""Check and open a model that a user provides."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from sentio_models.errors import ModelFailedError, ModelRefusedError
from sentio_models.estimate import (
    AFFECT,
    EMOTIONS,
    INDICES,
    MODALITIES,
    READINGS,
    Estimate,
    Reading,
)
from sentio_models.estimator import Estimator, Needs, Norm
from sentio_models.runtime.manifest import Manifest, Tensor, load
from sentio_models.user_models.onnx_inspector import RULES, Rules, inspect
from sentio_models.user_models.preprocessing import Features, Front, front_of
from sentio_models.user_models.remote_session import RemoteSession
from sentio_models.user_models.sandbox_probe import SECONDS, ProbeResult, probe
from sentio_models.window import Window

SPREAD = 0.5
"""Standard deviation of a reading if the model gives none: half of the range to either side of the
middle, so that it has little weight in the fusion."""

MAX_ELEMENTS = 1_000_000
"""Limit of elements in one input or output; a minute of 32 EEG channels at 500 Hz is just below."""

_RESERVED = frozenset((*READINGS, *(f"{name}_sd" for name in READINGS), *EMOTIONS))


class Session(Protocol):
    """Protocol of what runs a model."""

    def run(self, inputs: Mapping[str, NDArray[np.generic]]) -> dict[str, NDArray[np.float32]]:
        """Compute all outputs, by name."""
        ...

    def close(self) -> None:
        """Free what it holds."""
        ...


class CustomEstimator:
    """Estimator for a user's ONNX model; wrap it in ``GuardedEstimator``.

    The label of each entry on the outputs' last axis defines its use: the name of a reading
    (``arousal``, ``stress``, ``heart_rate``, ...), ``NAME_sd`` for its standard deviation, the
    name of an emotion (all eight or none), any other name for ``features``.

    Args:
        manifest: Checked manifest.
        session: Runs the model.
        front: Computes its inputs.
    """

    def __init__(self, manifest: Manifest, session: Session, front: Front) -> None:
        self._manifest = manifest
        self._session = session
        self._front = front

    @property
    def modality(self) -> str:
        """Modality in the manifest."""
        return self._manifest.modality

    @property
    def needs(self) -> Needs:
        """Required input of the front end."""
        return self._front.needs

    def estimate(self, window: Window) -> Estimate:
        """Run the model; quality and reasons come from the front end.

        Raises:
            ModelFailedError: The model failed or gave NaN; probabilities do not sum to 1.
        """
        prepared = self._front.prepare(window)
        if prepared.values is None:
            return Estimate(self.modality, quality=0.0, reasons=prepared.reasons)
        outputs = self._session.run(prepared.values)
        values = {
            label: float(value)
            for tensor in self._manifest.outputs
            for label, value in zip(tensor.labels, outputs[tensor.name].ravel(), strict=True)
        }
        emotions = {name: values[name] for name in EMOTIONS} if EMOTIONS[0] in values else None
        if emotions and not (
            min(emotions.values()) >= -1e-6 and abs(sum(emotions.values()) - 1) < 1e-3
        ):
            raise ModelFailedError(f"{self._manifest.name}: emotions are not probabilities")
        return Estimate(
            self.modality,
            readings={n: self._reading(n, values) for n in READINGS if n in values},
            emotions=emotions,
            quality=prepared.quality,
            reasons=prepared.reasons,
            features={n: v for n, v in values.items() if n not in _RESERVED},
        )

    def personalise(self, baseline: Mapping[str, Norm]) -> None:
        """Reset the front end."""
        self._front.personalise(baseline)

    def close(self) -> None:
        """End the model's process."""
        self._session.close()

    def _reading(self, name: str, values: Mapping[str, float]) -> Reading:
        spread = abs(values.get(f"{name}_sd", float(self._manifest.constants.get("sd", SPREAD))))
        low = -1.0 if name in AFFECT else 0.0
        high = 1.0 if name in AFFECT or name in INDICES else np.inf
        return Reading(float(np.clip(values[name], low, high)), max(spread, 1e-3) ** 2)


def check(
    path: Path, *, rules: Rules = RULES, seconds: float = SECONDS
) -> tuple[Manifest, ProbeResult]:
    """Check a model and its manifest without trusting either.

    In order: the manifest's format, hash and labels; the file's size, opset, domains, external
    data and nesting, without running it; then, in a child process with limited time and memory,
    shapes, types, finite outputs and repeatability on probe inputs.

    Args:
        path: The manifest, ``NAME.toml``, next to ``NAME.onnx``.
        rules: Limits of the file.
        seconds: Time limit of the child process.

    Raises:
        ModelMissingError: One of the two files is missing.
        ModelRefusedError: A check failed.
    """
    onnx = path.with_suffix(".onnx")
    if onnx.is_file() and onnx.stat().st_size > rules.bytes:
        raise ModelRefusedError(
            f"{onnx.name} has {onnx.stat().st_size} bytes, the limit is {rules.bytes}"
        )
    manifest, blob = load(path.stem, path.parent)
    _check_consistency(manifest)
    inspect(blob, rules)
    return manifest, probe(path.parent, path.stem, seconds=seconds)


def open_custom(path: Path, *, features: Features | None = None, gpu: bool = False) -> Estimator:
    """Check a user's model and open it in a process of its own.

    Args:
        path: Its manifest, ``NAME.toml``.
        features: Returns the shipped estimator of a modality; default are the real ones.
        gpu: Use the GPU provider if this onnxruntime has it.

    Raises:
        ModelMissingError: A file or a package is missing.
        ModelRefusedError: See ``check``.
        ModelEndedError: Its process ended at the start.
    """
    check(path)
    manifest, _ = load(path.stem, path.parent)
    front = front_of(manifest, features or shipped_estimator)
    session = RemoteSession(manifest, path.parent, path.stem, gpu=gpu)
    return CustomEstimator(manifest, session, front)


def shipped_estimator(modality: str) -> Estimator:
    """Create the shipped estimator of a modality; imports its packages when called."""
    if modality == "face":
        from sentio_models.modalities.face import FaceEstimator

        return FaceEstimator()
    if modality == "headset":
        from sentio_models.modalities.face import BlendshapeEstimator

        return BlendshapeEstimator("headset")
    if modality == "voice":
        from sentio_models.modalities.voice import VoiceEstimator

        return VoiceEstimator()
    if modality == "body":
        from sentio_models.modalities.body import BodyEstimator

        return BodyEstimator()
    if modality == "eeg":
        from sentio_models.modalities.eeg import EegEstimator

        return EegEstimator()
    raise ModelRefusedError(f"no shipped estimator gives features of {modality!r}")


def _check_consistency(manifest: Manifest) -> None:
    """Check that the manifest is consistent."""
    if manifest.modality not in MODALITIES:
        raise ModelRefusedError(
            f"{manifest.name}: modality is {manifest.modality!r}, expected one of "
            f"{', '.join(MODALITIES)}"
        )
    for tensor in (*manifest.inputs, *manifest.outputs):
        _size(manifest.name, tensor)
    labels = [label for tensor in manifest.outputs for label in tensor.labels]
    for tensor in manifest.outputs:
        if len(tensor.labels) != prod(tensor.shape):
            raise ModelRefusedError(
                f"{manifest.name}: output {tensor.name} has {prod(tensor.shape)} entries and "
                f"{len(tensor.labels)} labels; every entry needs one"
            )
    if len(set(labels)) != len(labels):
        raise ModelRefusedError(f"{manifest.name}: two entries of the outputs share a label")
    given = [name for name in EMOTIONS if name in labels]
    if given and len(given) != len(EMOTIONS):
        missing = sorted(set(EMOTIONS) - set(given))
        raise ModelRefusedError(
            f"{manifest.name}: emotions lack {', '.join(missing)}; give all eight or none"
        )
    spread = manifest.constants.get("sd", SPREAD)
    if not isinstance(spread, int | float) or not 0 < spread < 1000:
        raise ModelRefusedError(f"{manifest.name}: constants.sd is {spread!r}, expected above 0")


def _size(name: str, tensor: Tensor) -> None:
    if not all(0 < size <= MAX_ELEMENTS for size in tensor.shape) or (
        prod(tensor.shape) > MAX_ELEMENTS
    ):
        raise ModelRefusedError(
            f"{name}: {tensor.name} has shape {tensor.shape}, expected fixed sizes of at most "
            f"{MAX_ELEMENTS} numbers in all",
            "export the model with batch size 1 and no dynamic axes",
        )
