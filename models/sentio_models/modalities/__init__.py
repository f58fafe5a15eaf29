"""One estimator a modality: face, voice, body, EEG, text."""
