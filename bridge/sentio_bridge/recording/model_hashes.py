"""What a recording says of the models that made its estimates."""

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
        models: As configured; what is not there or not readable is left out, and its estimator
            reports that.
    """
    found = {model.name: model.sha256 for model in shipped()}
    for own in map(Path, models.own):
        with suppress(ModelError):
            manifest, _ = load(own.stem, own.expanduser().parent)
            found[manifest.name] = manifest.sha256
    given = Path(models.landmarker) if models.landmarker else None
    for bundle in BUNDLES:
        with suppress(ModelError, OSError):
            content = locate(bundle, given).read_bytes()
            found[bundle.name] = hashlib.sha256(content).hexdigest()
    return found
