"""Tests that the state depends on the order of capture, not of arrival."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sentio_bridge.affect.fusion import FusionSettings, Timeline, UpdateResult
from sentio_bridge.affect.fusion.filter import Filter, Prediction
from sentio_bridge.affect.fusion.measurement import DIMENSIONS, measure
from sentio_models import AFFECT, EMOTIONS, MODALITIES, Estimate, Reading

SETTINGS = FusionSettings()
FILTER = Filter(SETTINGS)


def estimate(modality: str, value: float, variance: float = 0.1) -> Estimate:
    readings = {name: Reading(value, variance) for name in AFFECT}
    emotions = {name: 1.0 + value * (i == 1) for i, name in enumerate(EMOTIONS)}
    return Estimate(modality, readings, emotions, quality=0.9)


def same(a: Prediction, b: Prediction) -> bool:
    for one, two in zip(a.tracks, b.tracks, strict=True):
        if (one is None) != (two is None):
            return False
        if one is not None and two is not None:
            if not np.array_equal(one.kept, two.kept):
                return False
            if (one.time, one.share) != (two.time, two.share):
                return False
    for mine, yours in zip(a.measurements, b.measurements, strict=True):
        if (mine is None) != (yours is None):
            return False
        if mine is not None and yours is not None:
            if (mine.last, mine.values, mine.since) != (yours.last, yours.values, yours.since):
                return False
            if mine.noise != yours.noise:
                return False
            assert mine.emotions is not None
            assert yours.emotions is not None
            if not np.array_equal(mine.emotions.probabilities, yours.emotions.probabilities):
                return False
    return (a.time, a.since, a.trust) == (b.time, b.since, b.trust)


arrivals = st.lists(
    st.tuples(
        st.sampled_from(MODALITIES),
        st.integers(0, 400),
        st.floats(-1, 1),
    ),
    min_size=2,
    max_size=60,
    unique_by=lambda a: (a[0], a[1]),
)


@settings(max_examples=60, deadline=None)
@given(arrivals, st.randoms(use_true_random=False))
def test_order_of_arrival_within_the_horizon_does_not_matter(arrivals, random):
    measured = [measure(estimate(m, v), 100.0 + t / 100.0, SETTINGS)[0] for m, t, v in arrivals]
    shuffled = list(measured)
    random.shuffle(shuffled)
    in_order = Timeline(FILTER, SETTINGS.horizon, SETTINGS.max_log)
    mixed = Timeline(FILTER, SETTINGS.horizon, SETTINGS.max_log)
    for m in sorted(measured, key=lambda m: m.key):
        assert in_order.add(m, 104.5) is UpdateResult.FUSED
    for m in shuffled:
        assert mixed.add(m, 104.5) is UpdateResult.FUSED
    assert same(in_order.head, mixed.head)


def test_a_long_stream_with_late_ones_equals_the_sorted_stream():
    rng = np.random.default_rng(1)
    measured = [
        measure(estimate(MODALITIES[i % 4], float(rng.uniform(-1, 1))), 10 + i * 0.05, SETTINGS)[0]
        for i in range(800)
    ]
    late = sorted(measured, key=lambda m: m.time + rng.uniform(0, 2.5))
    mixed = Timeline(FILTER, SETTINGS.horizon, SETTINGS.max_log)
    now = 0.0
    for m in late:
        now = max(now, m.time)
        assert mixed.add(m, now) is UpdateResult.FUSED
    sorted_line = Timeline(FILTER, SETTINGS.horizon, SETTINGS.max_log)
    for m in measured:
        sorted_line.add(m, m.time)
    assert same(mixed.head, sorted_line.head)


def test_late_and_repeated_estimates_are_reported_and_change_nothing():
    line = Timeline(FILTER, SETTINGS.horizon, SETTINGS.max_log)
    first = measure(estimate("face", 0.5), 100.0, SETTINGS)[0]
    assert line.add(first, 100.0) is UpdateResult.FUSED
    head = line.head
    assert line.add(first, 100.1) is UpdateResult.DUPLICATE
    assert line.add(measure(estimate("body", 0.5), 94.0, SETTINGS)[0], 100.2) is UpdateResult.LATE
    assert line.head is head


def test_the_log_is_bounded_by_its_limit():
    line = Timeline(FILTER, 1000.0, 64)
    for i in range(500):
        line.add(measure(estimate("face", 0.1), 100.0 + i, SETTINGS)[0], 100.0 + i)
    very_old = measure(estimate("body", 0.1), 300.0, SETTINGS)[0]
    assert line.add(very_old, 600.0) is UpdateResult.LATE


def test_withdrawal_leaves_the_estimate_of_the_others_alone():
    both = Timeline(FILTER, SETTINGS.horizon, SETTINGS.max_log)
    alone = Timeline(FILTER, SETTINGS.horizon, SETTINGS.max_log)
    for i in range(20):
        body = measure(estimate("body", 0.4), 100.0 + i * 0.2, SETTINGS)[0]
        face = measure(estimate("face", -0.9), 100.05 + i * 0.2, SETTINGS)[0]
        both.add(body, body.time)
        both.add(face, face.time)
        alone.add(body, body.time)
    both.without(MODALITIES.index("face"))
    assert same(both.head, alone.head)


def test_variance_grows_back_to_the_prior_when_evidence_ends():
    line = Timeline(FILTER, SETTINGS.horizon, SETTINGS.max_log)
    for i in range(50):
        line.add(measure(estimate("face", 0.8), 100.0 + i * 0.1, SETTINGS)[0], 105.0)
    arousal = DIMENSIONS.index("arousal")
    variances = [
        FILTER.believe(line.head, arousal, 105.0 + t).variance for t in (0, 5, 20, 60, 600)
    ]
    assert variances == sorted(variances)
    assert variances[0] < 0.6 * SETTINGS.affect_sd**2
    assert abs(variances[-1] - SETTINGS.affect_sd**2) < 1e-6
    assert abs(FILTER.believe(line.head, arousal, 1e6).mean) < 1e-9
