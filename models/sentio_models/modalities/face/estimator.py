"""Estimate expression, derived affect, pose and quality from camera images."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sentio_models.estimate import EMOTIONS, Estimate, Reading
from sentio_models.estimator import Needs, Norm
from sentio_models.modalities.face import action_units
from sentio_models.modalities.face.align import Crop, crop, framed
from sentio_models.modalities.face.circumplex import derive
from sentio_models.modalities.face.fuse import ClassWeights, fuse
from sentio_models.modalities.face.landmarker import FaceLandmarker
from sentio_models.modalities.face.landmarks import BLENDSHAPES, Face
from sentio_models.modalities.face.quality import LIMITS, Limits, assess
from sentio_models.runtime.onnx_session import OnnxSession
from sentio_models.window import Window

FUSED = 0.1
"""Below this quality an estimate is not fused (``Estimate.quality``), so nothing is computed."""

_INDEX = {name: i for i, name in enumerate(BLENDSHAPES)}


@dataclass(frozen=True, slots=True)
class FaceObservation:
    """Result of one image: landmarks, blendshapes, crop and expression.

    Attributes:
        face: Landmarks, blendshapes and pose.
        crop: The aligned face, input of the crop network.
        probabilities: Shape ``(8,)`` over ``EMOTIONS``: crop and landmarks combined.
        by_crop: The same of the crop network only.
        by_landmarks: The same of the landmark network only.
        quality: 0..1.
        reasons: Reasons for a quality below 1.
    """

    face: Face
    crop: Crop
    probabilities: NDArray[np.float64]
    by_crop: NDArray[np.float32]
    by_landmarks: NDArray[np.float32]
    quality: float
    reasons: tuple[str, ...]


class FaceEstimator:
    """Estimator of expression, valence and arousal from camera images.

    The newest image is processed by MediaPipe's landmarker; its landmarks with its blendshapes, and
    a crop with FER+'s framing, are inputs of one network each, whose outputs are combined. Valence
    and arousal derive from the expression. Equal images give equal estimates.

    Args:
        bundle: File or folder of MediaPipe's landmarker; default is ``SENTIO_MODELS`` or the
            user's cache.
        gpu: Run the crop network on the GPU if this onnxruntime can.
        landmarker: Face landmarker to use instead of MediaPipe's.
        session: Crop network to use instead of the shipped one.
        limits: Limits of the quality checks.
        hz: Most images a second that are processed; 0 for all.

    Raises:
        ModelMissingError: mediapipe or its bundle is missing; ``fix`` has the command to run.
        ModelRefusedError: The bytes of a model differ from its hash.
    """

    modality = "face"

    def __init__(
        self,
        bundle: Path | None = None,
        *,
        gpu: bool = False,
        landmarker: FaceLandmarker | None = None,
        session: OnnxSession | None = None,
        limits: Limits = LIMITS,
        hz: float = 0.0,
    ) -> None:
        # A tenth less: a camera's images have jitter.
        self.needs = Needs(frozenset({"video"}), 0.0, 0.9 / hz if hz else 0.0, newest=True)
        self._landmarker = landmarker or FaceLandmarker(bundle)
        self._session = session or OnnxSession.shipped("face_crop", gpu=gpu)
        self._landmarks = OnnxSession.shipped("face_landmarks")
        # A crop network that a user brings has no constants: it is used alone.
        self._weights = ClassWeights.of(self._session.manifest.constants)
        self._size = self._session.manifest.inputs[0].shape[-1]
        self._limits = limits
        self._resting = NeutralFace()
        self._at = 0.0

    def estimate(self, window: Window) -> Estimate:
        """Estimate from the newest image of the window's ``video``.

        Returns:
            Quality 0 with ``no_face`` if no face is in view, and with the source's reason if its
            images are frozen, black or overexposed.

        Raises:
            ModelFailedError: The landmarker or the network failed.
        """
        if np.isfinite(window.step):
            self._at += max(0.0, window.step)
        signal = window.signals.get("video")
        if signal is None or len(signal.values) == 0:
            return Estimate(self.modality, reasons=("no_video",))
        if signal.quality < FUSED:
            return Estimate(self.modality, quality=signal.quality, reasons=signal.reasons)
        image = signal.values[-1]
        if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8 or image.size == 0:
            return Estimate(self.modality, reasons=("wrong_format", *signal.reasons))
        observation = self.observe(image, self._at)
        if observation is None:
            return Estimate(self.modality, reasons=("no_face", *signal.reasons))
        quality = observation.quality * signal.quality
        reasons = (
            *observation.reasons,
            *(r for r in signal.reasons if r not in observation.reasons),
        )
        derived = derive(observation.probabilities)
        yaw, pitch, roll = np.degrees(observation.face.angles)
        features = {
            **expression_features(observation.face.blendshapes),
            "yaw": float(yaw),
            "pitch": float(pitch),
            "roll": float(roll),
            "face_scale": observation.crop.scale,
            **{f"raw_{name}": reading.mean for name, reading in derived.items()},
        }
        return Estimate(
            self.modality,
            readings=self._resting.correct(derived),
            emotions=named(observation.probabilities),
            quality=quality,
            reasons=reasons,
            features=features,
            action_units=action_units.from_camera(observation.face.blendshapes),
        )

    def close(self) -> None:
        """Free the landmarker's native graphs.

        MediaPipe's own finalizer is not enough: run by garbage collection, it waits for ever for
        a thread that has been collected too.
        """
        self._landmarker.close()

    def observe(self, image: NDArray[np.uint8], at: float) -> FaceObservation | None:
        """Return the result of one image, or None without a face.

        Args:
            image: ``(height, width, 3)`` RGB.
            at: Capture time, seconds, never before the previous image.
        """
        faces = self._landmarker.find(image, at)
        if not faces:
            return None
        face = faces[0]
        aligned = crop(image, face.landmarks.astype(np.float64), self._size)
        quality, reasons = assess(aligned, face, len(faces) - 1, self._limits)
        by_crop = self._session.run({"crop": aligned.grey[None, None]})["probabilities"][0]
        network_inputs = {
            "landmarks": framed(face.landmarks)[None],
            "blendshapes": face.blendshapes[None],
        }
        by_landmarks = self._landmarks.run(network_inputs)["probabilities"][0]
        combined = fuse(by_crop, by_landmarks, self._weights)
        return FaceObservation(face, aligned, combined, by_crop, by_landmarks, quality, reasons)

    def personalise(self, baseline: Mapping[str, Norm]) -> None:
        """Reset the tracking; correct for this person's resting face, if known."""
        self._landmarker.reset()
        self._resting = NeutralFace(baseline)
        self._at = 0.0


