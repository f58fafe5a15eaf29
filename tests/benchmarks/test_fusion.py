"""What docs/fusion.md claims, on fewer people: lower error and honest intervals."""

from __future__ import annotations

import pytest

from benchmarks.fusion_simulated import judge

pytestmark = pytest.mark.bench


def test_fusion_beats_simpler_ways_and_its_intervals_are_honest():
    for scenario, row in judge(8, 180.0).items():
        assert row["fusion"] < row["average"], scenario
        assert row["coverage_95"]["value"] > 0.8, scenario
        assert row["fusion"] < min(row["best_single"], row["best_single_filtered"]), scenario
        assert 0.5 < row["coverage_68"]["value"] < 0.9, scenario
