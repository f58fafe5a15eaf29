import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentio_models import Signal, Window
from sentio_models.modalities.eeg import EegEstimator
from sentio_models.modalities.eeg.bands import NAMES, Spectrum
from sentio_models.modalities.eeg.montage import REGIONS, Montage

EIGHT = ("Fp1", "Fp2", "F3", "F4", "C3", "C4", "O1", "O2")


def brain(rate=250.0, seconds=2.0, channels=8, seed=0, alpha=8.0):
    """Pink background and a 10 Hz rhythm, microvolts."""
    rng = np.random.default_rng(seed)
    n = round(rate * seconds)
    f = np.fft.rfftfreq(n, 1 / rate)
    shape = 1 / np.maximum(f, 1.0)
    lines = (rng.normal(size=(channels, len(f))) + 1j * rng.normal(size=(channels, len(f)))) * shape
    pink = np.fft.irfft(lines, n).T
    pink *= 10 / pink.std()
    t = np.arange(n) / rate
    return pink + alpha * np.sin(2 * np.pi * 10 * t)[:, None]


def window(values, rate=250.0, labels=EIGHT, step=0.04):
    offsets = (np.arange(len(values)) - (len(values) - 1)) / rate
    return Window({"eeg": Signal(np.asarray(values, np.float32), offsets, rate, labels)}, step)


def raw(estimate):
    return np.array([estimate.features[n] for n in ("ln_engagement", "ln_relaxation", "ln_focus")])


@pytest.mark.parametrize(
    ("hertz", "band"), [(2, "delta"), (6, "theta"), (10, "alpha"), (20, "beta")]
)
def test_sine_power_is_found_in_its_band(hertz, band):
    t = np.arange(500) / 250
    powers, _, _ = Spectrum.of(500, 250.0).measure(10 * np.sin(2 * np.pi * hertz * t)[None])
    assert powers[0, NAMES.index(band)] == pytest.approx(50.0, rel=0.05)
    assert powers[0].sum() == pytest.approx(50.0, rel=0.1)


@pytest.mark.parametrize(
    ("label", "name", "region"),
    [
        ("Fp1", "FP1", "frontal"),
        ("EEG F3-REF", "F3", "frontal"),
        ("T3", "T7", "temporal"),
        ("AF7", "AF7", "frontal"),
        ("POz", "POZ", "occipital"),
        ("CP5", "CP5", "parietal"),
        ("left frontal", "LEFT FRONTAL", "frontal"),
        ("ch 7", "CH 7", None),
    ],
)
def test_labels_of_devices_are_parsed(label, name, region):
    montage = Montage.of((label,))
    assert montage.names == (name,)
    assert montage.region[0] == (-1 if region is None else REGIONS.index(region))
    assert montage.brain[0]


def test_eye_muscle_and_reference_channels_are_excluded():
    assert not Montage.of(("EOG", "A1", "EMG2", "Fz")).brain[:3].any()


def test_more_alpha_raises_relaxation_and_lowers_engagement():
    estimator = EegEstimator()
    for seed in range(40):
        estimator.estimate(window(brain(seed=seed), step=5.0))
    calm = estimator.estimate(window(brain(seed=99, alpha=25.0)))
    busy = estimator.estimate(window(brain(seed=99, alpha=0.5)))
    assert calm.readings["relaxation"].mean > 0.6 > 0.4 > busy.readings["relaxation"].mean
    assert calm.readings["engagement"].mean < 0.4 < 0.6 < busy.readings["engagement"].mean


def test_asymmetry_is_right_minus_left():
    values = brain()
    values[:, 3] += 20 * np.sin(2 * np.pi * 10 * np.arange(len(values)) / 250)
    features = EegEstimator().estimate(window(values)).features
    assert features["asymmetry"] > 0.5
    one = EegEstimator().estimate(window(values[:, :1], labels=("Fp1",)))
    assert "asymmetry" not in one.features


def test_blinks_are_removed_and_reported():
    clean = brain(seed=3)
    t = np.arange(len(clean)) / 250
    blink = 150 * np.exp(-0.5 * ((t - 1.0) / 0.08) ** 2)
    reach = np.array([1.0, 1.0, 0.4, 0.4, 0.15, 0.15, 0.03, 0.03])
    estimate = EegEstimator().estimate(window(clean + blink[:, None] * reach))
    truth = raw(EegEstimator().estimate(window(clean)))
    assert "blink" in estimate.reasons
    np.testing.assert_allclose(raw(estimate), truth, atol=0.35)


