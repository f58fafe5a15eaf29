"""Skin responses: seen as they begin, of the right size, and none invented."""

import numpy as np
import pytest
from tests.models.modalities.body.streams import column, windows

from sentio_models.modalities.body.phasic import SkinDeconvolution


def skin(onsets, sizes, seconds=90.0, rate=4.0, level=5.0, noise=0.003, seed=0):
    t = np.arange(int(seconds * rate)) / rate
    values = level + noise * np.random.default_rng(seed).standard_normal(len(t))
    peak = np.log(2.0 / 0.75) / (1 / 0.75 - 1 / 2.0)
    top = np.exp(-peak / 2.0) - np.exp(-peak / 0.75)
    for onset, size in zip(onsets, sizes, strict=True):
        d = np.clip(t - onset, 0, None)
        values = values + size / top * (np.exp(-d / 2.0) - np.exp(-d / 0.75))
    return values, rate


def follow(values, rate, seconds=90.0):
    taken, results, step = SkinDeconvolution(), [], float("inf")
    for now, signals in windows({"eda": (column(values), rate)}, seconds):
        results.append((now, taken.update(signals["eda"], step)))
        step = 0.5
    return results


@pytest.mark.parametrize("rate", [4.0, 8.0, 32.0])
def test_a_response_is_seen_within_2_seconds_with_its_time_and_size(rate):
    onsets, sizes = (30.3, 47.1, 60.8), (0.3, 0.6, 0.2)
    results = follow(*skin(onsets, sizes, rate=rate))
    for onset, size in zip(onsets, sizes, strict=True):
        near = [
            (now, p)
            for now, p in results
            if p and p.onset is not None and abs(now - p.onset - onset) < 0.8
        ]
        assert near[0][0] - onset <= 2.0
        settled = [p.amplitude for now, p in near if now > onset + 3.0]
        assert settled[0] == pytest.approx(size, rel=0.35)


def test_no_response_is_seen_where_there_is_none():
    t = np.arange(360) / 4.0
    for values in (skin((), ())[0], 5 + 0.02 * t, 5 + 0.5 * np.sin(2 * np.pi * t / 60)):
        assert not [1 for _, p in follow(values, 4.0) if p and p.onset is not None]


def test_what_responses_add_and_the_level_make_the_whole():
    values, rate = skin((40.0,), (0.5,))
    for now, p in follow(values, rate):
        if p is not None:
            last = values[: int(now * rate)][-2:]
            assert p.level + p.phasic == pytest.approx(last.mean(), abs=1e-6)
    at_the_crest = dict(follow(values, rate))[41.5]
    assert at_the_crest.phasic == pytest.approx(0.5, abs=0.15)
    assert at_the_crest.level == pytest.approx(5.0, abs=0.15)


def test_a_slipped_electrode_is_not_a_response_and_dry_skin_is_unknown():
    values, rate = skin((), ())
    values[160:] += 2.0
    results = follow(values, rate)
    assert not [1 for _, p in results if p is not None and p.onset is not None]
    assert all(p is None for now, p in results if 41 < now < 46)
    assert all(p is None for _, p in follow(values * 0 + 0.01, rate))


def test_the_same_windows_give_the_same_answers():
    values, rate = skin((30.0, 50.0), (0.3, 0.3))

    def row(results):
        return [(now, p and (p.level, p.phasic, p.onset, p.amplitude)) for now, p in results]

    assert row(follow(values, rate)) == row(follow(values, rate))
