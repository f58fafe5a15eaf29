"""Change staged FER+ images as other cameras and rooms would.

FER+'s own validation split looks like its training split, so a model chosen on it alone is chosen
for FER+. These changes are made before the face finder, so its errors are in them too. They are not
the conditions of the card (`evaluation/face_conditions.py`), which stay for evaluation.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float64]


def shifted(picture: Pixels, rng: np.random.Generator) -> Pixels:
    """Return a picture with random pose, size, blur, light, noise, compression.

    Args:
        picture: ``(height, width, 3)`` RGB with a margin around the face.
        rng: Random generator; equal states give equal pictures.
    """
    from PIL import Image

    image: Picture = Image.fromarray(picture)
    grey = int(np.median(picture))
    if rng.random() < 0.5:
        image = image.rotate(
            float(rng.normal(0, 9)), Image.Resampling.BICUBIC, fillcolor=(grey, grey, grey)
        )
    image = _of_another_size(image, rng)
    image = _of_another_lens(image, rng)
    lit = _lit(np.asarray(image, np.float64), rng)
    noisy = lit + rng.uniform(0, 7) * rng.standard_normal(lit.shape) * (rng.random() < 0.4)
    changed: Pixels = np.clip(noisy, 0, 255).astype(np.uint8)
    return _packed(changed, rng) if rng.random() < 0.4 else changed


def _of_another_size(image: Picture, rng: np.random.Generator) -> Picture:
    from PIL import Image

    if rng.random() < 0.5:
        return image
    width, height = image.size
    factor = float(rng.uniform(0.3, 1.0))
    small = (max(8, round(width * factor)), max(8, round(height * factor)))
    down = image.resize(small, Image.Resampling.BOX)
    return down.resize((width, height), Image.Resampling.BICUBIC)


def _of_another_lens(image: Picture, rng: np.random.Generator) -> Picture:
    """Blur or sharpen: FER+'s tiles are softer than a webcam's faces."""
    from PIL import ImageFilter

    kind = rng.random()
    if kind < 0.2:
        return image.filter(ImageFilter.GaussianBlur(float(rng.uniform(1, 4))))
    if kind < 0.6:
        sharper = ImageFilter.UnsharpMask(float(rng.uniform(2, 5)), int(rng.uniform(50, 220)), 0)
        return image.filter(sharper)
    return image


def _lit(values: Floats, rng: np.random.Generator) -> Floats:
    shares = np.clip(values / 255, 0, 1) ** float(np.exp(rng.normal(0, 0.3)))
    contrast, offset = float(np.exp(rng.normal(0, 0.3))), float(rng.normal(0, 0.1))
    shares = (shares - 0.5) * contrast + 0.5 + offset
    if rng.random() < 0.3:
        slope = float(rng.uniform(-0.6, 0.6))
        shares = shares * (1 + slope * np.linspace(-1, 1, values.shape[1]))[None, :, None]
    return np.asarray(255 * shares, np.float64)


def _packed(picture: Pixels, rng: np.random.Generator) -> Pixels:
    from PIL import Image

    packed = io.BytesIO()
    Image.fromarray(picture).save(packed, "JPEG", quality=int(rng.integers(8, 60)))
    return np.array(Image.open(packed).convert("RGB"))
