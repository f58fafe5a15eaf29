"""Finds the model files that are too large, or not ours, to ship; checks what was found."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from sentio_models.errors import ModelMissingError, ModelRefusedError


@dataclass(frozen=True, slots=True)
class Bundle:
    """A published file that Sentio can use.

    Attributes:
        name: What ``sentio models pull`` calls it.
        file: Its file name.
        url: Where its publisher offers it.
        sha256: Of the very version that Sentio was tested with.
        licence: Of the publisher.
        what: What it is for, in a line.
    """

    name: str
    file: str
    url: str
    sha256: str
    licence: str
    what: str


FACE_LANDMARKER = Bundle(
    name="face_landmarker",
    file="face_landmarker.task",
    url=(
        "https://storage.googleapis.com/mediapipe-models/face_landmarker/face_landmarker/"
        "float16/1/face_landmarker.task"
    ),
    sha256="64184e229b263107bc2b804c6625db1341ff2bb731874b0bcc2fe6544e0bc9ff",
    licence="Apache-2.0",
    what="MediaPipe Face Landmarker: 478 landmarks and 52 blendshapes from a camera image",
)

BUNDLES = (FACE_LANDMARKER,)
"""Everything that ``sentio models pull`` knows."""


def cache() -> Path:
    """Return the folder of this user's pulled models."""
    return Path(platformdirs.user_cache_dir("sentio", appauthor=False)) / "models"


def locate(
    bundle: Bundle, given: Path | None = None, *, environ: Mapping[str, str] = os.environ
) -> Path:
    """Find a bundle: the path given, else ``SENTIO_MODELS``, else the user's cache.

    Args:
        bundle: Which.
        given: A file, or a folder that holds it; when it is given, only it is looked at.
        environ: The process's environment.

    Raises:
        ModelMissingError: It is in none of them; ``fix`` is the command that fetches it.
    """
    if given is not None:
        places = [given]
    else:
        places = [Path(p) for p in [environ.get("SENTIO_MODELS", "")] if p] + [cache()]
    for place in places:
        path = place / bundle.file if place.is_dir() else place
        if path.is_file():
            return path
    looked = ", ".join(str(place) for place in places)
    raise ModelMissingError(
        f"{bundle.file} is not in {looked}", f"sentio models pull {bundle.name}"
    )


def read(
    bundle: Bundle, given: Path | None = None, *, environ: Mapping[str, str] = os.environ
) -> bytes:
    """Return a bundle's bytes, hashed: hand these to the runtime, never the path again.

    Raises:
        ModelMissingError: It is not there.
        ModelRefusedError: It is another version, or damaged.
    """
    path = locate(bundle, given, environ=environ)
    try:
        blob = path.read_bytes()
    except OSError as error:
        raise ModelMissingError(
            f"{path} cannot be read: {error.strerror}", f"sentio models pull {bundle.name}"
        ) from None
    digest = hashlib.sha256(blob).hexdigest()
    if digest != bundle.sha256:
        raise ModelRefusedError(
            f"{path} has SHA-256 {digest}, expected {bundle.sha256}",
            f"delete it, then: sentio models pull {bundle.name}",
        )
    return blob
