import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sentio_models import EMOTIONS, Signal, Window
from sentio_models.modalities.voice import VoiceEstimator
from sentio_models.modalities.voice.activity import Activity
from sentio_models.modalities.voice.frame_buffer import FrameBuffer
from sentio_models.modalities.voice.frames import front_end
from sentio_models.modalities.voice.statistics import NAMES, summarise
from sentio_research.data.sounds import read_sound

RATE = 16000
BLOCK = 320


def windows(sound, rate=RATE, block=BLOCK):
    """Split a sound as the pipeline does: the newest two seconds at every block."""
    sound = np.asarray(sound, np.float32)
    for end in range(block, len(sound) + 1, block):
        part = sound[max(0, end - 2 * rate) : end]
        offsets = (np.arange(len(part)) - len(part) + 1) / rate
        step = block / rate if end > block else float("inf")
        yield Window({"audio": Signal(part[:, None], offsets, rate, ("voice",))}, step)


def play(sound, rate=RATE, block=BLOCK, estimator=None):
    # The speech detector knows these sounds for synthetic; the tests of it use real ones.
    estimator = estimator or VoiceEstimator(detect_speech=False)
    outputs = [estimator.estimate(w) for w in windows(sound, rate, block)]
    assert all(e.finite() for e in outputs)
    return outputs


def room(seconds, level=-70.0, seed=0, rate=RATE):
    noise = np.random.default_rng(seed).standard_normal(int(seconds * rate))
    return noise * 10 ** (level / 20)


def speech(seconds=3.0, pitch=140.0, peak=0.3, seed=0, rate=RATE):
    """Syllables of a pulse train through two resonances, with pauses and room noise."""
    t = np.arange(int(seconds * rate)) / rate
    f0 = pitch * 2 ** (0.25 * np.sin(2 * np.pi * 0.7 * t) + 0.04 * np.sin(2 * np.pi * 5.3 * t))
    phase = 2 * np.pi * np.cumsum(f0) / rate
    sound = np.zeros(len(t))
    for k in range(1, 25):
        hertz = k * f0
        gain = 1 / (1 + ((hertz - 600) / 200) ** 2) + 0.4 / (1 + ((hertz - 1500) / 250) ** 2)
        sound += np.where(hertz < 0.45 * rate, gain, 0) * np.sin(k * phase)
    open_ = np.clip(np.sin(2 * np.pi * 2.2 * t) + 0.4, 0, 1)
    sound *= open_
    return peak * sound / np.abs(sound).max() + room(seconds, -65, seed, rate)


@pytest.mark.parametrize("pitch", [80.0, 120.0, 200.0, 350.0])
@pytest.mark.parametrize("rate", [8000, 16000, 22050, 44100, 48000])
def test_pitch_is_right_at_any_rate(pitch, rate):
    t = np.arange(rate) / rate
    sound = sum(np.sin(2 * np.pi * pitch * k * t) / k for k in range(1, 8))
    frames = front_end(float(rate))(0.1 * sound)
    assert np.median(frames.pitch) == pytest.approx(pitch, rel=0.01)
    assert np.median(frames.harmonicity) > 0.6


def test_level_is_in_decibel_of_full_scale():
    t = np.arange(RATE) / RATE
    frames = front_end(float(RATE))(0.1 * np.sin(2 * np.pi * 200 * t) + 0.3)
    assert np.median(frames.level) == pytest.approx(-23.0, abs=0.1)
    assert np.median(frames.offset) == pytest.approx(0.3, abs=0.01)


def test_noise_has_no_pitch():
    frames = front_end(float(RATE))(room(2, -20))
    assert frames.harmonicity.max() < 0.45


