"""Fused frames that a recording lacks because of consent."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from sentio_recording.manifest import Manifest
from sentio_recording.recorded import subject_of
from sentio_recording.recording import Recording

PAUSE = 2.0
"""Seconds without a frame that count as absent: a sidecar sends two a second at least."""

FUSED = "AffectMeta"
"""Type of the streams with one sample for each fused frame."""


def absent_frames(recording: Recording) -> list[str]:
    """Return a sentence for each subject whose fused frames are not all recorded.

    Args:
        recording: As for ``absent_by_subject``.
    """
    return list(absent_by_subject(recording).values())


def absent_by_subject(recording: Recording) -> dict[str, str]:
    """Return a sentence by subject whose fused frames are not all recorded.

    They are recorded only while every sensor in them has the purpose ``record``. Pauses with
    other causes, such as a slow start, are left out: those of subjects whose sensors all have the
    purpose, and those that end without a change of the subject's consent.

    Args:
        recording: A recording of Sentio, or a file of another program, which has none.
    """
    manifest = recording.manifest
    if manifest is None or manifest.ending is None:
        return {}
    begin, end = manifest.clocks.monotonic, manifest.ending.monotonic
    consents = _consent_events(recording)
    without = _without_record(manifest, consents)
    found = {}
    for number, info in recording.streams.items():
        subject = subject_of(info)
        lacking = without.get(subject)
        if info.kind != FUSED or not lacking:
            continue
        times = np.concatenate([[begin], *(p.times for p in recording.chunks([number])), [end]])
        changes = [event.time for event in consents if event.subject == subject]
        if absent := _withheld(np.sort(times), np.sort(changes)):
            found[subject] = _sentence(manifest, subject, lacking, absent, end - begin)
    return found


def _withheld(times: NDArray[np.float64], changes: NDArray[np.float64]) -> float:
    """Return the seconds of the pauses that consent caused.

    Args:
        times: Begin of the recording, its frames, its end; ascending, seconds, LSL clock.
        changes: Times of the subject's changes of consent; ascending, same clock.
    """
    pauses = np.diff(times)
    changed = np.diff(np.searchsorted(changes, times, side="right")) > 0
    changed[-1] = True  # a pause until the end needs no change
    return float(pauses[(pauses > PAUSE) & changed].sum())


def _sentence(
    manifest: Manifest,
    subject: str,
    lacking: dict[str, list[str]],
    absent: float,
    seconds: float,
) -> str:
    part = "" if absent > 0.99 * seconds else f" for {absent:.0f} of {seconds:.0f} s"
    who = subject if len(manifest.subjects) > 1 else ""
    return (
        f"no fused frames of {subject}{part}: they are recorded only while every sensor in use has "
        f"the purpose record, which was not granted for {', '.join(lacking)}; before the next "
        f"recording: {grant_commands(lacking, 'record', who)}"
    )


def grant_commands(lacking: Mapping[str, Sequence[str]], purpose: str, subject: str = "") -> str:
    """Return the commands that add a purpose to those that are granted.

    Args:
        lacking: The granted purposes by sensor.
        purpose: The purpose that is added.
        subject: Whose consent it is; empty: there is only one.
    """
    who = ["--subject", subject] if subject else []
    commands = []
    for sensor, purposes in lacking.items():
        options = [part for name in (*purposes, purpose) for part in ("--for", name)]
        commands.append(shlex.join(["sentio", "consent", "grant", sensor, *who, *options]))
    return "; ".join(commands)


def _without_record(
    manifest: Manifest, consents: Sequence[_Consent]
) -> dict[str, dict[str, list[str]]]:
    """Return each subject's sensors that had purposes without ``record`` at a time."""
    lacking = {
        subject: {s: list(p) for s, p in granted.items() if p and "record" not in p}
        for subject, granted in manifest.consent.items()
    }
    for event in consents:
        if event.purposes and "record" not in event.purposes:
            lacking.setdefault(event.subject, {})[event.sensor] = event.purposes
    return lacking


class _Consent(NamedTuple):
    time: float
    subject: str
    sensor: str
    purposes: list[str]


def _consent_events(recording: Recording) -> list[_Consent]:
    """Return the changes of consent that a recording contains."""
    found = []
    for time, text in recording.texts("events"):
        try:
            event = _events.decode(text)
        except (ValueError, RecursionError):
            continue
        purposes = event.data.get("purposes")
        if event.kind == "consent" and isinstance(purposes, list):
            found.append(_Consent(time, event.subject, event.name, [str(p) for p in purposes]))
    return found


class _Event(msgspec.Struct):
    kind: str = ""
    subject: str = ""
    name: str = ""
    data: dict[str, object] = {}


_events = msgspec.json.Decoder(_Event)
