"""Tests of resampling: passband, aliasing, and any division into blocks."""

from types import ModuleType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sentio_sensors.microphone.resample import Resampler

RATES = (8000, 11025, 16000, 22050, 32000, 44100, 48000, 96000)


def tone(rate: int, hz: float, seconds: float = 1.0) -> np.ndarray:
    return np.sin(2 * np.pi * hz * np.arange(int(rate * seconds)) / rate).astype(np.float32)


def whole(rate: int, sound: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Resample a sound in one piece."""
    resampler = Resampler(rate, 16000)
    (first, where), (rest, there) = resampler.push(sound), resampler.flush()
    return np.concatenate([first, rest]), np.concatenate([where, there])


@pytest.mark.parametrize("rate", RATES)
def test_tone_keeps_amplitude_and_position(rate: int) -> None:
    out, positions = whole(rate, tone(rate, 440.0))
    assert len(out) == pytest.approx(16000, abs=2)
    assert np.allclose(np.diff(positions), rate / 16000)
    inner = slice(400, -400)
    # The returned positions give each sample's time: the same sine must be found there.
    expected = np.sin(2 * np.pi * 440 * positions / rate)
    assert np.abs(out - expected)[inner].max() < 2e-3


@pytest.mark.parametrize(("rate", "hz"), [(44100, 9000.0), (48000, 10000.0), (48000, 20000.0)])
def test_frequencies_above_8_khz_are_removed(rate: int, hz: float) -> None:
    out, _ = whole(rate, tone(rate, hz))
    assert np.abs(out[400:-400]).max() < 1e-3


@pytest.mark.parametrize("rate", [22050, 44100, 48000])
def test_result_agrees_with_scipy(signal: ModuleType, rate: int) -> None:
    noise = np.random.default_rng(1).normal(0, 0.2, rate)
    low = signal.sosfiltfilt(signal.butter(8, 5000, fs=rate, output="sos"), noise)
    out, positions = whole(rate, low.astype(np.float32))
    # Sampled at the returned positions, by a spline through an eightfold oversampling.
    dense = signal.resample(low, 8 * rate)
    expected = np.interp(positions, np.arange(8 * rate) / 8, dense)
    assert np.abs(out - expected)[800:-800].max() < 0.01


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(RATES), st.lists(st.integers(0, 700), min_size=1, max_size=20))
def test_any_cut_gives_the_same_samples(rate: int, cuts: list[int]) -> None:
    sound = np.random.default_rng(2).normal(0, 0.1, sum(cuts)).astype(np.float32)
    expected, positions = whole(rate, sound)
    cut, at = Resampler(rate, 16000), 0
    parts = []
    for count in cuts:
        parts.append(cut.push(sound[at : at + count]))
        at += count
    parts.append(cut.flush())
    assert np.allclose(np.concatenate([p[0] for p in parts]), expected, atol=1e-6)
    assert np.allclose(np.concatenate([p[1] for p in parts]), positions)


@pytest.mark.parametrize("rates", [(0, 16000), (-1, 16000), (16000, 0)])
def test_invalid_rates_are_refused(rates: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="got"):
        Resampler(*rates)


def test_flush_resets_the_state() -> None:
    resampler = Resampler(48000, 16000)
    resampler.push(tone(48000, 440.0))
    resampler.flush()
    silence, positions = resampler.push(np.zeros(48000, np.float32))
    assert np.abs(silence).max() == 0
    assert positions[0] == 48000


def test_delay_is_below_50_ms(  # a live voice must not wait longer for its own filter
) -> None:
    for rate in (44100, 48000):
        resampler, block, given_s = Resampler(rate, 16000), int(0.032 * rate), 0.0
        for i in range(100):
            out, _ = resampler.push(tone(rate, 440.0, 0.032)[:block])
            given_s += len(out) / 16000
            assert (i + 1) * block / rate - given_s < 0.05
