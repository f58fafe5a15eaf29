"""Run BrainFlow's mindfulness and restfulness classifiers; imports brainflow.

Off by default. The outputs are added to an estimate's features, never to a reading.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sentio_models.errors import ModelMissingError

NAMES = ("brainflow_mindfulness", "brainflow_restfulness")


class SecondOpinion:
    """BrainFlow's two default classifiers (its documentation: ``MLModel``).

    Raises:
        ModelMissingError: brainflow is not installed, or its classifiers do not start.
    """

    def __init__(self) -> None:
        try:
            from brainflow.ml_model import (
                BrainFlowClassifiers,
                BrainFlowMetrics,
                BrainFlowModelParams,
                MLModel,
            )
        except ImportError:
            raise ModelMissingError(
                "brainflow is not installed", "pip install 'sentio-affect[eeg]'"
            ) from None
        default = BrainFlowClassifiers.DEFAULT_CLASSIFIER.value
        self._models: list[Any] = []
        try:
            with warnings.catch_warnings():
                # It uses pkg_resources, which warns about its deprecation.
                warnings.simplefilter("ignore")
                MLModel.disable_ml_logger()
                for metric in (BrainFlowMetrics.MINDFULNESS, BrainFlowMetrics.RESTFULNESS):
                    model = MLModel(BrainFlowModelParams(metric.value, default))
                    model.prepare()
                    self._models.append(model)
        except Exception as error:  # brainflow raises one type for everything
            self.close()
            raise ModelMissingError(f"brainflow's classifiers do not start: {error}") from None

    def classify(
        self, powers: NDArray[np.float64], quality: NDArray[np.float64]
    ) -> dict[str, float]:
        """Return both outputs, 0..1, by ``NAMES``; empty if no channel is usable.

        Args:
            powers: Powers of delta, theta, alpha, beta and gamma, shape ``(channels, 5)``.
            quality: 0..1 of each channel; channels below 0.5 are not used.
        """
        usable = powers[quality >= 0.5]
        if not len(usable):
            return {}
        # The classifiers were fitted on shares of the five bands, averaged over channels.
        shares = usable / np.maximum(usable.sum(axis=1, keepdims=True), 1e-12)
        vector = np.ascontiguousarray(shares.mean(axis=0))
        return {
            name: float(model.predict(vector)[0])
            for name, model in zip(NAMES, self._models, strict=True)
        }

    def close(self) -> None:
        """Release the classifiers; may be called twice."""
        for model in self._models:
            model.release()
        self._models = []
