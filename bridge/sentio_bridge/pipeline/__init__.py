"""From sources to estimates, with the worker threads of the sidecar."""
