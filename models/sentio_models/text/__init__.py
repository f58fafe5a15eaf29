"""Chat lines: what they express."""

from sentio_models.text.estimator import TextEstimator

__all__ = ["TextEstimator"]
