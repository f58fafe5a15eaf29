"""Reads a face in camera images: expression, derived affect, pose, and whether to trust it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sentio_models.estimate import EMOTIONS, Estimate, Reading
from sentio_models.estimator import Needs, Norm
from sentio_models.modalities.face.align import Crop, crop
from sentio_models.modalities.face.circumplex import derive
from sentio_models.modalities.face.fuse import fuse
from sentio_models.modalities.face.landmarker import FaceLandmarker
from sentio_models.modalities.face.landmarks import BLENDSHAPES, Face
from sentio_models.modalities.face.quality import LIMITS, Limits, judge
from sentio_models.runtime.onnx_session import OnnxSession
from sentio_models.window import Window

FUSED = 0.1
"""Below this quality an estimate is not fused (``Estimate.quality``), so nothing is computed."""

_ALL_KNOWN = np.ones((1, len(BLENDSHAPES)), np.float32)

_INDEX = {name: i for i, name in enumerate(BLENDSHAPES)}


@dataclass(frozen=True, slots=True)
class FaceObservation:
    """Everything that one image told: landmarks, blendshapes, crop and expression in one pass.

    Attributes:
        face: Landmarks, blendshapes and pose.
        crop: The aligned face that the network saw.
        probabilities: Shape ``(8,)`` over ``EMOTIONS``: crop and blendshapes together.
        by_crop: The same by the crop network alone.
        by_blendshapes: The same by the blendshape network alone.
        quality: 0..1.
        reasons: Why it is below 1.
    """

    face: Face
    crop: Crop
    probabilities: NDArray[np.float64]
    by_crop: NDArray[np.float32]
    by_blendshapes: NDArray[np.float32]
    quality: float
    reasons: tuple[str, ...]


class FaceEstimator:
    """Estimates expression, and valence and arousal derived from it, from camera images.

    The newest image goes through MediaPipe's landmarker; its blendshapes, and a crop aligned to
    FER+'s framing, go through a network each, whose opinions are joined. Given the same images it
    gives the same estimates.

    Args:
        bundle: File or folder of MediaPipe's landmarker; ``SENTIO_MODELS`` or the user's cache
            if left out.
        gpu: Run the crop network on the GPU if this onnxruntime can.
        landmarker: Finds the face in place of MediaPipe's.
        session: The crop network in place of the shipped one.
        limits: Where quality begins to fall.
        hz: Pictures a second that are looked at, at most; 0 for all.

    Raises:
        ModelMissingError: mediapipe or its bundle is not there; ``fix`` says what to run.
        ModelRefusedError: A model's bytes are not the ones that were promised.
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
        # A tenth less: a camera's pictures come a little early and a little late.
        self.needs = Needs(frozenset({"video"}), 0.0, 0.9 / hz if hz else 0.0, newest=True)
        self._landmarker = landmarker or FaceLandmarker(bundle)
        self._session = session or OnnxSession.shipped("face_crop", gpu=gpu)
        self._shapes = OnnxSession.shipped("face_blendshapes")
        constants = self._session.manifest.constants
        self._weight = float(constants.get("blendshape_weight", 0.0))
        self._temperature = float(constants.get("fused_temperature", 1.0))
        self._size = self._session.manifest.inputs[0].shape[-1]
        self._limits = limits
        self._resting = NeutralFace()
        self._at = 0.0

    def estimate(self, window: Window) -> Estimate:
        """Read the newest image of the window's ``video``.

        Returns:
            Quality 0 with ``no_face`` where nobody is in view, and with the source's own reason
            where its images are frozen, black or overexposed.

        Raises:
            ModelFailedError: The landmarker or the network broke.
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
        sight = self.look(image, self._at)
        if sight is None:
            return Estimate(self.modality, reasons=("no_face", *signal.reasons))
        quality = sight.quality * signal.quality
        reasons = (*sight.reasons, *(r for r in signal.reasons if r not in sight.reasons))
        derived = derive(sight.probabilities)
        yaw, pitch, roll = np.degrees(sight.face.angles)
        features = {
            **expression_features(sight.face.blendshapes),
            "yaw": float(yaw),
            "pitch": float(pitch),
            "roll": float(roll),
            "face_scale": sight.crop.scale,
            **{f"raw_{name}": reading.mean for name, reading in derived.items()},
        }
        return Estimate(
            self.modality,
            readings=self._resting.correct(derived),
            emotions=named(sight.probabilities),
            quality=quality,
            reasons=reasons,
            features=features,
        )

    def close(self) -> None:
        """Free the landmarker's native graphs.

        MediaPipe's own finalizer does not do where garbage collection calls it: it waits for
        ever for a thread that has been collected too.
        """
        self._landmarker.close()

    def look(self, image: NDArray[np.uint8], at: float) -> FaceObservation | None:
        """Return all that one image tells, or None where there is no face.

        Args:
            image: ``(height, width, 3)`` RGB.
            at: When it was captured, seconds, never earlier than the image before.
        """
        faces = self._landmarker.find(image, at)
        if not faces:
            return None
        face = faces[0]
        cut = crop(image, face.landmarks.astype(np.float64), self._size)
        quality, reasons = judge(cut, face, len(faces) - 1, self._limits)
        by_crop = self._session.run({"crop": cut.grey[None, None]})["probabilities"][0]
        feed = {"blendshapes": face.blendshapes[None], "known": _ALL_KNOWN}
        by_shapes = self._shapes.run(feed)["probabilities"][0]
        joint = fuse(by_crop, by_shapes, self._weight, self._temperature)
        return FaceObservation(face, cut, joint, by_crop, by_shapes, quality, reasons)

    def personalise(self, baseline: Mapping[str, Norm]) -> None:
        """Forget the person before; correct for this one's resting face if it is known."""
        self._landmarker.forget()
        self._resting = NeutralFace(baseline)
        self._at = 0.0


class NeutralFace:
    """Takes a person's resting expression out of the derived values.

    Some faces at rest read as sad or stern. Where a baseline knows ``raw_valence`` and
    ``raw_arousal`` at rest, that much is subtracted, less of it the fewer windows it rests on.

    Args:
        baseline: By feature name; may be empty.
        trust: Windows after which half of the offset is believed.
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
    """Return the movements that a person can see, each 0..1, from 52 blendshapes."""

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
