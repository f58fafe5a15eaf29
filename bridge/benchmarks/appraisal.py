"""Predict a player's affect from the game's state or from the time played.

Reads ``game_pad/First_Study.tar.gz``: players annotated recordings of their play, each in one of
pleasure, arousal and dominance; the data also has the state of the game at each tick.
"""

from __future__ import annotations

import re
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sentio_research.metrics import auc, bootstrap

Floats = NDArray[np.float64]

DIMENSIONS = ("Pleasure", "Arousal", "Dominance")

EVERY = 5
"""Ticks between rows: neighbouring ticks are nearly equal."""

AHEAD = 20
"""Ticks over which the direction of a trace is determined."""

SHORTEST = 40
"""Minimum length of a trace, ticks."""

COUNTERS = slice(17, 20)
"""Columns that only grow: coins, enemies defeated, damage done."""

HEALTH = 16

_NAME = re.compile(r".*/(\w+)/Traces_(\w+?)_Level(\d)_(.+)\.txt$")


@dataclass(frozen=True, slots=True)
class Trace:
    """One level, played and annotated.

    Attributes:
        player: Identifier in the data.
        game: State of the game, shape ``(ticks, 20)``.
        felt: Annotation of the player, shape ``(ticks,)``, in arbitrary units.
    """

    player: str
    game: Floats
    felt: Floats


def traces(data: Path) -> dict[str, list[Trace]]:
    """Read the traces by dimension, without constant and very short ones."""
    parts_by_key: dict[tuple[str, str, str], dict[str, Floats]] = {}
    with tarfile.open(data / "game_pad" / "First_Study.tar.gz") as archive:
        for member in archive:
            match = _NAME.match(f"/{member.name}")
            if match is None or match[2] not in (*DIMENSIONS, "Perceptor"):
                continue
            file = archive.extractfile(member)
            if file is not None:
                rows = [[float(x) for x in line.split(b"_")] for line in file.read().split()]
                kind = "game" if match[2] == "Perceptor" else "felt"
                parts_by_key.setdefault((match[1], match[4], match[3]), {})[kind] = np.array(rows)
    result: dict[str, list[Trace]] = {name: [] for name in DIMENSIONS}
    for (dimension, player, _), parts in sorted(parts_by_key.items()):
        if len(parts) < 2:
            continue
        ticks = min(len(parts["game"]), len(parts["felt"]))
        felt = parts["felt"][:ticks, 0]
        if ticks >= SHORTEST and np.ptp(felt) > 0:
            result[dimension].append(Trace(player, parts["game"][:ticks], felt))
    return result


def game_features(game: Floats) -> Floats:
    """Return causal features of the game at each tick, shape ``(ticks, n)``."""
    # Distances become proximities, so that objects out of sight are 0, not infinite.
    close = 50.0 / (50.0 + game[:, [0, 1, 2, 15]])
    seen = np.minimum(game[:, 3:12], 10.0)
    recent = np.minimum(game[:, 12:15], 100.0)
    gained = np.diff(game[:, COUNTERS], axis=0, prepend=game[:1, COUNTERS])
    lost = -np.diff(game[:, HEALTH], prepend=game[0, HEALTH])
    events = np.c_[gained, np.maximum(lost, 0), np.maximum(-lost, 0)]
    columns = [close, seen, recent, game[:, HEALTH : HEALTH + 1]]
    for tau in (5.0, 20.0, 60.0):
        columns += [_leak(events, tau), _leak(np.c_[close, seen[:, :3]], tau)]
    return np.asarray(np.concatenate(columns, axis=1), dtype=np.float64)


def time_features(ticks: int) -> Floats:
    """Return features of the time played, without the length of the level."""
    at = np.arange(ticks, dtype=float)
    # Ramps make a linear model piecewise linear: the first minutes of a level differ.
    ramps = [np.minimum(at, knot) for knot in (25.0, 50.0, 100.0, 200.0, 400.0)]
    return np.asarray(np.stack([at, np.log1p(at), *ramps], axis=1), dtype=np.float64)


def run(data: Path, rounds: int = 300) -> dict[str, Any]:
    """Evaluate game, time and both on held-out players.

    Args:
        data: Folder of labelled data.
        rounds: Number of resamples of players for the intervals.

    Returns:
        By dimension and question (``level``: above the median of the trace; ``direction``:
        will it rise or fall): AUC of ``time`` played, ``game``, ``both``, ``progress`` (time and
        share of the level, which is known only afterwards) and ``progress_and_game``, with the
        gains of the game, each ``[value, low, high]``, and the
        numbers of rows and players.
    """
    return {
        dimension.lower(): {
            question: _evaluate(dimension_traces, question, rounds)
            for question in ("level", "direction")
        }
        for dimension, dimension_traces in traces(data).items()
    }


