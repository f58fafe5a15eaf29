"""Register the microphone as a kind of source."""

from __future__ import annotations

from collections.abc import Iterator

from sentio_sensors.microphone.portaudio import list_microphones
from sentio_sensors.microphone.source import MicrophoneSettings, MicrophoneSource
from sentio_sensors.source import Source
from sentio_sensors.source_kind import Finding, SourceContext, SourceKind


def discover(_: float) -> Iterator[Finding]:
    """Yield the sound inputs of this machine.

    Raises:
        AbsentError: sounddevice or PortAudio is not installed.
    """
    for microphone in list_microphones():
        detail = f"{microphone.api}, {microphone.rate_hz:g} Hz"
        detail += ", the default" if microphone.default else ""
        yield Finding(microphone.name, detail, settings={"device": microphone.name})


def _make(settings: MicrophoneSettings, context: SourceContext) -> Source:
    return MicrophoneSource(settings, context.clock)


KIND = SourceKind(
    name="microphone",
    title="Microphones",
    description="a microphone, or a sound file in its place",
    settings=MicrophoneSettings,
    sensors=("microphone",),
    make=_make,
    extra="microphone",
    discover=discover,
    nothing="none found; a sound file works too",
)
