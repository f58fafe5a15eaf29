"""Boards supported by BrainFlow."""