def test_speech_gives_an_estimate():
    outputs = play(np.concatenate([room(1, -65), speech()]))
    assert outputs[40].reasons == ("silence", "no_speech_detector")
    last = outputs[-1]
    assert last.quality > 0.8
    assert set(last.readings) == {"arousal", "valence"}
    assert last.features["pitch_hz"] == pytest.approx(140, rel=0.2)
    assert last.emotions is not None
    assert set(last.emotions) == set(EMOTIONS)
    assert sum(last.emotions.values()) == pytest.approx(1, abs=1e-5)


def test_level_changes_loudness_but_not_the_network_output():
    sound = speech(peak=0.5)
    loud, quiet = play(sound)[-1], play(0.1 * sound)[-1]
    assert loud.features["loudness_db"] - quiet.features["loudness_db"] == pytest.approx(20, abs=1)
    assert loud.readings["arousal"].mean == pytest.approx(quiet.readings["arousal"].mean, abs=0.15)


def test_silence_gives_no_readings():
    for sound in (np.zeros(3 * RATE), room(3, -70), room(3, -55)):
        last = play(sound)[-1]
        assert last.quality == 0
        assert last.reasons == ("silence", "no_speech_detector")
        assert not last.readings
        assert last.emotions is None


def test_readings_end_after_speech():
    outputs = play(np.concatenate([speech(), room(3, -65)]))
    assert outputs[-1].reasons == ("silence", "no_speech_detector")
    assert not outputs[-1].readings


def test_noise_and_silence_have_different_reasons():
    last = play(room(3, -20))[-1]
    assert last.quality == 0
    assert last.reasons == ("noise", "no_speech_detector")


def test_noisy_voice_has_lower_quality():
    clean, noisy = play(speech())[-1], play(speech(4) + room(4, -26, 1))[-1]
    assert noisy.quality < 0.6 * clean.quality
    assert "noise" in noisy.reasons


def test_clipping_is_reported():
    last = play(np.clip(8 * speech(), -1, 1))[-1]
    assert "clipping" in last.reasons
    assert last.quality < 0.7


def test_very_quiet_voice_is_reported():
    sound = speech(3, peak=0.006)
    last = play(sound - room(3, -65) + room(3, -85, 2))[-1]
    assert "too_quiet" in last.reasons


def test_offset_is_reported_and_changes_nothing():
    plain, shifted = play(speech())[-1], play(speech() + 0.2)[-1]
    assert "dc_offset" in shifted.reasons
    assert shifted.readings["arousal"].mean == pytest.approx(
        plain.readings["arousal"].mean, abs=0.05
    )


def test_music_has_low_quality():
    t = np.arange(4 * RATE) / RATE
    chords = np.zeros(len(t))
    for start, root in enumerate((220.0, 174.6, 196.0, 164.8) * 2):
        here = (t >= start / 2) & (t < (start + 1) / 2)
        for ratio in (1.0, 1.25, 1.5):
            for k in (1, 2, 3, 4):
                chords[here] += np.sin(2 * np.pi * root * ratio * k * t[here]) / k
    for sound in (0.05 * chords, 0.3 * np.sin(2 * np.pi * 440 * t)):
        last = play(sound)[-1]
        assert last.quality < 0.3
        assert {"music", "noise", "silence"} & set(last.reasons)


@pytest.mark.parametrize("rate", [0.0, 100.0, 4000.0, 500000.0])
def test_unsuitable_rates_have_a_reason(rate):
    values, offsets = np.zeros((100, 1), np.float32), np.linspace(-0.1, 0, 100)
    outputs = VoiceEstimator().estimate(Window({"audio": Signal(values, offsets, rate, ("a",))}))
    assert outputs.quality == 0
    assert outputs.reasons == ("wrong_rate",)


def test_window_without_samples_has_no_signal():
    assert VoiceEstimator().estimate(Window({})).reasons == ("no_signal",)


def test_equal_windows_give_equal_estimates():
    sound = np.concatenate([room(0.5, -65), speech(2)])
    assert play(sound) == play(sound)


