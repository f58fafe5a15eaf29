"""Evaluate the voice network on unseen people with the live front end.

EmoDB has ten speakers, so figures on unseen people need a network for each: they are refitted here
with the shipped recipe, as the report states. A user's sounds are evaluated with the shipped
weights.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sentio_models.errors import ModelMissingError, ModelRefusedError
from sentio_models.estimate import EMOTIONS
from sentio_models.runtime.onnx_session import OnnxSession
from sentio_research.data.sounds import Samples, read_sound, statistics_of
from sentio_research.metrics import accuracy, auc, bootstrap, confusion, ece, recalls, uar

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Progress = Callable[[str, int, int], None]


def evaluate(
    data: Path,
    *,
    figures: Path | None = None,
    sounds: Path | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Measure the voice model.

    Args:
        data: Folder of ``voice_emodb/`` and ``voice_emogator_bursts/``; not read with ``sounds``.
        figures: Folder for PNG figures.
        sounds: A user's files instead: a folder with ``labels.csv``, columns ``file``,
            ``label`` (an emotion, or ``boredom``), and if known ``arousal`` (``high``, ``low``)
            and ``speaker``.
        progress: Called with the step, the finished part and the total.

    Returns:
        Values for JSON; figures as ``{value, low, high, n, groups}`` with their
        95 % bootstrap interval over speakers.

    Raises:
        ModelMissingError: The data or an extra (``train``, ``microphone``) is missing.
        ModelRefusedError: ``sounds`` has no usable table.
    """
    notify = progress or (lambda _step, _done, _total: None)
    if sounds is not None:
        return own_sounds(sounds, notify)
    try:
        from sentio_research.evaluation import voice_unseen
    except ImportError as error:
        raise ModelMissingError(
            f"figures on unseen speakers refit the network: {error}",
            "pip install 'sentio-affect[train]'",
        ) from None
    report = voice_unseen.measure_unseen(data, notify, figures)
    report |= live_sections(data, notify)
    report["cost_ms"] = cost(data)
    return report


def live_sections(data: Path, notify: Progress) -> dict[str, Any]:
    """Return the sections ``gate`` and ``across``, or a reason for a missing one.

    They need no torch: ``python -m sentio_research.evaluation.voice --data DIR``.
    """
    from sentio_research.evaluation.voice_across import measure_across
    from sentio_research.evaluation.voice_gate import measure_gate

    report: dict[str, Any] = {}
    for name, measure in (("gate", measure_gate), ("across", measure_across)):
        try:
            report[name] = measure(data, notify)
        except ModelMissingError as error:
            report[name] = f"not measured: {error.what}"
    return report


def emotion_scores(
    truth: Ints, shares: Floats, speakers: NDArray[np.str_], names: tuple[str, ...]
) -> dict[str, Any]:
    """Return UAR, accuracy, recalls, ECE and confusion, with intervals over speakers."""
    guess = shares.argmax(axis=1).astype(np.int64)
    return {
        "n": len(truth),
        "uar": asdict(bootstrap(lambda i: uar(truth[i], guess[i]), speakers)),
        "accuracy": asdict(bootstrap(lambda i: accuracy(truth[i], guess[i]), speakers)),
        "ece": ece(truth, shares),
        "recall": {
            n: None if np.isnan(r) else float(r)
            for n, r in zip(names, recalls(truth, guess, len(names)), strict=True)
        },
        "confusion": confusion(truth, guess, len(names)).tolist(),
    }


def side_scores(truth: Floats, logit: Floats, speakers: NDArray[np.str_]) -> dict[str, Any]:
    """Return AUC and accuracy of a binary rating, without rows that have none."""
    known = np.isin(truth, (0.0, 1.0)) & np.isfinite(logit)
    y, score, groups = truth[known].astype(np.int64), logit[known], speakers[known]
    if len(np.unique(y)) < 2:
        return {"n": len(y)}
    guess = (score > 0).astype(np.int64)
    return {
        "n": len(y),
        "auc": asdict(bootstrap(lambda i: auc(y[i], score[i]), groups)),
        "accuracy": asdict(bootstrap(lambda i: accuracy(y[i], guess[i]), groups)),
    }


