"""Read the labelled data for fitting and evaluating models."""
