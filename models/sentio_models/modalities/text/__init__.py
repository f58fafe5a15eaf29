"""Chat lines: what they express."""

from sentio_models.modalities.text.estimator import TextEstimator

__all__ = ["TextEstimator"]
