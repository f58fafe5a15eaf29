import numpy as np
import pytest

from sentio_models import Norm, Signal, Window
from sentio_models.errors import ModelMissingError, ModelRefusedError
from sentio_models.modalities.eeg import EegEstimator
from sentio_models.modalities.eeg.montage import Montage
from sentio_models.modalities.eeg.second_opinion import NAMES as CLASSIFIERS
from sentio_models.modalities.eeg.second_opinion import SecondOpinion
from sentio_models.modalities.eeg.workload import CALM, MEMORY, NAMES, CalmChange, region_powers
from sentio_models.runtime.onnx_session import OnnxSession
from sentio_research.data.eeg import MeasuredRecording, eegmat, measure_recording
from sentio_research.evaluation.eeg import evaluate
from sentio_research.fitting.eeg import Recipe, Rows, devices, fit, prior_of, sessions, ship_head

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
        (("Fp1", "Fp2", "F3", "F4"), {"theta": 1.4}),
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


def test_calm_stays_constant_once_known():
    change = CalmChange(ZERO)
    for _ in range(CALM):
        change.add(ZERO)
    for _ in range(300):
        result = change.add(ZERO + 1.0)
    np.testing.assert_allclose(result, 1.0)


def test_profile_defines_calm_from_the_start():
    change = CalmChange(ZERO)
    change.restart({name: Norm(2.0, 0.3, 10.0) for name in NAMES})
    np.testing.assert_allclose(change.add(ZERO + 2.0), 0.0, atol=0.2)
    assert change.uncertainty < 0.01


def test_change_averages_ten_seconds_and_a_pause_resets_it():
    change = CalmChange(ZERO)
    for _ in range(CALM):
        change.due(1.0)
        change.add(ZERO)
    for _ in range(MEMORY // 2):
        change.due(1.0)
        half = change.add(ZERO + 1.0)
    np.testing.assert_allclose(half, 0.5, atol=0.01)
    assert change.due(60.0)
    np.testing.assert_allclose(change.add(ZERO + 1.0), 1.0, atol=0.01)


def test_entries_are_added_once_a_second_at_any_hop():
    change = CalmChange(ZERO)
    assert sum(change.due(0.04) for _ in range(1000)) == pytest.approx(40, abs=1)


def test_region_without_usable_channel_is_ignored():
    quality = np.array([1.0, 1.0, 1, 1, 1, 1, 0.0, 0.0])
    values = region_powers(np.ones((8, 4)), quality, Montage.of(LABELS))
    unknown = [n for n, v in zip(NAMES, values, strict=True) if np.isnan(v)]
    assert {n.rsplit("_", 1)[1] for n in unknown} == {"temporal", "parietal", "occipital"}
    assert np.isfinite(CalmChange(ZERO).add(values)).all()


def people(count=6, seed=0):
    """Recordings in which work doubles fast activity, with individual gains."""
    rng = np.random.default_rng(seed)
    for person in range(count):
        gain = np.exp(rng.normal(0, 1))
        for work in (False, True):
            level = np.array([1.0, 1, 1.5, 2]) if work else np.ones(4)
            rows = gain * level * np.exp(rng.normal(0, 0.3, (59, 8, 4)))
            yield MeasuredRecording(str(person), work, rows, rows[..., 0], np.ones((59, 8)), LABELS)


def test_onnx_head_equals_the_fitted_head(tmp_path):
    measured = list(people())
    prior = prior_of(measured, LABELS)
    rows = sessions(measured, LABELS, prior)
    head = fit(list(rows.values()), prior)
    ship_head(tmp_path, head, 0.3, "made up")
    inputs = rows["0"].inputs.astype(np.float32)
    outputs = OnnxSession.shipped("eeg_workload", tmp_path).run({"change": inputs})["workload"][
        :, 0
    ]
    np.testing.assert_allclose(outputs, head.workload(inputs), atol=1e-5)
    assert outputs[rows["0"].labels == 1].mean() > 0.7 > 0.3 > outputs[rows["0"].labels == 0].mean()


def test_devices_are_reproducible_subsets_of_the_cap():
    first, second = devices(LABELS, Recipe()), devices(LABELS, Recipe())
    assert first == second
    assert first[0] == LABELS
    assert all(set(one) <= set(LABELS) for one in first)


def test_training_with_one_class_is_refused():
    with pytest.raises(ModelRefusedError, match="one class"):
        fit([Rows("a", np.zeros((3, len(NAMES))), np.zeros(3, np.int64))], ZERO)


def test_missing_data_error_names_the_path(tmp_path):
    with pytest.raises(ModelMissingError, match="eegmat"):
        evaluate(tmp_path)


def test_shipped_head_separates_work_from_rest_on_real_recordings(data_dir):
    recordings = [r for r in eegmat(data_dir) if r.person in ("Subject00", "Subject07")]
    measured = [measure_recording(r) for r in recordings]
    session = OnnxSession.shipped("eeg_workload")
    prior = np.array([session.manifest.constants["prior"][n] for n in NAMES])
    for rows in sessions(measured, LABELS, prior).values():
        outputs = session.run({"change": rows.inputs.astype(np.float32)})["workload"][:, 0]
        assert outputs[rows.labels == 1].mean() > outputs[rows.labels == 0].mean() + 0.2


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
