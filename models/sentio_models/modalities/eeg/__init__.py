"""EEG: band powers, artefacts, published indices and mental workload."""

from sentio_models.modalities.eeg.estimator import EegEstimator

__all__ = ["EegEstimator"]
