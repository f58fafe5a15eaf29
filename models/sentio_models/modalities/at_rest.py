"""What people in general are like at rest, as the shipped models assume it."""

from __future__ import annotations

from collections.abc import Mapping

from sentio_models.estimator import Norm
from sentio_models.modalities.eeg.indices import PRIOR
from sentio_models.runtime.manifest import load

_MODELS: Mapping[str, str] = {
    "face": "face_blendshapes",
    "body": "body",
}
"""Shipped model of each modality whose manifest has a ``prior``: mean, spread and weight by
feature."""


def at_rest() -> dict[str, dict[str, Norm]]:
    """Return the norms of people in general, by modality and feature.

    A modality whose model keeps none is not in it: a voice is compared with itself only.

    Raises:
        ModelMissingError: Shipped weights are missing.
    """
    found: dict[str, dict[str, Norm]] = {"eeg": dict(PRIOR)}
    for modality, name in _MODELS.items():
        prior = load(name)[0].constants.get("prior", {})
        if prior:
            found[modality] = {
                feature: Norm(float(mean), float(sd), float(weight))
                for feature, (mean, sd, weight) in prior.items()
            }
    return found
