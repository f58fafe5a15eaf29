"""Boards that BrainFlow drives."""