@pytest.mark.parametrize("block", [256, 320, 512, 777])
def test_blocks_give_the_same_frames_as_one_piece(block):
    sound = np.concatenate([room(0.3, -65), speech(1.5)]).astype(np.float32)
    frame_buffer = FrameBuffer()
    for window in windows(sound, block=block):
        frame_buffer.update(window.signals["audio"], window.step)
    whole = front_end(float(RATE))(sound[: len(sound) // block * block])
    assert len(frame_buffer.frames) == len(whole)
    assert np.allclose(frame_buffer.frames.mel, whole.mel, atol=0.02)
    assert np.allclose(frame_buffer.frames.level, whole.level, atol=0.01)


def test_missed_window_resets_the_frames():
    sound = speech(6)
    frame_buffer = FrameBuffer()
    cut = [w for i, w in enumerate(windows(sound)) if not 60 <= i < 200]
    for window in cut:
        frame_buffer.update(window.signals["audio"], window.step)
    fresh = front_end(float(RATE))(sound[160 * BLOCK - 0 : 200 * BLOCK])
    assert len(frame_buffer.frames) <= 200
    assert len(fresh) > 0
    assert np.isfinite(frame_buffer.frames.mel).all()


def test_personalise_resets_the_state():
    estimator = VoiceEstimator(detect_speech=False)
    first = play(speech(), estimator=estimator)
    estimator.personalise({})
    assert play(speech(), estimator=estimator) == first
    estimator.personalise({})
    assert play(np.zeros(RATE), estimator=estimator)[-1].reasons[:1] == ("silence",)


def test_statistics_are_independent_of_the_level():
    frames = front_end(float(RATE))(speech(2).astype(np.float32))
    louder = front_end(float(RATE))((2 * speech(2)).astype(np.float32))
    every = np.ones(len(frames), np.bool_)
    voiced = frames.harmonicity > 0.45
    a, b = summarise(frames, every, voiced), summarise(louder, every, voiced)
    assert a is not None
    assert b is not None
    assert len(a) == len(NAMES)
    assert np.allclose(a, b, atol=0.05)


def test_activity_detects_voice_and_not_room_noise():
    frames = front_end(float(RATE))(np.concatenate([room(2, -50), speech(2) + room(2, -50, 1)]))
    active, voiced = Activity()(frames)
    assert active[:190].mean() < 0.02
    assert active[200:].mean() > 0.4
    assert (voiced <= active).all()


@settings(max_examples=25)
@given(
    st.integers(1, 4000),
    st.integers(1, 3),
    st.sampled_from([6000.0, 8000.0, 16000.0, 48000.0]),
    st.floats(-3, 3),
    st.sampled_from([0.0, 1e-30, 1e-3, 1.0, 1e6]),
    st.sampled_from([0.0, 0.001, 0.02, 5.0, float("inf")]),
)
def test_arbitrary_input_never_raises(count, channels, rate, offset, scale, step):
    rng = np.random.default_rng(count)
    estimator = VoiceEstimator()
    for _ in range(4):
        values = (offset + scale * rng.standard_normal((count, channels))).astype(np.float32)
        offsets = (np.arange(count) - count + 1) / rate
        signal = Signal(values, offsets, rate, tuple("abc"[:channels]), quality=0.5)
        outputs = estimator.estimate(Window({"audio": signal}, step))
        assert outputs.finite()
        assert 0 <= outputs.quality <= 1


def test_real_voices_are_separated_by_arousal(data_dir):
    folder = data_dir / "voice_emodb"
    quiet = room(0.5, -65)
    outputs = {}
    for letter in "WT":
        files = sorted(folder.glob(f"*{letter}?.flac"))[::12]
        outputs[letter] = [
            play(np.concatenate([quiet, read_sound(f)]))[-1].readings["arousal"].mean for f in files
        ]
    assert np.median(outputs["W"]) > 0.2 > -0.1 > np.median(outputs["T"])
