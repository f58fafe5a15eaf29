"""The demo's stages move and do not flash, in pictures of a real Godot."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from .godot_stages import FPS, STAGES, display, project, tour

__all__ = ["display", "project"]

pytestmark = pytest.mark.engine

SMALL = ("--resolution", "480x270")
"""Smaller: software GL takes less time. Still smaller: the inspector shows nothing that moves."""
FRAMES = 60
"""Consecutive pictures that are compared: two seconds."""
FLASHES = 3
"""Most pairs of opposing changes in a second; each counts where it is .1 or more of luminance and
its darker end below .8 (WCAG 2.2, 2.3.1)."""
SWING = 0.1
DARK = 0.8
Floats = npt.NDArray[np.float64]
_SRGB = np.arange(256) / 255.0
LINEAR = np.where(_SRGB <= 0.04045, _SRGB / 12.92, ((_SRGB + 0.055) / 1.055) ** 2.4)
"""Linear light of each value of an sRGB picture."""


@pytest.mark.slow
@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_moves_and_does_not_flash(
    stage: str, display: str | None, project: Path, tmp_path: Path
) -> None:
    """No part of the screen flashes more than WCAG 2.3.1 allows."""
    if not display:
        pytest.skip("no Xvfb: nothing is drawn")
    shot = tmp_path / "shot.png"
    options = ["--seconds=42", "--scenario=stress", f"--frames={FRAMES}"]
    tour(project, display, f"--stage={stage}", f"--shot={shot}", *options, engine=SMALL)
    paths = sorted(tmp_path.glob("shot_*.png"))
    assert len(paths) == FRAMES
    pictures = np.array([np.asarray(Image.open(path).convert("RGB")) for path in paths])
    moved = (pictures[1:] != pictures[:-1]).any(axis=(1, 2, 3))
    assert np.count_nonzero(moved) > FRAMES // 2, "a still picture"
    for light in parts(luminance(pictures)).T:
        assert opposing_changes(light) <= 2 * FLASHES * FRAMES / FPS


def luminance(pictures: npt.NDArray[np.uint8]) -> Floats:
    """Return the relative luminance (WCAG 2.2) of sRGB pictures.

    The shape is (frames, height, width, 3).
    """
    light: Floats = LINEAR[pictures] @ np.array([0.2126, 0.7152, 0.0722])
    return light


def parts(light: Floats) -> Floats:
    """Return means of a grid of three by four parts: (frames, 12).

    Each part is smaller than an area that WCAG counts.
    """
    frames, height, width = light.shape
    rows, columns = height // 3, width // 4
    grid = light[:, : 3 * rows, : 4 * columns].reshape(frames, 3, rows, 4, columns)
    means: Floats = grid.mean(axis=(2, 4)).reshape(frames, 12)
    return means


def opposing_changes(light: Floats) -> int:
    """Count opposing luminance changes of at least .1 whose darker end is below .8."""
    count, extreme, way = 0, light[0], 0
    for now in light:
        change = now - extreme
        if way == 0 or change * way > 0:
            if abs(change) >= SWING or way != 0:
                way = 1 if change > 0 else -1
                extreme = now
        elif abs(change) >= SWING and min(now, extreme) < DARK:
            count, way, extreme = count + 1, -way, now
    return count


def test_the_count_of_flashes_counts() -> None:
    steady = np.full(FRAMES, 0.4)
    strobe = np.where(np.arange(FRAMES) // 3 % 2 == 0, 0.2, 0.5)
    assert opposing_changes(steady) == 0
    assert opposing_changes(strobe) > 2 * FLASHES * FRAMES / FPS
