"""Crop network and its training.

Soft votes, aligned crops, weights for rare classes, averaged weights.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from sentio_research.fitting.face_augment import Shifts, augment

CLASSES = 8


@dataclass(frozen=True, slots=True)
class Recipe:
    """Settings of the training.

    Attributes:
        cycles: Crop side, epochs and highest learning rate of each cycle; within one the rate
            rises over the first ``warm`` of the steps and falls linearly to 0 (restarts as in
            Loshchilov and Hutter 2017). Small crops first cost two thirds. The last side is that
            of the final network.
        shifted: How often the effects of other cameras are applied in each cycle, relative to
            ``Shifts``; 1 where it is shorter than ``cycles``.
        batch: Images for each step.
        warm: Share of a cycle's steps with rising rate.
        decay: Weight decay.
        repeats: Extra copies in each epoch of images whose leading vote is this class: rare ones
            are only one in two hundred otherwise.
        adjustment: Share of the log prior that the loss adds to the logits, so that they lack it
            (Menon et al. 2021): rare classes then get margins of their own.
        average: Decay of the moving average of the weights, which is what is returned.
        seed: Seed of weights, order and augmentation.
    """

    cycles: tuple[tuple[int, int, float], ...] = ((32, 10, 0.1), (40, 9, 0.06), (40, 7, 0.04))
    shifted: tuple[float, ...] = ()
    batch: int = 128
    warm: float = 0.1
    decay: float = 5e-4
    repeats: tuple[int, ...] = (0, 0, 0, 0, 0, 3, 1, 3)
    adjustment: float = 0.7
    average: float = 0.998
    seed: int = 0

    @property
    def sides(self) -> tuple[int, ...]:
        """Crop side of each epoch."""
        return tuple(side for side, epochs, _ in self.cycles for _ in range(epochs))

    def shifts(self, epoch: int) -> Shifts:
        """Return how often each effect of other cameras is applied in an epoch."""
        for number, (_, epochs, _) in enumerate(self.cycles):
            if epoch < epochs:
                return Shifts().scaled(self.shifted[number] if number < len(self.shifted) else 1.0)
            epoch -= epochs
        return Shifts()

    def rate(self, step: int, an_epoch: int) -> float:
        """Return the learning rate of a step, with ``an_epoch`` steps in an epoch."""
        for _, epochs, peak in self.cycles:
            steps = epochs * an_epoch
            if step < steps:
                warm = max(1, int(self.warm * steps))
                return peak * min((step + 1) / warm, (steps - step) / (steps - warm))
            step -= steps
        return 0.0


def _conv(inputs: int, outputs: int, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU()
    )


class Residual(nn.Module):
    """Residual block of two convolutions (He et al. 2016)."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.first = _conv(width, width)
        self.second = nn.Sequential(
            nn.Conv2d(width, width, 3, 1, 1, bias=False), nn.BatchNorm2d(width)
        )
        nn.init.zeros_(self.second[1].weight)

    def forward(self, x: Tensor) -> Tensor:
        """Return the features, same shape."""
        return functional.relu(x + self.second(self.first(x)))


class FaceNet(nn.Module):
    """Network from grey crops to eight logits; 1.05 M parameters.

    Crops have shape ``(n, 1, s, s)`` and values 0..255. They are standardised by their mean and
    spread, which removes brightness and contrast.
    """

    def __init__(self, widths: tuple[int, int, int] = (32, 96, 192)) -> None:
        super().__init__()
        a, b, c = widths
        self.features = nn.Sequential(
            _conv(1, 16),
            _conv(16, a, 2),
            Residual(a),
            _conv(a, b, 2),
            Residual(b),
            _conv(b, c, 2),
            Residual(c),
        )
        self.drop = nn.Dropout(0.25)
        self.head = nn.Linear(c, CLASSES)

    def forward(self, grey: Tensor) -> Tensor:
        """Return logits, shape ``(n, 8)``."""
        mean = grey.mean(dim=(1, 2, 3), keepdim=True)
        centred = grey - mean
        spread = (centred * centred).mean(dim=(1, 2, 3), keepdim=True).sqrt()
        x = self.features(centred / (spread + 4.0))
        logits: Tensor = self.head(self.drop(x.mean(dim=(2, 3))))
        return logits


class Mirrored(nn.Module):
    """Mean of the logits of a face and of its mirror image."""

    def __init__(self, net: nn.Module) -> None:
        super().__init__()
        self.net = net

    def forward(self, grey: Tensor) -> Tensor:
        """Return logits, shape ``(n, 8)``."""
        both: Tensor = self.net(torch.cat([grey, grey.flip(3)]))
        first, second = both.chunk(2)
        return (first + second) / 2


