"""Streams of a session beside the sensors': frames, events, estimates, labels."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
import numpy as np

from sentio_bridge.core import commands as cmd
from sentio_bridge.core.outgoing import EventMessage, FrameMessage
from sentio_bridge.protocol import codec
from sentio_bridge.protocol.bodies import plain
from sentio_bridge.protocol.frame import SCHEMA
from sentio_bridge.recording import affect_streams
from sentio_recording.recorder import Recorder
from sentio_recording.xdf.headers import StreamInfo
from sentio_sensors import Channel

EVENTS, MARKERS, ESTIMATES, ADAPTATIONS = "events", "markers", "estimates", "adaptations"
LABELS = "labels"
"""Text streams: all events, marker names for other programs, all estimates, adaptations of engines,
and labels of the person's state."""


def open_streams(recorder: Recorder, subjects: Iterable[str]) -> None:
    """Open the streams of frames of each subject, and that of the markers."""
    for subject in subjects:
        for info in affect_streams.infos(subject):
            recorder.open(info)
    recorder.open(StreamInfo(MARKERS, "Markers", (Channel("marker", ""),), 0.0, "string", MARKERS))


def record_frame(recorder: Recorder, message: FrameMessage) -> None:
    """Record a frame: vector, meta data, and the evidence of its entries if any."""
    stamp = np.array([message.body.sent])
    vector, meta = affect_streams.rows(message.body)
    recorder.samples(f"{affect_streams.VECTOR}/{message.key}", stamp, vector)
    recorder.samples(f"{affect_streams.META}/{message.key}", stamp, meta)
    evidence = affect_streams.evidence_row(message.body)
    if evidence is not None:
        recorder.samples(f"{affect_streams.EVIDENCE}/{message.key}", stamp, evidence)


def record_event(recorder: Recorder, message: EventMessage) -> None:
    """Record an event; markers and adaptations also in streams of their own."""
    event, owner = message.body, message.key
    text = msgspec.json.encode({"subject": owner, "v": SCHEMA, **codec.finite(plain(event))})
    recorder.record(EVENTS, event.time, text, owner=owner)
    if event.kind == "marker":
        recorder.record(MARKERS, event.time, event.name.encode("utf-8", "replace"), owner=owner)
    elif event.kind == "adaptation":
        recorder.record(ADAPTATIONS, event.time, text, owner=owner)


def record_estimate(recorder: Recorder, command: cmd.EstimateReceived) -> None:
    """Record an estimate with its subject and estimator."""
    row = {
        "subject": command.subject,
        "worker": command.estimator,
        "estimate": command.estimate,
    }
    text = msgspec.json.encode(row, enc_hook=float)
    recorder.record(ESTIMATES, command.captured, text, owner=command.subject)


def record_label(recorder: Recorder, command: cmd.LabelGiven) -> None:
    """Record a label of the person's state."""
    label = {"subject": command.subject, "name": command.name, "value": command.value}
    text = msgspec.json.encode(label, enc_hook=float)
    recorder.record(LABELS, command.time, text, owner=command.subject)
