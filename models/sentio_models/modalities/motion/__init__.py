"""Describe how head and hands move: stillness, restlessness and jolts."""

from sentio_models.modalities.motion.estimator import MotionEstimator

__all__ = ["MotionEstimator"]
