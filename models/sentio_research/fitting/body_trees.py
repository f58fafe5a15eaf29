"""Shallow boosted trees for the body head, beside its linear part.

Each answer may only rise or fall with a feature, as the linear part does, but from a threshold on
and in company with others: a skin that rises tells more while the pulse is steady.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

TREES, DEPTH, RATE, LEAF, PENALTY = 120, 2, 0.08, 200, 10.0
"""Number and depth of trees, share that each adds, windows of a leaf, and penalty of its value."""

EVERY = 4
"""One of so many windows is read: neighbours share two thirds of their seconds."""


@dataclass(frozen=True, slots=True)
class Trees:
    """Boosted regression trees whose sum, with ``base``, is a logit.

    Attributes:
        base: Of no tree.
        features: Column that a node compares, shape ``(trees, nodes)``.
        thresholds: Up to which it goes left; exact in single precision.
        left: Next node; a leaf's is itself.
        right: The other one.
        values: What a leaf adds; 0 for other nodes.
    """

    base: float
    features: NDArray[np.int64]
    thresholds: Floats
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    values: Floats

    def logit(self, inputs: Floats) -> Floats:
        """Return the logit of each row."""
        trees = np.arange(len(self.features))
        at = np.zeros((len(inputs), len(trees)), np.int64)
        rows = np.arange(len(inputs))[:, None]
        for _ in range(DEPTH):
            low = inputs[rows, self.features[trees, at]] <= self.thresholds[trees, at]
            at = np.where(low, self.left[trees, at], self.right[trees, at])
        logit: Floats = self.base + self.values[trees, at].sum(axis=1)
        return logit


def fit_trees(x: Floats, y: NDArray[np.int64], w: Floats, signs: NDArray[np.int64]) -> Trees:
    """Fit trees that rise or fall with each column as its sign allows.

    Args:
        x: Inputs, shape ``(n, columns)``.
        y: 1 or 0.
        w: Weight of each row.
        signs: 1, -1, or 0 for a column that is left out.
    """
    from sklearn.ensemble import HistGradientBoostingClassifier

    used = np.flatnonzero(signs)
    model = HistGradientBoostingClassifier(
        max_iter=TREES,
        max_depth=DEPTH,
        learning_rate=RATE,
        monotonic_cst=signs[used].tolist(),
        min_samples_leaf=min(LEAF, max(1, len(y) // 20)),
        l2_regularization=PENALTY,
        early_stopping=False,
    ).fit(x[:, used], y, sample_weight=w)
    return _arrays(model, used)


def _arrays(model: Any, used: NDArray[np.intp]) -> Trees:
    # scikit-learn has no public way to its trees; ``export`` compares the ONNX file's answers.
    nodes = [stage[0].nodes for stage in model._predictors]  # noqa: SLF001
    shape = (len(nodes), max(len(one) for one in nodes))
    features, left, right = (np.zeros(shape, np.int64) for _ in range(3))
    thresholds, values = np.zeros(shape), np.zeros(shape)
    for tree, one in enumerate(nodes):
        n = len(one)
        leaf = one["is_leaf"].astype(bool)
        own = np.arange(n)
        features[tree, :n] = np.where(leaf, 0, used[np.where(leaf, 0, one["feature_idx"])])
        thresholds[tree, :n] = np.where(leaf, 0.0, _single(one["num_threshold"]))
        left[tree, :n] = np.where(leaf, own, one["left"])
        right[tree, :n] = np.where(leaf, own, one["right"])
        values[tree, :n] = np.where(leaf, one["value"], 0.0)
    base = float(np.ravel(model._baseline_prediction)[0])  # noqa: SLF001
    return Trees(base, features, thresholds, left, right, values)


def _single(thresholds: Floats) -> Floats:
    """Round down to single precision, so that the same inputs are below as in double."""
    near = np.nan_to_num(thresholds).astype(np.float32)
    above = near.astype(np.float64) > thresholds
    return np.where(above, np.nextafter(near, np.float32(-np.inf)), near).astype(np.float64)


def trees_node(trees: Trees, given: str, made: str) -> Any:
    """Return the trees as an ONNX node that reads ``given`` and makes ``made``."""
    from onnx import helper

    ids, numbers, columns, thresholds, modes, true, false = [], [], [], [], [], [], []
    leaves: list[tuple[int, int, float]] = []
    for tree in range(len(trees.features)):
        seen = sorted({0, *trees.left[tree].tolist(), *trees.right[tree].tolist()})
        for node in seen:
            leaf = trees.left[tree, node] == node
            ids.append(tree)
            numbers.append(node)
            columns.append(int(trees.features[tree, node]))
            thresholds.append(float(trees.thresholds[tree, node]))
            modes.append("LEAF" if leaf else "BRANCH_LEQ")
            true.append(0 if leaf else int(trees.left[tree, node]))
            false.append(0 if leaf else int(trees.right[tree, node]))
            if leaf:
                leaves.append((tree, node, float(trees.values[tree, node])))
    return helper.make_node(
        "TreeEnsembleRegressor",
        [given],
        [made],
        domain="ai.onnx.ml",
        aggregate_function="SUM",
        base_values=[trees.base],
        n_targets=1,
        nodes_treeids=ids,
        nodes_nodeids=numbers,
        nodes_featureids=columns,
        nodes_values=thresholds,
        nodes_modes=modes,
        nodes_truenodeids=true,
        nodes_falsenodeids=false,
        nodes_missing_value_tracks_true=[0] * len(ids),
        target_treeids=[tree for tree, _, _ in leaves],
        target_nodeids=[node for _, node, _ in leaves],
        target_ids=[0] * len(leaves),
        target_weights=[value for _, _, value in leaves],
    )