def own_sounds(folder: Path, notify: Progress) -> dict[str, Any]:
    """Evaluate a user's recordings with the shipped weights."""
    rows = _table(folder)
    session = OnnxSession.shipped("voice")
    outputs, kept, left_out = [], [], []
    for done, row in enumerate(rows):
        try:
            values = statistics_of(read_sound(folder / row["file"]))
        except ModelRefusedError as error:
            left_out.append(error.what)
            continue
        if values is None:
            left_out.append(f"{row['file']}: shorter than a third of a second")
            continue
        outputs.append(session.run({"statistics": values.astype(np.float32)[None]}))
        kept.append(row)
        notify("sounds", done + 1, len(rows))
    if not kept:
        raise ModelRefusedError(f"{folder}: no file could be read", "; ".join(left_out[:3]))
    # Without speakers every file is its own group.
    speakers = np.array([r.get("speaker") or r["file"] for r in kept])
    labels = [(r.get("label") or "").lower() for r in kept]
    labels = ["neutral" if n == "boredom" else n for n in labels]
    named = np.array([n in EMOTIONS for n in labels])
    shares = np.concatenate([s["emotions"] for s in outputs]).astype(np.float64)
    report: dict[str, Any] = {
        "data": f"{folder.name}: {len(kept)} files, shipped weights",
        "left_out": left_out,
        "unknown_labels": sorted({n for n in labels if n and n not in EMOTIONS}),
    }
    if named.any():
        truth = np.array([EMOTIONS.index(n) for n in labels if n in EMOTIONS], np.int64)
        report["emotions"] = emotion_scores(truth, shares[named], speakers[named], EMOTIONS)
    sides = {"high": 1.0, "low": 0.0}
    high = np.array([sides.get((r.get("arousal") or "").lower(), np.nan) for r in kept])
    if np.isfinite(high).any():
        arousal = np.array([float(s["arousal"][0, 0]) for s in outputs])
        report["arousal"] = side_scores(high, arousal, speakers)
    return report


def _table(folder: Path) -> list[dict[str, str]]:
    fix = "add labels.csv to the folder, with the columns file,label[,arousal][,speaker]"
    try:
        with (folder / "labels.csv").open(newline="", encoding="utf-8-sig") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ModelRefusedError(f"{folder}: {error}", fix) from None
    if not rows or "file" not in rows[0] or not {"label", "arousal"} & set(rows[0]):
        raise ModelRefusedError(f"{folder / 'labels.csv'} lacks rows or columns", fix)
    return rows


def cost(data: Path, rounds: int = 50) -> Mapping[str, float]:
    """Return median milliseconds of frames, statistics and network."""
    from sentio_models.modalities.voice.activity import Activity
    from sentio_models.modalities.voice.frames import front_end
    from sentio_models.modalities.voice.statistics import summarise

    sound = read_sound(sorted((data / "voice_emodb").glob("*.flac"))[0])
    session = OnnxSession.shipped("voice")
    front = front_end(16000.0)
    frames = front(sound)
    active, voiced = Activity()(frames)
    values = summarise(frames, active, voiced)
    assert values is not None
    row = values.astype(np.float32)[None]

    def median(run: Callable[[], object]) -> float:
        took = []
        for _ in range(rounds):
            start = perf_counter()
            run()
            took.append(perf_counter() - start)
        return round(1000 * float(np.median(took)), 3)

    return {
        "block_of_20_ms": median(lambda: front(sound[:800])),
        "statistics": median(lambda: summarise(frames, active, voiced)),
        "network": median(lambda: session.run({"statistics": row})),
        **_estimate_cost(sound),
    }


def _estimate_cost(sound: Samples) -> dict[str, float]:
    """Return milliseconds of whole estimates, with blocks of 20 ms as in the pipeline."""
    from sentio_models.modalities.voice import VoiceEstimator
    from sentio_research.evaluation.voice_gate import in_a_room, windows

    estimator, took = VoiceEstimator(), []
    for window in windows(in_a_room(np.tile(sound, 3)), block=0.02):
        start = perf_counter()
        estimator.estimate(window)
        took.append(1000 * (perf_counter() - start))
    low, high = np.percentile(took, [50, 95]).tolist()
    return {
        "estimate_median": round(low, 3),
        "estimate_p95": round(high, 3),
        "estimate_mean": round(float(np.mean(took)), 3),
    }


def main() -> None:
    """Print the sections of live use as JSON."""
    import argparse
    import json

    parser = argparse.ArgumentParser(description=live_sections.__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of labelled data")
    given = parser.parse_args()
    report = live_sections(given.data, lambda _step, _done, _total: None)
    report["cost_ms"] = cost(given.data)
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
