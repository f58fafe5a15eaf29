"""Hashes of the models, for a recording's manifest."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from pathlib import Path

from sentio_bridge.config.loader import Models
from sentio_models import ModelError
from sentio_models.runtime.bundle import BUNDLES, locate
from sentio_models.runtime.manifest import load
from sentio_models.runtime.shipped import shipped


def hashes(models: Models) -> dict[str, str]:
    """Return the SHA-256 of each model that may be in use, by name.

    Args:
        models: Configuration; missing or unreadable models are omitted, and their estimators
            report the problem.
    """
    hashes_by_name = {model.name: model.sha256 for model in shipped()}
    for path in map(Path, models.own):
        with suppress(ModelError):
            manifest, _ = load(path.stem, path.expanduser().parent)
            hashes_by_name[manifest.name] = manifest.sha256
    landmarker = Path(models.landmarker) if models.landmarker else None
    for bundle in BUNDLES:
        with suppress(ModelError, OSError):
            content = locate(bundle, landmarker).read_bytes()
            hashes_by_name[bundle.name] = hashlib.sha256(content).hexdigest()
    return hashes_by_name
