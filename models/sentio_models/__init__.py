"""Models of Sentio: windows of signals in, estimates with variances out."""

from sentio_models.errors import (
    ModelError,
    ModelFailedError,
    ModelMissingError,
    ModelRefusedError,
)
from sentio_models.estimate import (
    AFFECT,
    EMOTIONS,
    INDICES,
    MODALITIES,
    PHYSIOLOGY,
    READINGS,
    Estimate,
    Reading,
)
from sentio_models.estimator import Estimator, Needs, Norm
from sentio_models.window import Signal, Window

__all__ = [
    "AFFECT",
    "EMOTIONS",
    "INDICES",
    "MODALITIES",
    "PHYSIOLOGY",
    "READINGS",
    "Estimate",
    "Estimator",
    "ModelError",
    "ModelFailedError",
    "ModelMissingError",
    "ModelRefusedError",
    "Needs",
    "Norm",
    "Reading",
    "Signal",
    "Window",
]
