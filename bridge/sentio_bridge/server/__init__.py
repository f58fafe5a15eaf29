"""The composition root: the running sidecar and its health."""
