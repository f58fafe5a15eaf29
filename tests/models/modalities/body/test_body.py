import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentio_models import Norm, Signal, Window
from sentio_models.modalities.body import BodyEstimator
from sentio_models.modalities.body.breathing import belt
from sentio_models.modalities.body.counted import counted
from sentio_models.modalities.body.features import NAMES, TRUSTED, measure
from sentio_models.modalities.body.heart import electrocardiogram, pulse
from sentio_models.modalities.body.motion import motion
from sentio_models.modalities.body.quick import TRUST
from sentio_models.modalities.body.skin import conductance
from sentio_research.data.body import replay, stress_predict
from sentio_research.evaluation.body import heart_rate


def signal(values, rate, channels=None):
    values = np.asarray(values, np.float32)
    values = values[:, None] if values.ndim == 1 else values
    offsets = (np.arange(len(values)) - (len(values) - 1)) / rate
    return Signal(values, offsets, rate, channels or tuple("xyz"[: values.shape[1]]))


def wave(rate, seconds=60.0, bpm=72.0, sign=1.0, seed=0):
    t = np.arange(int(seconds * rate)) / rate
    phase = np.mod(t * bpm / 60, 1.0)
    shape = np.exp(-0.5 * ((phase - 0.2) / 0.07) ** 2) + 0.4 * np.exp(
        -0.5 * ((phase - 0.48) / 0.1) ** 2
    )
    noise = np.random.default_rng(seed).normal(0, 0.02, len(t))
    return sign * 60 * (shape + noise)


@pytest.mark.parametrize("bpm", [45.0, 60.0, 72.0, 110.0, 160.0])
@pytest.mark.parametrize("rate", [25.0, 32.0, 64.0, 250.0])
@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_the_pulse_is_counted_at_any_rate_of_the_sensor_and_polarity(bpm, rate, sign):
    heart = pulse(signal(wave(rate, bpm=bpm, sign=sign), rate))
    assert heart is not None
    assert heart.heart_rate == pytest.approx(bpm, abs=1.5)
    assert heart.quality > TRUSTED


def test_the_heart_rate_is_there_after_eight_seconds():
    heart = pulse(signal(wave(64.0, 8.0, bpm=80), 64.0))
    assert heart is not None
    assert heart.heart_rate == pytest.approx(80, abs=3)
    assert heart.quality > TRUSTED


def test_a_sudden_change_is_shown_before_the_minute_is_over():
    values = np.concatenate([wave(64.0, 45, bpm=65), wave(64.0, 15, bpm=95)])
    heart = pulse(signal(values, 64.0))
    assert heart is not None
    assert heart.heart_rate == pytest.approx(95, abs=4)


@pytest.mark.parametrize("bpm", [50.0, 75.0, 130.0])
def test_r_peaks_are_counted_through_baseline_wander(bpm):
    rate, t = 250.0, np.arange(60 * 250) / 250.0
    phase = np.mod(t * bpm / 60 + 0.5, 1.0) - 0.5
    spikes = 1000 * np.exp(-0.5 * (phase * 60 / bpm / 0.012) ** 2)
    waves = 250 * np.exp(-0.5 * ((phase * 60 / bpm - 0.25) / 0.04) ** 2)
    heart = electrocardiogram(signal(spikes + waves + 400 * np.sin(2 * np.pi * 0.25 * t), rate))
    assert heart is not None
    assert heart.heart_rate == pytest.approx(bpm, abs=1.5)


def test_rmssd_is_that_of_the_beats():
    rng = np.random.default_rng(1)
    intervals = 0.85 + rng.normal(0, 0.03, 200)
    beats = np.cumsum(intervals)
    t = np.arange(int(60 * 256)) / 256 + 20
    ecg = sum(np.exp(-0.5 * ((t - b) / 0.012) ** 2) for b in beats)
    heart = electrocardiogram(signal(1000 * ecg, 256.0))
    inside = intervals[(beats > 20) & (beats < 80)]
    truth = 1000 * np.sqrt(np.mean(np.diff(inside) ** 2))
    result = heart.rmssd()
    assert result is not None
    assert result[0] == pytest.approx(truth, rel=0.2)


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        (np.zeros(3840), "flat"),
        (np.full(3840, 500.0), "flat"),
        (np.clip(wave(64.0) * 9, -20, 60), None),
        (np.random.default_rng(0).normal(0, 50, 3840), None),
    ],
)
def test_what_is_not_a_pulse_has_low_quality_or_a_reason(values, reason):
    heart = pulse(signal(values, 64.0))
    assert heart is not None
    if reason:
        assert heart.quality == 0.0
        assert reason in heart.reasons
    else:
        assert heart.quality < 1.0


