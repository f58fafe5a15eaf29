"""Tests that the crop has the same orientation, framing and scale for any camera."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentio_models.modalities.face.align import ANCHORS, SIZE, TEMPLATE, crop, similarity, warp


def place(scale: float, turn: float, shift: tuple[float, float]) -> np.ndarray:
    """Return the transform that a camera applied to the template."""
    c, s = scale * np.cos(turn), scale * np.sin(turn)
    return np.array([[c, -s, shift[0]], [s, c, shift[1]]])


@given(
    st.floats(0.1, 20),
    st.floats(-3.1, 3.1),
    st.tuples(st.floats(-500, 500), st.floats(-500, 500)),
)
def test_any_similarity_is_recovered(scale: float, turn: float, shift: tuple[float, float]) -> None:
    matrix = place(scale, turn, shift)
    points = TEMPLATE @ matrix[:, :2].T + matrix[:, 2]
    np.testing.assert_allclose(similarity(points), matrix, atol=1e-6 * max(1, scale))


def test_coincident_points_do_not_raise() -> None:
    matrix = similarity(np.full((8, 2), 7.0))
    assert np.isfinite(matrix).all()
    aligned = warp(np.full((20, 20), 9, np.uint8), matrix)
    np.testing.assert_allclose(aligned.grey, 9)
    assert aligned.scale == pytest.approx(0, abs=1e-9)


def photo(matrix: np.ndarray, side: int = 400) -> np.ndarray:
    """Return a smooth picture in crop coordinates, transformed by ``matrix``."""
    y, x = np.mgrid[:side, :side].astype(float)
    inverse = np.linalg.inv(matrix[:, :2])
    u, v = np.moveaxis(np.stack([x - matrix[0, 2], y - matrix[1, 2]], -1) @ inverse.T, -1, 0)
    grey = 128 + 60 * np.sin(u / 6) * np.cos(v / 8) + 1.1 * (u - 24)
    return np.repeat(np.clip(grey, 0, 255).astype(np.uint8)[:, :, None], 3, 2)


@pytest.mark.parametrize("size", [32, 40, 48, 96])
@pytest.mark.parametrize(
    ("scale", "turn", "shift"),
    [(1.0, 0.0, (60, 50)), (4.0, 0.5, (150, 60)), (6.0, -0.2, (40, 110)), (2.4, 0.0, (100, 90))],
)
def test_transformed_face_gives_the_same_crop(
    size: int, scale: float, turn: float, shift: tuple[float, float]
) -> None:
    wanted = warp(photo(place(1.0, 0.0, (100, 100))), place(1.0, 0.0, (100, 100)), size).grey
    matrix = place(scale, turn, shift)
    landmarks = np.zeros((478, 3))
    landmarks[list(ANCHORS), :2] = TEMPLATE @ matrix[:, :2].T + matrix[:, 2]
    aligned = crop(photo(matrix), landmarks, size)
    assert aligned.grey.shape == (size, size)
    assert aligned.inside == 1.0
    assert aligned.scale == pytest.approx(scale)
    assert aligned.roll == pytest.approx(turn)
    assert np.abs(aligned.grey - wanted).mean() < 3


def test_grey_and_colour_images_agree() -> None:
    image = photo(place(3, 0, (50, 50)))
    matrix = place(3.0, 0.1, (60.0, 40.0))
    np.testing.assert_allclose(
        warp(image, matrix).grey, warp(image[:, :, 0], matrix).grey, atol=0.1
    )


def test_edge_is_repeated_outside_the_image_and_reported() -> None:
    image = np.full((100, 100, 3), 50, np.uint8)
    aligned = warp(image, place(1.0, 0.0, (-24.0, 10.0)))
    np.testing.assert_allclose(aligned.grey, 50, atol=0.01)
    assert aligned.inside == pytest.approx(0.5, abs=0.02)
    far = warp(image, place(1.0, 0.0, (-5000.0, 90000.0)))
    assert far.inside == 0
    assert np.isfinite(far.grey).all()


@given(
    st.integers(1, 40), st.integers(1, 40), st.floats(0, 30), st.floats(-3, 3), st.floats(-99, 99)
)
def test_any_image_and_position_give_finite_grey(
    height: int, width: int, scale: float, turn: float, shift: float
) -> None:
    image = np.random.default_rng(0).integers(0, 256, (height, width, 3), np.uint8)
    aligned = warp(image, place(scale, turn, (shift, -shift)))
    assert aligned.grey.shape == (SIZE, SIZE)
    assert 0 <= aligned.grey.min() <= aligned.grey.max() <= 255.1


@pytest.mark.parametrize("scale", [0.4, 1.0, 2.6, 7.3])
def test_crop_is_the_mean_of_bilinear_samples_of_blocks(scale):
    """Compare with the direct formula, one sample at a time."""
    image = np.random.default_rng(3).integers(0, 255, (90, 120), dtype=np.uint8)
    turn = np.array([[np.cos(0.2), -np.sin(0.2)], [np.sin(0.2), np.cos(0.2)]]) * scale
    matrix = np.column_stack([turn, [20.0, -5.0]])
    size = 16
    got = warp(image, matrix, size)

    steps = (np.arange(2 * size) + 0.5) * SIZE / (2 * size) - 0.5
    places = [(turn @ (u, v) + matrix[:, 2]) for v in steps for u in steps]
    x, y = np.array(places).T
    left = int(np.clip(np.floor(x.min()), 0, 119))
    top = int(np.clip(np.floor(y.min()), 0, 89))
    right = int(np.clip(np.ceil(x.max()) + 1, left + 1, 120))
    bottom = int(np.clip(np.ceil(y.max()) + 1, top + 1, 90))
    part = image[top:bottom, left:right].astype(np.float64)
    block = max(1, int(scale * SIZE / size / 2))
    if min(part.shape) < block:
        block = 1
    rows, columns = part.shape[0] // block, part.shape[1] // block
    part = part[: rows * block, : columns * block].reshape(rows, block, columns, block)
    part = part.mean(axis=(1, 3))

    def sample(u, v):
        u = min(max((u - left - (block - 1) / 2) / block, 0), columns - 1)
        v = min(max((v - top - (block - 1) / 2) / block, 0), rows - 1)
        i, j = min(int(v), max(rows - 2, 0)), min(int(u), max(columns - 2, 0))
        k, m = min(i + 1, rows - 1), min(j + 1, columns - 1)
        above = part[i, j] * (1 - (u - j)) + part[i, m] * (u - j)
        return above * (1 - (v - i)) + (part[k, j] * (1 - (u - j)) + part[k, m] * (u - j)) * (v - i)

    fine = np.array([sample(*place) for place in places]).reshape(size, 2, size, 2)
    assert got.grey == pytest.approx(fine.mean(axis=(1, 3)), abs=1e-3)
    inside = np.mean((x > -0.5) & (x < 119.5) & (y > -0.5) & (y < 89.5))
    assert got.inside == pytest.approx(inside)
