"""Tests of figures by group: who is judged, order, intervals over people."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from sentio_bridge.cli.app import application
from sentio_bridge.cli.evaluate import MODALITIES
from sentio_models.errors import ModelRefusedError
from sentio_research.evaluation.by_group import GROUPS, MEASURES, WITHOUT_LABELS, evaluate
from sentio_research.evaluation.groups import Grouped, compare


def grouped(
    counts: dict[str, int], right: dict[str, float], people: dict[str, int] | None = None
) -> Grouped:
    """Rows of which the first part of each group is right."""
    names = np.repeat(list(counts), list(counts.values()))
    hit = np.concatenate([np.arange(n) < right[g] * n for g, n in counts.items()]).astype(float)
    who = None
    if people is not None:
        who = np.concatenate([[f"{g}{k % people[g]}" for k in range(n)] for g, n in counts.items()])
    return Grouped("sex", "test", names, who, {"accuracy": lambda i: float(hit[i].mean())})


def test_worst_group_comes_first_with_the_difference() -> None:
    report = compare(grouped({"a": 100, "b": 100}, {"a": 0.9, "b": 0.6}))
    assert list(report["groups"]) == ["b", "a"]
    assert report["groups"]["b"]["accuracy"]["value"] == pytest.approx(0.6)
    assert report["largest_difference"]["accuracy"] == pytest.approx(0.3)
    json.dumps(report, allow_nan=False)


def test_groups_with_too_little_data_are_named_and_not_compared() -> None:
    report = compare(
        grouped(
            {"a": 100, "b": 20, "c": 100, "": 7},
            {"a": 0.9, "b": 0.0, "c": 0.1, "": 0.5},
            {"a": 8, "b": 8, "c": 2, "": 1},
        )
    )
    assert list(report["groups"]) == ["a"]
    assert report["largest_difference"] == {}
    assert report["not_judged"] == {
        "b": "20 rows, at least 50 are needed",
        "c": "2 people, at least 4 are needed",
        "unknown": "7 rows without this label",
    }


def test_intervals_are_over_people_not_rows() -> None:
    hit = np.repeat([1.0, 0.0, 1.0, 0.0], 100)
    people = np.repeat(["a", "b", "c", "d"], 100)
    rows = Grouped("sex", "test", np.full(400, "x"), people, {"a": lambda i: float(hit[i].mean())})
    entry = compare(rows)["groups"]["x"]
    assert entry["people"] == 4
    assert entry["a"]["high"] - entry["a"]["low"] > 0.5


def test_every_modality_answers_every_grouping() -> None:
    assert set(WITHOUT_LABELS) == set(MODALITIES)
    for modality, reasons in WITHOUT_LABELS.items():
        measured = {by for m, by in MEASURES if m == modality}
        assert measured | set(reasons) == set(GROUPS)
        assert not measured & set(reasons)


def test_grouping_without_labels_is_refused_with_the_reason(tmp_path: Path) -> None:
    with pytest.raises(ModelRefusedError, match="body by sex cannot be judged"):
        evaluate(tmp_path, "body", "sex")
    with pytest.raises(ModelRefusedError, match="unknown grouping"):
        evaluate(tmp_path, "body", "shoe size")
    with pytest.raises(ModelRefusedError, match="unknown modality"):
        evaluate(tmp_path, "smell", "sex")


def test_refusal_names_the_groupings_with_labels(tmp_path: Path) -> None:
    with pytest.raises(ModelRefusedError, match="labels of sex for voice"):
        evaluate(tmp_path, "voice", "age")
    with pytest.raises(ModelRefusedError, match="labels of no grouping for eeg"):
        evaluate(tmp_path, "eeg", "age")


def test_data_without_the_column_of_a_grouping_is_refused(tmp_path: Path) -> None:
    (tmp_path / "voice_nemo_pl").mkdir()
    (tmp_path / "voice_nemo_pl/labels.csv").write_text("file,emotion,speaker\na.flac,anger,1\n")
    result = CliRunner().invoke(
        application("eval"), ["eval", "voice", "--by", "sex", "--data", str(tmp_path)]
    )
    assert result.exit_code == 1
    assert "lacks the columns gender; it has file, emotion, speaker" in result.stderr


def test_lines_of_other_languages_are_refused_alike(tmp_path: Path) -> None:
    report = evaluate(tmp_path, "text", "language")
    assert len(report["groups"]) == 9
    assert next(iter(report["groups"].values()))["refused"]["value"] > 0.9
    assert report["largest_difference"]["refused"] < 0.1
