"""Network from blendshapes to expressions, and its training."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from sentio_models.modalities.face.landmarks import BLENDSHAPES

COUNT = len(BLENDSHAPES)
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
            nn.Linear(2 * COUNT, 96), nn.ReLU(), nn.Dropout(0.2), nn.Linear(96, 48), nn.ReLU()
        )
        self.head = nn.Linear(48, 8)

    def forward(self, blendshapes: Tensor, known: Tensor) -> Tensor:
        """Return logits, shape ``(n, 8)``; unknown blendshapes count as average.

        Both inputs have shape ``(n, 52)``.
        """
        scaled = ((blendshapes - self.mean) / self.spread).clamp(-4, 4) * known
        logits: Tensor = self.head(self.layers(torch.cat([scaled, known], 1)))
        return logits


def fit(
    blendshapes: NDArray[np.float32],
    targets: NDArray[np.float32],
    *,
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
    steps = epochs * (len(x) // batch)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
    for _ in range(epochs):
        order = torch.randperm(len(x), generator=chance)
        for first in range(0, len(x) - batch + 1, batch):
            pick = order[first : first + batch]
            rows = x[pick]
            mirrored = torch.rand(len(rows), 1, generator=chance) < 0.5
            rows = torch.where(mirrored, rows[:, swap], rows)
            resting = calm * torch.rand(len(rows), 1, generator=chance)
            at_rest = torch.rand(len(rows), 1, generator=chance) < 0.5
            noise = 0.04 * torch.rand(rows.shape, generator=chance)
            rows = torch.where(at_rest, (rows - resting + noise).clamp(0, 1), rows)
            keep = torch.rand(len(rows), 1, generator=chance).clamp(min=0.2) * 1.6
            known = (torch.rand(rows.shape, generator=chance) < keep).float()
            loss = functional.cross_entropy(net(rows, known), wanted[pick])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
    return net.eval()
