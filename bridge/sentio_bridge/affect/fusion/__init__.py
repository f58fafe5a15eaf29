"""One affect state out of many modalities, with honest uncertainty; no I/O, no clock."""

from sentio_bridge.affect.fusion.settings import FusionSettings
from sentio_bridge.affect.fusion.timeline import Fate, Timeline

__all__ = ["Fate", "FusionSettings", "Timeline"]
