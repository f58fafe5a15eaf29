"""Tests of evaluating a user's table of physiology, and of its errors."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from sentio_models.errors import ModelMissingError, ModelRefusedError
from sentio_research.data.body import Rows, Stream, table
from sentio_research.evaluation.body import evaluate
from sentio_research.evaluation.body_conditions import CONDITIONS, load_first

COLUMNS = ("subject", "label", "time", "ppg", "eda", "temp")
RATE = 32.0


def write(path: Path, labels: dict[str, tuple[str, str]], seconds: float = 180.0) -> Path:
    """Write people whose heart rate and skin conductance rise in the second half."""
    with path.open("w", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(COLUMNS)
        for number, (who, (first, second)) in enumerate(labels.items()):
            rng = np.random.default_rng(number)
            phase = 0.0
            for index in range(int(seconds * RATE)):
                t = index / RATE
                late = t >= seconds / 2
                phase = (phase + (95 if late else 65) / 60 / RATE) % 1.0
                beat = np.exp(-0.5 * ((phase - 0.2) / 0.07) ** 2) + 0.02 * rng.normal()
                skin = f"{2.0 + (1.5 if late else 0) + 0.01 * rng.normal():.3f}"
                lines.writerow(
                    (who, second if late else first, f"{t:.4f}", f"{60 * beat:.3f}",
                     skin if index % 8 == 0 else "", "33.0" if index % 8 == 0 else "")
                )  # fmt: skip
    return path


def test_user_table_is_evaluated_with_the_shipped_head(tmp_path: Path) -> None:
    people = dict.fromkeys(("ann", "bo", "cy"), ("0", "1"))
    figures = evaluate(tmp_path, table=write(tmp_path / "own.csv", people))["table"]
    assert figures["auc"]["groups"] == 3
    assert figures["auc"]["value"] > 0.8
    json.dumps(figures, allow_nan=False)


def test_empty_cells_and_different_rates_are_read(tmp_path: Path) -> None:
    (session,) = table(write(tmp_path / "own.csv", {"ann": ("0", "")}, seconds=70.0))
    (streams,) = session.parts
    assert streams["ppg"].rate_hz == pytest.approx(RATE, rel=0.01)
    assert streams["eda"].rate_hz == pytest.approx(RATE / 8, rel=0.01)
    assert (session.label(0, 10.0), session.label(0, 60.0)) == (0, None)


def test_unusable_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelMissingError, match="nowhere"):
        evaluate(tmp_path, table=tmp_path / "nowhere.csv")
    with pytest.raises(ModelRefusedError, match="label"):
        evaluate(tmp_path, table=write(tmp_path / "none.csv", {"ann": ("", "")}))
    with pytest.raises(ModelRefusedError, match="label"):
        evaluate(tmp_path, table=write(tmp_path / "one.csv", {"ann": ("1", "1")}))
    bad = tmp_path / "bad.csv"
    bad.write_text("subject,label,time,ppg\nann,0,0.0,1\nann,0,soon,2\n")
    with pytest.raises(ModelRefusedError, match="ann"):
        evaluate(tmp_path, table=bad)
    bare = tmp_path / "bare.csv"
    bare.write_text("subject,time\nann,0\n")
    with pytest.raises(ModelRefusedError, match="label"):
        evaluate(tmp_path, table=bare)


def test_conditions_change_only_their_sensor() -> None:
    rng = np.random.default_rng(0)
    pulse = Stream(rng.normal(size=(640, 1)).astype(np.float32), 64.0, 0.0)
    skin = Stream(rng.normal(size=(40, 1)).astype(np.float32), 4.0, 0.0)
    assert CONDITIONS["as recorded"]("ppg", pulse) is pulse
    half = CONDITIONS["pulse at 32 Hz"]("ppg", pulse)
    assert half is not None
    assert (half.rate_hz, len(half.values)) == (32.0, 320)
    for name in ("noise", "shaken"):
        changed = CONDITIONS[name]("ppg", pulse)
        assert changed is not None
        assert changed.values.shape == pulse.values.shape
        assert not np.array_equal(changed.values, pulse.values)
    assert CONDITIONS["shaken"]("eda", skin) is skin


def test_load_first_reverses_the_parts_of_a_session() -> None:
    labels = np.array([0, 0, -1, 1, 1])
    rows = Rows(np.arange(5.0)[:, None], labels, np.arange(5.0), np.zeros((5, 3)), "p", "c")
    turned = load_first(rows)
    assert turned.features[:, 0].tolist() == [3, 4, 0, 1, 2]
    assert turned.labels.tolist() == [1, 1, 0, 0, -1]
