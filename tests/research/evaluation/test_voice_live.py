import numpy as np
import pytest

from sentio_models.errors import ModelMissingError
from sentio_models.modalities.voice import VoiceEstimator
from sentio_models.modalities.voice.statistics import NAMES
from sentio_research.data.voice import read_nemo
from sentio_research.evaluation.voice import live_sections
from sentio_research.evaluation.voice_across import by_sex, live_logits
from sentio_research.evaluation.voice_gate import shares, used, windows


def test_windows_hold_the_newest_two_seconds():
    sound = np.arange(16000 * 3, dtype=np.float32)
    cut = list(windows(sound))
    assert len(cut) == 30
    last = cut[-1].signals["audio"].values
    assert len(last) == 32000
    assert last[-1, 0] == sound[-1]
    assert cut[0].step == float("inf")


def test_silence_is_not_used():
    found = used(VoiceEstimator(detect_speech=False), np.zeros(16000, np.float32))
    assert len(found) == 22
    assert not found.any()


def test_shares_count_time_and_sounds():
    new = [np.array([True, False, False, False]), np.zeros(4, np.bool_), np.zeros(4, np.bool_)]
    old = [np.array([True, True, False, False]), np.ones(4, np.bool_), np.zeros(4, np.bool_)]
    report = shares(list(zip(new, old, strict=True)))
    assert report["used"] == pytest.approx(1 / 12)
    assert report["used_without_detector"] == pytest.approx(6 / 12)
    assert report["lost_of_used"] == pytest.approx(5 / 6)
    assert report["sounds_kept"] == 0.5


def test_men_and_women_are_compared_at_one_threshold():
    high = np.tile([True, False], 20)
    men = np.repeat([True, False], 20)
    score = np.where(high, 1.0, -1.0) - 2.0 * men
    people = np.where(men, "a", "b")
    report = by_sex([score], high, men, people)
    assert report["women"]["accuracy"] == 1.0
    assert report["men"] == {"n": 20, "auc": 1.0, "accuracy": 0.5}
    assert report["difference"] == 0.5
    assert set(report["by_actor"]) == {"a", "b"}


def test_a_constant_offset_of_a_person_does_not_change_arousal_for_long():
    rng = np.random.default_rng(0)
    rows = np.tile(rng.standard_normal((60, len(NAMES))), (2, 1))
    people = np.repeat(["a", "b"], 60)
    rows[people == "b"] += 0.5
    logits = live_logits(rows, np.zeros(120), people, 0)
    difference = logits[people == "a"].mean() - logits[people == "b"].mean()
    assert abs(difference) < 0.5


def test_missing_data_is_reported(tmp_path):
    report = live_sections(tmp_path, lambda *_: None)
    assert report["across"].startswith("not measured")
    assert report["gate"].startswith("not measured")
    with pytest.raises(ModelMissingError, match="voice_nemo_pl"):
        read_nemo(tmp_path)


def test_nemo_has_men_women_and_both_levels_of_arousal(data_dir):
    nemo = read_nemo(data_dir)
    assert len(nemo.sounds) == 318
    assert 0 < nemo.men.sum() < 318
    assert 0 < nemo.high.sum() < 318
    assert set(nemo.labels) == {"anger", "fear", "happiness", "neutral", "sadness", "surprise"}
