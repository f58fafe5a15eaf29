"""Inspect, check and run models that users provide."""
