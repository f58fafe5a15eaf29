"""Body sensors: heart, skin, breath, warmth and movement."""

from sentio_models.modalities.body.estimator import BodyEstimator

__all__ = ["BodyEstimator"]