def test_noise_is_never_a_heart():
    qualities = [
        pulse(signal(np.random.default_rng(s).normal(0, 50, 3840), 64.0)).quality for s in range(20)
    ]
    assert max(qualities) < TRUSTED


def test_movement_takes_the_trust_from_an_optical_pulse():
    still = np.tile([0.0, 0.0, 1.0], (1920, 1))
    shaken = still + 0.5 * np.sin(2 * np.pi * 2 * np.arange(1920) / 32)[:, None]
    calm = measure(Window({"ppg": signal(wave(64.0), 64.0), "accel": signal(still, 32.0)}))
    moved = measure(Window({"ppg": signal(wave(64.0), 64.0), "accel": signal(shaken, 32.0)}))
    assert moved.heart_quality < TRUSTED <= calm.heart_quality
    calm_estimate, estimate = (
        BodyEstimator().estimate(
            Window({"ppg": signal(wave(64.0), 64.0), "accel": signal(values, 32.0)})
        )
        for values in (still, shaken)
    )
    assert "motion" in estimate.reasons
    # The rate is seen beside the movement; single beats are not.
    assert estimate.readings["heart_rate"].mean == pytest.approx(72, abs=2)
    assert "rmssd" in calm_estimate.readings
    assert "rmssd" not in estimate.readings
    assert estimate.quality < 0.6 * calm_estimate.quality


def test_gravity_gives_the_scale_of_an_accelerometer():
    still = np.tile([0.0, 0.6, 0.8], (640, 1)) + np.random.default_rng(0).normal(0, 0.1, (640, 3))
    in_g = motion(signal(still, 32.0))
    in_counts = motion(signal(still * 64, 32.0))
    assert in_g.rms == pytest.approx(in_counts.rms, rel=0.05)


def test_responses_are_counted_and_dry_skin_is_not_worn():
    t = np.arange(60 * 8) / 8.0
    level = np.full(len(t), 4.0)
    for onset in (10.0, 25.0, 45.0):
        d = np.clip(t - onset, 0, None)
        level = level + 0.6 * (np.exp(-d / 3) - np.exp(-d / 0.7)) * (t > onset)
    skin = conductance(signal(level, 8.0))
    assert skin.responses == pytest.approx(3, abs=0.2)
    assert skin.level == pytest.approx(4.0, abs=0.2)
    assert conductance(signal(np.zeros(240) + 0.001, 4.0)).reasons == ("not_worn",)


@pytest.mark.parametrize("breaths", [6.0, 12.0, 24.0])
def test_a_belt_counts_breaths(breaths):
    t = np.arange(60 * 25) / 25.0
    result = belt(signal(np.sin(2 * np.pi * breaths / 60 * t), 25.0))
    assert result.rate == pytest.approx(breaths, abs=1.0)


def _everything(seed):
    rng = np.random.default_rng(seed)
    return {
        "ppg": signal(wave(64.0, seed=seed), 64.0),
        "eda": signal(3 + 0.1 * rng.normal(size=240).cumsum() * 0.1, 4.0),
        "temp": signal(np.full(240, 33.0), 4.0),
        "accel": signal(np.tile([0, 0, 1.0], (1920, 1)) + rng.normal(0, 0.01, (1920, 3)), 32.0),
    }


def test_any_subset_gives_an_estimate_and_the_same_windows_the_same_answer():
    for roles in (("ppg",), ("eda",), ("temp",), ("eda", "temp"), ("ppg", "eda", "temp", "accel")):
        window = Window({r: s for r, s in _everything(0).items() if r in roles}, 1.0)
        first, second = BodyEstimator(), BodyEstimator()
        results = [first.estimate(window) for _ in range(3)]
        assert results == [second.estimate(window) for _ in range(3)]
        assert {"arousal", "stress"} <= results[0].readings.keys()
        assert all(estimate.finite() for estimate in results)


def test_accelerometer_alone_gives_no_affect():
    estimate = BodyEstimator().estimate(Window({"accel": _everything(0)["accel"]}))
    assert estimate.readings == {}
    assert estimate.quality == 0.0


