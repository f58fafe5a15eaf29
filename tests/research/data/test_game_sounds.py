import numpy as np
import pytest

from sentio_models.errors import ModelMissingError
from sentio_research.data.game_sounds import game_sounds, in_development, mixed, room, typing


def test_typing_has_clicks_between_pauses_and_is_repeatable():
    sound = typing(20.0, 3)
    assert len(sound) == 20 * 16000
    assert np.array_equal(sound, typing(20.0, 3))
    assert not np.array_equal(sound, typing(20.0, 4))
    levels = np.sqrt((sound.reshape(-1, 160) ** 2).mean(axis=1))
    assert np.quantile(levels, 0.3) < 10 ** (-60 / 20) < np.quantile(levels, 0.97)
    assert np.abs(sound).max() <= 1.5 * 10 ** (-12 / 20)


@pytest.mark.parametrize("snr", [0.0, 10.0, 20.0])
def test_mixture_has_the_requested_ratio(snr):
    rng = np.random.default_rng(0)
    voice, music = room(16000, rng, -30), room(16000, rng, -10)
    rest = mixed(voice, music, snr) - voice
    ratio = 10 * np.log10((voice**2).mean() / (rest**2).mean())
    assert ratio == pytest.approx(snr, abs=0.2)
    assert len(mixed(voice, music[:500], snr)) == len(voice)


def test_halves_depend_on_the_name_alone():
    halves = [in_development(f"track{i}") for i in range(200)]
    assert 60 < sum(halves) < 140
    assert halves == [in_development(f"track{i}") for i in range(200)]


def test_installed_game_sounds_have_kinds():
    try:
        items = game_sounds()
    except ModelMissingError:
        pytest.skip("no game sounds: install supertux-data and sound-theme-freedesktop")
    assert {item.kind for item in items} == {"music", "effects", "vocal"}
    assert {item.development for item in items} == {True, False}


def test_missing_game_sounds_have_an_error_with_a_fix(monkeypatch, tmp_path):
    monkeypatch.setattr("sentio_research.data.game_sounds.MUSIC", tmp_path)
    with pytest.raises(ModelMissingError, match="game sounds"):
        game_sounds()
