"""What is learnt of a person: norms, calibration, profile, personal model."""
