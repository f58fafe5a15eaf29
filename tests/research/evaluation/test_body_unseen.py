"""Tests of figures on unseen people, in both orders."""

from __future__ import annotations

import numpy as np
import pytest

from sentio_models.modalities.body.features import NAMES
from sentio_research.data.body import Rows
from sentio_research.evaluation.body_unseen import both_orders, left_out
from sentio_research.fitting.body import Recipe, fit, fit_replays, prior_of, reordered, replays_of


def session(person: str, corpus: str, effect: float, blocks: tuple[int, ...]) -> Rows:
    """Return a session whose heart rate rises by ``effect`` spreads in load."""
    rng = np.random.default_rng(list(person.encode()))
    labels = np.repeat(np.array(blocks), 20)
    features = np.full((len(labels), len(NAMES)), np.nan)
    noise = rng.normal(0, 3.0, len(labels))
    features[:, NAMES.index("heart_rate_15s")] = 60 + 20 * rng.random() + noise + effect * labels
    features[:, NAMES.index("pulse_likeness_15s")] = 1.0
    features[:, NAMES.index("temperature")] = np.linspace(30, 36, len(labels))
    times = 5.0 * np.arange(len(labels))
    return Rows(features, labels, times, np.zeros((len(labels), 3)), person, corpus)


def people(effect: float = 12.0) -> list[Rows]:
    hour = [session(f"S{i}", "stress_predict", effect, (0, 1, 0)) for i in range(4)]
    short = [session(f"p{i}", "cogwear", effect, (0, 1)) for i in range(4)]
    return [*hour, *short]


def test_what_load_changes_is_found_in_both_orders_and_time_is_not() -> None:
    sessions = people()
    heads = left_out(sessions, lambda *_: None, folds=2)
    figures = both_orders(sessions, heads)
    assert set(figures) == {
        "cogwear, recorded",
        "cogwear, load_first",
        "stress_predict, recorded",
        "stress_predict, reordered",
    }
    for name in figures:
        assert figures[name]["head"]["within"]["value"] > 0.9
    assert figures["cogwear, recorded"]["time_only"]["within"]["value"] == 1.0
    assert figures["cogwear, load_first"]["time_only"]["within"]["value"] == 0.0


def test_a_person_is_never_in_the_fit_of_their_own_head() -> None:
    sessions = people()
    odd = session("S0", "stress_predict", -60.0, (0, 1, 0))
    heads = left_out([odd, *sessions[1:]], lambda *_: None, folds=2)
    same = left_out(sessions, lambda *_: None, folds=2)
    assert heads["S0"].weights == pytest.approx(same["S0"].weights)
    assert heads["S1"].weights != pytest.approx(same["S1"].weights)


def test_a_head_cannot_learn_the_time_from_a_warming_wristband() -> None:
    head = fit(people(0.0))
    temperature = [NAMES.index("temperature") + block * len(NAMES) for block in range(3)]
    assert head.weights[temperature] == pytest.approx(0.0)


def test_blocks_change_places_with_the_windows_before_them() -> None:
    rng = np.random.default_rng(0)
    assert reordered(np.array([0, 0, -1, 1, 1]), rng).tolist() == [2, 3, 4, 0, 1]
    assert reordered(np.array([-1, 0, 0, -1]), rng).tolist() == [0, 1, 2, 3]
    assert reordered(np.array([-1, -1]), rng).tolist() == [0, 1]
    many = np.repeat([0, 1, 0, 1, 0], 4)
    order = reordered(many, rng)
    assert sorted(order.tolist()) == list(range(20))
    assert set(np.diff(order)[np.diff(order) != 1]) != set()


def test_corpora_weigh_as_the_recipe_states() -> None:
    """With all weight on one corpus the other has no effect."""
    against = [*people()[:4], *(session(f"p{i}", "cogwear", -12.0, (0, 1)) for i in range(4))]
    prior = prior_of(against)
    only = Recipe(shares={"stress_predict": 1.0, "cogwear": 1e-9})
    replays = [replays_of(rows, prior, only) for rows in against]
    weight = fit_replays(replays, prior, only).weights
    assert weight[NAMES.index("heart_rate_15s") + len(NAMES)] > 0.1
    even = Recipe(shares={"stress_predict": 1e-9, "cogwear": 1.0})
    opposed = fit_replays(replays, prior, even).weights
    assert opposed[NAMES.index("heart_rate_15s") + len(NAMES)] == pytest.approx(0.0, abs=1e-3)
