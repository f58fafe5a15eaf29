"""Image conditions for the evaluation of faces."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]


def _darker(picture: Pixels) -> Pixels:
    """Return the picture with a quarter of the light, and sensor noise."""
    noise = np.random.default_rng(0).normal(0, 4, picture.shape[:2])[:, :, None]
    dark: Pixels = np.clip(picture * 0.25 + noise, 0, 255).astype(np.uint8)
    return dark


def _smaller(picture: Pixels) -> Pixels:
    """Return the picture with a face a third as large in an image of equal size."""
    from PIL import Image

    side = picture.shape[0] // 3
    small = np.array(Image.fromarray(picture).resize((side, side), Image.Resampling.BOX))
    canvas = np.full_like(picture, int(np.median(picture)))
    canvas[side : 2 * side, side : 2 * side] = small
    return canvas


def _blurred(picture: Pixels) -> Pixels:
    """Return the picture out of focus by about one FER+ pixel."""
    from PIL import Image, ImageFilter

    return np.array(Image.fromarray(picture).filter(ImageFilter.GaussianBlur(4)))


def _rotated(picture: Pixels) -> Pixels:
    """Return the picture rotated by 25 degrees."""
    from PIL import Image

    grey = int(np.median(picture))
    turned = Image.fromarray(picture).rotate(
        25, Image.Resampling.BICUBIC, fillcolor=(grey, grey, grey)
    )
    return np.array(turned)


def _half_lit(picture: Pixels) -> Pixels:
    """Return the picture with light from one side; the other keeps a quarter."""
    ramp = np.linspace(1.2, 0.25, picture.shape[1])[None, :, None]
    lit: Pixels = np.clip(picture * ramp, 0, 255).astype(np.uint8)
    return lit


def _covered(picture: Pixels) -> Pixels:
    """Return the picture with a dark bar over the mouth, like a hand or a mask."""
    side = picture.shape[0]
    hidden = picture.copy()
    hidden[int(0.6 * side) : int(0.78 * side), int(0.3 * side) : int(0.7 * side)] = 60
    return hidden


def _compressed(picture: Pixels) -> Pixels:
    """Return the picture after JPEG of quality 10, like a poor video link."""
    from PIL import Image

    packed = io.BytesIO()
    Image.fromarray(picture).save(packed, "JPEG", quality=10)
    return np.array(Image.open(packed).convert("RGB"))


CONDITIONS: Mapping[str, Callable[[Pixels], Pixels]] = {
    "as_it_is": lambda picture: picture,
    "a_third_the_size": _smaller,
    "a_quarter_of_the_light": _darker,
    "lit_from_one_side": _half_lit,
    "out_of_focus": _blurred,
    "leaning_25_degrees": _rotated,
    "mouth_covered": _covered,
    "jpeg_quality_10": _compressed,
}
"""Function of each shifted condition for the enlarged test image."""
