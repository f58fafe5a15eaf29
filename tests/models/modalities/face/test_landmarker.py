"""Tests of the face finder with faces that leave no room around them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.needs_mediapipe import needs_mediapipe

from sentio_models.modalities.face.landmarker import FaceLandmarker


@pytest.fixture(scope="module")
def photo() -> np.ndarray:
    needs_mediapipe()
    data = pytest.importorskip("skimage.data")
    return np.ascontiguousarray(data.astronaut())


def test_a_face_that_fills_the_image_is_found(landmarker: Path, photo: np.ndarray) -> None:
    top, left = 91, 200
    near = np.ascontiguousarray(photo[top : top + 65, left : left + 49])
    whole = FaceLandmarker(landmarker, still=True).find(photo, 0.0)[0]
    close = FaceLandmarker(landmarker).find(near, 0.0)[0]
    away = close.landmarks[:, :2] + (left, top) - whole.landmarks[:, :2]
    assert np.abs(away).mean() < 3


def test_a_face_that_comes_near_and_goes_back_is_followed(
    landmarker: Path, photo: np.ndarray
) -> None:
    finder = FaceLandmarker(landmarker, watch=0.0)
    canvas = np.full_like(photo, 90)
    near = np.ascontiguousarray(np.kron(photo[91:156, 200:249], np.ones((4, 4, 1), np.uint8)))
    found = [bool(finder.find(image, i / 5)) for i, image in enumerate([canvas] * 4 + [near] * 6)]
    assert found[:4] == [False] * 4
    assert found[-2:] == [True, True]
    back = [finder.find(photo, 2.0 + i / 5) for i in range(4)]
    still = FaceLandmarker(landmarker, still=True).find(photo, 0.0)
    assert np.abs(back[-1][0].landmarks[:, :2] - still[0].landmarks[:, :2]).mean() < 3
