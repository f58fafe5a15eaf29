"""Keep profiles on disk."""
