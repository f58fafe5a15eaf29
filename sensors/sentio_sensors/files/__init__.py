"""Read files of other programs, and play recorded streams in their own time.

``reader`` reads them; it is not imported here: a sidecar that reads none starts without it.
"""

from sentio_sensors.files.content import FileChannel, FileContent, FileStream, Hints
from sentio_sensors.files.player import play
from sentio_sensors.files.source import PlaybackSource
from sentio_sensors.files.track import Track

__all__ = [
    "FileChannel",
    "FileContent",
    "FileStream",
    "Hints",
    "PlaybackSource",
    "Track",
    "play",
]
