"""Augment face crops: pose, camera, light and covered parts.

FER+ was collected with few cameras' looks: its tiles are small, grey, and slightly soft. Crops of
a webcam are sharper, noisier, compressed and lit by a screen, and a landmarker places them less
well. Each effect is applied to a part of a batch, so that the plain look stays the most frequent.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import astuple, dataclass

import torch
from torch import Tensor
from torch.nn import functional

from sentio_models.modalities.face.align import SIZE


@dataclass(frozen=True, slots=True)
class Shifts:
    """How often each effect of other cameras is applied, shares of the images.

    Attributes:
        unaligned: The tile as it is, without the landmarks' alignment.
        far: Low resolution.
        blurred: Out of focus.
        sharpened: Sharper than FER+, as in-camera sharpening and larger images are.
        exposed: Contrast and brightness far from FER+'s, clipped like a sensor.
        packed: Compressed in blocks like JPEG and video.
        side_lit: Light that falls along a direction.
        noisy: Noise of the sensor.
        covered: A hand, hair or a microphone, twice.
    """

    unaligned: float = 0.08
    far: float = 0.15
    blurred: float = 0.15
    sharpened: float = 0.3
    exposed: float = 0.25
    packed: float = 0.15
    side_lit: float = 0.4
    noisy: float = 0.4
    covered: float = 0.15

    def scaled(self, by: float) -> Shifts:
        """Return the same effects, ``by`` times as often."""
        return Shifts(*(share * by for share in astuple(self)))


class Dice:
    """Random numbers of one generator.

    Args:
        generator: Source of the numbers.
    """

    def __init__(self, generator: torch.Generator) -> None:
        self._generator = generator

    def chance(self, *shape: int) -> Tensor:
        """Return uniform numbers in 0..1."""
        return torch.rand(shape, generator=self._generator)

    def spread(self, *shape: int) -> Tensor:
        """Return standard normal numbers."""
        return torch.randn(shape, generator=self._generator)


def augment(
    images: Tensor,
    matrices: Tensor,
    side: int,
    generator: torch.Generator,
    shifts: Shifts = Shifts(),  # noqa: B008 - frozen
) -> Tensor:
    """Augment crops.

    Args:
        images: ``(n, 1, 48, 48)`` in 0..255.
        matrices: ``(n, 2, 3)``, from crop to image pixels (``align.similarity``).
        side: Side of the crops to return.
        generator: Random generator.
        shifts: How often each effect is applied.

    Returns:
        ``(n, 1, side, side)`` in 0..255.
    """
    dice = Dice(generator)
    x = _placed(images, matrices, side, dice, shifts.unaligned)
    x = _on_some(x, shifts.far, dice, _far)
    x = _on_some(x, shifts.blurred, dice, _blurred)
    x = _on_some(x, shifts.sharpened, dice, _sharpened)
    x = _lit(x, dice, shifts.side_lit)
    x = _on_some(x, shifts.exposed, dice, _exposed)
    noise = 8 * dice.chance(len(x), 1, 1, 1) * (dice.chance(len(x), 1, 1, 1) < shifts.noisy)
    x = (x + noise * dice.spread(*x.shape)).clamp(0, 255)
    x = _on_some(x, shifts.packed, dice, _packed)
    for _ in range(2):
        x = _covered(x, dice, shifts.covered)
    return x


def _on_some(
    x: Tensor, share: float, dice: Dice, change: Callable[[Tensor, Dice], Tensor]
) -> Tensor:
    some = dice.chance(len(x)) < share
    if some.any():
        x[some] = change(x[some], dice)
    return x


def _placed(images: Tensor, matrices: Tensor, side: int, dice: Dice, unaligned: float) -> Tensor:
    """Sample crops with random rotation, zoom, stretch, shear, mirroring and shift."""
    count = len(images)
    whole = torch.tensor([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
    bare = dice.chance(count, 1, 1) < unaligned
    matrices = torch.where(bare, whole, matrices)
    turn = 0.12 * dice.spread(count)
    zoom = torch.exp(0.08 * dice.spread(count))
    stretch = torch.exp(0.05 * dice.spread(count))
    shear = 0.06 * dice.spread(count)
    mirror = torch.where(dice.chance(count) < 0.5, -1.0, 1.0)
    inner = torch.stack(
        [
            torch.stack([zoom * stretch * mirror * turn.cos(), -zoom * turn.sin() + shear], -1),
            torch.stack([zoom * mirror * turn.sin(), zoom / stretch * turn.cos()], -1),
        ],
        1,
    )
    shift = 1.6 * dice.spread(count, 2)
    middle = (SIZE - 1) / 2
    line = (torch.arange(side) + 0.5) * SIZE / side - 0.5 - middle
    grid = torch.stack(torch.meshgrid(line, line, indexing="xy"), -1).reshape(1, -1, 2)
    local = grid @ inner.transpose(1, 2) + shift[:, None] + middle
    points = local @ matrices[:, :, :2].transpose(1, 2) + matrices[:, None, :, 2]
    unit = ((points + 0.5) * 2 / images.shape[-1] - 1).reshape(count, side, side, 2)
    mode = "bicubic" if float(dice.chance(1)) < 0.5 else "bilinear"
    return functional.grid_sample(
        images, unit, mode=mode, padding_mode="border", align_corners=False
    )


def _far(x: Tensor, dice: Dice) -> Tensor:
    side = x.shape[-1]
    small = 12 + int(float(dice.chance(1)) * (side * 2 // 3 - 12))
    low = functional.interpolate(x, (small, small), mode="area")
    return functional.interpolate(low, (side, side), mode="bilinear", align_corners=False)


def _soft(x: Tensor, sigma: float) -> Tensor:
    kernel = torch.exp(-0.5 * (torch.arange(-3, 4) / sigma) ** 2)
    kernel = kernel / kernel.sum()
    around = functional.pad(x, (3, 3, 3, 3), mode="replicate")
    return functional.conv2d(
        functional.conv2d(around, kernel.view(1, 1, 1, 7)), kernel.view(1, 1, 7, 1)
    )


def _blurred(x: Tensor, dice: Dice) -> Tensor:
    return _soft(x, 0.5 + 1.2 * float(dice.chance(1)))


def _sharpened(x: Tensor, dice: Dice) -> Tensor:
    amount = 1.6 * dice.chance(len(x), 1, 1, 1)
    return (x + amount * (x - _soft(x, 0.6 + 0.6 * float(dice.chance(1))))).clamp(0, 255)


def _lit(x: Tensor, dice: Dice, share: float) -> Tensor:
    count, side = len(x), x.shape[-1]
    slope = 0.25 * dice.spread(count, 2, 1, 1, 1) * (dice.chance(count, 1, 1, 1, 1) < share)
    ramp = torch.linspace(-1, 1, side)
    light = 1 + slope[:, 0] * ramp.view(1, 1, 1, -1) + slope[:, 1] * ramp.view(1, 1, -1, 1)
    gain = torch.exp(0.15 * dice.spread(count, 1, 1, 1))
    gamma = torch.exp(0.2 * dice.spread(count, 1, 1, 1))
    return (255 * (x.clamp(0, 255) / 255) ** gamma * light.clamp(0.2, 3) * gain).clamp(0, 255)


def _exposed(x: Tensor, dice: Dice) -> Tensor:
    contrast = torch.exp(0.5 * dice.spread(len(x), 1, 1, 1))
    offset = 40 * dice.spread(len(x), 1, 1, 1)
    return ((x - 128) * contrast + 128 + offset).clamp(0, 255)


def _cosines() -> Tensor:
    place = torch.arange(8.0)
    table = torch.cos((2 * place[None] + 1) * place[:, None] * math.pi / 16) / 2
    table[0] /= math.sqrt(2)
    return table


COSINES = _cosines()
"""Discrete cosine transform of eight samples, orthonormal."""

FREQUENCIES = 1.0 + torch.arange(8.0)[:, None] + torch.arange(8.0)[None]
"""Relative width of a quantisation step, which rises with frequency."""


def _packed(x: Tensor, dice: Dice) -> Tensor:
    """Quantise 8 x 8 blocks in the frequency domain."""
    count, side = len(x), x.shape[-1]
    lacking = -side % 8
    padded = functional.pad(x, (0, lacking, 0, lacking), mode="replicate")
    blocks = padded.unfold(2, 8, 8).unfold(3, 8, 8)
    step = FREQUENCIES * (1 + 9 * dice.chance(count, 1, 1, 1, 1, 1))
    waves = ((COSINES @ blocks @ COSINES.T) / step).round() * step
    back = COSINES.T @ waves @ COSINES
    joined = back.permute(0, 1, 2, 4, 3, 5).reshape(padded.shape)
    return joined[:, :, :side, :side].clamp(0, 255)


def _covered(x: Tensor, dice: Dice, share: float) -> Tensor:
    count, side = len(x), x.shape[-1]
    size = side * (0.15 + 0.3 * dice.chance(count, 2))
    centre = side * dice.chance(count, 2)
    pixel = torch.arange(side)
    hit = (pixel - centre[:, :, None]).abs() * 2 < size[:, :, None]
    hidden = hit[:, 0, :, None] & hit[:, 1, None, :] & (dice.chance(count) < share)[:, None, None]
    return torch.where(hidden[:, None], 255 * dice.chance(count, 1, 1, 1), x)