def fit(
    images: NDArray[np.uint8],
    matrices: NDArray[np.float64],
    targets: NDArray[np.float32],
    recipe: Recipe,
    *,
    start: FaceNet | None = None,
    resume: Mapping[str, Any] | None = None,
    epoch_done: Callable[[int, float, dict[str, Any]], None] = lambda _epoch, _loss, _state: None,
) -> FaceNet:
    """Train the crop network.

    Args:
        images: ``(n, 48, 48)``.
        matrices: ``(n, 2, 3)``, each image's alignment.
        targets: ``(n, 8)``, shares of the raters' votes; rows of 0 are ignored.
        recipe: Settings of the training.
        start: Network to go on from; default is a new one.
        resume: Last state passed to ``epoch_done``, to continue a stopped run.
        epoch_done: Called with the epoch, its mean loss and the state to continue from.

    Returns:
        The network in evaluation mode.
    """
    torch.manual_seed(recipe.seed)
    chance = torch.Generator().manual_seed(recipe.seed)
    kept = np.flatnonzero(targets.sum(axis=1) > 0)
    extra = np.asarray(recipe.repeats)[targets[kept].argmax(axis=1)]
    rows = torch.from_numpy(np.concatenate([kept, np.repeat(kept, extra)]))
    pixels = torch.from_numpy(images)[:, None]
    places = torch.from_numpy(matrices.astype(np.float32))
    wanted = torch.from_numpy(targets)

    shares = targets[rows.numpy()].mean(axis=0)
    adjusted = recipe.adjustment * torch.log(torch.from_numpy(shares / shares.sum()) + 1e-6)
    net = (start or FaceNet()).to(memory_format=torch.channels_last)
    if start is not None:
        with torch.no_grad():
            net.head.bias.sub_(adjusted)
    averaged = copy.deepcopy(net).eval()
    plain = [p for p in net.parameters() if p.ndim == 1]
    decayed = [p for p in net.parameters() if p.ndim > 1]
    optimiser = torch.optim.SGD(
        [{"params": plain, "weight_decay": 0.0}, {"params": decayed}],
        lr=1.0,
        momentum=0.9,
        nesterov=True,
        weight_decay=recipe.decay,
    )
    a_epoch = len(rows) // recipe.batch
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda s: recipe.rate(s, a_epoch))
    parts = {"net": net, "averaged": averaged, "optimiser": optimiser, "schedule": schedule}
    first = 0
    if resume is not None:
        first = resume["epoch"] + 1
        for name, part in parts.items():
            part.load_state_dict(resume[name])
        chance.set_state(resume["chance"])
        torch.set_rng_state(resume["dropout"])
    for epoch, side in list(enumerate(recipe.sides))[first:]:
        net.train()
        order = rows[torch.randperm(len(rows), generator=chance)]
        total = 0.0
        for index in range(a_epoch):
            pick = order[index * recipe.batch : (index + 1) * recipe.batch]
            crops = augment(pixels[pick].float(), places[pick], side, chance, recipe.shifts(epoch))
            with torch.autocast("cpu", dtype=torch.bfloat16):
                logits = net(crops.contiguous(memory_format=torch.channels_last))
            loss = functional.cross_entropy(logits.float() + adjusted, wanted[pick])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            _follow(averaged, net, min(recipe.average, 1 - 19 / (epoch * a_epoch + index + 20)))
            total += loss.item()
        state = {name: part.state_dict() for name, part in parts.items()}
        state |= {"epoch": epoch, "chance": chance.get_state(), "dropout": torch.get_rng_state()}
        epoch_done(epoch, total / a_epoch, state)
    return averaged


@torch.no_grad()
def _follow(averaged: FaceNet, net: FaceNet, keep: float) -> None:
    """Move the averaged weights and statistics towards those of the network."""
    for slow, fast in zip(averaged.parameters(), net.parameters(), strict=True):
        slow.lerp_(fast, 1 - keep)
    for slow, fast in zip(averaged.buffers(), net.buffers(), strict=True):
        if slow.dtype.is_floating_point:
            slow.lerp_(fast, 1 - keep)


@torch.no_grad()
def logits_of(net: nn.Module, crops: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the network's logits, shape ``(n, 8)``, for crops ``(n, 48, 48)``."""
    batches = torch.from_numpy(crops)[:, None].split(256)
    return torch.cat([net(batch) for batch in batches]).numpy()