def _evaluate(dimension_traces: list[Trace], question: str, rounds: int) -> dict[str, Any]:
    game, clock, share, truth, group = [], [], [], [], []
    for trace in dimension_traces:
        if question == "level":
            label = (trace.felt > np.median(trace.felt)).astype(int)
            rows = np.arange(0, len(label), EVERY)
        else:
            change = trace.felt[AHEAD:] - trace.felt[:-AHEAD]
            label = (change > 0).astype(int)
            rows = np.arange(0, len(change), EVERY)
            rows = rows[change[rows] != 0]
        game.append(game_features(trace.game)[rows])
        clock.append(time_features(len(trace.felt))[rows])
        progress = rows / len(trace.felt)
        share.append(np.stack([progress, progress**2, progress**3], axis=1))
        truth.append(label[rows])
        group.append(np.full(len(rows), trace.player))
    y, groups = np.concatenate(truth), np.concatenate(group)
    inputs = {"time": np.concatenate(clock), "game": np.concatenate(game)}
    inputs["both"] = np.c_[inputs["time"], inputs["game"]]
    inputs["progress"] = np.c_[inputs["time"], np.concatenate(share)]
    inputs["progress_and_game"] = np.c_[inputs["progress"], inputs["game"]]
    scores = {name: _held_out_scores(x, y, groups) for name, x in inputs.items()}
    result: dict[str, Any] = {"rows": len(y), "players": len(set(groups))}
    for name, score in scores.items():
        result[name] = _figure(lambda i, s=score: auc(y[i], s[i]), groups, rounds)
    for name, more, less in (
        ("gain", "both", "time"),
        ("gain_over_progress", "progress_and_game", "progress"),
    ):
        result[name] = _figure(
            lambda i, m=more, k=less: auc(y[i], scores[m][i]) - auc(y[i], scores[k][i]),
            groups,
            rounds,
        )
    return result


def _held_out_scores(x: Floats, y: NDArray[np.int64], groups: NDArray[np.str_]) -> Floats:
    """Return scores for each player from a model trained on the other players."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GroupKFold
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    scores = np.empty(len(y))
    for train, test in GroupKFold(10).split(x, y, groups):
        # Strong regularisation: about twenty players with correlated rows.
        model = make_pipeline(StandardScaler(), LogisticRegression(C=0.01, max_iter=300))
        weight = _equal_weights(groups[train])
        model.fit(x[train], y[train], logisticregression__sample_weight=weight)
        scores[test] = model.decision_function(x[test])
    return scores


def _equal_weights(groups: NDArray[np.str_]) -> Floats:
    """Return weights that give each player the same influence."""
    _, member, counts = np.unique(groups, return_inverse=True, return_counts=True)
    return np.asarray(counts.mean() / counts[member])


def _leak(events: Floats, tau: float) -> Floats:
    from scipy.signal import lfilter

    keep = np.exp(-1 / tau)
    return np.asarray(lfilter([1 - keep], [1, -keep], events, axis=0))


def _figure(measure: Any, groups: NDArray[np.str_], rounds: int) -> list[float]:
    figure = bootstrap(measure, groups, rounds=rounds)
    return [round(x, 3) for x in (figure.value, figure.low, figure.high)]


def plot(result: dict[str, Any], path: Path) -> None:
    """Draw the figures; needs ``pip install 'sentio-affect[report]'``."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(1, 2, figsize=(9, 3.8), sharey=True, layout="constrained")
    colours = {
        "time": "#8a8f98",
        "game": "#d98032",
        "both": "#2b6cb0",
        "progress": "#4a4f57",
        "progress_and_game": "#2f855a",
    }
    titles = {"level": "above the player's own median?", "direction": "about to rise or to fall?"}
    for axis, question in zip(axes, titles, strict=True):
        for k, (name, colour) in enumerate(colours.items()):
            for i, figures in enumerate(result.values()):
                value, low, high = figures[question][name]
                axis.errorbar(
                    i + 0.15 * (k - 2), value, [[value - low], [high - value]], fmt="o",
                    color=colour, capsize=3, label=name.replace("_", " ") if i == 0 else None,
                )  # fmt: skip
        axis.axhline(0.5, color="#c0c4ca", linewidth=1, zorder=0)
        axis.set_xticks(range(len(result)), list(result))
        axis.set_title(titles[question], fontsize=10)
        axis.spines[["top", "right"]].set_visible(False)
    axes[0].set_ylabel("AUC, unseen players (95 %)")
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=5)
    figure.savefig(path, dpi=110)
    plt.close(figure)
