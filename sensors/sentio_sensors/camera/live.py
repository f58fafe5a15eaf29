"""Read local cameras and RTSP streams on a thread that keeps the newest frame."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from sentio_sensors.camera.codec import Converter, VideoInput
from sentio_sensors.camera.frames import Picture, VideoInfo
from sentio_sensors.camera.newest import Newest
from sentio_sensors.clock import Clock
from sentio_sensors.errors import DisconnectedError

STAMP_AGE_S = 0.5
"""Largest age of a driver's stamp, seconds; older or future stamps use another clock."""


class LiveReader:
    """Reader of the newest frame of a live device or stream.

    Linux (v4l2) and macOS stamp frames with the monotonic clock, when the exposure ended: that
    stamp is kept. Stamps of another clock are replaced by the time of arrival.

    Args:
        name: Readable name.
        make: Opens the input; called by each ``open``.
        clock: Gives the time stamps.
        max_side: Longest side of the pictures, pixels.
    """

    def __init__(
        self, name: str, make: Callable[[], VideoInput], clock: Clock, max_side: int
    ) -> None:
        self._name = name
        self._make = make
        self._clock = clock
        self._max_side = max_side
        self._newest: Newest[tuple[float, Any]] = Newest()
        self._convert: Converter | None = None
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def open(self) -> VideoInfo:
        """Open the device and start reading."""
        self.close()
        source = self._make()
        self._convert = self._convert or Converter(self._max_side)
        self._newest, self._stop = Newest(), threading.Event()
        self._thread = threading.Thread(
            target=_pump,
            args=(source, self._newest, self._clock, self._stop),
            name="camera",
            daemon=True,
        )
        self._thread.start()
        return VideoInfo(self._name, source.rate_hz)

    def read(self, timeout: float) -> Picture | None:
        """Return the newest frame."""
        if self._convert is None:
            raise DisconnectedError("the camera was not opened", "call open first")
        taken = self._newest.take(timeout)
        if taken is None:
            return None
        (time, frame), dropped = taken
        return Picture(time, self._convert.rgb(frame), dropped)

    def close(self) -> None:
        """Make the thread close the device; wait for it up to one second."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(1.0)
            self._thread = None


def _pump(
    source: VideoInput, newest: Newest[tuple[float, Any]], clock: Clock, stop: threading.Event
) -> None:
    try:
        for stamp, frame in source.frames():
            if stop.is_set():
                return
            newest.put((capture_time(stamp, clock.now()), frame))
        newest.fail(DisconnectedError("the camera ended the stream"))
    except DisconnectedError as error:
        newest.fail(error)
    finally:
        source.close()


def capture_time(stamp: float | None, arrived: float) -> float:
    """Return the driver's stamp if it uses the clock of ``arrived``, else ``arrived``."""
    if stamp is not None and 0 <= arrived - stamp <= STAMP_AGE_S:
        return stamp
    return arrived
