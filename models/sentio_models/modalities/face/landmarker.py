"""Find faces with MediaPipe."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

import numpy as np
from numpy.typing import NDArray

from sentio_models.errors import ModelFailedError, ModelRefusedError
from sentio_models.modalities.face.landmarks import BLENDSHAPES, Face
from sentio_models.modalities.face.mediapipe_library import load, not_loaded
from sentio_models.runtime.bundle import FACE_LANDMARKER, read

DETECTOR = "face_detector.tflite"
"""Name of the detector in the bundle."""

MARGIN = 0.25
"""Border that is added where a stream shows no face, relative to the longer side: the detector
misses faces that fill the image. Of 360 of FER+'s validation faces without a border 89 % are found,
with it 97 %."""

PAUSE = 0.5
"""Seconds between two searches of a stream with a border, each twice as long as one without."""


class FaceLandmarker:
    """Finder of faces with 478 landmarks, 52 blendshapes and head pose.

    In a live stream it tracks one face from image to image, which is twice as fast as finding it
    again, and counts the faces only every ``watch`` seconds: searching in every image would
    double the cost. The bundle's detector alone counts them, without landmarks: that takes 34 MB
    and 4 ms less than a second landmarker.

    Args:
        given: The bundle's file or folder; default is ``SENTIO_MODELS`` or the user's cache.
        still: Process images independently (photos, evaluation) instead of as a stream.
        watch: Seconds between two searches for further faces, 0 for never; always if ``still``.
        confidence: Score, 0..1, below which a detection is not a face. MediaPipe's default; on
            FER+ it finds 96.6 % of the faces.

    Raises:
        ModelMissingError: mediapipe, a library that it needs, or the bundle is missing.
        ModelRefusedError: The bundle is damaged, or mediapipe rejects it.
    """

    def __init__(
        self,
        given: Path | None = None,
        *,
        still: bool = False,
        watch: float = 2.0,
        confidence: float = 0.5,
    ) -> None:
        blob = read(FACE_LANDMARKER, given)
        self._mediapipe, tasks, vision = load()
        self._still = still
        self._watch = watch
        self._options: Any = lambda faces, one_by_one: vision.FaceLandmarkerOptions(
            base_options=tasks.BaseOptions(model_asset_buffer=blob),
            running_mode=vision.RunningMode.IMAGE if one_by_one else vision.RunningMode.VIDEO,
            num_faces=faces,
            min_face_detection_confidence=confidence,
            output_face_blendshapes=True,
            output_facial_transformation_matrixes=True,
        )
        self._make: Any = vision.FaceLandmarker.create_from_options
        self._follower = self._open(1 if not still else 2, still)
        counts = not still and watch > 0
        self._watcher: Any = self._detector(blob, vision, tasks, confidence) if counts else None
        self._start: float | None = None
        self._stamp = -1
        self._watched = -float("inf")
        self._others = False
        self._margin = 0.0
        self._retried = -float("inf")

    def find(self, image: NDArray[np.uint8], at: float) -> list[Face]:
        """Return the faces in an image, the tracked one first.

        A second entry means that another face was in view at the last search, within ``watch``
        seconds; it repeats the first face's data if only the number is known.

        Args:
            image: ``(height, width, 3)`` RGB.
            at: Capture time, seconds of any monotonic clock.

        Raises:
            ModelFailedError: MediaPipe failed.
        """
        try:
            found = self._search(image, self._margin, at)
            if not found and self._may_retry(at):
                other = MARGIN - self._margin
                found = self._search(image, other, at)
                # A tracked face stays in the coordinates that it was found in.
                self._margin = other if found else self._margin
            if self._still:
                return sorted(found, key=lambda face: -float(np.ptp(face.landmarks[:, 1])))
            if self._watcher is not None and at - self._watched >= self._watch:
                self._watched = at
                seen = self._watcher.detect(self._picture(image))
                self._others = len(seen.detections) > 1
        except (RuntimeError, ValueError) as error:
            raise ModelFailedError(f"face landmarker: {error}") from None
        return [*found, *found] if found and self._others else found

    def _may_retry(self, at: float) -> bool:
        """Return whether to search again: in a stream, of empty images only now and then."""
        if not self._still and (self._margin or at - self._retried >= PAUSE):
            self._retried = at
            return True
        return False

    def _search(self, image: NDArray[np.uint8], margin: float, at: float) -> list[Face]:
        """Return the faces in an image with a plain border, in the image's own pixels."""
        border = round(margin * max(image.shape[:2]))
        if border:
            grey = int(image[::8, ::8].mean())
            image = np.pad(
                image, ((border, border), (border, border), (0, 0)), constant_values=grey
            )
        height, width = image.shape[:2]
        picture = self._picture(image)
        if self._still:
            result = self._follower.detect(picture)
        else:
            result = self._follower.detect_for_video(picture, self._milliseconds(at))
        return _faces(result, width, height, border)

    def _picture(self, image: NDArray[np.uint8]) -> Any:
        return self._mediapipe.Image(
            image_format=self._mediapipe.ImageFormat.SRGB, data=np.ascontiguousarray(image)
        )

    def reset(self) -> None:
        """Stop tracking: the next image is processed independently."""
        if self._still:
            return
        self._follower.close()
        self._follower = self._open(1, False)
        self._start, self._stamp = None, -1
        self._watched, self._others = -float("inf"), False
        self._margin = 0.0
        self._retried = -float("inf")

    def close(self) -> None:
        """Free the native graphs; the landmarker cannot be used afterwards."""
        self._follower.close()
        if self._watcher is not None:
            self._watcher.close()

    def _open(self, faces: int, one_by_one: bool) -> Any:
        try:
            return self._make(self._options(faces, one_by_one))
        except OSError as error:  # its library is loaded with the first task
            raise not_loaded(error) from None
        except (RuntimeError, ValueError) as error:
            raise ModelRefusedError(f"mediapipe rejects the landmarker: {error}") from None

    @staticmethod
    def _detector(blob: bytes, vision: Any, tasks: Any, confidence: float) -> Any:
        """Open the detector in the bundle, which is a zip archive of models."""
        try:
            with ZipFile(BytesIO(blob)) as bundle:
                model = bundle.read(DETECTOR)
            options = vision.FaceDetectorOptions(
                base_options=tasks.BaseOptions(model_asset_buffer=model),
                running_mode=vision.RunningMode.IMAGE,
                min_detection_confidence=confidence,
            )
            return vision.FaceDetector.create_from_options(options)
        except (RuntimeError, ValueError, KeyError, BadZipFile) as error:
            raise ModelRefusedError(f"mediapipe rejects the face detector: {error}") from None

    def _milliseconds(self, at: float) -> int:
        """Return the milliseconds for MediaPipe, which must increase with every image."""
        if self._start is None:
            self._start = at
        self._stamp = max(self._stamp + 1, round(1000 * (at - self._start)))
        return self._stamp


def _faces(result: Any, width: int, height: int, border: int) -> list[Face]:
    size = np.array([width, height, width], np.float32)
    faces = []
    for points, scores, pose in zip(
        result.face_landmarks,
        result.face_blendshapes,
        result.facial_transformation_matrixes,
        strict=True,
    ):
        landmarks = np.array([(p.x, p.y, p.z) for p in points], np.float32) * size
        landmarks[:, :2] -= 0.5 + border  # from pixel edges to pixel centres, as in align
        by_name = {s.category_name: s.score for s in scores}
        blendshapes = np.array([by_name.get(n, 0.0) for n in BLENDSHAPES], np.float32)
        faces.append(Face(landmarks, blendshapes, np.asarray(pose, np.float32)))
    return faces
