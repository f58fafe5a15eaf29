"""Fits the voice network: a few small perceptrons on statistics, joined in one ONNX file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from sentio_models.estimate import EMOTIONS
from sentio_models.evaluation.sounds import statistics_of
from sentio_models.fitting.shipping import ship
from sentio_models.fitting.torch_export import OPSET, to_onnx
from sentio_models.fitting.voice_data import CLASSES, Voices, vary
from sentio_models.manifest import Tensor
from sentio_models.voice.statistics import NAMES

Floats = NDArray[np.float64]

SCALE = 0.5
"""Arousal and valence of a typical high or low voice: labels know two sides, not how far."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a network is fitted.

    Attributes:
        hidden: Units of the two layers.
        epochs: Passes over all rows.
        rate: Peak step size of AdamW.
        decay: Weight decay.
        dropout: Of inputs and of hidden units.
        mix: Strength of mixing pairs of rows (Zhang et al. 2018); 0 for none.
        smooth: Label smoothing.
        members: Perceptrons that are averaged.
        seed: Of everything.
    """

    hidden: tuple[int, int] = (128, 64)
    epochs: int = 40
    rate: float = 2e-3
    decay: float = 1e-2
    dropout: tuple[float, float] = (0.2, 0.4)
    mix: float = 0.3
    smooth: float = 0.05
    members: int = 5
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Rows:
    """Statistics with their targets; several variations of a recording share its index.

    Attributes:
        values: Shape ``(n, len(NAMES))``.
        source: Which recording each row is of.
        plain: Whether it is the recording itself.
    """

    values: Floats
    source: NDArray[np.int64]
    plain: NDArray[np.bool_]


def measure(
    voices: Voices, copies: int, seed: int, told: Callable[[int, int], None] | None = None
) -> Rows:
    """Hear every recording as it is and in so many variations."""
    rng = np.random.default_rng(seed)
    values, source, plain = [], [], []
    for index, sound in enumerate(voices.sounds):
        for copy in range(copies + 1):
            found = statistics_of(vary(sound, rng) if copy else sound)
            if found is not None:
                values.append(found)
                source.append(index)
                plain.append(copy == 0)
        if told:
            told(index + 1, len(voices.sounds))
    return Rows(np.array(values), np.array(source, np.int64), np.array(plain, np.bool_))


class Net(nn.Module):
    """One perceptron: logits of the classes, then of arousal, valence and laughter."""

    def __init__(self, recipe: Recipe) -> None:
        super().__init__()
        wide, narrow = recipe.hidden
        first, rest = recipe.dropout
        self.layers = nn.Sequential(
            nn.Dropout(first),
            nn.Linear(len(NAMES), wide),
            nn.ReLU(),
            nn.Dropout(rest),
            nn.Linear(wide, narrow),
            nn.ReLU(),
            nn.Dropout(rest),
            nn.Linear(narrow, len(CLASSES) + 3),
        )

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        """Return logits, shape ``(n, len(CLASSES) + 3)``."""
        return self.layers(values)


class Joined(nn.Module):
    """The members with normalisation before and what is reported after."""

    def __init__(self, members: list[Net], centre: Floats, scale: Floats) -> None:
        super().__init__()
        self.members = nn.ModuleList(members)
        self.register_buffer("centre", torch.from_numpy(centre.astype(np.float32)))
        self.register_buffer("scale", torch.from_numpy(scale.astype(np.float32)))
        self.temperature = 1.0

    def logits(self, values: torch.Tensor) -> torch.Tensor:
        """Return mean logits of classes, arousal, valence, laughter."""
        near = torch.clamp((values - self.centre) / self.scale, -4.0, 4.0)
        return torch.stack([member(near) for member in self.members]).mean(0)

    def forward(
        self, values: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
        """Return emotions, arousal, valence and laughter as the manifest describes them."""
        said = self.logits(values)
        count = len(CLASSES)
        shares = torch.softmax(said[:, :count] / self.temperature, dim=1)
        # Boredom shows as neutral; contempt was never heard.
        neutral = shares[:, :1] + shares[:, -1:]
        emotions = torch.cat([neutral, shares[:, 1:-1], 0 * neutral], dim=1)
        arousal, valence = (
            SCALE * torch.tanh(said[:, count + i : count + i + 1] / 2) for i in range(2)
        )
        return emotions, arousal, valence, torch.sigmoid(said[:, count + 2 :])


def fit(rows: Rows, voices: Voices, use: NDArray[np.bool_], recipe: Recipe) -> Joined:
    """Fit on the rows of the recordings in ``use``.

    Args:
        rows: Statistics of all recordings.
        voices: Their labels.
        use: By recording: whether it may be learnt from.
        recipe: How.
    """
    chosen = use[rows.source]
    values, source = rows.values[chosen], rows.source[chosen]
    centre, scale = values.mean(axis=0), values.std(axis=0) + 1e-6
    inputs = torch.from_numpy(np.clip((values - centre) / scale, -4, 4).astype(np.float32))
    targets = _targets(voices, source, recipe.smooth)
    members = [_member(inputs, targets, recipe, recipe.seed + m) for m in range(recipe.members)]
    return Joined(members, centre, scale).eval()


@dataclass(frozen=True, slots=True)
class _Targets:
    classes: torch.Tensor
    class_weight: torch.Tensor
    sides: torch.Tensor
    side_weight: torch.Tensor


def _targets(voices: Voices, source: NDArray[np.int64], smooth: float) -> _Targets:
    emotion = voices.emotion[source]
    known = emotion >= 0
    classes = np.zeros((len(source), len(CLASSES)))
    classes[np.flatnonzero(known), emotion[known]] = 1
    classes = classes * (1 - smooth) + smooth / len(CLASSES)
    # Each class of each corpus weighs alike.
    cell = np.char.add(voices.corpus[source], voices.labels[source])
    _, member, count = np.unique(cell, return_inverse=True, return_counts=True)
    balance = len(source) / len(count) / count[member]
    sides = np.stack([voices.arousal, voices.valence, voices.laughter], axis=1)[source]
    weight = np.isfinite(sides) * balance[:, None]

    def tensor(values: NDArray[Any]) -> torch.Tensor:
        return torch.from_numpy(values.astype(np.float32))

    return _Targets(
        tensor(classes), tensor(known * balance), tensor(np.nan_to_num(sides)), tensor(weight)
    )


def _member(inputs: torch.Tensor, targets: _Targets, recipe: Recipe, seed: int) -> Net:
    torch.manual_seed(seed)
    net = Net(recipe)
    batch = 256
    steps = recipe.epochs * max(1, len(inputs) // batch)
    optimiser = torch.optim.AdamW(net.parameters(), recipe.rate, weight_decay=recipe.decay)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, recipe.rate, steps)
    mixing = torch.distributions.Beta(recipe.mix, recipe.mix) if recipe.mix else None
    net.train()
    for _ in range(steps):
        pick = torch.randint(len(inputs), (batch,))
        x, c, cw = inputs[pick], targets.classes[pick], targets.class_weight[pick]
        s, sw = targets.sides[pick], targets.side_weight[pick]
        parts = [(c, cw, s, sw, 1.0)]
        if mixing is not None:
            share = float(mixing.sample())
            x = share * x + (1 - share) * x.roll(1, 0)
            other = (c.roll(1, 0), cw.roll(1, 0), s.roll(1, 0), sw.roll(1, 0))
            parts = [(c, cw, s, sw, share), (*other, 1 - share)]
        said = net(x)
        loss = sum(part[4] * _loss(said, *part[:4]) for part in parts)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
    return net.eval()


def _loss(
    said: torch.Tensor,
    classes: torch.Tensor,
    class_weight: torch.Tensor,
    sides: torch.Tensor,
    side_weight: torch.Tensor,
) -> torch.Tensor:
    count = len(CLASSES)
    cross = -(classes * torch.log_softmax(said[:, :count], dim=1)).sum(dim=1)
    binary = nn.functional.binary_cross_entropy_with_logits(
        said[:, count:], sides, reduction="none"
    )
    return (class_weight * cross).mean() + (side_weight * binary).mean(dim=0).sum()


def export(net: Joined, folder: Path, sd: dict[str, float], trained_on: str) -> Path:
    """Write ``voice.onnx`` and its manifest; return the manifest's path."""
    outputs = {"emotions": len(EMOTIONS), "arousal": 1, "valence": 1, "laughter": 1}
    probe = torch.zeros(1, len(NAMES))
    blob = to_onnx(net, (probe,), ["statistics"], list(outputs), half=True)
    labels = {"emotions": list(EMOTIONS)}
    return ship(
        folder,
        "voice",
        blob,
        modality="voice",
        opset=OPSET,
        inputs=[Tensor("statistics", [1, len(NAMES)], "see voice.statistics", list(NAMES))],
        outputs=[Tensor(n, [1, k], "", labels.get(n, [])) for n, k in outputs.items()],
        constants={"sd": sd},
        trained_on=trained_on,
        preprocessing="sentio_models.voice.statistics.summarise",
        card="models/cards/voice.md",
    )
