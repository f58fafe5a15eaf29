"""Coverage-guided fuzzing of every decoder of bytes that come from elsewhere."""
