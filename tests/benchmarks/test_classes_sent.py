"""Tests of the classes as a game receives them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from benchmarks.classes_sent import Sent, table
from benchmarks.classes_sent_face import shown
from benchmarks.classes_sent_voice import played
from sentio_bridge.cli.app import application
from sentio_models import EMOTIONS, Estimate
from sentio_models.estimator import Needs
from sentio_models.modalities.voice import VoiceEstimator
from sentio_models.window import Window
from sentio_research.data.voice import read_nemo

ROWS = 40


def sent(right: float = 0.8) -> Sent:
    truth = np.repeat([0, 1, 4], ROWS)
    shares = np.full((len(truth), len(EMOTIONS)), (1 - right) / 7)
    shares[np.arange(len(truth)), truth] = right
    return Sent(truth, shares, np.arange(len(truth)) % 10)


class Sees:
    """Estimator that sees one expression in every picture, with a given quality."""

    modality = "face"
    needs = Needs(frozenset({"video"}), 0.0, 0.0, newest=True)

    def __init__(self, quality: float) -> None:
        self._quality = quality

    def estimate(self, window: Window) -> Estimate:
        assert window.signals["video"].values.shape == (1, 8, 8, 3)
        shares = dict.fromkeys(EMOTIONS, 0.02) | {"anger": 0.86}
        return Estimate("face", emotions=shares, quality=self._quality)


def test_classes_that_are_sent_rightly_carry() -> None:
    report = table(sent())
    json.dumps(report, allow_nan=False)
    assert report["sent"]["value"] == 1.0
    assert report["mean_recall"]["value"] == 1.0
    assert report["leading"] == pytest.approx(
        dict.fromkeys(("neutral", "happiness", "anger"), 1 / 3)
    )
    assert set(report["classes"]) == {"neutral", "happiness", "anger"}
    for one in report["classes"].values():
        assert one["carries"]
        assert one["auc"]["value"] == 1.0
    assert report["ece"] == pytest.approx(0.2)


def test_a_class_with_a_constant_share_does_not_carry() -> None:
    whole = sent()
    whole.shares[:, 4] = 1 / 8
    report = table(whole)
    assert not report["classes"]["anger"]["carries"]
    assert report["classes"]["anger"]["auc"]["value"] == pytest.approx(0.5)


def test_what_is_not_sent_counts_only_as_not_sent() -> None:
    whole = sent()
    whole.shares[: ROWS // 2] = np.nan
    report = table(whole)
    assert report["sent"]["value"] == pytest.approx(1 - ROWS / 2 / len(whole.truth))
    assert report["mean_recall"]["value"] == 1.0
    assert report["classes"]["neutral"]["n"] == ROWS // 2
    whole.shares[:] = np.nan
    assert set(table(whole)) == {"n", "sent"}


def test_a_good_view_is_sent_as_seen_and_a_poor_one_is_not_sent() -> None:
    pictures = [np.zeros((8, 8, 3), np.uint8)] * 2
    good = shown(Sees(1.0), iter(pictures), 2)
    assert np.allclose(good.sum(axis=1), 1)
    assert good[0, EMOTIONS.index("anger")] == pytest.approx(0.86, abs=0.02)
    half = shown(Sees(0.5), iter(pictures), 2)
    assert 1 / 8 < half[0, EMOTIONS.index("anger")] < good[0, EMOTIONS.index("anger")]
    assert np.isnan(shown(Sees(0.05), iter(pictures), 2)).all()


def test_silence_is_not_sent() -> None:
    estimator = VoiceEstimator(detect_speech=False)
    assert np.isnan(played(estimator, [np.zeros(16000, np.float32)] * 2, 0)).all()


def test_classes_that_do_not_carry_over_stay_level_in_a_voice(data_dir: Path) -> None:
    if not (data_dir / "voice_nemo_pl").is_dir():
        pytest.skip("no voice_nemo_pl")
    sounds = read_nemo(data_dir).sounds[:3]
    shares = played(VoiceEstimator(detect_speech=False), sounds, 0)
    assert np.allclose(shares.sum(axis=1), 1)
    level = [EMOTIONS.index(name) for name in ("surprise", "anger", "fear", "contempt")]
    kept = shares[:, level]
    assert (kept.max(axis=1) / kept.min(axis=1) < 1.3).all()


def test_only_face_and_voice_can_be_evaluated_as_sent(tmp_path: Path) -> None:
    done = CliRunner().invoke(
        application("eval"), ["eval", "text", "--as-sent", "--data", str(tmp_path)]
    )
    assert done.exit_code == 2
    assert "--as-sent" in done.output
