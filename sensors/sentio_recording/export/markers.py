"""Markers of a recording with the data that games attach to them."""

from __future__ import annotations

from collections import defaultdict, deque
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from sentio_recording.recording import Recording

EVENTS, MARKERS = "events", "markers"
"""Sentio's streams of events, as JSON, and of the markers' names."""


class _Event(msgspec.Struct):
    kind: str = ""
    name: str = ""
    data: msgspec.Raw = msgspec.Raw(b"null")


_events = msgspec.json.Decoder(_Event)


class MarkerData:
    """Data of the markers in one recording.

    Args:
        recording: Recording of Sentio, or of another program, whose markers have no data.
    """

    def __init__(self, recording: Recording) -> None:
        self._data: defaultdict[tuple[float, str], deque[str]] = defaultdict(deque)
        for time, text in recording.texts(EVENTS):
            try:
                event = _events.decode(text)
            except (ValueError, RecursionError):
                continue
            data = bytes(event.data)
            if event.kind == "marker" and data not in (b"null", b"{}"):
                self._data[time, event.name].append(data.decode("utf-8", "replace"))

    def __bool__(self) -> bool:
        """Return whether any marker has data."""
        return bool(self._data)

    def column(self, times: NDArray[np.float64], values: NDArray[Any]) -> NDArray[Any]:
        """Return the data of each marker as JSON, shape ``(n, 1)``; empty texts without."""
        texts = np.full((len(times), 1), "", object)
        for index, (time, row) in enumerate(zip(times.tolist(), values, strict=True)):
            waiting = self._data.get((time, str(row[0])))
            if waiting:
                texts[index, 0] = waiting[0] if len(waiting) == 1 else waiting.popleft()
        return texts
