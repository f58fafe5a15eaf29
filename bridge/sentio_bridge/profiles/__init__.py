"""Store profiles on disk."""
