"""Readers of other programs' files, one module a format."""
