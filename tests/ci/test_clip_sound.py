"""The film of the two players, and how its sound is mixed."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

av = pytest.importorskip("av")
ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / ".ci"))
import clip_sound  # noqa: E402

SECONDS = 0.5


def tone(hertz: float) -> clip_sound.Sound:
    times = np.arange(round(SECONDS * clip_sound.RATE)) / clip_sound.RATE
    return np.tile(np.sin(2 * np.pi * hertz * times), (2, 1)).astype(np.float32)


def strength(sound: np.ndarray, hertz: float) -> float:
    spectrum = np.abs(np.fft.rfft(sound))
    return float(spectrum[round(hertz * SECONDS)])


def test_each_game_is_loudest_on_the_side_of_its_picture() -> None:
    both = clip_sound.mix(tone(400), tone(900))
    assert strength(both[0], 400) > 3 * strength(both[0], 900) > 0
    assert strength(both[1], 900) > 3 * strength(both[1], 400) > 0
    assert np.abs(both).max() == pytest.approx(clip_sound.PEAK)


def test_silent_games_stay_silent() -> None:
    silence = np.zeros((2, 4800), np.float32)
    assert not clip_sound.mix(silence, silence).any()


@pytest.mark.parametrize("longer", [0.0, 0.25])
def test_the_end_of_a_film_is_read(longer: float, tmp_path: Path) -> None:
    """A film that is shorter than wanted begins with silence."""
    path = tmp_path / "film.avi"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("pcm_s16le", rate=clip_sound.RATE, layout="stereo")
        resampler = av.AudioResampler(format="s16", layout="stereo", rate=clip_sound.RATE)
        for frame in clip_sound.frames(tone(400)):
            for part in resampler.resample(frame):
                container.mux(stream.encode(part))
        container.mux(stream.encode())
    read = clip_sound.read(path, SECONDS + longer)
    assert read.shape == (2, round((SECONDS + longer) * clip_sound.RATE))
    silent = round(longer * clip_sound.RATE)
    assert not read[:, :silent].any()
    assert np.allclose(read[:, silent:], tone(400), atol=1e-3)


def test_pieces_come_up_to_a_time() -> None:
    pieces = clip_sound.frames(tone(400))
    assert [piece.pts for piece in clip_sound.until(pieces, 0.03)] == [0, 960]
    assert next(pieces).pts == 1920
