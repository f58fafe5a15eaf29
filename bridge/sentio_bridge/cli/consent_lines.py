"""Lines about consent that several commands print."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


def frames_not_recorded(recording: Mapping[str, Any]) -> Iterator[str]:
    """Yield a line for each subject whose frames may not be recorded.

    Args:
        recording: ``recording`` of a reply or a detail; older sidecars do not state it.
    """
    from sentio_recording.absent_frames import grant_commands

    for subject, lacking in recording.get("without_record", {}).items():
        yield (
            f"no fused frames of {subject} are recorded: {', '.join(lacking)} without the purpose "
            f"record; to add it: {grant_commands(lacking, 'record', subject)}"
        )
