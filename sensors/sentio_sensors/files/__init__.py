"""Play recorded files as live streams, paced by their time stamps."""

from sentio_sensors.files.formats import load
from sentio_sensors.files.player import play
from sentio_sensors.files.source import PlaybackSource
from sentio_sensors.files.track import Track

__all__ = ["PlaybackSource", "Track", "load", "play"]