class NeutralFace:
    """Correction of derived values for a person's resting expression.

    Some faces at rest look sad or stern. If a baseline contains ``raw_valence`` and
    ``raw_arousal`` at rest, they are subtracted, with less weight if based on few windows.

    Args:
        baseline: By feature name; may be empty.
        trust: Windows after which half of the offset is subtracted.
    """

    def __init__(self, baseline: Mapping[str, Norm] | None = None, trust: float = 5.0) -> None:
        self._offsets = {
            name: norm.mean * norm.weight / (norm.weight + trust)
            for name in ("valence", "arousal")
            if (norm := (baseline or {}).get(f"raw_{name}")) is not None
        }

    def correct(self, readings: Mapping[str, Reading]) -> dict[str, Reading]:
        """Return the readings relative to the resting face, within -1..1."""
        return {
            name: Reading(float(np.clip(r.mean - self._offsets.get(name, 0.0), -1, 1)), r.variance)
            for name, r in readings.items()
        }


def expression_features(blendshapes: NDArray[np.floating]) -> dict[str, float]:
    """Return visible facial movements, each 0..1, from 52 blendshapes."""

    def mean(*names: str) -> float:
        return float(np.mean([blendshapes[_INDEX[n]] for n in names]))

    return {
        "smile": mean("mouthSmileLeft", "mouthSmileRight"),
        "frown": mean("mouthFrownLeft", "mouthFrownRight"),
        "brow_down": mean("browDownLeft", "browDownRight"),
        "brow_up": mean("browInnerUp"),
        "jaw_open": mean("jawOpen"),
        "blink": mean("eyeBlinkLeft", "eyeBlinkRight"),
        "eyes_wide": mean("eyeWideLeft", "eyeWideRight"),
        "squint": mean("eyeSquintLeft", "eyeSquintRight"),
        "nose_wrinkle": mean("noseSneerLeft", "noseSneerRight"),
        "lips_pressed": mean("mouthPressLeft", "mouthPressRight"),
    }


def named(probabilities: NDArray[np.floating]) -> dict[str, float]:
    """Return the probabilities by class name, summing to 1."""
    weights = np.asarray(probabilities, np.float64)
    weights = weights / weights.sum()
    return {name: float(p) for name, p in zip(EMOTIONS, weights, strict=True)}
