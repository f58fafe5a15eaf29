"""What a face finder tells about a face, and the seam behind which it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

BLENDSHAPES = tuple(
    "_neutral browDownLeft browDownRight browInnerUp browOuterUpLeft browOuterUpRight cheekPuff "
    "cheekSquintLeft cheekSquintRight eyeBlinkLeft eyeBlinkRight eyeLookDownLeft "
    "eyeLookDownRight eyeLookInLeft eyeLookInRight eyeLookOutLeft eyeLookOutRight eyeLookUpLeft "
    "eyeLookUpRight eyeSquintLeft eyeSquintRight eyeWideLeft eyeWideRight jawForward jawLeft "
    "jawOpen jawRight mouthClose mouthDimpleLeft mouthDimpleRight mouthFrownLeft "
    "mouthFrownRight mouthFunnel mouthLeft mouthLowerDownLeft mouthLowerDownRight "
    "mouthPressLeft mouthPressRight mouthPucker mouthRight mouthRollLower mouthRollUpper "
    "mouthShrugLower mouthShrugUpper mouthSmileLeft mouthSmileRight mouthStretchLeft "
    "mouthStretchRight mouthUpperUpLeft mouthUpperUpRight noseSneerLeft noseSneerRight".split()
)
"""The 52 coefficients of MediaPipe, in its order; ARKit's names (without tongueOut), each 0..1.
Left and right are the person's own."""


@dataclass(frozen=True, slots=True)
class Face:
    """One face in one image.

    Attributes:
        landmarks: Shape ``(478, 3)`` float32, in image pixels; z grows away from the camera and
            has x's scale.
        blendshapes: Shape ``(52,)`` float32, 0..1, in the order of ``BLENDSHAPES``.
        pose: Shape ``(4, 4)`` float32, from the canonical head to the camera, in centimetres; x
            to the image's right, y up, z towards the viewer.
    """

    landmarks: NDArray[np.float32]
    blendshapes: NDArray[np.float32]
    pose: NDArray[np.float32]

    @property
    def angles(self) -> tuple[float, float, float]:
        """Yaw, pitch and roll in radians.

        Positive yaw turns the nose to the image's right, positive pitch lifts the chin up,
        positive roll leans the head clockwise as the image shows it.
        """
        turn = self.pose[:3, :3].astype(np.float64)
        turn = turn / np.maximum(np.linalg.norm(turn, axis=0), 1e-9)
        yaw = np.arctan2(turn[0, 2], turn[2, 2])
        pitch = np.arcsin(np.clip(turn[1, 2], -1, 1))
        roll = -np.arctan2(turn[1, 0], turn[1, 1])
        return float(yaw), float(pitch), float(roll)

    @property
    def distance_cm(self) -> float:
        """How far the head is from the camera if its lens sees 63 degrees upwards and down."""
        return float(-self.pose[2, 3])


class Landmarker(Protocol):
    """Finds faces in images that come in order of time."""

    def find(self, image: NDArray[np.uint8], at: float) -> Sequence[Face]:
        """Return the faces in an image, the one that was followed so far first.

        Args:
            image: ``(height, width, 3)`` RGB.
            at: When it was captured, seconds on any clock that only goes forward.

        Raises:
            ModelFailedError: The finder broke.
        """
        ...

    def forget(self) -> None:
        """Lose track of the face that was followed: another person may come."""
        ...
