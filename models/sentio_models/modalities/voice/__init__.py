"""Voice: how somebody sounds, never what they say."""

from sentio_models.modalities.voice.estimator import VoiceEstimator

__all__ = ["VoiceEstimator"]
