"""Labelled moments of recordings, for personal models."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from sentio_bridge.affect.personal.labels import LabelledMoment
from sentio_bridge.errors import BridgeError
from sentio_bridge.profiles.training import permitted
from sentio_bridge.replay.engine import prepared
from sentio_recording.recording import Recording

Allows = Callable[[str, str], bool]
"""Returns whether a sensor may be used for a purpose."""


def labelled_moments(
    folders: Iterable[Path],
    subject: str | None = None,
    may_keep: Callable[[str, str], bool] = lambda *_: True,
) -> list[LabelledMoment]:
    """Return the labelled moments of recordings with the features of the same time.

    Each recording is replayed. Times are Unix time, so that recordings do not overlap. Features
    without consent for ``personal_model`` at the end of their recording are left out.

    Args:
        folders: Recordings of Sentio.
        subject: Subject; may be omitted if each recording has only one.
        may_keep: Returns whether a subject's sensor may be kept in a personal model today.

    Raises:
        BridgeError: A recording has no such subject, or several and none is named.
        RequestError: Nothing that was labelled in a recording may be kept.
        ReplayError: A recording has no command log.
    """
    found: list[LabelledMoment] = []
    for folder in folders:
        with Recording(folder) as recording:
            hub, messages = prepared(recording)
            if subject is None and len(hub.subjects) > 1:
                raise BridgeError(
                    f"{folder} has the subjects {', '.join(hub.subjects)}", "name one: --subject"
                )
            name = subject or next(iter(hub.subjects))
            if name not in hub.subjects:
                raise BridgeError(
                    f"{folder} has no subject {name!r}", f"it has {', '.join(hub.subjects)}"
                )
            for _ in messages:
                pass
            assert recording.manifest is not None  # ``prepared`` needs it
            clocks = recording.manifest.clocks
            offset = datetime.fromisoformat(clocks.wall).timestamp() - clocks.monotonic
            allows = hub.subjects[name].consent.allows

            def may_train(
                sensor: str, purpose: str, name: str = name, allows: Allows = allows
            ) -> bool:
                return allows(sensor, purpose) and may_keep(name, sensor)

            moments = permitted(list(hub.subjects[name].person.labels.moments), may_train)
            found += [replace(moment, time=moment.time + offset) for moment in moments]
    return sorted(found, key=lambda moment: moment.time)
