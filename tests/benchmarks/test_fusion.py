"""Statements of docs/fusion.md on fewer people: lower error and valid intervals."""

from __future__ import annotations

import pytest

from benchmarks.fusion_simulated import evaluate

pytestmark = pytest.mark.bench


def test_fusion_is_better_than_simpler_methods_with_valid_intervals():
    for scenario, row in evaluate(8, 180.0).items():
        assert row["fusion"] < row["average"], scenario
        assert row["coverage_95"]["value"] > 0.8, scenario
        assert row["fusion"] < min(row["best_single"], row["best_single_filtered"]), scenario
        assert 0.5 < row["coverage_68"]["value"] < 0.9, scenario
