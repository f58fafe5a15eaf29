"""Appraisal benchmark: causal features and complete data."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.appraisal import DIMENSIONS, game_features, time_features, traces

pytestmark = pytest.mark.bench


def test_features_do_not_depend_on_the_future():
    rng = np.random.default_rng(0)
    game = rng.uniform(0, 100, (80, 20))
    game[:, 0] = np.inf
    later = game.copy()
    later[50:] = 7.0
    assert np.isfinite(game_features(game)).all()
    np.testing.assert_array_equal(game_features(game)[:50], game_features(later)[:50])
    np.testing.assert_array_equal(time_features(80)[:50], time_features(50))


@pytest.mark.data
def test_all_annotated_traces_are_read(data_dir):
    if not (data_dir / "game_pad").is_dir():
        pytest.skip("no game_pad")
    loaded = traces(data_dir)
    assert {name: len(loaded[name]) for name in DIMENSIONS} == {
        "Pleasure": 75,
        "Arousal": 75,
        "Dominance": 63,
    }
    assert all(len(t.game) == len(t.felt) and t.game.shape[1] == 20 for t in loaded["Arousal"])
