"""Find what in a recording belongs to a person or to one of their sensors; pure."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection
from typing import Any

import msgspec
from msgspec.structs import replace

from sentio_bridge.protocol.vocabulary import MODALITY_OF, sensor_of
from sentio_recording.manifest import Manifest
from sentio_recording.markers import MarkerEvents
from sentio_recording.recorded import sensor_spec, subject_of
from sentio_recording.remove import Removal
from sentio_recording.xdf.headers import StreamInfo
from sentio_sensors import Role

ERASED = "erased"
"""Replaces the pseudonym in the configuration's text."""

_FUSED = ("affect/", "affect-meta/", "affect-evidence/")
_LOG = ("hub", "sentio/order")
_STATE = "sentio/state"  # what was learnt of all persons and sensors before the start
_KEPT_EVENTS = ("marker", "consent", "recording")


def of_subject(subject: str, markers: MarkerEvents | None = None) -> Removal:
    """Return the removal of a person from a recording of several.

    Args:
        subject: The person.
        markers: Events of all markers, whose names are recorded without a subject; two people may
            have markers of one name and time.
    """

    def is_marker(time: float, text: str) -> bool:
        if markers is None:
            return False
        owner = next(markers.of([time], [text])).subject
        return owner == subject if owner else time in markers.times.get(subject, ())

    return Removal(
        stream=lambda info: subject_of(info) == subject,
        text=lambda name, time, text: (
            name == _STATE or (name == "markers" and is_marker(time, text)) or _names(text, subject)
        ),
        manifest=lambda manifest: _without_subject(manifest, subject),
    )


def of_sensors(subject: str, sensors: Collection[str]) -> Removal:
    """Return the removal of what rests on some sensors of a person.

    Raw samples, features, media and estimates of the sensors go, and what was calculated from all
    sensors together: the fused values, their events, the state at the start and the log that a
    replay needs. Markers and the other sensors' samples stay.
    """
    modalities = {MODALITY_OF[sensor] for sensor in sensors if sensor in MODALITY_OF}

    def stream(info: StreamInfo) -> bool:
        if subject_of(info) != subject:
            return False
        return info.name.startswith(_FUSED) or _sensor(info) in sensors

    def text(name: str, time: float, text: str) -> bool:
        if name == _STATE:
            return True
        if name in _LOG or name == "labels":
            return _names(text, subject)
        if name == "estimates":
            return _names(text, subject) and any(f'"{modality}"' in text for modality in modalities)
        if name == "events":
            kind = _decoded(text)
            kept = isinstance(kind, dict) and kind.get("kind") in _KEPT_EVENTS
            return _names(text, subject) and not kept
        return False

    return Removal(stream, text, lambda manifest: _without_sensors(manifest, subject, sensors))


def _without_subject(manifest: Manifest, subject: str) -> Manifest:
    text = manifest.configuration.replace(f'"{subject}"', f'"{ERASED}"')
    others = {s: p for s, p in manifest.profiles.items() if s != subject}
    return replace(
        manifest,
        subjects=[each for each in manifest.subjects if each != subject],
        configuration="" if _configures(text, subject) else text,
        consent={s: c for s, c in manifest.consent.items() if s != subject},
        profiles=others,
        devices=[d for d in manifest.devices if not _mentions(d.stream, subject)],
        complete_start=False,
        ending=_ending(manifest, subject),
    )


def _configures(text: str, subject: str) -> bool:
    """Return whether a TOML text names the subject, also with escapes."""
    try:
        return subject in text or _contains(tomllib.loads(text), subject)
    except tomllib.TOMLDecodeError:
        return True


def _without_sensors(manifest: Manifest, subject: str, sensors: Collection[str]) -> Manifest:
    consent = {
        each: {s: ([] if each == subject and s in sensors else p) for s, p in granted.items()}
        for each, granted in manifest.consent.items()
    }
    others = {s: p for s, p in manifest.profiles.items() if s != subject}
    return replace(manifest, consent=consent, profiles=others, complete_start=False)


def _ending(manifest: Manifest, subject: str) -> Any:
    ending = manifest.ending
    if ending is None:
        return None
    dropped = {k: n for k, n in ending.dropped.items() if not _mentions(k, subject)}
    return replace(ending, samples={}, dropped=dropped)


def _sensor(info: StreamInfo) -> str:
    spec = sensor_spec(info)
    if spec is None or spec.role is Role.MARKER:
        return ""
    return spec.meta.get("sensor") or sensor_of(spec.role)


def _mentions(name: str, subject: str) -> bool:
    return re.search(rf"(?<![^/-]){re.escape(subject)}(?![^/-])", name) is not None


def _names(text: str, subject: str) -> bool:
    """Return whether a JSON text has the subject as a value, key or start of a path."""
    encoded = msgspec.json.encode(subject).decode()[1:-1]  # with escapes, as in the text
    return encoded in text and _contains(_decoded(text), subject)


def _contains(value: Any, subject: str) -> bool:
    if isinstance(value, str):
        return value == subject or value.startswith(f"{subject}/")
    if isinstance(value, dict):
        return any(_contains(k, subject) or _contains(v, subject) for k, v in value.items())
    return isinstance(value, list) and any(_contains(each, subject) for each in value)


def _decoded(text: str) -> Any:
    try:
        return msgspec.json.decode(text)
    except (ValueError, RecursionError):
        return text
