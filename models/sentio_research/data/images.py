"""Read image files with Pillow (part of the extra ``report``)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sentio_models.errors import ModelMissingError, ModelRefusedError

ENDINGS = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".webp"})
MAX_SIDE = 1920
"""Larger photos are reduced to this: the landmarker works at 256 pixels a face."""


def read_grey(path: Path) -> NDArray[np.uint8]:
    """Read an image as ``(height, width)`` grey."""
    return np.array(_open(path).convert("L"))


def read_rgb(path: Path) -> NDArray[np.uint8]:
    """Read a photo as ``(height, width, 3)`` RGB, at most 1920 wide.

    It is rotated according to its EXIF data.

    Raises:
        ModelMissingError: Pillow is not installed.
        ModelRefusedError: The file is not an image.
    """
    from PIL import ImageOps

    picture = ImageOps.exif_transpose(_open(path)).convert("RGB")
    picture.thumbnail((MAX_SIDE, MAX_SIDE))
    return np.array(picture)


def enlarge(grey: NDArray[np.uint8], times: int) -> NDArray[np.uint8]:
    """Enlarge the image ``times`` times (bicubic)."""
    from PIL import Image

    height, width = grey.shape
    large = Image.fromarray(grey).resize((width * times, height * times), Image.Resampling.BICUBIC)
    return np.array(large)


def _open(path: Path) -> Any:
    try:
        from PIL import Image
    except ImportError:
        raise ModelMissingError(
            "reading images needs Pillow, which is not installed",
            "pip install 'sentio-affect[report]'",
        ) from None
    try:
        with Image.open(path) as picture:
            picture.load()
            return picture
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        raise ModelRefusedError(f"{path.name} is not a readable image: {error}") from None
