"""Tests of detecting bad pictures; a still scene is not a frozen camera."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from sentio_sensors.camera.quality import FrameQuality

Rgb = NDArray[np.uint8]
RNG = np.random.default_rng(3)


def noisy(level: float, spread: float = 2.0) -> Rgb:
    noise = RNG.normal(level, spread, (120, 160, 3))
    return np.clip(noise, 0, 255).astype(np.uint8)


def room() -> Rgb:
    y, x = np.mgrid[0:120, 0:160]
    picture = np.stack([60 + x, 50 + y, 90 + (x + y) % 60], axis=2)
    return picture.astype(np.uint8)


def test_identical_pictures_are_frozen_until_one_changes() -> None:
    watch, picture = FrameQuality(), room()
    reasons = [watch.assess(picture.copy(), t / 30)[1] for t in range(60)]
    assert reasons[:31] == [()] * 31
    assert reasons[32:] == [("frozen",)] * 28
    assert watch.assess(noisy(120, 30), 2.0) == (1.0, ())


def test_static_scene_with_sensor_noise_is_not_frozen() -> None:
    watch, picture = FrameQuality(), room()
    for t in range(90):
        grain = (RNG.random(picture.shape) < 0.01).astype(np.uint8)
        assert watch.assess(picture + grain, t / 30) == (1.0, ())


def test_image_folder_is_never_frozen() -> None:
    watch, picture = FrameQuality(still=True), room()
    assert all(watch.assess(picture, float(t)) == (1.0, ()) for t in range(10))


@pytest.mark.parametrize(
    ("picture", "reason", "worst"),
    [
        (lambda: noisy(3), "black", 0.0),
        (lambda: noisy(255, 1), "over_exposed", 0.0),
        (lambda: noisy(90, 3), "covered", 0.0),
        (lambda: (room() * 0.2).astype(np.uint8), "dark", 0.9),
        (lambda: np.clip(room() * 2.6, 0, 255).astype(np.uint8), "over_exposed", 0.9),
    ],
)
def test_bad_exposure_has_reason_and_low_quality(
    picture: Callable[[], Rgb], reason: str, worst: float
) -> None:
    quality, reasons = FrameQuality().assess(picture(), 0.0)
    assert reasons == (reason,)
    assert quality <= worst
