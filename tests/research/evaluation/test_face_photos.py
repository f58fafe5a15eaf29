"""Tests of the figures on photos, and of the photos."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from sentio_models.errors import ModelMissingError
from sentio_models.estimate import EMOTIONS
from sentio_models.modalities.face.landmarks import Face
from sentio_research.data.face_photos import Photos, read
from sentio_research.evaluation.face_photos import SIX, balanced, equal_weights, table
from sentio_research.evaluation.face_rows import Readings
from sentio_research.evaluation.skin_tone import angle, lab, tone
from sentio_research.metrics import ece


def test_classes_weigh_the_same_however_frequent() -> None:
    truth = np.array([0] * 90 + [4] * 10)
    always_neutral = np.zeros((100, 8))
    always_neutral[:, 0] = 1.0
    report = balanced(truth, always_neutral, np.ones(100, np.bool_), SIX)
    assert report["uar"]["value"] == pytest.approx(0.5)
    assert report["ece"] == pytest.approx(0.5)
    assert report["recall"]["anger"]["value"] == 0
    np.testing.assert_allclose(equal_weights(truth).sum(), 1)


def test_equal_weights_change_nothing_when_classes_are_balanced() -> None:
    rng = np.random.default_rng(0)
    truth = np.repeat(np.arange(8), 20)
    shares = rng.dirichlet(np.ones(8), len(truth))
    assert ece(truth, shares, weights=equal_weights(truth)) == pytest.approx(ece(truth, shares))


def test_table_keeps_rare_classes_apart_and_is_json() -> None:
    truth = np.repeat(np.arange(8), 5)
    shares = np.eye(8)[truth] * 0.9 + 0.0125
    found = np.arange(40) % 5 > 0
    shares[~found] = np.nan
    readings = Readings(found, found.astype(float), shares, shares, shares, {})
    report = table(Photos([Path("x")] * 40, truth), readings)
    json.dumps(report, allow_nan=False)
    assert report["six_classes_balanced"]["n"] == 24
    assert report["fear_and_contempt"] == {
        "fear": {"n": 4, "right": 4}, "contempt": {"n": 4, "right": 4},
    }  # fmt: skip


def test_photos_have_the_published_counts(data_dir: Path) -> None:
    if not (data_dir / "face_photos").is_dir():
        pytest.skip("no face_photos")
    photos = read(data_dir)
    counts = dict(zip(EMOTIONS, np.bincount(photos.labels, minlength=8).tolist(), strict=True))
    assert counts == {
        "neutral": 250, "happiness": 250, "surprise": 190, "sadness": 125,
        "anger": 130, "disgust": 107, "fear": 12, "contempt": 2,
    }  # fmt: skip


def test_missing_photos_are_reported(tmp_path: Path) -> None:
    with pytest.raises(ModelMissingError, match="face_photos"):
        read(tmp_path)


def test_lab_equals_scikit_image() -> None:
    color = pytest.importorskip("skimage.color")
    rgb = np.random.default_rng(0).integers(0, 256, (50, 3)).astype(np.uint8)
    np.testing.assert_allclose(lab(rgb), color.rgb2lab(rgb), atol=0.02)


@pytest.mark.parametrize(
    ("colour", "name"),
    [
        ((240, 215, 200), "very light or light"),
        ((165, 122, 90), "tan"),
        ((90, 60, 45), "brown or dark"),
        ((128, 128, 128), "no colour"),
    ],
)
def test_tone_of_a_plain_cheek(colour: tuple[int, int, int], name: str) -> None:
    picture = np.full((100, 100, 3), colour, np.uint8)
    landmarks = np.full((478, 3), 50, np.float32)
    face = Face(landmarks, np.zeros(52, np.float32), np.eye(4, dtype=np.float32))
    assert tone(angle(picture, face)) == name
