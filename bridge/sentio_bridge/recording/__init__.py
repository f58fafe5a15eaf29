"""Record a running session."""
