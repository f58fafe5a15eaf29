"""Result of a face finder."""

from __future__ import annotations

from dataclasses import dataclass

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
Left and right are those of the person."""


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
        """Return yaw, pitch and roll in radians.

        Positive yaw turns the nose to the image's right, positive pitch raises the chin,
        positive roll rotates the head clockwise in the image.
        """
        turn = self.pose[:3, :3].astype(np.float64)
        turn = turn / np.maximum(np.linalg.norm(turn, axis=0), 1e-9)
        yaw = np.arctan2(turn[0, 2], turn[2, 2])
        pitch = np.arcsin(np.clip(turn[1, 2], -1, 1))
        roll = -np.arctan2(turn[1, 0], turn[1, 1])
        return float(yaw), float(pitch), float(roll)
