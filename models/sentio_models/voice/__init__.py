"""Voice: how somebody sounds, never what they say."""

from sentio_models.voice.estimator import VoiceEstimator

__all__ = ["VoiceEstimator"]
