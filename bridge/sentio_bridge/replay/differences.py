"""Why a replay may give other numbers than the recording; no I/O."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sentio_bridge.protocol.vocabulary import LIVE_PURPOSES
from sentio_bridge.version import VERSION
from sentio_recording.manifest import Manifest

SHOWN = 16
"""Hexadecimal digits of a hash in a message."""


def differences(
    manifest: Manifest,
    models: Mapping[str, str],
    state: str = "",
    named: Collection[str] = (),
) -> list[str]:
    """Return one line for each difference that changes recomputed numbers.

    Args:
        manifest: Of the recording.
        models: SHA-256 of the models that a replay would use, by name.
        state: Why the state at the start of the recording is not used; empty if it is.
        named: Subjects whose sensors without the purpose ``record`` were named before.
    """
    lines = []
    if manifest.software and manifest.software != f"sentio {VERSION}":
        lines.append(f"recorded by {manifest.software}, this is sentio {VERSION}")
    for name, recorded in sorted(manifest.models.items()):
        current = models.get(name)
        if current is None:
            lines.append(f"model {name} ({recorded[:SHOWN]}) is not available here")
        elif current != recorded:
            lines.append(f"model {name} is {current[:SHOWN]}, recorded with {recorded[:SHOWN]}")
    if not manifest.complete_start and state:
        lines.append(f"the recording began during a session: {state}")
    for subject, granted in manifest.consent.items():
        live = [s for s, purposes in granted.items() if set(LIVE_PURPOSES) & set(purposes)]
        missing = [sensor for sensor in live if "record" not in granted[sensor]]
        if missing and subject in named:
            lines.append(f"the sensors of {subject} without the purpose record")
        elif missing:
            what = ", ".join(missing)
            lines.append(f"{what} of {subject}: without consent to be recorded at the start")
    return lines
