"""Tests of mains hum that is folded into an ECG's band."""

import numpy as np
import pytest
from tests.models.modalities.body.streams import column, ecg, follow, steady

from sentio_models.modalities.body.heart_tracker import HeartTracker
from sentio_models.modalities.body.hum import without_hum

SECONDS, RATE = 25.0, 64.0


def hum(hertz, size):
    return column(1000 * size * np.sin(2 * np.pi * hertz * np.arange(int(SECONDS * RATE)) / RATE))


def followed(values, since):
    results = follow(HeartTracker(), {"ecg": (values, RATE)}, SECONDS, 1.0)
    late = [heart for now, heart in results if now >= since]
    return [heart.rate for heart in late if heart is not None and heart.known], len(late)


@pytest.mark.parametrize("bpm", [40, 94, 184])
@pytest.mark.parametrize(("hertz", "size"), [(14.0, 0.5), (14.0, 3.0), (13.7, 0.5)])
def test_an_ecg_is_read_through_folded_hum(bpm, hertz, size):
    values, _ = ecg(steady(bpm, SECONDS, jitter=0.004), rate=RATE, seconds=SECONDS)
    known, all_of_them = followed(values + hum(hertz, size), 10.0)
    assert len(known) >= 0.98 * all_of_them
    assert np.abs(np.array(known) - bpm).mean() < 1.0


@pytest.mark.parametrize("noise", [1.0, 20.0])
def test_folded_hum_alone_is_not_taken_for_a_heart(noise):
    more = noise * np.random.default_rng(3).standard_normal((int(SECONDS * RATE), 1))
    assert followed(hum(14.0, 0.5) + more, 2.0)[0] == []


def test_an_ecg_without_hum_stays_as_it_is():
    values = ecg(steady(150, 10.0), rate=128.0, seconds=10.0)[0][:, 0]
    assert np.array_equal(without_hum(values, 128.0, 5.0, 24.0), values)
