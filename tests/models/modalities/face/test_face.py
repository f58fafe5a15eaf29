"""Tests of the face estimators with a real photo and with every kind of fault."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from tests.needs_mediapipe import needs_mediapipe

from sentio_models.errors import ModelMissingError, ModelRefusedError
from sentio_models.estimate import EMOTIONS, Estimate
from sentio_models.estimator import Norm
from sentio_models.modalities.face import BlendshapeEstimator, FaceEstimator
from sentio_models.modalities.face.align import ANCHORS, Crop, framed, similarity
from sentio_models.modalities.face.blendshapes import position
from sentio_models.modalities.face.circumplex import COORDINATES, derive
from sentio_models.modalities.face.fuse import ClassWeights, fuse
from sentio_models.modalities.face.landmarker import FaceLandmarker
from sentio_models.modalities.face.landmarks import BLENDSHAPES, Face
from sentio_models.modalities.face.quality import assess
from sentio_models.window import Signal, Window


@pytest.fixture(scope="module")
def photo() -> np.ndarray:
    data = pytest.importorskip("skimage.data")
    return np.ascontiguousarray(data.astronaut())


@pytest.fixture(scope="module")
def estimator(landmarker: Path) -> FaceEstimator:
    needs_mediapipe()
    return FaceEstimator(landmarker)


def video(image: np.ndarray, step: float = 0.033, quality: float = 1.0, *why: str) -> Window:
    return Window({"video": Signal(image[None], np.zeros(1), 30.0, ("rgb",), quality, why)}, step)


def test_smiling_face_has_high_valence(estimator: FaceEstimator, photo: np.ndarray) -> None:
    estimator.personalise({})
    estimate = estimator.estimate(video(photo))
    assert estimate.finite()
    assert estimate.quality > 0.6, estimate.reasons
    assert estimate.emotions is not None
    assert max(estimate.emotions, key=lambda n: estimate.emotions[n]) == "happiness"
    assert sum(estimate.emotions.values()) == pytest.approx(1)
    assert estimate.readings["valence"].mean > 0.3
    assert estimate.features["smile"] > 0.5
    assert abs(estimate.features["roll"]) < 20


def test_equal_images_give_equal_estimates(estimator: FaceEstimator, photo: np.ndarray) -> None:
    course = [photo, np.ascontiguousarray(np.roll(photo, 9, 1)), photo[:, ::-1].copy()]

    def run() -> list[object]:
        estimator.personalise({})
        return [estimator.estimate(video(image)) for image in course]

    assert run() == run()


def test_image_without_face_has_no_quality(estimator: FaceEstimator) -> None:
    for grey in (0, 127, 255):
        estimate = estimator.estimate(video(np.full((240, 320, 3), grey, np.uint8)))
        assert (estimate.quality, estimate.reasons) == (0.0, ("no_face",))
        assert estimate.readings == {}
        assert estimate.emotions is None


def test_frozen_source_keeps_its_reason(estimator: FaceEstimator, photo: np.ndarray) -> None:
    estimate = estimator.estimate(video(photo, 0.033, 0.0, "frozen"))
    assert (estimate.quality, estimate.reasons) == (0.0, ("frozen",))


@pytest.mark.parametrize(
    "image",
    [
        np.zeros((0, 0, 3), np.uint8),
        np.zeros((10, 10), np.uint8),
        np.zeros((10, 10, 4), np.uint8),
        np.zeros((10, 10, 3), np.float32),
    ],
)
def test_invalid_image_is_reported(estimator: FaceEstimator, image: np.ndarray) -> None:
    assert estimator.estimate(video(image)).reasons == ("wrong_format",)


def test_missing_stream_is_reported(estimator: FaceEstimator) -> None:
    assert estimator.estimate(Window({})).reasons == ("no_video",)


def shrunk(photo: np.ndarray, factor: int) -> np.ndarray:
    small = photo[::factor, ::factor]
    canvas = np.full((480, 640, 3), 90, np.uint8)
    canvas[: small.shape[0], : small.shape[1]] = small
    return canvas


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda p: (p * 0.06).astype(np.uint8), "dark"),
        (lambda p: np.clip(p * 0.12 + 225, 0, 255).astype(np.uint8), "overexposed"),
        (lambda p: shrunk(p, 6), "face_too_small"),
    ],
)
def test_bad_light_and_distance_lower_quality(
    landmarker: Path, photo: np.ndarray, spoil: object, reason: str
) -> None:
    fresh = FaceEstimator(landmarker=FaceLandmarker(landmarker, still=True))
    estimate = fresh.estimate(video(spoil(photo)))  # type: ignore[operator]
    assert estimate.quality < 0.7
    assert reason in estimate.reasons or estimate.reasons == ("no_face",)


def test_second_face_is_reported(landmarker: Path, photo: np.ndarray) -> None:
    portrait = photo[:300, 80:380]
    both = np.concatenate([portrait, portrait[:, ::-1]], axis=1)
    estimate = FaceEstimator(landmarker).estimate(video(np.ascontiguousarray(both)))
    assert "several_faces" in estimate.reasons
    one = FaceEstimator(landmarker).estimate(video(np.ascontiguousarray(portrait)))
    assert one.quality > 0
    assert "several_faces" not in one.reasons


def test_resting_face_is_subtracted(estimator: FaceEstimator, photo: np.ndarray) -> None:
    estimator.personalise({})
    plain = estimator.estimate(video(photo))
    resting = plain.features["raw_valence"]
    estimator.personalise({"raw_valence": Norm(resting, 0.1, 1000)})
    corrected = estimator.estimate(video(photo))
    assert corrected.readings["valence"].mean == pytest.approx(0, abs=0.02)
    assert corrected.features["raw_valence"] == resting
    estimator.personalise({})


def test_missing_bundle_error_has_a_fix(tmp_path: Path) -> None:
    with pytest.raises(ModelMissingError) as caught:
        FaceEstimator(tmp_path)
    assert caught.value.fix == "sentio models pull face_landmarker"
    (tmp_path / "face_landmarker.task").write_bytes(b"no")
    with pytest.raises(ModelRefusedError, match="SHA-256"):
        FaceEstimator(tmp_path)


class Finder:
    """Face finder with given faces, to test the code behind it."""

    def __init__(self, *faces: Face) -> None:
        self.faces = faces

    def find(self, image: np.ndarray, at: float) -> Sequence[Face]:
        return self.faces

    def reset(self) -> None:
        pass

    def close(self) -> None:
        pass


@settings(max_examples=60, deadline=None)
@given(
    arrays(np.uint8, st.tuples(st.integers(1, 64), st.integers(1, 64), st.just(3))),
    arrays(np.float32, (8, 2), elements=st.floats(-1e4, 1e4, width=32)),
)
def test_any_image_with_any_landmarks_gives_finite_numbers(
    image: np.ndarray, anchors: np.ndarray
) -> None:
    landmarks = np.zeros((478, 3), np.float32)
    landmarks[[33, 133, 362, 263, 168, 2, 61, 291], :2] = anchors
    face = Face(landmarks, np.zeros(52, np.float32), np.eye(4, dtype=np.float32))
    estimate = FaceEstimator(landmarker=Finder(face)).estimate(video(image))
    assert estimate.finite()
    assert 0 <= estimate.quality <= 1


@given(
    arrays(np.float64, (478, 3), elements=st.floats(-300, 300)),
    st.floats(-3, 3),
    st.floats(0.2, 8),
    st.floats(-500, 500),
)
def test_framed_landmarks_do_not_depend_on_place_size_and_lean(
    points: np.ndarray, turn: float, size: float, shift: float
) -> None:
    if np.ptp(points[list(ANCHORS), 0]) < 1 or np.ptp(points[list(ANCHORS), 1]) < 1:
        return
    before = similarity(points[list(ANCHORS), :2])
    if np.hypot(before[0, 0], before[1, 0]) < 0.05:
        return
    c, s = size * np.cos(turn), size * np.sin(turn)
    moved = points @ np.array([[c, s, 0], [-s, c, 0], [0, 0, size]]) + [shift, -shift, 7.0]
    np.testing.assert_allclose(framed(moved), framed(points), rtol=2e-3, atol=0.3)


def test_framed_landmarks_without_extent_are_zero() -> None:
    assert not framed(np.ones((478, 3))).any()


def turned(degrees: float, axis: int) -> Face:
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    pose = np.eye(4, dtype=np.float32)
    first, second = [(1, 2), (2, 0)][axis]
    pose[first, first] = pose[second, second] = c
    pose[first, second], pose[second, first] = -s, s
    return Face(np.zeros((478, 3), np.float32), np.zeros(52, np.float32), pose)


FINE = np.random.default_rng(0).normal(120, 40, (48, 48)).clip(0, 255).astype(np.float32)


def test_good_face_has_full_quality() -> None:
    assert assess(Crop(FINE, 2.0, 1.0, 0.0), turned(0, 1)) == (1.0, ())


@pytest.mark.parametrize("axis", [0, 1])
def test_turned_face_lowers_quality(axis: int) -> None:
    qualities = [assess(Crop(FINE, 2.0, 1.0, 0.0), turned(a, axis)) for a in (0, 40, 50, 80)]
    assert [q for q, _ in qualities] == sorted((q for q, _ in qualities), reverse=True)
    assert qualities[-1] == (0.0, ("turned_away",))


def covered() -> np.ndarray:
    grey = FINE.copy()
    grey[27:46, 10:38] = 30
    return grey


@pytest.mark.parametrize(
    ("crop", "reason"),
    [
        (Crop(FINE * 0.1, 2.0, 1.0, 0.0), "dark"),
        (Crop(np.clip(FINE * 0.05 + 240, 0, 255), 2.0, 1.0, 0.0), "overexposed"),
        (Crop(FINE, 0.3, 1.0, 0.0), "face_too_small"),
        (Crop(FINE, 2.0, 0.6, 0.0), "cut_off"),
        (Crop(covered(), 2.0, 1.0, 0.0), "occluded"),
        (Crop(np.full((48, 48), 120, np.float32), 2.0, 1.0, 0.0), "low_contrast"),
        (Crop(np.linspace(60, 200, 2304, dtype=np.float32).reshape(48, 48), 2, 1, 0), "blurred"),
    ],
)
def test_each_fault_has_its_reason(crop: Crop, reason: str) -> None:
    quality, reasons = assess(crop, turned(0, 1))
    assert quality < 1
    assert reason in reasons


def test_derived_affect_is_the_mixture() -> None:
    for name, (valence, arousal) in COORDINATES.items():
        sure = derive(np.eye(8)[EMOTIONS.index(name)])
        assert (sure["valence"].mean, sure["arousal"].mean) == pytest.approx((valence, arousal))
    torn = derive(np.array([0, 0.5, 0, 0.5, 0, 0, 0, 0]))
    assert torn["valence"].variance > derive(np.eye(8)[1])["valence"].variance + 0.3


@given(arrays(np.float64, 8, elements=st.floats(0.001, 1)))
def test_derived_affect_stays_in_range(weights: np.ndarray) -> None:
    for reading in derive(weights / weights.sum()).values():
        assert -1 <= reading.mean <= 1
        assert 0.1 < reading.variance < 2


def shapes(names: Sequence[str] = BLENDSHAPES, quality: float = 1.0, **values: float) -> Window:
    row = np.array([[values.get(name, 0.02) for name in names]], np.float32)
    return Window({"face": Signal(row, np.zeros(1), 60.0, tuple(names), quality, ())})


FROWN = {
    "browDownLeft": 0.8,
    "browDownRight": 0.8,
    "mouthPressLeft": 0.6,
    "mouthPressRight": 0.6,
    "eyeSquintLeft": 0.4,
    "eyeSquintRight": 0.4,
}
WRINKLE = {
    "noseSneerLeft": 0.9,
    "noseSneerRight": 0.9,
    "mouthUpperUpLeft": 0.5,
    "mouthUpperUpRight": 0.5,
}


def leading(estimate: Estimate) -> list[str]:
    assert estimate.emotions is not None
    return sorted(estimate.emotions, key=lambda name: -(estimate.emotions or {})[name])


@pytest.mark.parametrize("modality", ["face", "headset"])
def test_frown_of_a_tracker_is_anger_and_not_neutral(modality: str) -> None:
    """Lowered brows and pressed lips were read as neutral, with a confidence of .9."""
    estimate = BlendshapeEstimator(modality).estimate(shapes(**FROWN))
    assert leading(estimate)[0] == "anger"
    assert estimate.readings["valence"].mean < -0.2
    assert estimate.readings["arousal"].mean > 0.2
    assert estimate.action_units["AU4"] == pytest.approx(0.8)


def test_slight_frown_is_less_probable_than_a_strong_one() -> None:
    estimator = BlendshapeEstimator("headset")
    slight = estimator.estimate(shapes(**{name: value * 0.4 for name, value in FROWN.items()}))
    strong = estimator.estimate(shapes(**FROWN))
    assert slight.emotions is not None
    assert strong.emotions is not None
    assert leading(slight)[0] == "neutral"
    assert 0.02 < slight.emotions["anger"] < strong.emotions["anger"] - 0.2


def test_wrinkled_nose_is_disgust_before_anything_but_neutral() -> None:
    assert "disgust" in leading(BlendshapeEstimator("headset").estimate(shapes(**WRINKLE)))[:2]


SMILE = {"mouthSmileLeft": 0.9, "mouthSmileRight": 0.9, "cheekSquintLeft": 0.3}


@pytest.mark.parametrize("modality", ["face", "headset"])
def test_smile_in_blendshapes_has_high_valence(modality: str) -> None:
    estimator = BlendshapeEstimator(modality)
    happy = estimator.estimate(shapes(**SMILE))
    calm = estimator.estimate(shapes())
    assert happy.modality == modality
    assert happy.quality == 1
    assert happy.emotions is not None
    assert calm.emotions is not None
    assert happy.emotions["happiness"] > calm.emotions["happiness"]
    assert happy.readings["valence"].mean > calm.readings["valence"].mean


def test_order_and_spelling_of_names_are_ignored() -> None:
    names = [n.replace("Left", "_L").replace("Right", "_R") for n in BLENDSHAPES[::-1]]
    values = {n: SMILE.get(b, 0.02) for n, b in zip(names, BLENDSHAPES[::-1], strict=True)}
    estimator = BlendshapeEstimator()
    assert estimator.estimate(shapes(names, **values)) == estimator.estimate(shapes(**SMILE))


@pytest.mark.parametrize(
    ("channel", "name"),
    [
        ("eyeBlinkLeft", "eyeBlinkLeft"),
        ("EyeBlink_R", "eyeBlinkRight"),
        ("Eyes_Closed_L", "eyeBlinkLeft"),
        ("Lip_Corner_Puller_R", "mouthSmileRight"),
        ("Jaw_Drop", "jawOpen"),
        ("tongueOut", None),
        ("", None),
    ],
)
def test_names_of_other_trackers_are_mapped(channel: str, name: str | None) -> None:
    found = position(channel)
    assert (None if found is None else BLENDSHAPES[found]) == name


def test_few_or_invalid_blendshapes_have_reasons() -> None:
    estimator = BlendshapeEstimator("headset")
    some = estimator.estimate(shapes(BLENDSHAPES[::2]))
    assert 0 < some.quality < 1
    assert "blendshapes_missing" in some.reasons
    assert estimator.estimate(shapes(BLENDSHAPES[:5])).reasons == ("few_blendshapes",)
    assert estimator.estimate(shapes(jawOpen=float("nan"))).reasons == ("not_finite",)
    assert "out_of_range" in estimator.estimate(shapes(jawOpen=3.0)).reasons
    no_face = Window({"face": Signal(np.zeros((1, 52), np.float32), np.zeros(1), 60, BLENDSHAPES)})
    assert estimator.estimate(no_face).reasons == ("no_face",)
    assert estimator.estimate(Window({})).reasons == ("no_blendshapes",)
    assert estimator.estimate(shapes(quality=0.0)).quality == 0


@settings(max_examples=60, deadline=None)
@given(arrays(np.float32, (1, 52), elements=st.floats(width=32)))
def test_any_blendshapes_give_an_estimate(row: np.ndarray) -> None:
    window = Window({"face": Signal(row, np.zeros(1), 60.0, BLENDSHAPES)})
    assert BlendshapeEstimator().estimate(window).finite()


@given(
    arrays(np.float64, (2, 8), elements=st.floats(0, 1)),
    arrays(np.float64, (3, 8), elements=st.floats(-2, 2)),
)
def test_fused_outputs_are_probabilities(outputs: np.ndarray, weights: np.ndarray) -> None:
    combined = fuse(*outputs, ClassWeights(*weights))
    assert combined.sum() == pytest.approx(1)
    assert (combined >= 0).all()


def test_fusion_uses_the_weights_of_both_networks_and_of_each_class() -> None:
    def fused(*weights: float, bias: float = 0.0) -> np.ndarray:
        return fuse(first, second, ClassWeights(*np.array([*weights, bias])))

    first, second = np.array([0.6, 0.4, *[0] * 6]), np.array([0.1, 0.9, *[0] * 6])
    alone = fuse(first, second, ClassWeights.of({}))
    np.testing.assert_allclose(alone[:2], first[:2], atol=1e-6)
    assert 0.4 < fused(1, 0.5)[1] < fused(1, 1)[1] == pytest.approx(fused(1, 1, bias=3.0)[1])
    by_class = ClassWeights.of({"biases": [0, 1, *[0] * 6]})
    assert fuse(first, second, by_class)[1] > alone[1] + 0.1
