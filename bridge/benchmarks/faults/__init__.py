"""Fault campaign: plans of faults, driven against a running sidecar with a good listener."""