def test_a_person_starts_over_with_their_own_norms():
    estimator = BodyEstimator()
    window = Window(_everything(0), 10.0)
    before = estimator.estimate(window).readings["stress"].mean
    calm = {"heart_rate": Norm(50.0, 4.0, 60.0), "recent_heart_rate": Norm(50.0, 4.0, 60.0)}
    estimator.personalise(calm)
    assert estimator.estimate(window).readings["stress"].mean > before


junk = st.sampled_from(["zeros", "rail", "nan", "inf", "huge", "noise", "step", "short", "wild"])


@given(st.lists(junk, min_size=6, max_size=6), st.integers(0, 2**16))
def test_nothing_that_a_sensor_sends_raises(kinds, seed):
    rng = np.random.default_rng(seed)

    def make(kind, n, rate, channels):
        values = rng.normal(0, 1, (n, channels))
        if kind == "zeros":
            values[:] = 0
        elif kind == "rail":
            values = np.clip(values * 9, -1, 1)
        elif kind == "nan":
            values[rng.random(n) < 0.5] = np.nan
        elif kind == "inf":
            values[n // 2 :] = np.inf
        elif kind == "huge":
            values *= 1e30
        elif kind == "step":
            values[n // 2 :] += 1e6
        elif kind == "short":
            values = values[:1]
        offsets = (np.arange(len(values)) - (len(values) - 1)) / rate
        if kind == "wild":
            offsets = np.sort(rng.uniform(-60, 0, len(values)))
            offsets[: len(offsets) // 2] = offsets[0]
        return Signal(values.astype(np.float32), offsets, rate, tuple("xyz"[:channels]))

    roles = (("ppg", 64, 1), ("ecg", 128, 1), ("eda", 4, 1), ("resp", 25, 1), ("temp", 4, 1))
    signals = {
        role: make(kind, rate * 20, float(rate), count)
        for kind, (role, rate, count) in zip(kinds, (*roles, ("accel", 32, 3)), strict=True)
    }
    estimate = BodyEstimator().estimate(Window(signals, 1.0))
    assert estimate.finite()
    assert 0 <= estimate.quality <= 1


def test_no_streams_at_all_is_unknown_not_calm():
    estimate = BodyEstimator().estimate(Window({}))
    assert estimate.readings == {}
    assert estimate.quality == 0


@pytest.mark.slow
@pytest.mark.data
def test_the_heart_rate_is_the_devices_own_on_real_people(data_dir):
    chosen = {"S04", "S06", "S13", "S24", "S34"}
    people = [replay(s, hop=40.0) for s in stress_predict(data_dir) if s.person in chosen]
    figures = heart_rate(people)
    assert figures["within_5_of_device_at_good_quality"]["value"] >= 0.9
    assert figures["share_of_good_quality"] > 0.3
    elsewhere = figures["chosen_on_other_people"]
    assert elsewhere["halves_p5"] <= elsewhere["halves_mean"] <= elsewhere["halves_p95"]
    assert elsewhere["each_person_left_out"] >= 0.85


def test_the_head_reads_every_named_feature():
    head = BodyEstimator()
    window = Window(_everything(1), 10.0)
    # For what lasts seconds; the head does not read them.
    moment = {"heart_rate_now", "heart_rate_acceleration", "breath_phase", "scl_now"}
    moment |= {"scl_phasic", "scl_tonic", "scr_onset_age", "scr_onset_amplitude"}
    assert set(head.estimate(window).features) - moment <= set(NAMES)


def test_the_moment_is_given_beside_the_minute():
    """Responses last seconds: heart and skin right now are features of their own."""
    level = np.full(240, 5.0)
    level[-4:] = 6.0
    window = Window({"ppg": signal(wave(64.0), 64.0), "eda": signal(level, 4.0)})
    features = BodyEstimator().estimate(window).features
    assert features["heart_rate_now"] == pytest.approx(72.0, abs=3)
    assert features["scl_now"] == pytest.approx(6.0, abs=0.3)
    cold = Window({"eda": signal(np.zeros(240), 4.0)})
    assert "scl_now" not in BodyEstimator().estimate(cold).features


def _past():
    from sentio_models.modalities.body.estimator import Past

    return Past({name: Norm(0.0, 1.0, 1.0) for name in NAMES})


def test_calm_stays_what_the_first_two_minutes_were_while_rest_follows():
    past, n = _past(), len(NAMES)
    trusted = [NAMES.index(name) for name in TRUST]
    for level, moments in ((1.0, 12), (5.0, 200)):
        values = np.full(n, level)
        values[trusted] = 1.0
        for _ in range(moments):
            results = np.delete(past.compare(values).reshape(3, n), trusted, axis=1)
            past.learn(values, 10.0)
    population, rest, calm = results
    assert np.all(population == 5.0)
    assert np.all(calm > 3.0)
    assert np.all(np.abs(rest) < 0.5)


def test_a_profile_is_calm_from_the_first_moment_without_unknown_features():
    past, n = _past(), len(NAMES)
    past.restart({"heart_rate": Norm(60.0, 5.0, 60.0)})
    values = np.full(n, np.nan)
    values[0] = 75.0
    results = past.compare(values)
    assert results[2 * n] == pytest.approx(3.0)
    assert np.flatnonzero(results).tolist() == [0, n, 2 * n]


def test_distances_of_a_moving_or_unlike_pulse_count_less_than_those_of_a_clean_one():
    past, n = _past(), len(NAMES)
    values = np.full(n, np.nan)
    pulse_at, alike, still = (
        NAMES.index(name)
        for name in ("pulse_skewness_15s", "pulse_likeness_15s", "pulse_stillness_15s")
    )
    values[[pulse_at, alike]] = 2.0, 0.5
    population, rest, calm = past.compare(values).reshape(3, n)[:, pulse_at]
    assert population == pytest.approx(2.0)
    assert (rest, calm) == (pytest.approx(1.4), pytest.approx(1.0))
    values[still] = 0.1
    assert past.compare(values).reshape(3, n)[:, pulse_at] == pytest.approx([0.2, 0.14, 0.1])
    values[alike] = np.nan
    assert past.compare(values).reshape(3, n)[1:, pulse_at].tolist() == [0, 0]


def test_the_skewness_of_a_pulse_is_its_shape_at_any_gain_and_an_ecg_has_none():
    peaked = pulse(signal(wave(64.0), 64.0)).skewness
    assert pulse(signal(1000 * wave(64.0, sign=-1.0), 64.0)).skewness == pytest.approx(peaked, 0.05)
    smooth = pulse(signal(np.sin(2 * np.pi * 1.2 * np.arange(3840) / 64), 64.0)).skewness
    assert peaked > smooth + 0.2
    t = np.arange(60 * 250) / 250.0
    spikes = 1000 * np.exp(-0.5 * ((np.mod(t * 1.2 + 0.5, 1.0) - 0.5) / 1.2 / 0.012) ** 2)
    result = BodyEstimator().estimate(Window({"ecg": signal(spikes, 250.0)})).features
    assert "heart_rate" in result
    assert "pulse_skewness" not in result


def test_a_rate_that_a_strap_counted_is_taken_and_claims_no_variability():
    window = Window({"heart_rate": signal([88, 90, 92, 90, 90], 1.0)})
    body = measure(window)
    assert body.heart_quality >= TRUSTED
    estimate = BodyEstimator().estimate(window)
    assert estimate.readings["heart_rate"].mean == pytest.approx(90)
    assert "rmssd" not in estimate.readings
    assert estimate.quality > 0.5
    assert "arousal" in estimate.readings


def test_a_strap_that_feels_nothing_is_not_worn():
    estimate = BodyEstimator().estimate(Window({"heart_rate": signal([80, 80, 0, 0], 1.0)}))
    assert "heart_rate" not in estimate.readings
    assert estimate.quality == 0
    assert "not_worn" in estimate.reasons


def test_readings_of_a_strap_that_are_too_few_or_old_are_unknown():
    assert counted(signal([80, 80], 1.0)) is None
    old = signal([80, 81, 82], 1.0 / 20)
    heart = counted(old)
    assert heart is not None
    assert (heart.quality, heart.reasons) == (0, ("gap",))


def test_a_clear_pulse_goes_before_what_a_strap_counted():
    window = Window({"ppg": signal(wave(64.0), 64.0), "heart_rate": signal([120] * 20, 1.0)})
    heart = measure(window).heart
    assert heart is not None
    assert heart.heart_rate == pytest.approx(72, abs=1)
