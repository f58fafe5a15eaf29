"""Composition root: the running sidecar and its health report."""
