"""Play recorded tracks as live LSL streams that any program can read."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sentio_sensors.clock import Clock
from sentio_sensors.files.source import PlaybackSource
from sentio_sensors.files.track import Track
from sentio_sensors.lsl.binding import Outlet
from sentio_sensors.source import EndOfSource
from sentio_sensors.stream import Role


def play(
    tracks: Sequence[Track],
    clock: Clock,
    *,
    speed: float = 1.0,
    start: float = 0.0,
    duration: float | None = None,
    loop: bool = False,
    progress: Callable[[float, float], None] | None = None,
    stop: Callable[[], bool] = lambda: False,
) -> None:
    """Send tracks over LSL in real time, until the end or until ``stop``.

    Each track is an outlet named as its stream, with labels, units and role in its description.

    Args:
        tracks: What to play.
        clock: The LSL clock that paces and stamps.
        speed: Recorded seconds a second.
        start: Seconds into the recording.
        duration: Recorded seconds; None plays to the end.
        loop: Repeat from the start.
        progress: Called with recorded seconds played and in total.
        stop: Polled; True ends the playback.

    Raises:
        AbsentError: pylsl is not installed.
    """
    outlets = {
        track.spec.id: Outlet(track.spec.id, track.spec, text=track.spec.role is Role.MARKER)
        for track in tracks
    }
    source = PlaybackSource(tracks, clock, speed=speed, start=start, duration=duration, loop=loop)
    source.open()
    try:
        while not stop():
            for chunk in source.read(0.1):
                outlets[chunk.stream].push(chunk.times, chunk.values)
            if progress is not None:
                progress(source.position, source.length)
    except EndOfSource:
        pass
    finally:
        source.close()
