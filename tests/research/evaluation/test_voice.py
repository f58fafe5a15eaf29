import numpy as np
import pytest

from sentio_models.errors import ModelRefusedError
from sentio_research.data.sounds import read_sound, statistics_of
from sentio_research.evaluation.voice import emotion_scores, evaluate, side_scores

soundfile = pytest.importorskip("soundfile")


def tone(rate=16000, seconds=1.0, hertz=150.0):
    t = np.arange(int(seconds * rate)) / rate
    beat = 0.5 + 0.5 * np.sin(2 * np.pi * 3 * t)
    return 0.2 * beat * sum(np.sin(2 * np.pi * hertz * k * t) / k for k in range(1, 9))


def test_files_of_any_rate_and_channels_become_16_khz_mono(tmp_path):
    for rate in (8000, 16000, 22050, 48000):
        stereo = np.stack([tone(rate), tone(rate)], axis=1)
        soundfile.write(tmp_path / "a.wav", stereo, rate)
        sound = read_sound(tmp_path / "a.wav")
        assert sound.ndim == 1
        assert len(sound) == pytest.approx(16000, abs=2)
        assert np.abs(sound).max() == pytest.approx(np.abs(tone(rate)).max(), rel=0.05)


def test_invalid_sound_file_is_refused(tmp_path):
    (tmp_path / "a.wav").write_bytes(b"not a sound at all")
    with pytest.raises(ModelRefusedError, match=r"a\.wav"):
        read_sound(tmp_path / "a.wav")


def test_short_and_long_files_have_statistics():
    assert statistics_of(np.zeros(1600, np.float32)) is None
    assert statistics_of(tone(seconds=10).astype(np.float32)) is not None


def test_folder_of_sounds_is_evaluated_by_its_table(tmp_path):
    rows = ["file,label,arousal,speaker"]
    for i in range(6):
        name = f"{i}.wav"
        soundfile.write(tmp_path / name, tone(hertz=120 + 40 * i), 16000)
        rows.append(f"{name},{('anger', 'Boredom')[i % 2]},{('high', 'low')[i % 2]},p{i // 2}")
    rows.append("gone.wav,anger,high,p1")
    (tmp_path / "labels.csv").write_text("\n".join(rows), encoding="utf-8")
    calls = []
    report = evaluate(tmp_path, sounds=tmp_path, progress=lambda *a: calls.append(a))
    assert report["emotions"]["n"] == 6
    assert report["arousal"]["auc"]["groups"] == 3
    assert len(report["left_out"]) == 1
    assert calls[-1] == ("sounds", 6, 7)


@pytest.mark.parametrize("text", [None, "", "a,b\n1,2\n", "file,label\n"])
def test_folder_without_table_has_an_error_with_a_fix(tmp_path, text):
    if text is not None:
        (tmp_path / "labels.csv").write_text(text, encoding="utf-8")
    with pytest.raises(ModelRefusedError, match=r"labels\.csv"):
        evaluate(tmp_path, sounds=tmp_path)


def test_scores_of_perfect_and_of_random_predictions():
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 3, 300)
    who = np.repeat([f"p{i}" for i in range(10)], 30)
    perfect = emotion_scores(truth, np.eye(3)[truth], who, ("a", "b", "c"))
    assert perfect["uar"]["value"] == 1
    assert perfect["ece"] == 0
    side = (truth > 0).astype(float)
    side[:20] = np.nan
    blind = side_scores(side, rng.standard_normal(300), who)
    assert blind["n"] == 280
    assert blind["auc"]["value"] == pytest.approx(0.5, abs=0.1)
    assert blind["auc"]["low"] < blind["auc"]["value"] < blind["auc"]["high"]
