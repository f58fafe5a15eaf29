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
    changed = _clipped(noisy)
    return _packed(changed, int(rng.integers(8, 60))) if rng.random() < 0.4 else changed


def strongly_shifted(picture: Pixels, rng: np.random.Generator) -> Pixels:
    """Return a picture with one strong change: what a poor camera or room does.

    One of: out of focus, few pixels, wrong exposure, colour cast, another crop and proportion,
    compression, noise. Probabilities are calibrated on these too, no weight is fitted on them.

    Args:
        picture: ``(height, width, 3)`` RGB with a margin around the face.
        rng: Random generator; equal states give equal pictures.
    """
    from PIL import Image, ImageFilter

    kind = int(rng.integers(0, 7))
    image: Picture = Image.fromarray(picture)
    width, height = image.size
    if kind == 0:
        return np.array(image.filter(ImageFilter.GaussianBlur(float(rng.uniform(2, 6)))))
    if kind == 1:
        return np.array(_resized(image, float(rng.uniform(0.12, 0.35))))
    if kind == 2:
        shares = np.asarray(image, np.float64) / 255
        shares = shares ** float(np.exp(rng.uniform(0.3, 1.0) * rng.choice([-1, 1])))
        return _clipped(255 * ((shares - 0.5) * float(np.exp(rng.uniform(-0.9, 0.5))) + 0.5))
    if kind == 3:
        return _clipped(np.asarray(image, np.float64) * rng.uniform(0.45, 1.3, 3))
    if kind == 4:
        return np.array(_of_another_frame(image, rng))
    if kind == 5:
        half = np.array(image.resize((width // 2, height // 2)))
        packed = Image.fromarray(_packed(half, int(rng.integers(4, 18))))
        return np.array(packed.resize((width, height), Image.Resampling.BICUBIC))
    strength = float(rng.uniform(6, 22))
    noise = rng.standard_normal((height, width, 1))
    return _clipped(np.asarray(image, np.float64) + strength * noise)


def _of_another_frame(image: Picture, rng: np.random.Generator) -> Picture:
    from PIL import Image

    width, height = image.size
    scale = float(rng.uniform(0.7, 1.3))
    aside, above = rng.uniform(-0.12, 0.12, 2)
    left, top = width * (1 - scale) / 2 + aside * width, height * (1 - scale) / 2 + above * height
    stretch, lean = float(np.exp(rng.uniform(-0.12, 0.12))), float(rng.uniform(-0.15, 0.15))
    turned = (scale * stretch, lean, left, float(rng.uniform(-0.1, 0.1)), scale, top)
    return image.transform(image.size, Image.Transform.AFFINE, turned, Image.Resampling.BICUBIC)


def _of_another_size(image: Picture, rng: np.random.Generator) -> Picture:
    return image if rng.random() < 0.5 else _resized(image, float(rng.uniform(0.3, 1.0)))


def _resized(image: Picture, factor: float) -> Picture:
    from PIL import Image

    width, height = image.size
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


def _clipped(values: Floats) -> Pixels:
    clipped: Pixels = np.clip(values, 0, 255).astype(np.uint8)
    return clipped


def _packed(picture: Pixels, quality: int) -> Pixels:
    from PIL import Image

    packed = io.BytesIO()
    Image.fromarray(picture).save(packed, "JPEG", quality=quality)
    return np.array(Image.open(packed).convert("RGB"))
