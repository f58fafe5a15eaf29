"""Skip a test where MediaPipe cannot be loaded, and leave nothing of the try."""

from __future__ import annotations

import pytest

from sentio_models.errors import ModelMissingError
from sentio_models.modalities.face.mediapipe_library import load


def needs_mediapipe() -> None:
    """Load MediaPipe, or skip the test with the reason."""
    try:
        load()
    except ModelMissingError as missing:
        pytest.skip(str(missing))
