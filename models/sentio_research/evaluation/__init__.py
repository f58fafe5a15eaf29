"""Recompute the figures of the model cards from the shipped weights."""
