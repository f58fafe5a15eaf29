"""Recordings: crash-safe XDF with a journal, for replay bit for bit."""
