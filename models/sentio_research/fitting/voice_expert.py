"""Fit one expert on voices: small perceptrons plus a kernel machine.

The kernel machine is ridge regression on radial distances to landmarks (Nystrom features,
Williams & Seeger 2001), solved in closed form. The logits are added: on left-out speakers either
alone was worse than both.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

Floats = NDArray[np.float64]

FAR = 4.0
"""Limit of the inputs, spreads from the mean."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """Settings of the fit.

    Attributes:
        width: Width of the kernel: ``exp(-width * squared distance)``, distances in spreads.
        ridge: Penalty of the kernel machine, relative to the rows' weight.
        landmarks: Number of landmark rows.
        belief: Factor from the kernel machine's scores (-1..1) to logits.
        hidden: Units of a perceptron's two layers.
        dropout: Dropout of a perceptron's inputs and hidden units.
        epochs: Passes over all rows.
        rate: Peak step size of AdamW.
        decay: Weight decay.
        smooth: Label smoothing.
        members: Number of perceptrons.
    """

    width: float
    ridge: float
    landmarks: int = 1000
    belief: float = 4.0
    hidden: tuple[int, int] = (128, 64)
    dropout: tuple[float, float] = (0.2, 0.5)
    epochs: int = 15
    rate: float = 2e-3
    decay: float = 1e-2
    smooth: float = 0.05
    members: int = 2


@dataclass(frozen=True, slots=True)
class Targets:
    """Targets of the rows.

    Attributes:
        classes: Class of each row, -1 if unknown.
        count: Number of classes; may be 0.
        sides: Shape ``(n, k)``: binary ratings 0..1; NaN if unknown.
        weight: Weight of each row.
    """

    classes: NDArray[np.int64]
    count: int
    sides: Floats
    weight: Floats

    @property
    def width(self) -> int:
        """Number of outputs: classes, then sides."""
        return self.count + self.sides.shape[1]


class Kernel(nn.Module):
    """Scores from distances to landmarks."""

    def __init__(self, landmarks: Floats, heights: Floats, width: float) -> None:
        super().__init__()
        self.width = width
        self.register_buffer("landmarks", torch.from_numpy(landmarks.T.astype(np.float32)))
        self.register_buffer("lengths", (self.landmarks**2).sum(dim=0, keepdim=True))
        self.register_buffer("heights", torch.from_numpy(heights.astype(np.float32)))

    def forward(self, near: torch.Tensor) -> torch.Tensor:
        """Return scores, about -1..1."""
        square = (near**2).sum(dim=1, keepdim=True) + self.lengths - 2 * near @ self.landmarks
        return torch.exp(-self.width * square) @ self.heights


class Expert(nn.Module):
    """Network of normalisation, kernel machine and perceptrons; returns logits."""

    def __init__(
        self, centre: Floats, scale: Floats, kernel: Kernel, members: list[nn.Module], belief: float
    ) -> None:
        super().__init__()
        self.register_buffer("centre", torch.from_numpy(centre.astype(np.float32)))
        self.register_buffer("scale", torch.from_numpy(scale.astype(np.float32)))
        self.kernel, self.members, self.belief = kernel, nn.ModuleList(members), belief

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        """Return logits of the classes, then of the sides."""
        near = torch.clamp((values - self.centre) / self.scale, -FAR, FAR)
        perceptrons = torch.stack([member(near) for member in self.members]).mean(0)
        return perceptrons + self.belief * self.kernel(near)


def fit_expert(values: Floats, targets: Targets, recipe: Recipe, seed: int) -> Expert:
    """Fit an expert on rows of statistics."""
    centre, scale = values.mean(axis=0), values.std(axis=0) + 1e-6
    near = np.clip((values - centre) / scale, -FAR, FAR)
    kernel = _kernel(near, targets, recipe, seed)
    members = [_perceptron(near, targets, recipe, seed + m) for m in range(recipe.members)]
    return Expert(centre, scale, kernel, members, recipe.belief).eval()


def _kernel(near: Floats, targets: Targets, recipe: Recipe, seed: int) -> Kernel:
    rng = np.random.default_rng(seed)
    # The file stores 16 bits: the heights are fitted to the rounded landmarks.
    marks = near[rng.permutation(len(near))[: recipe.landmarks]].astype(np.float16)
    landmarks = marks.astype(np.float64)
    between = _closeness(landmarks, landmarks, recipe.width) + 1e-6 * np.eye(len(landmarks))
    close = _closeness(near, landmarks, recipe.width)
    heights = np.zeros((len(landmarks), targets.width))

    def solve(rows: NDArray[np.bool_], goals: Floats) -> Floats:
        # Rare categories are weighted by the inverse square root of their share.
        weight = np.sqrt(targets.weight[rows])[:, None]
        weighted = close[rows] * weight
        penalty = recipe.ridge * float(weight.sum()) * between
        left, right = close[rows].T @ weighted + penalty, weighted.T @ goals
        return np.asarray(np.linalg.solve(left, right), np.float64)

    known = targets.classes >= 0
    if targets.count and known.any():
        same = targets.classes[known, None] == np.arange(targets.count)
        heights[:, : targets.count] = solve(known, 2.0 * same - 1.0)
    for k in range(targets.sides.shape[1]):
        side = targets.sides[:, k : k + 1]
        rows = np.isfinite(side[:, 0])
        if not rows.any():
            continue  # no labels: undecided
        heights[:, targets.count + k] = solve(rows, 2.0 * side[rows] - 1.0)[:, 0]
    return Kernel(landmarks, heights, recipe.width)


def _closeness(values: Floats, landmarks: Floats, width: float) -> Floats:
    square = (values**2).sum(axis=1)[:, None] + (landmarks**2).sum(axis=1)
    return np.asarray(np.exp(-width * (square - 2 * values @ landmarks.T)), np.float64)


def _perceptron(near: Floats, targets: Targets, recipe: Recipe, seed: int) -> nn.Module:
    torch.manual_seed(seed)
    wide, narrow = recipe.hidden
    first, rest = recipe.dropout
    net = nn.Sequential(
        nn.Dropout(first),
        nn.Linear(near.shape[1], wide),
        nn.ReLU(),
        nn.Dropout(rest),
        nn.Linear(wide, narrow),
        nn.ReLU(),
        nn.Dropout(rest),
        nn.Linear(narrow, targets.width),
    )
    inputs = torch.from_numpy(near.astype(np.float32))
    known = targets.classes >= 0
    goal: Floats = np.full((len(near), targets.count), recipe.smooth / max(targets.count, 1))
    goal[np.flatnonzero(known), targets.classes[known]] += 1 - recipe.smooth
    classes, class_weight, sides, side_weight = (
        torch.from_numpy(part.astype(np.float32))
        for part in (
            goal,
            known * targets.weight,
            np.nan_to_num(targets.sides),
            np.isfinite(targets.sides) * targets.weight[:, None],
        )
    )
    batch = 128
    steps = recipe.epochs * max(1, len(inputs) // batch)
    optimiser = torch.optim.AdamW(net.parameters(), recipe.rate, weight_decay=recipe.decay)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, recipe.rate, steps)
    net.train()
    for _ in range(steps):
        pick = torch.randint(len(inputs), (batch,))
        logits = net(inputs[pick])
        binary = nn.functional.binary_cross_entropy_with_logits(
            logits[:, targets.count :], sides[pick], reduction="none"
        )
        loss = (side_weight[pick] * binary).mean(dim=0).sum()
        if targets.count:
            shares = torch.log_softmax(logits[:, : targets.count], dim=1)
            loss = loss - (class_weight[pick] * (classes[pick] * shares).sum(dim=1)).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
    return net.eval()
