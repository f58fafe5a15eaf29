"""Fit the voice network: three experts on statistics, in one ONNX file.

One expert is fitted on speech, one on vocal bursts, and a third separates the two and detects
laughter. A single expert fitted on both recognised emotions of speech less well (mean recall .62
against .70, left-out speakers).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from sentio_models.estimate import EMOTIONS
from sentio_models.modalities.voice.statistics import NAMES
from sentio_models.runtime.manifest import Tensor
from sentio_research.data.sounds import Samples, statistics_of
from sentio_research.data.voice import CLASSES, Voices, vary
from sentio_research.fitting.calibrate import softmax
from sentio_research.fitting.shipping import ship
from sentio_research.fitting.torch_export import OPSET, to_onnx
from sentio_research.fitting.voice_expert import FAR, Expert, Recipe, Targets, fit_expert
from sentio_research.fitting.voice_live import SCALE, WITHIN

Floats = NDArray[np.float64]

DOUBT = 0.15
"""Least share of each expert: the third expert was fitted on two collections, which differ in more
than speech or bursts."""

HOLD = 3e-4
"""Parameter C of scikit-learn in the linear regression of arousal."""

LEAST = 1e-6
"""Least share of a class, so that its logarithm is finite."""

COPIES = 3
"""Number of augmented copies of each recording."""

SIDES = ("arousal", "valence", "laughter")

AROUSAL, VALENCE, LAUGHTER = (len(CLASSES) + i for i in range(len(SIDES)))
"""Logits in the output of ``predict``, after the log shares of the classes."""

RECIPES = {
    "emodb": Recipe(width=0.002, ridge=3e-5),
    "bursts": Recipe(width=0.001, ridge=3e-4),
    "kind": Recipe(width=0.001, ridge=3e-4, landmarks=400, members=1),
}


@dataclass(frozen=True, slots=True)
class Rows:
    """Statistics of recordings; augmented copies share the index.

    Attributes:
        values: Shape ``(n, len(NAMES))``.
        source: Index of each row's recording.
        plain: Whether it is the recording itself.
    """

    values: Floats
    source: NDArray[np.int64]
    plain: NDArray[np.bool_]


def measure(
    voices: Voices,
    copies: int,
    seed: int,
    notify: Callable[[int, int], None] | None = None,
    condition: Callable[[Samples], Samples] = lambda sound: sound,
) -> Rows:
    """Compute statistics of every recording and of augmented copies."""
    rng = np.random.default_rng(seed)
    values, source, plain = [], [], []
    for index, sound in enumerate(voices.sounds):
        for copy in range(copies + 1):
            found = statistics_of(vary(sound, rng) if copy else condition(sound))
            if found is not None:
                values.append(found)
                source.append(index)
                plain.append(copy == 0)
        if notify:
            notify(index + 1, len(voices.sounds))
    return Rows(np.array(values), np.array(source, np.int64), np.array(plain, np.bool_))


class Joined(nn.Module):
    """Network of the experts with the reported outputs."""

    def __init__(self, speech: Expert, bursts: Expert, kind: Expert, plain: nn.Module) -> None:
        super().__init__()
        self.speech, self.bursts, self.kind, self.plain = speech, bursts, kind, plain
        self.temperature = 1.0
        self.register_buffer("doubt", torch.ones(1, len(SIDES)))

    def parts(self, values: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return shares over ``CLASSES``, and logits of arousal, valence and laughter."""
        count = len(CLASSES)
        speech, bursts, kind = self.speech(values), self.bursts(values), self.kind(values)
        burst = torch.sigmoid(kind[:, :1])
        share = DOUBT + (1 - 2 * DOUBT) * burst
        shares = (1 - share) * torch.softmax(speech[:, :count], dim=1)
        shares = shares + share * torch.softmax(bursts[:, :count], dim=1)
        near = torch.clamp((values - self.kind.centre) / self.kind.scale, -FAR, FAR)
        arousal = speech[:, count : count + 1] + (1 - burst) * self.plain(near)
        speech_outputs = torch.cat([arousal, speech[:, -1:]], dim=1)
        sides = (1 - share) * speech_outputs + share * bursts[:, count:]
        return shares, torch.cat([sides, kind[:, 1:]], dim=1) / self.doubt

    def forward(
        self, values: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
        """Return emotions, arousal, valence and laughter as the manifest describes them."""
        shares, sides = self.parts(values)
        shares = torch.softmax(torch.log(shares + LEAST) / self.temperature, dim=1)
        # Boredom is reported as neutral; contempt is not in the data.
        neutral = shares[:, :1] + shares[:, -1:]
        emotions = torch.cat([neutral, shares[:, 1:-1], 0 * neutral], dim=1)
        both = SCALE * torch.tanh(sides[:, :2] / 2)
        return emotions, both[:, :1], both[:, 1:], torch.sigmoid(sides[:, 2:])


def fit(rows: Rows, voices: Voices, use: NDArray[np.bool_], seed: int = 0) -> Joined:
    """Fit on the recordings in ``use``.

    Args:
        rows: Statistics of all recordings.
        voices: Their labels.
        use: Whether each recording is used.
        seed: Seed of all random numbers.
    """
    experts = {}
    for name, recipe in RECIPES.items():
        there = use if name == "kind" else use & (voices.corpus == name)
        # If one corpus is left out completely, the other expert is used for both.
        there = there if there.any() else use
        chosen = there[rows.source]
        source = rows.source[chosen]
        targets = _kinds(voices, source) if name == "kind" else _emotions(voices, source)
        experts[name] = fit_expert(rows.values[chosen], targets, recipe, seed)
    plain = _plain(experts["kind"], rows, voices, use)
    return Joined(experts["emodb"], experts["bursts"], experts["kind"], plain).eval()


def _plain(kind: Expert, rows: Rows, voices: Voices, use: NDArray[np.bool_]) -> nn.Module:
    """Fit arousal on both corpora by a strongly regularised logistic regression.

    It is less accurate on either corpus but generalises better, so it is combined with the expert
    on speech: fitted on bursts and evaluated on speech, it alone had an AUC of .94, the experts
    alone .86.
    """
    from sklearn.linear_model import LogisticRegression

    chosen = use[rows.source] & np.isfinite(voices.arousal[rows.source])
    source = rows.source[chosen]
    centre, scale = kind.centre.numpy(), kind.scale.numpy()
    near = np.clip((rows.values[chosen] - centre) / scale, -FAR, FAR)
    model = LogisticRegression(C=HOLD, max_iter=300)
    model.fit(near, voices.arousal[source], sample_weight=_balance(voices, source))
    layer = nn.Linear(len(NAMES), 1)
    layer.load_state_dict(
        {
            "weight": torch.from_numpy(model.coef_.astype(np.float32)),
            "bias": torch.from_numpy(model.intercept_.astype(np.float32)),
        }
    )
    return layer.requires_grad_(False)


def _emotions(voices: Voices, source: NDArray[np.int64]) -> Targets:
    emotion = voices.emotion[source]
    sides = np.stack([voices.arousal[source], voices.valence[source]], axis=1)
    return Targets(emotion, len(CLASSES), sides, _balance(voices, source))


def _kinds(voices: Voices, source: NDArray[np.int64]) -> Targets:
    burst = np.asarray(voices.corpus[source] == "bursts", np.float64)
    if burst.min() == burst.max():
        # With only one corpus the kind cannot be learnt.
        burst = np.full(len(source), np.nan)
    sides = np.stack([burst, voices.laughter[source]], axis=1)
    return Targets(np.full(len(source), -1), 0, sides, _balance(voices, source))


def _balance(voices: Voices, source: NDArray[np.int64]) -> Floats:
    """Return equal weights of each category of each corpus."""
    cell = np.char.add(voices.corpus[source], voices.labels[source])
    _, member, count = np.unique(cell, return_inverse=True, return_counts=True)
    weights: Floats = len(source) / len(count) / count[member]
    return weights


@dataclass(frozen=True, slots=True)
class Fold:
    """A network and the recordings that are unseen by it.

    Attributes:
        unseen: Whether each recording is unseen.
        net: Network fitted on all others.
    """

    unseen: NDArray[np.bool_]
    net: Joined


def left_out(
    rows: Rows,
    voices: Voices,
    seed: int = 0,
    notify: Callable[[int, int], None] | None = None,
) -> list[Fold]:
    """Fit one network without each speaker of EmoDB and a share of the others.

    With each of EmoDB's ten speakers a tenth of the bursts' speakers is left out, so that every
    recording is unseen in exactly one fold.
    """
    emodb = voices.corpus == "emodb"
    actors, others = np.unique(voices.speakers[emodb]), np.unique(voices.speakers[~emodb])
    folds = []
    for index, actor in enumerate(actors):
        away = np.append(others[index :: len(actors)], actor)
        unseen = np.isin(voices.speakers, away)
        folds.append(Fold(unseen, fit(rows, voices, ~unseen, seed)))
        if notify:
            notify(index + 1, len(actors))
    return folds


def predict(net: Joined, values: Floats) -> Floats:
    """Return log shares of the classes, then logits, of rows of statistics."""
    with torch.no_grad():
        shares, sides = net.parts(torch.from_numpy(values.astype(np.float32)))
    outputs = torch.cat([torch.log(shares + LEAST), sides], dim=1)
    return np.asarray(outputs.numpy(), np.float64)


def unseen_logits(folds: list[Fold], rows: Rows, recordings: int) -> Floats:
    """Return the outputs for each recording of the network without its speaker.

    Shape ``(recordings, len(CLASSES) + 3)``, NaN without a voice.
    """
    outputs = np.full((recordings, len(CLASSES) + 3), np.nan)
    for fold in folds:
        mine = rows.plain & fold.unseen[rows.source]
        if mine.any():
            outputs[rows.source[mine]] = predict(fold.net, rows.values[mine])
    return outputs


def temperature(logits: Floats, truth: NDArray[np.int64]) -> float:
    """Return the temperature that calibrates the class logits (Guo 2017)."""

    def cost(degree: float) -> float:
        shares = softmax(logits / degree)
        return float(-np.log(shares[np.arange(len(truth)), truth] + 1e-12).mean())

    return _least(cost)


def doubts(logits: Floats, voices: Voices) -> Floats:
    """Return the temperature of the logits of each of ``SIDES``, likewise."""
    found = []
    for column, truth in zip((AROUSAL, VALENCE, LAUGHTER), _sides(voices), strict=True):
        known = np.isfinite(truth) & np.isfinite(logits[:, column])
        score, side = logits[known, column], truth[known]

        def cost(degree: float, score: Floats = score, side: Floats = side) -> float:
            return float((np.logaddexp(0, score / degree) - side * score / degree).mean())

        found.append(_least(cost))
    return np.array(found)


def calibrate(net: Joined, logits: Floats, voices: Voices) -> tuple[Joined, Floats]:
    """Set a network's temperatures from the outputs for left-out speakers.

    Returns:
        The network, and the calibrated logits.
    """
    logits = logits.copy()
    known = (voices.emotion >= 0) & np.isfinite(logits[:, 0])
    net.temperature = temperature(logits[known][:, : len(CLASSES)], voices.emotion[known])
    doubt = doubts(logits, voices)
    net.doubt = torch.from_numpy(doubt.astype(np.float32))[None]
    logits[:, len(CLASSES) :] /= doubt
    return net, logits


def _sides(voices: Voices) -> tuple[Floats, Floats, Floats]:
    return voices.arousal, voices.valence, voices.laughter


def _least(cost: Callable[[float], float]) -> float:
    from scipy.optimize import minimize_scalar

    return float(minimize_scalar(cost, bounds=(0.3, 6.0), method="bounded").x)


def spreads(logits: Floats, voices: Voices) -> Mapping[str, float]:
    """Return the standard deviation of arousal and valence on left-out speakers.

    Labels are binary; ``WITHIN`` is added for the spread within one label.
    """
    found = {}
    for column, name, truth in (
        (AROUSAL, "arousal", voices.arousal),
        (VALENCE, "valence", voices.valence),
    ):
        known = np.isfinite(truth) & np.isfinite(logits[:, column])
        guess = SCALE * np.tanh(logits[known, column] / 2)
        error = guess - SCALE * (2 * truth[known] - 1)
        found[name] = float(np.sqrt(np.mean(error**2) + WITHIN**2))
    return found


def export(net: Joined, folder: Path, sd: Mapping[str, float], trained_on: str) -> Path:
    """Write ``voice.onnx`` and its manifest; return the manifest's path."""
    outputs = {"emotions": len(EMOTIONS), "arousal": 1, "valence": 1, "laughter": 1}
    probe = torch.zeros(1, len(NAMES))
    # Landmarks were rounded before the heights were fitted; the heights must not be rounded.
    blob = to_onnx(net, (probe,), ["statistics"], list(outputs), half=True, least=20_000)
    labels = {"emotions": list(EMOTIONS)}
    units = {"emotions": "probability", "laughter": "probability"}
    return ship(
        folder,
        "voice",
        blob,
        modality="voice",
        opset=OPSET,
        inputs=[Tensor("statistics", [1, len(NAMES)], "see voice.statistics", list(NAMES))],
        outputs=[
            Tensor(n, [1, k], units.get(n, "-1..1"), labels.get(n, [])) for n, k in outputs.items()
        ],
        constants={"sd": dict(sd)},
        trained_on=trained_on,
        preprocessing="sentio_models.modalities.voice.statistics.summarise",
        card="models/cards/voice.md",
    )
