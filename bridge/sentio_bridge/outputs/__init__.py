"""Publish what the hub sends: one file an output."""
