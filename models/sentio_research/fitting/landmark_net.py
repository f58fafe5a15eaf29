"""Network from landmarks and blendshapes to expressions, and its training.

MediaPipe's blendshapes never show a wrinkled nose or raised cheeks, and compress a slight frown to
a few thousandths. Their logarithms and the 478 landmarks, brought to the crop's framing, keep both.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import cdist
from torch import Tensor, nn
from torch.nn import functional

from sentio_research.fitting.blendshape_net import SWAP

LEAST = 3e-3
"""Added to blendshapes before the logarithm: noise of a face at rest."""


def mirrored_points(mean: NDArray[np.floating]) -> NDArray[np.intp]:
    """Return the index of each landmark's mirror image, from the mean face.

    Args:
        mean: Shape ``(478, 3)``, the mean over many faces, centred on the crop's middle.

    Raises:
        ValueError: The pairs are far from mirror images, so the mean is no face.
    """
    distances = cdist(mean, mean * np.array([-1.0, 1.0, 1.0]))
    points, swap = linear_sum_assignment(distances)
    if distances[points, swap].mean() > 0.05 * float(np.ptp(mean[:, 0])):
        raise ValueError("landmarks have no mirror image: the mean is not of many faces")
    return np.asarray(swap, np.intp)


def both_forms(blendshapes: Tensor) -> Tensor:
    """Return blendshapes and their logarithms, shape ``(n, 104)``."""
    return torch.cat([blendshapes, torch.log(blendshapes + LEAST)], 1)


class LandmarkNet(nn.Module):
    """Network from landmarks and blendshapes to eight logits.

    Args:
        points: Landmarks of the training faces, shape ``(n, 478, 3)``, from
            ``modalities.face.align.framed``; their mean and spread are kept.
        blendshapes: Blendshapes of the same faces, shape ``(n, 52)``.
    """

    def __init__(self, points: Tensor, blendshapes: Tensor) -> None:
        super().__init__()
        forms = both_forms(blendshapes)
        self.register_buffer("mean", points.mean(0))
        self.register_buffer("spread", points.std(0) + 0.05)
        self.register_buffer("form_mean", forms.mean(0))
        self.register_buffer("form_spread", forms.std(0) + 0.02)
        swap = mirrored_points(points.mean(0).numpy())
        self.register_buffer("swap", torch.from_numpy(swap))
        self.register_buffer("flip", torch.tensor([-1.0, 1.0, 1.0]))
        self.register_buffer("form_swap", torch.from_numpy(SWAP))
        width = points.shape[1] * points.shape[2] + forms.shape[1]
        self.layers = nn.Sequential(
            nn.Dropout(0.1),
            nn.Linear(width, 256),
            nn.BatchNorm1d(256),
            nn.ReLU(),
            nn.Dropout(0.4),
            nn.Linear(256, 96),
            nn.ReLU(),
            nn.Dropout(0.3),
            nn.Linear(96, 8),
        )

    def forward(self, points: Tensor, blendshapes: Tensor) -> Tensor:
        """Return logits, shape ``(n, 8)``."""
        placed = ((points - self.mean) / self.spread).clamp(-4, 4).flatten(1)
        forms = ((both_forms(blendshapes) - self.form_mean) / self.form_spread).clamp(-4, 4)
        logits: Tensor = self.layers(torch.cat([placed, forms], 1))
        return logits

    def mirrored(self, points: Tensor, blendshapes: Tensor) -> tuple[Tensor, Tensor]:
        """Return the same face seen in a mirror."""
        return points[:, self.swap] * self.flip, blendshapes[:, self.form_swap]


class BothSides(nn.Module):
    """Mean of the logits of faces and of their mirror images, over several networks.

    Args:
        nets: Networks of equal preprocessing; several seeds are steadier than one.
    """

    def __init__(self, nets: list[LandmarkNet]) -> None:
        super().__init__()
        self.nets = nn.ModuleList(nets)

    def forward(self, points: Tensor, blendshapes: Tensor) -> Tensor:
        """Return logits, shape ``(n, 8)``."""
        logits = [
            side
            for net in self.nets
            for side in (
                net(points, blendshapes),
                net(*net.mirrored(points, blendshapes)),
            )
        ]
        return torch.stack(logits).mean(0)


def fit(
    points: NDArray[np.float32],
    blendshapes: NDArray[np.float32],
    targets: NDArray[np.float32],
    *,
    repeats: tuple[int, ...],
    adjustment: float = 0.5,
    epochs: int = 30,
    batch: int = 256,
    rate: float = 2e-3,
    seed: int = 0,
) -> LandmarkNet:
    """Train on soft votes with a logit-adjusted loss (Menon et al. 2021).

    Faces are mirrored at random, their points moved by a small affine map and noise, their
    blendshapes scaled.

    Args:
        points: Shape ``(n, 478, 3)``.
        blendshapes: Shape ``(n, 52)``, 0..1.
        targets: Shape ``(n, 8)``, shares of the raters' votes.
        repeats: Extra copies of the faces whose leading vote is this class, by class.
        adjustment: Share of the log prior that the loss adds, so that the logits lack it.
        epochs: Passes over the data.
        batch: Rows for each step.
        rate: Highest learning rate.
        seed: Seed of weights, order and augmentation.
    """
    torch.manual_seed(seed)
    chance = torch.Generator().manual_seed(seed)
    x, b, wanted = map(torch.from_numpy, (points, blendshapes, targets))
    net = LandmarkNet(x, b)
    each = np.arange(len(targets))
    extra = np.asarray(repeats)[targets.argmax(axis=1)]
    rows = torch.from_numpy(np.concatenate([each, np.repeat(each, extra)]))
    shares = wanted[rows].mean(0)
    adjusted = adjustment * torch.log(shares / shares.sum() + 1e-6)
    optimiser = torch.optim.AdamW(net.parameters(), lr=rate, weight_decay=0.05)
    steps = len(rows) // batch
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, rate, total_steps=epochs * steps, pct_start=0.1
    )

    def spread(*shape: int) -> Tensor:
        return torch.randn(shape, generator=chance)

    for _ in range(epochs):
        net.train()
        for pick in rows[torch.randperm(len(rows), generator=chance)].split(batch)[:steps]:
            p, s = x[pick], b[pick]
            turned = torch.rand(len(pick), 1, generator=chance) < 0.5
            mirrored, swapped = net.mirrored(p, s)
            p, s = torch.where(turned[:, :, None], mirrored, p), torch.where(turned, swapped, s)
            count = len(pick)
            p = p @ (torch.eye(3) + 0.03 * spread(count, 3, 3))
            p = p + 0.4 * spread(count, 1, 3) + 0.15 * spread(*p.shape)
            s = (s * torch.exp(0.15 * spread(*s.shape))).clamp(0, 1)
            loss = functional.cross_entropy(net(p, s) + adjusted, wanted[pick])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
    return net.eval()
