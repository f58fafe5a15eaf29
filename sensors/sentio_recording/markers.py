"""Markers of a recording: their subject, and the data that games attach."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import msgspec

from sentio_recording.recording import Recording

EVENTS, MARKERS = "events", "markers"
"""Sentio's streams of events, as JSON, and of the markers' names."""


class _Event(msgspec.Struct):
    kind: str = ""
    name: str = ""
    subject: str = ""
    data: msgspec.Raw = msgspec.Raw(b"null")


_events = msgspec.json.Decoder(_Event)


class MarkerDetails(NamedTuple):
    """What the event of a marker states.

    Attributes:
        subject: Whose marker it is; empty if it belongs to no single person, or is unknown.
        data: JSON; empty without.
    """

    subject: str = ""
    data: str = ""


class MarkerEvents:
    """Events of the markers in one recording.

    Args:
        recording: Recording of Sentio, or of another program, whose markers have no events.

    Attributes:
        with_data: Whether any marker has data.
        times: Times of each subject's markers.
    """

    def __init__(self, recording: Recording) -> None:
        self._found: defaultdict[tuple[float, str], deque[MarkerDetails]] = defaultdict(deque)
        self.with_data = False
        self.times: defaultdict[str, set[float]] = defaultdict(set)
        for time, text in recording.texts(EVENTS):
            try:
                event = _events.decode(text)
            except (ValueError, RecursionError):
                continue
            if event.kind == "marker":
                raw = bytes(event.data)
                data = "" if raw in (b"null", b"{}") else raw.decode("utf-8", "replace")
                self._found[time, event.name].append(MarkerDetails(event.subject, data))
                self.with_data |= bool(data)
                self.times[event.subject].add(time)

    def of(self, times: Iterable[float], names: Iterable[str]) -> Iterator[MarkerDetails]:
        """Yield the details of each marker, in the order of the recording; once each."""
        for key in zip(times, names, strict=True):
            waiting = self._found.get(key)
            yield waiting.popleft() if waiting else MarkerDetails()
