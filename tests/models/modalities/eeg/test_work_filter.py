import numpy as np
import pytest

from sentio_models.modalities.eeg.work_filter import Expected, WorkFilter, advance, start

EXPECTED = Expected(0.0, 1.2, 1.5, 1.5, 0.3, 1.0)


def follow(work_filter, scores):
    return [work_filter.add(float(score), 1.0) for score in scores]


def test_without_scores_rest_and_work_are_equally_likely():
    assert WorkFilter(EXPECTED).add(float("nan"), 1.0) == pytest.approx(0.5)


@pytest.mark.parametrize("level", [-2.0, 0.0, 2.0])
def test_change_decides_whatever_the_level_of_the_person_and_the_order(level):
    rest, work = np.full(60, level - 0.75), np.full(60, level + 0.75)
    first = follow(WorkFilter(EXPECTED), np.concatenate([work, rest]))
    last = follow(WorkFilter(EXPECTED), np.concatenate([rest, work]))
    assert first[59] > first[-1] + 0.2
    assert last[-1] > last[59] + 0.2


def test_calm_of_a_profile_is_rest_at_once_and_a_rise_is_work():
    work_filter = WorkFilter(EXPECTED)
    work_filter.restart(calm=True)
    assert follow(work_filter, np.zeros(30))[-1] < 0.3
    assert follow(work_filter, np.full(30, 1.2))[-1] > 0.7


def test_one_artefact_changes_little():
    work_filter = WorkFilter(EXPECTED)
    before = follow(work_filter, np.full(60, -0.75))[-1]
    assert work_filter.add(60.0, 1.0) == pytest.approx(before, abs=0.1)


def test_long_pause_forgets_the_state():
    work_filter = WorkFilter(EXPECTED)
    work_filter.restart(calm=True)
    follow(work_filter, np.full(60, 2.0))
    assert work_filter.add(0.5, 7200.0) == pytest.approx(0.5, abs=0.15)


def test_batch_equals_single_sessions():
    scores = np.random.default_rng(0).normal(0, 2, (3, 20))
    means, beliefs = EXPECTED.means(calm=False), start((3,))
    filters = [WorkFilter(EXPECTED) for _ in scores]
    for second in range(20):
        beliefs = advance(beliefs, scores[:, second], means, EXPECTED, 1.0)
        single = [f.add(float(s), 1.0) for f, s in zip(filters, scores[:, second], strict=True)]
        np.testing.assert_allclose(beliefs[:, 1].sum(axis=-1), single)


def test_belief_stays_a_distribution_under_any_score():
    work_filter = WorkFilter(EXPECTED)
    for score in (1e12, -1e12, 0.0, float("inf"), float("nan")):
        assert 0.0 <= work_filter.add(score, 1.0) <= 1.0
