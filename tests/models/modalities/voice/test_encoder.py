import numpy as np
import pytest

from sentio_models.modalities.voice.encoder import (
    MELS,
    NEWEST,
    POOLED,
    RATE,
    STEP,
    WINDOW,
    VoiceEncoder,
    mel_bank,
    voice_level,
)

ALL = np.ones(400, np.bool_)


def voiced(seconds=2.0, pitch=150.0, seed=0):
    """Return a pulse train with a moving resonance and a little noise."""
    t = np.arange(int(seconds * RATE)) / RATE
    tone = sum(np.sin(2 * np.pi * pitch * k * t) / k for k in range(1, 20))
    sound = 0.05 * tone * (1 + 0.5 * np.sin(2 * np.pi * 3 * t))
    noise = np.random.default_rng(seed).standard_normal(len(t)) * 1e-3
    return (sound + noise).astype(np.float32)


def follow(encoder, sound, part=4000, level=-25.0, active=ALL):
    """Return the last result with a call after each part."""
    found = None
    for begin in range(0, len(sound), part):
        encoder.add(sound[begin : begin + part])
        found = encoder.pooled(level, active)
    return found


def test_filters_have_area_one_and_rise_in_frequency():
    bank = mel_bank()
    assert bank.shape == (WINDOW // 2 + 1, MELS)
    assert (bank >= 0).all()
    area = bank.sum(axis=0) * RATE / WINDOW
    assert area[20:] == pytest.approx(1.0, abs=0.05)
    peaks = bank.argmax(axis=0)
    assert (np.diff(peaks) >= 0).all()
    assert peaks[-1] > 0.9 * WINDOW // 2


def test_pieces_of_any_size_give_the_same_states():
    sound = voiced()
    one, other = VoiceEncoder(), VoiceEncoder()
    first = follow(one, sound)
    for begin in range(0, len(sound), 400):
        other.add(sound[begin : begin + 400])
        if (begin + 400) % 4000 == 0:
            second = other.pooled(-25.0, ALL)
    assert first.shape == (POOLED,)
    assert np.allclose(first, second, atol=1e-5)


def test_the_level_is_taken_out():
    sound = voiced()
    quiet = follow(VoiceEncoder(), sound * 0.01, level=-65.0)
    assert np.allclose(quiet, follow(VoiceEncoder(), sound, level=-25.0), atol=1e-3)


def test_an_offset_changes_nothing():
    sound = voiced()
    shifted = follow(VoiceEncoder(), sound + np.float32(0.1))
    assert np.allclose(shifted, follow(VoiceEncoder(), sound), atol=1e-3)


def test_other_sounds_have_other_states():
    first = follow(VoiceEncoder(), voiced(pitch=110.0))
    assert np.abs(first - follow(VoiceEncoder(), voiced(pitch=260.0))).max() > 0.1


def test_restart_erases_sound_and_states():
    encoder = VoiceEncoder()
    follow(encoder, voiced(pitch=260.0))
    encoder.restart()
    assert encoder.pooled(-25.0, ALL) is None
    again = follow(encoder, voiced())
    assert np.array_equal(again, follow(VoiceEncoder(), voiced()))


def test_after_a_pause_only_the_newest_frames_are_read():
    encoder, fresh = VoiceEncoder(), VoiceEncoder()
    follow(encoder, voiced(pitch=260.0))
    sound = voiced(2.0)
    encoder.add(sound)
    late = encoder.pooled(-25.0, ALL)
    fresh.add(sound[-(WINDOW + (NEWEST - 1) * STEP) :])
    assert np.allclose(late, fresh.pooled(-25.0, ALL), atol=1e-2)


def test_frames_without_voice_are_left_out():
    sound = np.concatenate([voiced(1.0, pitch=260.0), voiced(1.0)])
    newest = np.arange(200) >= 100
    late = follow(VoiceEncoder(), sound, active=newest)
    assert np.abs(late - follow(VoiceEncoder(), sound)).max() > 0.01
    assert follow(VoiceEncoder(), sound, active=np.zeros(200, np.bool_)) is None


def test_level_of_the_voice_alone():
    level = np.array([-60.0, -60.0, -20.0, -20.0])
    assert voice_level(level, level > -40) == pytest.approx(-20.0)
    assert voice_level(level, np.zeros(4, np.bool_)) == pytest.approx(-23.0, abs=0.1)
    assert np.isfinite(voice_level(np.empty(0), np.empty(0, np.bool_)))
