"""Find and repair damage in recordings."""
