"""Fusion of all modalities into one state with variances; no I/O, no clock."""

from sentio_bridge.affect.fusion.settings import FusionSettings
from sentio_bridge.affect.fusion.timeline import Timeline, UpdateResult

__all__ = ["UpdateResult", "FusionSettings", "Timeline"]
