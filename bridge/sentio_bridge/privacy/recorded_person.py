"""Find what in a recording belongs to a person or to one of their sensors; pure."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from typing import Any

import msgspec
from msgspec.structs import replace

from sentio_bridge.affect.personal.profile import ProfileError, decode, encode
from sentio_bridge.privacy.ended import Ended, without_ended
from sentio_bridge.protocol.vocabulary import MODALITY_OF, RECORDED_FEATURES, sensor_of
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


def of_ended(subject: str, parts: Mapping[Ended, Collection[str]]) -> Removal:
    """Return the removal of what rests on ended purposes of a person's sensors.

    For ``record`` features and estimates of the sensors go, and what was calculated from all
    sensors together: the fused values, their events, the state at the start and the log that a
    replay needs. For ``record_raw`` raw samples and media go. Personal models go with theirs.
    Markers and the other sensors' samples stay.

    Args:
        subject: The person.
        parts: Which of ``record`` and ``record_raw`` go, by what ended.
    """
    features = {ended.sensor for ended, gone in parts.items() if "record" in gone}
    modalities = {MODALITY_OF[sensor] for sensor in features if sensor in MODALITY_OF}
    models = [ended for ended in parts if ended.models]

    def stream(info: StreamInfo) -> bool:
        if features and subject_of(info) == subject and info.name.startswith(_FUSED):
            return True
        return any(purpose_of(info, subject, e.sensor) in gone for e, gone in parts.items())

    def text(name: str, time: float, text: str) -> bool:
        if not features:
            return name == "hub" and _has_models(text, subject, models)
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

    return Removal(stream, text, lambda manifest: _without_ended(manifest, subject, parts))


def purpose_of(info: StreamInfo, subject: str, sensor: str) -> str:
    """Return for which purpose a stream was recorded; empty for other sensors."""
    spec = sensor_spec(info)
    if spec is None or spec.role is Role.MARKER or subject_of(info) != subject:
        return ""
    if (spec.meta.get("sensor") or sensor_of(spec.role)) != sensor:
        return ""
    return "record" if spec.role in RECORDED_FEATURES else "record_raw"


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


def _without_ended(
    manifest: Manifest, subject: str, parts: Mapping[Ended, Collection[str]]
) -> Manifest:
    gone = {ended.sensor: set(purposes) for ended, purposes in parts.items()}
    whole = {ended.sensor for ended, purposes in parts.items() if len(purposes) > 1}
    own = {
        sensor: [] if sensor in whole else [p for p in granted if p not in gone.get(sensor, ())]
        for sensor, granted in manifest.consent.get(subject, {}).items()
    }
    consent = {s: own if s == subject else granted for s, granted in manifest.consent.items()}
    profiles = dict(manifest.profiles)
    if subject in profiles:
        left = profiles.pop(subject)
        left = "" if any("record" in purposes for purposes in gone.values()) else left
        with suppress(ProfileError):  # unreadable: it goes
            before = decode(left.encode())
            after = without_ended(before, parts)
            profiles[subject] = left if after == before else encode(after).decode()
    return replace(manifest, consent=consent, profiles=profiles, complete_start=False)


def _has_models(text: str, subject: str, ended: Iterable[Ended]) -> bool:
    """Return whether an entry of the hub's log has personal models that ended."""
    entry = _decoded(text) if text.startswith('["profile",') else None
    if not isinstance(entry, list) or len(entry) < 3 or entry[1] != subject:
        return False
    modalities = {MODALITY_OF.get(each.sensor) for each in ended}
    personal = entry[2].get("personal", ()) if isinstance(entry[2], dict) else ()
    return any(model.get("modality") in modalities for model in personal)


def _ending(manifest: Manifest, subject: str) -> Any:
    ending = manifest.ending
    if ending is None:
        return None
    dropped = {k: n for k, n in ending.dropped.items() if not _mentions(k, subject)}
    return replace(ending, samples={}, dropped=dropped)


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
