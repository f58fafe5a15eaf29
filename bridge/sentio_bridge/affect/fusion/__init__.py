"""One affect state out of many modalities, with honest uncertainty; no I/O, no clock."""

from sentio_bridge.affect.fusion.settings import FusionSettings
from sentio_bridge.affect.fusion.timeline import Timeline, UpdateResult

__all__ = ["UpdateResult", "FusionSettings", "Timeline"]