def test_jaw_muscle_lowers_quality():
    clean = brain(seed=3)
    lines = np.fft.rfft(np.random.default_rng(0).normal(0, 60, clean.shape), axis=0)
    lines[np.fft.rfftfreq(len(clean), 1 / 250) < 20] = 0  # lower limit of jaw muscle
    estimate = EegEstimator().estimate(window(clean + np.fft.irfft(lines, len(clean), axis=0)))
    assert "muscle" in estimate.reasons
    assert estimate.quality < 0.3


@pytest.mark.parametrize("mains", [50.0, 60.0])
def test_mains_is_reported_and_changes_no_index(mains):
    clean = brain(seed=3)
    hum = 60 * np.sin(2 * np.pi * mains * np.arange(len(clean)) / 250)
    estimate = EegEstimator().estimate(window(clean + hum[:, None]))
    assert "mains" in estimate.reasons
    np.testing.assert_allclose(
        raw(estimate), raw(EegEstimator().estimate(window(clean))), atol=0.05
    )


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (lambda x: x * 0 + 12.0, "flat"),
        (lambda x: np.clip(x * 1e6, -187500, 187500), "railed"),
        (lambda x: x * 80, "loose"),
    ],
)
def test_lost_electrode_is_excluded(fault, reason):
    clean = brain(seed=3)
    lost = clean.copy()
    lost[:, 7] = fault(clean[:, 7])
    estimate = EegEstimator().estimate(window(lost))
    assert reason in estimate.reasons
    rest = EegEstimator().estimate(window(clean[:, :7], labels=EIGHT[:7]))
    np.testing.assert_allclose(raw(estimate), raw(rest), atol=1e-3)
    all_lost = EegEstimator().estimate(window(np.tile(lost[:, 7:], 8)))
    assert all_lost.quality == 0.0
    assert not all_lost.readings


@pytest.mark.parametrize("channels", [1, 2, 4, 64])
@pytest.mark.parametrize("rate", [125.0, 128.0, 256.0, 500.0])
def test_any_montage_and_rate_gives_readings(channels, rate):
    labels = tuple(f"ch{i}" for i in range(channels))
    estimate = EegEstimator().estimate(window(brain(rate, channels=channels), rate, labels))
    assert estimate.finite()
    assert {"engagement", "relaxation", "focus"} <= estimate.readings.keys()


def test_slow_device_and_short_window_have_reasons():
    assert EegEstimator().estimate(window(brain(50.0), 50.0)).reasons == ("rate_too_low",)
    assert EegEstimator().estimate(window(brain()[:100])).reasons == ("warming",)
    assert EegEstimator().estimate(Window({})).reasons == ("no_signal",)


def test_gap_is_reported_and_not_bridged():
    values = brain(seconds=2.0)
    offsets = (np.arange(500) - 499) / 250.0
    offsets[:150] -= 0.5
    estimate = EegEstimator().estimate(
        Window({"eeg": Signal(values.astype(np.float32), offsets, 250.0, EIGHT)}, 0.04)
    )
    assert "gap" in estimate.reasons


def test_equal_windows_give_equal_estimates():
    first, second = EegEstimator(), EegEstimator()
    for seed in range(5):
        assert first.estimate(window(brain(seed=seed))) == second.estimate(window(brain(seed=seed)))


@given(
    st.sampled_from(["nan", "inf", "huge", "zeros", "same_time", "one_nan", "wrong_rate"]),
    st.integers(1, 9),
    st.integers(0, 600),
)
def test_arbitrary_input_never_raises(kind, channels, n):
    rng = np.random.default_rng(n)
    values = rng.normal(0, 10, (n, channels))
    offsets = (np.arange(n) - (n - 1)) / 250.0
    if kind == "nan":
        values[:] = np.nan
    elif kind == "inf":
        values[n // 2 :] = np.inf
    elif kind == "huge":
        values *= 1e30
    elif kind == "zeros":
        values[:] = 0
    elif kind == "same_time":
        offsets[:] = 0
    elif kind == "one_nan" and n:
        values[0, 0] = np.nan
    elif kind == "wrong_rate":
        offsets *= 3
    labels = tuple(f"ch{i}" for i in range(channels))
    signal = Signal(values.astype(np.float32), offsets, 250.0, labels)
    estimate = EegEstimator().estimate(Window({"eeg": signal}, 0.04))
    assert estimate.finite()
    assert 0 <= estimate.quality <= 1
