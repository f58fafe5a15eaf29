"""User models of a recording that can be run again."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import msgspec

from sentio_bridge.config.loader import Models
from sentio_models import ModelError
from sentio_models.runtime.manifest import load


def available(models: Models, recorded: Mapping[str, str]) -> Models:
    """Return the models without user models that are missing or have changed.

    Their recorded estimates are used: a recording contains no user model, which could be a
    program of a stranger.

    Args:
        models: Configuration of the recording.
        recorded: SHA-256 of the recorded models, by name; a model without one is kept.
    """
    kept = []
    for path in models.own:
        file = Path(path).expanduser()
        with suppress(ModelError):
            manifest, _ = load(file.stem, file.parent)
            if recorded.get(manifest.name, manifest.sha256) == manifest.sha256:
                kept.append(path)
    return msgspec.structs.replace(models, own=kept)
