"""Estimate from faces in camera images, or from blendshapes."""

from sentio_models.modalities.face.blendshapes import BlendshapeEstimator
from sentio_models.modalities.face.estimator import FaceEstimator, FaceObservation

__all__ = ["BlendshapeEstimator", "FaceEstimator", "FaceObservation"]
