"""Evaluate the body estimator with other sensors and conditions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from sentio_models.estimator import Norm
from sentio_models.modalities.body.features import TRUSTED
from sentio_models.runtime.manifest import load
from sentio_models.runtime.norms import norms
from sentio_research.data.body import Rows, Session, Stream, replay, slower
from sentio_research.fitting.body import Head, inputs_of
from sentio_research.metrics import auc, uar

Change = Callable[[str, Stream], Stream | None]


def unchanged(_: str, stream: Stream) -> Stream:
    """Return the stream unchanged."""
    return stream


def half_rate(role: str, stream: Stream) -> Stream:
    """Sample the pulse at half its rate: 32 Hz for an Empatica E4."""
    return slower(stream, 2) if role == "ppg" else stream


def noisy(role: str, stream: Stream) -> Stream:
    """Add white noise to pulse and skin conductance: a tenth of their range."""
    if role not in ("ppg", "eda"):
        return stream
    swing = float(np.subtract(*np.percentile(stream.values, [95, 5])))
    noise = np.random.default_rng(0).normal(0, 0.1 * swing, stream.values.shape)
    return replace(stream, values=(stream.values + noise).astype(np.float32))


def shaken(role: str, stream: Stream) -> Stream:
    """Add wrist motion of 2 Hz to pulse and accelerometer, 20 s of every minute."""
    t = np.arange(len(stream.values)) / stream.rate_hz
    shaking = (t % 60 < 20) * np.sin(2 * np.pi * 2.0 * t)
    if role == "accel":
        moved = stream.values + 0.5 * shaking[:, None]
    elif role == "ppg":
        swing = float(np.subtract(*np.percentile(stream.values, [95, 5])))
        moved = stream.values + swing * shaking[:, None]
    else:
        return stream
    return replace(stream, values=moved.astype(np.float32))


CONDITIONS: Mapping[str, Change] = {
    "as recorded": unchanged,
    "pulse at 32 Hz": half_rate,
    "noise": noisy,
    "shaken": shaken,
}


def shifted(
    sessions: Sequence[Session],
    heads: Mapping[str, Head],
    notify: Callable[[str, int, int], None],
) -> dict[str, Any]:
    """Evaluate each condition with heads fitted without the person."""
    result = {}
    for done, (name, change) in enumerate(CONDITIONS.items()):
        truth, score, heart = [], [], []
        for session in sessions:
            rows = replay(session, change=change)
            head = heads[session.person]
            known = rows.labels >= 0
            truth.append(rows.labels[known])
            score.append(head.stress(inputs_of(rows.features, head.prior))[known])
            heart.append(rows.heart)
        notify("shifted", done + 1, len(CONDITIONS))
        y, s, h = np.concatenate(truth), np.concatenate(score), np.concatenate(heart)
        good = np.isfinite(h).all(axis=1) & (h[:, 1] >= TRUSTED)
        near = np.abs(h[:, 0] - h[:, 2]) <= 5.0
        result[name] = {
            "auc": auc(y, s),
            "uar": uar(y, (s > 0.5).astype(np.int64)),
            "heart_rate_good_share": float(good.mean()),
            "heart_rate_within_5": float(near[good].mean()) if good.any() else None,
        }
    return result


def load_first(rows: Rows) -> Rows:
    """Reverse a session to load before rest, which inverts order effects."""
    order = np.argsort(-rows.labels, kind="stable")
    return replace(rows, features=rows.features[order], labels=rows.labels[order])


def shipped_prior() -> dict[str, Norm]:
    """Return the prior of the shipped head's running baseline."""
    return norms(load("body")[0].constants["prior"])
