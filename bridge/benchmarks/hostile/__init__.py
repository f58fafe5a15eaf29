"""Hostile clients in great numbers: malformed messages and connections."""
