"""The filter's algebra, its stability, and inverted modalities."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from sentio_bridge.affect.fusion import FusionSettings
from sentio_bridge.affect.fusion.filter import Filter
from sentio_bridge.affect.fusion.measurement import DIMENSIONS, Measurement, measure
from sentio_models import MODALITIES, Estimate, Reading

PLAIN = FusionSettings(student_t_dof=1000.0, max_trust_penalty=1.0)
AROUSAL = DIMENSIONS.index("arousal")


def textbook(settings, readings):
    """A plain Kalman filter over x and the error states of two modalities."""
    memory, bias = settings.memory, settings.bias_tau
    tau = np.array([settings.affect_tau, bias, memory.face, bias, memory.body])
    prior = np.diag([settings.affect_sd**2, 1, 1, 1, 1])
    x, p, last = np.zeros(5), prior.copy(), None
    b, c = settings.bias_share, settings.coloured_share
    for time, which, estimate, left in readings:
        weight = 1 - left / settings.affect_sd**2
        z, r = estimate / weight, left / weight  # without the prior that a fitted model contains
        if last is not None:
            f = np.diag(np.exp(-(time - last) / tau))
            x, p = f @ x, f @ p @ f + prior - f @ prior @ f
        last = time
        h = np.zeros(5)
        h[0], h[1 + 2 * which], h[2 + 2 * which] = 1, np.sqrt(b * r), np.sqrt(c * r)
        s = h @ p @ h + (1 - b - c) * r
        k = p @ h / s
        x, p = x + k * (z - h @ x), p - np.outer(k, h @ p)
    return x[0], p[0, 0]


def test_it_is_the_kalman_filter_where_nothing_is_odd():
    rng = np.random.default_rng(0)
    readings = [
        (100 + i * 0.7, i % 2, float(rng.uniform(-0.4, 0.4)), 0.05 + 0.05 * (i % 2))
        for i in range(40)
    ]
    filter_ = Filter(PLAIN)
    at = filter_.start()
    for time, which, z, r in readings:
        name = ("face", "body")[which]
        estimate = Estimate(name, {"arousal": Reading(z, r)}, quality=1.0)
        at = filter_.step(at, measure(estimate, time, PLAIN)[0])
    belief = filter_.believe(at, AROUSAL, readings[-1][0])
    mean, variance = textbook(PLAIN, readings)
    assert belief.mean == pytest.approx(mean, abs=0.01)  # Student-t with 1000 degrees is near
    assert belief.variance == pytest.approx(variance, rel=0.01)


def follow(settings, modality, readings):
    """Return what is believed of arousal after each of ``(time, value, variance)``."""
    filter_ = Filter(settings)
    at = filter_.start()
    beliefs = []
    for time, z, r in readings:
        measured = Measurement(time, modality, 1.0, ((AROUSAL, z, r),), None)
        at = filter_.step(at, measured)
        beliefs.append(filter_.believe(at, AROUSAL, time))
    return beliefs


def test_ten_estimates_of_the_same_second_count_little_more_than_one():
    beliefs = follow(FusionSettings(), 2, [(i * 0.1, 0.3, 0.1) for i in range(10)])
    independent = 1 / (1 / 0.25 + 10 / 0.1)
    assert beliefs[0].variance > beliefs[-1].variance > 5 * independent


def test_it_stays_sound_for_days():
    settings = FusionSettings()
    filter_ = Filter(settings)
    at = filter_.start()
    rng = np.random.default_rng(3)
    time = 1e5
    for i in range(20_000):
        time += float(rng.choice([0.0, 0.01, 0.1, 30.0, 3600.0], p=[0.2, 0.4, 0.37, 0.028, 0.002]))
        estimate = Estimate(
            MODALITIES[int(rng.integers(8))],
            {"arousal": Reading(float(rng.normal()), float(10 ** rng.uniform(-9, 3)))},
            quality=float(rng.uniform(0.1, 1)),
        )
        at = filter_.step(at, measure(estimate, time, settings)[0])
        if i % 500 == 0:
            track = at.tracks[AROUSAL]
            assert track is not None
            evidence = filter_.dimensions[AROUSAL].evidence(track, time - at.since)
            assert np.array_equal(evidence, evidence.T)
            present = [0]
            prior = [settings.affect_sd**2]
            for modality, one in enumerate(at.measurements):
                if one is not None:
                    noise = one.noise[AROUSAL]
                    present += [1 + 2 * modality, 2 + 2 * modality]
                    prior += [settings.bias_share * noise.lasting]
                    prior += [settings.coloured_share * noise.usual]
            covariance = np.diag(prior) - evidence[np.ix_(present, present)]
            assert np.linalg.eigvalsh(covariance).min() > 0
            assert abs(filter_.believe(at, AROUSAL, time).mean) <= 1.5
    assert time > 1e5 + 86_400


def _argue(settings, inverted, others, seconds=60):
    filter_ = Filter(settings)
    at = filter_.start()
    for i in range(int(seconds * 5)):
        time = 100.0 + i * 0.2
        for name, value, variance in (*others, inverted):
            wobble = 0.02 * np.sin(i + len(name))
            estimate = Estimate(name, {"arousal": Reading(value + wobble, variance)}, quality=1.0)
            at = filter_.step(at, measure(estimate, time, settings)[0])
    return filter_, at, time


def test_a_modality_that_contradicts_all_others_loses_weight_whatever_it_claims():
    agreeing = [("voice", 0.5, 0.1), ("body", 0.6, 0.1), ("eeg", 0.5, 0.1)]
    filter_, at, time = _argue(FusionSettings(), ("face", -0.9, 0.02), agreeing)
    belief = filter_.believe(at, AROUSAL, time)
    assert belief.mean > 0.25
    assert belief.share[MODALITIES.index("face")] < 0.1
    assert filter_.contradicts(at, MODALITIES.index("face"))
    assert not filter_.contradicts(at, MODALITIES.index("body"))


def test_two_that_differ_get_a_penalty_and_the_interval_holds_both():
    filter_, at, time = _argue(FusionSettings(), ("face", -0.9, 0.02), [("body", 0.9, 0.02)])
    belief = filter_.believe(at, AROUSAL, time)
    assert abs(belief.mean) < 0.4
    assert 1.96 * belief.variance**0.5 > 0.75


def test_an_outlier_pulls_less_than_a_moderate_surprise():
    quiet = [(i * 1.0, 0.0, 0.02) for i in range(50)]
    pulls = [
        abs(follow(FusionSettings(), 2, [*quiet, (50.0, surprise, 0.02)])[-1].mean)
        for surprise in (0.1, 0.2, 0.4, 0.8, 6.0)
    ]
    assert max(pulls) < 0.2
    assert pulls[-1] < max(pulls)


def test_a_constant_sensor_is_reported_and_weighs_little():
    settings = FusionSettings()
    filter_ = Filter(settings)
    at = filter_.start()
    for i in range(200):
        estimate = Estimate("body", {"arousal": Reading(0.7, 0.05)}, quality=1.0)
        at = filter_.step(at, measure(estimate, 10 + i * 0.1, settings)[0])
    assert filter_.stuck(at, MODALITIES.index("body"))
    own = Estimate("self", {"arousal": Reading(0.7, 0.05)}, quality=1.0)
    for i in range(200):
        at = filter_.step(at, measure(own, 40 + i * 0.1, settings)[0])
    assert not filter_.stuck(at, MODALITIES.index("self"))


def test_two_views_of_one_error_do_not_extrapolate():
    """A varying variance keeps the result between two similar estimates."""
    settings = FusionSettings()
    filter_ = Filter(settings)
    at = filter_.start()
    for i in range(300):
        variance = 0.16 + 0.08 * (i % 2)
        estimate = Estimate(
            "face", {"arousal": Reading(0.05 + 0.1 * (i % 2), variance)}, quality=1.0
        )
        at = filter_.step(at, measure(estimate, 100 + i / 30, settings)[0])
    assert 0.0 < filter_.believe(at, AROUSAL, 110.0).mean < 0.3


def test_one_outlier_in_ten_hardly_lowers_trust():
    """Outliers are left to the Student-t; the penalty is for what is wrong throughout."""
    settings = FusionSettings()
    filter_ = Filter(settings)
    at = filter_.start()
    rng = np.random.default_rng(5)
    for i in range(600):
        truth = 0.5 * np.sin(i / 60)
        for name in ("face", "voice", "body", "eeg"):
            value = rng.uniform(-1, 1) if rng.uniform() < 0.1 else truth + rng.normal(0, 0.3)
            estimate = Estimate(name, {"arousal": Reading(float(value) * 0.7, 0.07)}, quality=1.0)
            at = filter_.step(at, measure(estimate, 100 + i * 0.5, settings)[0])
    for name in ("face", "voice", "body", "eeg"):
        assert at.trust.penalty[MODALITIES.index(name)][AROUSAL] < 3.0


def test_an_inverted_modality_is_found_in_seconds_by_all_its_dimensions():
    settings = FusionSettings()
    filter_ = Filter(settings)
    at = filter_.start()
    face = MODALITIES.index("face")
    for i in range(20):
        for name in ("face", "voice", "body"):
            sign = -1 if name == "face" else 1
            readings = {
                dim: Reading(sign * (0.4 + 0.01 * np.sin(i + k)), 0.07)
                for k, dim in enumerate(("valence", "arousal"))
            }
            estimate = Estimate(name, readings, quality=1.0)
            at = filter_.step(at, measure(estimate, 100 + i * 0.5, settings)[0])
    assert min(at.trust.penalty[face][:2]) > 20
    assert max(at.trust.penalty[MODALITIES.index("body")]) < 5


def test_a_variance_that_falls_again_leaves_errors_with_something_to_know():
    """S and T fall no faster than the errors forget; s exceeds the white noise."""
    readings = [(i * 0.1, 0.1 * (i % 3), 1.0 if 50 < i < 100 else 0.01) for i in range(400)]
    beliefs = follow(FusionSettings(), 0, readings)
    assert all(0 < belief.variance <= 0.25 for belief in beliefs)
    assert all(abs(belief.mean) < 0.25 for belief in beliefs)


def test_evidence_of_an_inverted_modality_is_reduced():
    """An inverted first modality loses weight to the others' offsets."""
    settings = FusionSettings()
    filter_ = Filter(settings)
    at = filter_.start()
    for i in range(25):
        for name in ("face", "voice", "body"):
            sign = -1 if name == "face" else 1
            readings = {
                dim: Reading(sign * (0.5 + 0.01 * np.sin(i + k)), 0.07)
                for k, dim in enumerate(("valence", "arousal"))
            }
            estimate = Estimate(name, readings, quality=1.0)
            at = filter_.step(at, measure(estimate, 100 + i * 0.2, settings)[0])
    assert at.trust.inverted == {MODALITIES.index("face")}
    assert filter_.believe(at, AROUSAL, 105.0).mean > 0.35


def test_fusion_does_not_import_scipy():
    """Two BLAS functions of it took .24 s of processor time at each start, and 30 MB."""
    code = "import sys, sentio_bridge.server.sidecar; sys.exit('scipy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
