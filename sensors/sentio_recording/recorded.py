"""Streams as a recording holds them: names, owners, and what is read of them."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sentio_recording.xdf.headers import StreamInfo, spec_of
from sentio_sensors.errors import FormatError
from sentio_sensors.stream import Channel, Chunk, Role, StreamSpec

ORDER = "sentio/order"
"""Stream of texts whose order among the chunks is kept."""

COUNTERS = "sentio/counters"
"""Stream of texts: samples that sources lost and queues dropped before recording."""

AUDIT = "sentio/audit"
"""Stream with the lines of the audit while the recording ran."""


class Recorded(NamedTuple):
    """Item of a sensor's stream.

    Attributes:
        stream: Stream number in this recording.
        item: Description, samples, or a text that was recorded in order with them.
    """

    stream: int
    item: StreamSpec | Chunk | str


class Originals(NamedTuple):
    """Original stamps of all samples of one stream.

    Attributes:
        stamps: What the sender stated, seconds of its clock.
        offsets: Seconds that were added to get to the recording's clock.
        arrived: When each sample's chunk arrived, the recording's clock.
    """

    stamps: NDArray[np.float64]
    offsets: NDArray[np.float64]
    arrived: NDArray[np.float64]


class Whole(NamedTuple):
    """Everything that is recorded of one stream.

    Attributes:
        times: Stamps in the file, float64 ``(n,)``.
        values: ``(n, channels)``.
        originals: Original stamps; None if there are none.
    """

    times: NDArray[np.float64]
    values: NDArray[Any]
    originals: Originals | None


def subject_of(info: StreamInfo) -> str:
    """Return the subject of a stream; empty if it belongs to no single one."""
    return info.meta.get("meta_subject") or info.meta.get("subject", "")


def owner_of(info: StreamInfo) -> tuple[str, str]:
    """Return the subject and the source id of a stream; empty if not recorded."""
    return info.meta.get("meta_subject", ""), info.source_id


def sensor_spec(info: StreamInfo) -> StreamSpec | None:
    """Return the sensor's stream recorded as ``info``; None for other streams."""
    try:
        spec = spec_of(info)
    except FormatError:
        return None
    if spec.role is Role.VIDEO:
        return StreamSpec(
            spec.id, spec.role, spec.rate_hz, (Channel("rgb"),), spec.device, spec.meta
        )
    if info.meta.get("media") == "microphone":
        channels = (Channel(info.meta.get("label", "voice"), info.meta.get("unit", "1")),)
        rate = float(info.meta.get("rate_hz", "0"))
        return StreamSpec(spec.id, spec.role, rate, channels, spec.device, spec.meta)
    return spec
