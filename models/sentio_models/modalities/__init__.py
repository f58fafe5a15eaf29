"""Estimators of the modalities: face, voice, body, EEG, text."""
