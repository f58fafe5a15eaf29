"""Find and verify model files that are not shipped with Sentio."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from sentio_models.errors import ModelMissingError, ModelRefusedError
from sentio_models.runtime.manifest import WEIGHTS


@dataclass(frozen=True, slots=True)
class Bundle:
    """A published model file that Sentio can use.

    Attributes:
        name: Name for ``sentio models pull``.
        file: File name.
        url: Address at the publisher.
        sha256: Hash of the version that Sentio was tested with.
        licence: Licence of the publisher.
        what: Purpose in one line.
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
"""All files for ``sentio models pull``."""


def cache() -> Path:
    """Return the folder of this user's downloaded models."""
    return Path(platformdirs.user_cache_dir("sentio", appauthor=False)) / "models"


def locate(
    bundle: Bundle, given: Path | None = None, *, environ: Mapping[str, str] = os.environ
) -> Path:
    """Find a bundle: path, ``SENTIO_MODELS``, shipped models, the user's cache.

    `make bundle` puts it beside the shipped models.

    Args:
        bundle: The bundle.
        given: A file or its folder; no other place is searched then.
        environ: The process's environment.

    Raises:
        ModelMissingError: It was not found; ``fix`` is the command that downloads it.
    """
    if given is not None:
        places = [given]
    else:
        places = [Path(p) for p in [environ.get("SENTIO_MODELS", "")] if p]
        places += [WEIGHTS, cache()]
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
    """Return the verified bytes of a bundle.

    Pass these to the runtime, never the path, so that the file cannot be swapped in between.

    Raises:
        ModelMissingError: It cannot be read.
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
