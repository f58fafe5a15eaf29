"""Register BrainFlow boards as a kind of source."""

from __future__ import annotations

from collections.abc import Iterator

from sentio_sensors.brainflow.boards import boards
from sentio_sensors.brainflow.source import BrainflowSettings, BrainflowSource
from sentio_sensors.source import Source
from sentio_sensors.source_kind import Finding, SourceContext, SourceKind


def discover(_: float) -> Iterator[Finding]:
    """Yield the number of supported boards; BrainFlow cannot list connected ones.

    Raises:
        AbsentError: brainflow is not installed.
    """
    names = tuple(boards())
    text = f"{len(names)} boards supported, one of them synthetic"
    yield Finding(text, "names: sentio devices --all", more=names, more_key="board")


def _make(settings: BrainflowSettings, context: SourceContext) -> Source:
    return BrainflowSource(settings, context.clock)


KIND = SourceKind(
    name="brainflow",
    title="BrainFlow",
    description="an EEG or biosignal board supported by BrainFlow",
    settings=BrainflowSettings,
    sensors=("eeg", "body"),
    make=_make,
    example='board = "synthetic"',
    extra="eeg",
    discover=discover,
)
