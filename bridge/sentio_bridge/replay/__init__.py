"""Replay recordings through the pipeline."""
