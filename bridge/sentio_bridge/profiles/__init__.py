"""Keep profiles on disk and train personal models."""
