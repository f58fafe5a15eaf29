"""Figures of played recordings: separation within a person, and onsets."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.felt_page import played_section
from benchmarks.felt_played import ENTRIES, Played, figures, onsets, separation

TIMES = np.arange(0.0, 400.0)
LABELS = (TIMES >= 200).astype(np.int64)


def person(value: np.ndarray, labels: np.ndarray = LABELS) -> Played:
    return Played("p", TIMES, labels, dict.fromkeys(ENTRIES, value))


def test_noise_around_a_step_separates_better_over_longer_means() -> None:
    value = LABELS + np.random.default_rng(1).normal(0, 1.5, len(TIMES))
    short, long = (separation([person(value)], "arousal", over)["value"] for over in (5, 60))
    assert 0.7 < short < long
    assert long == pytest.approx(1.0, abs=0.02)


def test_values_of_the_future_or_another_label_do_not_count() -> None:
    late = np.concatenate([np.zeros(210), np.ones(190)])
    mixed = separation([person(late)], "arousal", 60.0)["value"]
    assert mixed == pytest.approx(1.0)  # the first minute after the step has two labels


def test_unknown_labels_and_values_are_left_out() -> None:
    value = LABELS.astype(float)
    value[::3] = np.nan
    labels = LABELS.copy()
    labels[150:250] = -1
    assert separation([person(value, labels)], "stress", 5.0)["value"] == 1.0


def test_an_onset_counts_if_the_value_was_below_and_crosses_in_time() -> None:
    soon = np.concatenate([np.full(100, 0.5), np.zeros(105), np.ones(195)])
    late = np.concatenate([np.full(100, 0.5), np.zeros(130), np.ones(170)])
    high = np.concatenate([np.zeros(150), np.ones(250)])
    found = onsets([person(soon), person(late), person(high)], "arousal")
    assert found == {"onsets_from_below": 2, "crossed": 0.5}


def test_the_page_has_a_row_for_each_entry() -> None:
    below = person(np.concatenate([np.full(100, 0.5), np.zeros(105), np.ones(195)]))
    table = {"CogWear": figures([person(LABELS + 0.0), below])}
    section = played_section(table)
    assert "| CogWear | `stress_level` | 1 | 100 % |" in section
    assert all(f"`{name}`" in section for name in ENTRIES)
    assert "1.00 (1.00 to 1.00)" in section
