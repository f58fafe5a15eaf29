"""Register LSL streams as a kind of source."""

from __future__ import annotations

from collections.abc import Iterator

from sentio_sensors.lsl import binding
from sentio_sensors.lsl.source import LslSettings, LslSource
from sentio_sensors.source import Source
from sentio_sensors.source_kind import Finding, SourceContext, SourceKind

LONGEST_WAIT = 0.3
"""Seconds between two searches for a lost stream: it is found within two seconds of its return."""


def discover(wait: float) -> Iterator[Finding]:
    """Yield the LSL streams that are found within ``wait`` seconds.

    Raises:
        AbsentError: pylsl is not installed.
    """
    for stream in sorted(binding.find("", wait), key=lambda stream: stream.name):
        rate = f"at {stream.rate_hz:g} Hz" if stream.rate_hz else "at no fixed rate"
        channels = f"{len(stream.channels)} channel{'s' if len(stream.channels) != 1 else ''}"
        detail = f"{stream.kind}, {channels} {rate} from {stream.hostname}"
        filters = {
            "stream_name": stream.name,
            "stream_type": stream.kind,
            "source_id": stream.source_id,
        }
        chosen = {key: value for key, value in filters.items() if value}
        yield Finding(stream.name, detail, settings=chosen)


def remark(settings: LslSettings) -> str:
    """Return a warning for settings that choose no stream."""
    if settings.query():
        return ""
    return "without stream_name, stream_type or source_id it works only with a single stream"


def _make(settings: LslSettings, context: SourceContext) -> Source:
    return LslSource(settings, context.clock)


KIND = SourceKind(
    name="lsl",
    title="LSL streams",
    description="a stream of the Lab Streaming Layer",
    settings=LslSettings,
    sensors=("eeg", "body"),
    make=_make,
    example='stream_type = "EEG"',
    extra="lsl",
    longest_wait=LONGEST_WAIT,
    discover=discover,
    nothing="none on the network now",
    remark=remark,
)
