"""Recordings: XDF with a journal beside it, that survive anything and replay bit for bit."""
