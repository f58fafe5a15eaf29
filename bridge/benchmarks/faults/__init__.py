"""Fault campaign: plans of faults against a running sidecar."""
