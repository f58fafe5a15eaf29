"""Tests of the face evaluation: images that count, live code, users' photos."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from tests.needs_mediapipe import needs_mediapipe

from sentio_models.errors import ModelMissingError, ModelRefusedError
from sentio_models.modalities.face.landmarks import Face
from sentio_research.data.ferplus import ENLARGED, MARGIN, Faces, read, stage, unstage
from sentio_research.data.images import read_rgb
from sentio_research.evaluation.face import evaluate, scores
from sentio_research.evaluation.face_conditions import CONDITIONS


def faces(*votes: list[int]) -> Faces:
    return Faces(np.zeros((len(votes), 48, 48), np.uint8), np.array(votes))


def test_majority_selects_the_images() -> None:
    some = faces(
        [8, 1, 1, 0, 0, 0, 0, 0, 0, 0],  # clear
        [5, 5, 0, 0, 0, 0, 0, 0, 0, 0],  # exactly half is not a majority
        [4, 1, 1, 1, 1, 1, 1, 0, 0, 0],  # single votes are outliers
        [0, 0, 0, 0, 0, 0, 0, 0, 9, 1],  # unknown
        [3, 0, 0, 0, 0, 0, 0, 0, 0, 7],  # not a face
        [1, 1, 1, 1, 1, 1, 1, 1, 1, 1],  # no agreement
    )
    assert some.majority.tolist() == [0, -1, 0, -1, -1, -1]
    assert some.plurality.tolist() == [0, 0, 0, -1, -1, 0]
    np.testing.assert_allclose(some.soft.sum(1), [1, 1, 1, 0, 0, 0])
    np.testing.assert_allclose(some.soft[1, :2], 0.5)


def test_splits_have_the_published_sizes(data_dir: Path) -> None:
    test = read(data_dir / "face_ferplus", "test")
    assert len(test.images) == 3573
    assert int((test.majority >= 0).sum()) == 3137
    assert np.bincount(test.majority[test.majority >= 0]).tolist() == [
        1083, 892, 394, 382, 269, 16, 86, 15,
    ]  # fmt: skip


def test_missing_data_is_reported(tmp_path: Path) -> None:
    with pytest.raises(ModelMissingError, match="FER"):
        read(tmp_path, "test")


def test_staged_point_is_mapped_back() -> None:
    tile = np.zeros((48, 48), np.uint8)
    tile[20, 30] = 255
    picture = stage(tile)
    y, x = np.unravel_index(picture[:, :, 0].argmax(), picture.shape[:2])
    landmarks = np.array([[x, y, 0]], np.float32)
    face = Face(landmarks, np.zeros(52, np.float32), np.eye(4, dtype=np.float32))
    assert unstage(face)[0, :2] == pytest.approx((30, 20), abs=0.5)
    assert picture.shape == (48 * ENLARGED + 2 * MARGIN,) * 2 + (3,)


@pytest.mark.parametrize("name", CONDITIONS)
def test_conditions_keep_the_shape_and_change_the_picture(name: str) -> None:
    tile = np.random.default_rng(0).integers(60, 200, (48, 48)).astype(np.uint8)
    picture = stage(tile)
    changed = CONDITIONS[name](picture)
    assert (changed.shape, changed.dtype) == (picture.shape, np.uint8)
    assert np.array_equal(changed, CONDITIONS[name](picture))
    assert (name == "as_it_is") == np.array_equal(changed, picture)


def test_scores_of_no_rows_and_of_perfect_predictions() -> None:
    truth = np.array([0, 1, 2, 1])
    perfect = np.eye(8)[truth]
    assert scores(truth, perfect, np.zeros(4, np.bool_)) == {"n": 0}
    report = scores(truth, perfect, np.ones(4, np.bool_))
    assert report["accuracy"]["value"] == report["uar"]["value"] == 1
    assert report["recall"]["contempt"] is None


@pytest.mark.slow
def test_figures_use_the_live_path(data_dir: Path, landmarker: Path, tmp_path: Path) -> None:
    needs_mediapipe()
    report = evaluate(data_dir, figures=tmp_path, landmarker=landmarker, limit=24)
    json.dumps(report, allow_nan=False)
    assert report["face_found"] > 0.8
    assert report["face"]["all_counted_images"]["accuracy"]["value"] > 0.6
    assert set(report["shifted"]) == set(CONDITIONS)
    assert {p.name for p in tmp_path.iterdir()} == {
        "face_confusion.png", "face_reliability.png", "face_roc.png", "face_conditions.png",
    }  # fmt: skip


def test_folder_of_photos_is_evaluated(landmarker: Path, tmp_path: Path) -> None:
    needs_mediapipe()
    image = pytest.importorskip("PIL.Image")
    photo = image.fromarray(pytest.importorskip("skimage.data").astronaut())
    for name in ("happiness", "Neutral", "holidays"):
        (tmp_path / name).mkdir()
    photo.save(tmp_path / "happiness" / "a.jpg")
    image.new("RGB", (200, 200)).save(tmp_path / "Neutral" / "nobody.png")
    (tmp_path / "Neutral" / "broken.png").write_bytes(b"not an image")
    report = evaluate(tmp_path, images=tmp_path, landmarker=landmarker)
    assert report["face_found"] == pytest.approx(1 / 3)
    assert report["face"]["accuracy"]["value"] == 1
    assert report["unreadable"] == ["broken.png"]
    assert report["classes_left_out"] == ["holidays"]
    assert report["reasons"]["no_face"] == 2


def test_folder_without_classes_is_refused(landmarker: Path, tmp_path: Path) -> None:
    needs_mediapipe()
    with pytest.raises(ModelRefusedError, match="no image of a known class"):
        evaluate(tmp_path, images=tmp_path, landmarker=landmarker)


def test_photos_are_rotated_and_limited_in_size(tmp_path: Path) -> None:
    image = pytest.importorskip("PIL.Image")
    wide = image.new("RGB", (4000, 1000), (10, 200, 30))
    exif = image.Exif()
    exif[0x0112] = 6
    wide.save(tmp_path / "a.jpg", exif=exif)
    assert read_rgb(tmp_path / "a.jpg").shape == (1920, 480, 3)
