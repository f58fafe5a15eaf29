"""Video frames: sources, decoding and quality checks."""
