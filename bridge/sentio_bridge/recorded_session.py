"""What a report needs, read from a recording."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import numpy as np

from sentio_bridge import wire
from sentio_bridge.errors import BridgeError
from sentio_bridge.mood import Mood, SessionSummary
from sentio_bridge.replay import recorded_frames
from sentio_bridge.report import Marker, SessionData, gathered
from sentio_bridge.responses import Response, ResponseAnalyzer
from sentio_sensors.recording.recording import Recording

FOLLOWED = ("valence", "arousal", "scl", "heart_rate")
"""Entries of the affect vector in which responses are looked for."""

FRAME_EVERY = 0.25
"""Seconds between frames that a report reads: signals and plots need no more."""


class NothingRecordedError(BridgeError):
    """A recording holds no frames of this person."""


def session_of(
    recording: Recording, subject: str = "", sessions: Sequence[SessionSummary] = ()
) -> SessionData:
    """Read one person's session; responses and mood are worked out again from the frames.

    Args:
        recording: Open.
        subject: Whose; the first person's where empty.
        sessions: Earlier sessions of the same profile.

    Raises:
        NothingRecordedError: There are no frames of that person.
    """
    frames: list[tuple[float, dict[str, float]]] = []
    for sent in recorded_frames(recording):
        frame = wire.decode_affect(sent.message)
        subject = subject or frame.subject
        if frame.subject == subject and (not frames or sent.time >= frames[-1][0] + FRAME_EVERY):
            frames.append((sent.time, frame.known()))
    if not frames:
        raise NothingRecordedError(
            f"no frames of {subject or 'anybody'!r} in this recording",
            "name another subject, or record with consent to 'record'",
        )
    markers = _markers(recording, subject)
    responses, shown = _followed(frames, markers)
    seconds = frames[-1][0] - frames[0][0]
    notes = [] if seconds >= 120 else ["This session is short: a mood needs minutes to be known."]
    if any("warming" in response.reasons for response in responses):
        notes.append(
            "Markers in the first minutes could not be judged: there was too little quiet time "
            "to compare them with."
        )
    return gathered(
        subject, shown, markers=markers, responses=responses, notes=notes, sessions=sessions
    )


def _markers(recording: Recording, subject: str) -> list[Marker]:
    found = []
    for time, text in recording.texts("events"):
        try:
            event: Any = msgspec.json.decode(text)
        except msgspec.DecodeError:
            continue
        if (
            isinstance(event, Mapping)
            and event.get("kind") == "marker"
            and event.get("subject", subject) == subject
        ):
            found.append(Marker(str(event.get("name", "")), float(time)))
    return sorted(found, key=lambda marker: marker.time)


def _followed(
    frames: Sequence[tuple[float, dict[str, float]]], markers: Sequence[Marker]
) -> tuple[list[Response], list[tuple[float, dict[str, float]]]]:
    analyzer, mood = ResponseAnalyzer(), Mood()
    responses: list[Response] = []
    shown: list[tuple[float, dict[str, float]]] = []
    waiting = list(markers)
    for time, values in frames:
        for name in FOLLOWED:
            if name in values and np.isfinite(values[name]):
                analyzer.feature(name, time, values[name])
        while waiting and waiting[0].time <= time:
            marker = waiting.pop(0)
            analyzer.marker(marker.name, marker.time)
        mood.update(time, values)
        shown.append((time, values | mood.values()))
        responses += analyzer.poll(time)
    return responses, shown
