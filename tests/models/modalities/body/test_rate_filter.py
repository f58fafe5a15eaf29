"""The grid filter behind the heart rate."""

import numpy as np
import pytest

from sentio_models.modalities.body.rate_filter import RateFilter


def make(**changes):
    settings = {"drift": 0.03, "jump": 0.0005, "usual": 78.0, "spread": 0.35} | changes
    return RateFilter(28.0, 230.0, 240, **settings)


def likelihood(rates, rate, sd=0.02):
    return -0.5 * ((np.log(rates) - np.log(rate)) / sd) ** 2


def test_the_posterior_is_a_probability_and_starts_at_the_prior():
    rates = make()
    assert rates.probability.sum() == pytest.approx(1.0)
    assert rates.quantiles(0.5)[0] == pytest.approx(78.0, abs=0.5)
    rates.update(likelihood(rates.rates, 120.0))
    rates.predict(0.5)
    assert rates.probability.sum() == pytest.approx(1.0)
    assert (rates.probability >= 0).all()


def test_evidence_moves_the_median_and_narrows_it():
    rates = make()
    low, _, high = rates.quantiles(0.16, 0.5, 0.84)
    for _ in range(6):
        rates.predict(0.5)
        rates.update(likelihood(rates.rates, 120.0))
    narrow, median, top = rates.quantiles(0.16, 0.5, 0.84)
    assert median == pytest.approx(120.0, abs=1.0)
    assert top - narrow < 0.1 * (high - low)


def test_time_without_evidence_widens_and_half_a_minute_forgets():
    rates = make()
    rates.update(likelihood(rates.rates, 150.0))
    widths = []
    for seconds in (0.5, 5.0, 5.0):
        rates.predict(seconds)
        low, high = rates.quantiles(0.16, 0.84)
        widths.append(high - low)
    assert widths == sorted(widths)
    rates.predict(31.0)
    assert rates.quantiles(0.5)[0] == pytest.approx(78.0, abs=0.5)


def test_a_certain_jump_is_followed_within_seconds():
    rates = make()
    for rate in (60.0,) * 20 + (140.0,) * 8:
        rates.predict(0.5)
        rates.update(likelihood(rates.rates, rate))
    assert rates.quantiles(0.5)[0] == pytest.approx(140.0, abs=2)
