import numpy as np
import pytest

from sentio_models import Norm, Signal, Window
from sentio_models.errors import ModelMissingError
from sentio_models.modalities.eeg import EegEstimator
from sentio_models.modalities.eeg.bands import WORK, Spectrum
from sentio_models.modalities.eeg.montage import Montage
from sentio_models.modalities.eeg.second_opinion import NAMES as CLASSIFIERS
from sentio_models.modalities.eeg.second_opinion import SecondOpinion
from sentio_models.modalities.eeg.work_filter import Expected
from sentio_models.modalities.eeg.workload import NAMES, inputs_of, region_powers
from sentio_models.runtime.onnx_session import OnnxSession
from sentio_research.data.eeg import MeasuredRecording, eegmat
from sentio_research.data.eeg_caps import CAPS, random_caps
from sentio_research.evaluation.eeg import evaluate, live
from sentio_research.evaluation.eeg_alpha import closed_eyes
from sentio_research.fitting.eeg import Head, Recipe, entries, fit, prior_of, rows_of, ship_head
from sentio_research.fitting.eeg_filter import inputs

LABELS = ("Fp1", "Fp2", "F3", "F4", "C3", "C4", "O1", "O2")
ZERO = np.zeros(len(NAMES))


def noise(theta=1.0, gamma=1.0, seed=0, rate=250.0, channels=8):
    """Pink background with theta and gamma scaled by the given factors."""
    rng = np.random.default_rng(seed)
    n = round(2 * rate)
    f = np.fft.rfftfreq(n, 1 / rate)
    shape = np.where(f > 30, gamma, np.where((f > 4) & (f < 7.5), theta, 1.0)) / np.maximum(f, 1.0)
    lines = (rng.normal(size=(channels, len(f))) + 1j * rng.normal(size=(channels, len(f)))) * shape
    return np.fft.irfft(lines, n).T * 300


def window(values, labels=LABELS, step=1.0, rate=250.0):
    offsets = (np.arange(len(values)) - (len(values) - 1)) / rate
    return Window({"eeg": Signal(values.astype(np.float32), offsets, rate, labels)}, step)


def follow(estimator, seconds, labels=LABELS, added=0.0, **more):
    for second in range(seconds):
        values = noise(seed=second, channels=len(labels), **more) + added
        outputs = estimator.estimate(window(values, labels))
    return outputs.readings["focus"]


@pytest.mark.parametrize(
    ("labels", "work"),
    [
        (("Fp1", "Fp2", "F3", "F4"), {"theta": 1.4, "gamma": 1.3}),
        (("Fp1", "Fp2"), {"gamma": 1.5}),
        (("ch 1", "ch 2", "ch 3"), {"gamma": 1.5}),
    ],
)
def test_frontal_theta_and_gamma_raise_workload_on_any_montage(labels, work):
    estimator = EegEstimator()
    calm = follow(estimator, 40, labels)
    busy = follow(estimator, 15, labels, **work)
    assert busy.mean > calm.mean + 0.1


def test_alpha_changes_no_workload():
    waves = 30 * np.sin(2 * np.pi * 10 * np.arange(500) / 250)[:, None]
    plain, waving = EegEstimator(), EegEstimator()
    follow(plain, 40)
    follow(waving, 40)
    without, with_waves = follow(plain, 12), follow(waving, 12, added=waves)
    assert with_waves.mean == pytest.approx(without.mean, abs=0.03)


def test_single_region_has_the_scale_of_a_full_cap():
    full = inputs_of(ZERO + 1.0, ZERO)
    pair = np.full(len(NAMES), np.nan)
    pair[: len(WORK)] = 1.0
    frontal = inputs_of(pair, ZERO)
    np.testing.assert_allclose(full[: len(WORK)], frontal[: len(WORK)])
    np.testing.assert_allclose(np.sum(full**2), np.sum(frontal**2))


def test_entries_are_added_once_a_second_at_any_hop():
    estimator = EegEstimator()
    values = noise()
    added = 0
    for _ in range(250):
        added += "theta_frontal" in estimator.estimate(window(values, step=0.04)).features
    assert added == pytest.approx(10, abs=1)


def test_work_after_a_profile_of_calm_is_seen_without_a_rest():
    at_rest = [region_of(noise(seed=second)) for second in range(30)]
    calm = np.mean(at_rest, axis=0)
    known = np.isfinite(calm)
    profile = {n: Norm(float(calm[i]), 0.3, 30.0) for i, n in enumerate(NAMES) if known[i]}
    resting, working = EegEstimator(), EegEstimator()
    resting.personalise(profile)
    working.personalise(profile)
    assert follow(working, 20, gamma=1.5).mean > follow(resting, 20).mean + 0.2


