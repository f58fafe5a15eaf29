"""Describe how a game is operated: rates of keys, buttons, mouse and stick."""

from sentio_models.modalities.game.estimator import GameInputEstimator

__all__ = ["GameInputEstimator"]
