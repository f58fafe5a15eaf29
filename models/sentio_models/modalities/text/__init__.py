"""Estimate the affect that chat lines express."""

from sentio_models.modalities.text.estimator import TextEstimator

__all__ = ["TextEstimator"]