def test_gain_of_the_amplifier_changes_no_workload_of_a_full_cap():
    weak, strong = EegEstimator(), EegEstimator()
    for second in range(30):
        one = weak.estimate(window(noise(seed=second)))
        two = strong.estimate(window(1.5 * noise(seed=second)))
    assert two.readings["focus"].mean == pytest.approx(one.readings["focus"].mean, abs=0.1)


def test_profile_of_other_regions_is_not_used():
    other, none = EegEstimator(), EegEstimator()
    other.personalise({f"{band}_temporal": Norm(0.0, 0.3, 30.0) for band in WORK})
    assert follow(other, 5, ("Fp1", "Fp2")) == follow(none, 5, ("Fp1", "Fp2"))


def test_region_without_usable_channel_is_ignored():
    quality = np.array([1.0, 1.0, 1, 1, 1, 1, 0.0, 0.0])
    values = region_powers(np.ones((8, 4)), quality, Montage.of(LABELS))
    unknown = [n for n, v in zip(NAMES, values, strict=True) if np.isnan(v)]
    assert {n.rsplit("_", 1)[1] for n in unknown} == {"temporal", "parietal", "occipital"}
    assert np.isfinite(inputs_of(values, ZERO)).all()


def region_of(values):
    montage = Montage.of(LABELS)
    spectrum = Spectrum.of(len(values), 250.0)
    return region_powers(spectrum.measure(values.T)[2], np.ones(len(LABELS)), montage)


def people(count=6, seed=0):
    """Recordings in which work doubles fast activity, with individual gains."""
    rng = np.random.default_rng(seed)
    for person in range(count):
        gain = np.exp(rng.normal(0, 0.3))
        for work in (False, True):
            level = np.array([1.0, 1, 1.5, 2]) if work else np.ones(4)
            rows = gain * level * np.exp(rng.normal(0, 0.3, (59, 8, 4)))
            powers = np.repeat(rows[..., :1], 5, axis=2)
            yield MeasuredRecording(str(person), work, rows, powers, np.ones((59, 8)), LABELS)


def test_onnx_head_equals_the_fitted_head(tmp_path):
    measured = list(people())
    prior = prior_of(measured, LABELS)
    by_person = {p: inputs(both, prior) for p, both in entries(measured, LABELS).items()}
    recipe = Recipe()
    weights = fit(
        [rows_of(both, recipe, np.random.default_rng(0)) for both in by_person.values()], recipe
    )
    expected = Expected(0.0, 1.0, 1.5, 1.5, 0.5, 1.5)
    ship_head(tmp_path, Head(prior, weights, expected, (0.8, 0.02)), "made up")
    session = OnnxSession.shipped("eeg_workload", tmp_path)
    for both in by_person.values():
        rest, work = (
            session.run({"change": both[w].astype(np.float32)})["score"][:, 0]
            for w in (False, True)
        )
        np.testing.assert_allclose(work, both[True] @ weights, atol=1e-4)
        assert work.mean() > rest.mean()
    assert Expected.of(session.manifest.constants["filter"]) == expected


def test_random_caps_are_reproducible_and_never_those_of_the_evaluation():
    labels = CAPS["10-20, 19"]
    caps = random_caps(labels, 200, 0)
    assert caps == random_caps(labels, 200, 0)
    assert all(1 <= len(cap) <= 8 and set(cap) <= set(labels) for cap in caps)
    assert not {frozenset(c) for c in caps} & {frozenset(c) for c in CAPS.values()}


def test_missing_data_error_names_the_path(tmp_path):
    with pytest.raises(ModelMissingError, match="eegmat"):
        evaluate(tmp_path)


def test_work_first_without_a_profile_is_above_the_rest_that_follows(data_dir):
    recordings = [r for r in eegmat(data_dir) if r.person in ("Subject00", "Subject07")]
    for cap in ("Muse", "10-20, 8"):
        assert live(recordings, CAPS[cap])["auc"] > 0.8


def test_live_alpha_finds_closed_eyes_in_about_as_many_people_as_welch(data_dir):
    people = {f"Subject{number:02d}" for number in range(12)}
    recordings = [r for r in eegmat(data_dir) if r.person in people]
    found = closed_eyes(recordings, CAPS["ear pair"])
    assert found["live"] >= found["welch"] - 1 / 12


def test_second_opinion_is_optional_and_changes_no_reading():
    pytest.importorskip("brainflow")
    classifiers = SecondOpinion()
    try:
        estimated = EegEstimator(second_opinion=classifiers).estimate(window(noise()))
        assert not classifiers.classify(np.ones((2, 5)), np.zeros(2))
    finally:
        classifiers.close()
    alone = EegEstimator().estimate(window(noise()))
    assert estimated.features.keys() - alone.features.keys() == set(CLASSIFIERS)
    assert all(0 <= estimated.features[name] <= 1 for name in CLASSIFIERS)
    assert estimated.readings == alone.readings
