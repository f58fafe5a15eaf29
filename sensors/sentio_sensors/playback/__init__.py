"""Plays recorded files as live streams, paced by their own times."""

from sentio_sensors.playback.formats import load
from sentio_sensors.playback.player import play
from sentio_sensors.playback.source import PlaybackSource
from sentio_sensors.playback.track import Track

__all__ = ["PlaybackSource", "Track", "load", "play"]
