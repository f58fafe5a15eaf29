"""Network from blendshapes to expressions, and its training."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from sentio_models.modalities.face.landmarks import BLENDSHAPES
from sentio_research.fitting.face_prototypes import draw

COUNT = len(BLENDSHAPES)
LEAST = 0.01
"""Added before the logarithm: noise of a face at rest, in trackers of every kind."""

SWAP = np.array(
    [
        BLENDSHAPES.index(n.replace("Left", "*").replace("Right", "Left").replace("*", "Right"))
        for n in BLENDSHAPES
    ]
)
"""Index of each blendshape in the mirrored face."""


class BlendshapeNet(nn.Module):
    """Network from blendshapes and a mask of known ones to eight logits.

    Args:
        mean: Mean of each blendshape over the training faces.
        spread: Standard deviation of each.
    """

    def __init__(self, mean: NDArray[np.float32], spread: NDArray[np.float32]) -> None:
        super().__init__()
        self.register_buffer("mean", torch.from_numpy(mean))
        self.register_buffer("spread", torch.from_numpy(spread))
        self.layers = nn.Sequential(
            nn.Linear(3 * COUNT, 96), nn.ReLU(), nn.Dropout(0.2), nn.Linear(96, 48), nn.ReLU()
        )
        self.head = nn.Linear(48, 8)

    def forward(self, blendshapes: Tensor, known: Tensor) -> Tensor:
        """Return logits, shape ``(n, 8)``; unknown blendshapes count as average.

        Both inputs have shape ``(n, 52)``.
        """
        scaled = ((blendshapes - self.mean) / self.spread).clamp(-4, 4) * known
        # Trackers compress slight movements: their logarithm keeps them apart.
        faint = (torch.log(blendshapes.clamp(0, 1) + LEAST) + 3.0) / 2.0 * known
        logits: Tensor = self.head(self.layers(torch.cat([scaled, faint, known], 1)))
        return logits


POOL = 8000
"""Prototypes that are drawn once and used again."""


def fit(
    blendshapes: NDArray[np.float32],
    targets: NDArray[np.float32],
    *,
    repeats: tuple[int, ...] = (0,) * 8,
    adjustment: float = 0.0,
    drawn: float = 0.0,
    epochs: int = 60,
    batch: int = 256,
    rate: float = 2e-3,
    seed: int = 0,
) -> BlendshapeNet:
    """Train on soft votes, mirrored at random, with some blendshapes hidden at random.

    MediaPipe's blendshapes of a neutral face are not 0, a headset's are after its calibration.
    Therefore a random part of the mean of neutral faces is subtracted, and noise as of other
    trackers is added.

    Args:
        blendshapes: Shape ``(n, 52)``, 0..1.
        targets: Shape ``(n, 8)``, shares of the raters' votes.
        repeats: Extra copies of the faces whose leading vote is this class, by class.
        adjustment: Share of the log prior that the loss adds, so that the logits lack it.
        drawn: Share of each batch that is drawn from ``face_prototypes`` beside the data.
        epochs: Passes over the data.
        batch: Rows for each step.
        rate: Highest learning rate; it falls along a cosine.
        seed: Seed of weights, order, mirroring and hiding.
    """
    torch.manual_seed(seed)
    chance = torch.Generator().manual_seed(seed)
    x, wanted = torch.from_numpy(blendshapes), torch.from_numpy(targets)
    swap = torch.from_numpy(SWAP)
    calm = torch.from_numpy(np.median(blendshapes[targets[:, 0] > 0.8], axis=0))
    net = BlendshapeNet(blendshapes.mean(0), blendshapes.std(0) + 0.05)
    optimiser = torch.optim.AdamW(net.parameters(), lr=rate, weight_decay=0.02)
    each = np.arange(len(targets))
    extra = np.asarray(repeats)[targets.argmax(axis=1)]
    chosen = torch.from_numpy(np.concatenate([each, np.repeat(each, extra)]))
    shares = wanted[chosen].mean(0)
    adjusted = adjustment * torch.log(shares / shares.sum() + 1e-6)
    rng, more = np.random.default_rng(seed), round(drawn * batch)
    pool_x, pool_y = map(torch.from_numpy, draw(POOL if more else 0, rng))
    steps = epochs * (len(chosen) // batch)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
    for _ in range(epochs):
        order = chosen[torch.randperm(len(chosen), generator=chance)]
        for first in range(0, len(chosen) - batch + 1, batch):
            pick = order[first : first + batch]
            rows, votes = x[pick], wanted[pick]
            mirrored = torch.rand(len(rows), 1, generator=chance) < 0.5
            rows = torch.where(mirrored, rows[:, swap], rows)
            resting = calm * torch.rand(len(rows), 1, generator=chance)
            at_rest = torch.rand(len(rows), 1, generator=chance) < 0.5
            noise = 0.04 * torch.rand(rows.shape, generator=chance)
            rows = torch.where(at_rest, (rows - resting + noise).clamp(0, 1), rows)
            keep = torch.rand(len(rows), 1, generator=chance).clamp(min=0.2) * 1.6
            known = (torch.rand(rows.shape, generator=chance) < keep).float()
            prior = adjusted.expand(len(rows), -1)
            if more:
                ours = torch.randint(len(pool_x), (more,), generator=chance)
                rows, votes = torch.cat([rows, pool_x[ours]]), torch.cat([votes, pool_y[ours]])
                known = torch.cat([known, torch.ones(more, COUNT)])
                # Prototypes are balanced: no prior to take out.
                prior = torch.cat([prior, torch.zeros(more, 8)])
            loss = functional.cross_entropy(net(rows, known) + prior, votes)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
    return net.eval()
