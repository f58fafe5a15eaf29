"""Estimate from the sound of a voice, never from the words."""

from sentio_models.modalities.voice.estimator import VoiceEstimator

__all__ = ["VoiceEstimator"]
