"""What is known of one person, as a file that people can read; no I/O, no clock."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import msgspec

from sentio_bridge.affect.levels import KnownRange
from sentio_bridge.affect.mood import SessionSummary
from sentio_bridge.affect.personal.migration import migrated
from sentio_bridge.affect.personal.model import PersonalModel
from sentio_bridge.errors import BridgeError
from sentio_models import MODALITIES, Norm

VERSION = 2
"""Of the file's form; version 1 is migrated when it is read, others are refused."""

MAX_BYTES = 4_000_000
"""A profile with many personal models stays far below; anything larger is not a profile."""


MOST_SESSIONS = 500
"""Kept in a profile; a session takes about half a kilobyte."""

SHORTEST_SESSION = 60.0
"""Seconds with a known state below which a session is not kept."""


class ProfileError(BridgeError):
    """A profile cannot be used; states what is wrong and what to do."""


class Baseline(msgspec.Struct, frozen=True, kw_only=True):
    """Usual values of a person in one feature.

    Attributes:
        mean: At rest, in the feature's unit.
        sd: Spread around that over all that was measured.
        weight: How many independent windows it rests on.
        low: 5th percentile of all that was measured.
        high: 95th percentile.
    """

    mean: float
    sd: Annotated[float, msgspec.Meta(gt=0)]
    weight: Annotated[float, msgspec.Meta(ge=0)]
    low: float
    high: float


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """A person's profile.

    Attributes:
        format: Always ``sentio-profile``.
        version: Of this form.
        subject: Pseudonym of the person.
        created: When, as the caller writes it (ISO 8601); for people, nothing depends on it.
        blocks: What was measured, in order: ``rest``, ``active``.
        baselines: By modality and feature.
        personal: Models trained on the person's own labels.
        sessions: What the last sessions were like, the oldest first; at most ``MOST_SESSIONS``.
        ranges: What is known of the person's range, by the dimensions that have a level. Files
            from before it was kept have none.
    """

    format: str = "sentio-profile"
    version: int = VERSION
    subject: str
    created: str = ""
    blocks: list[str] = []
    baselines: dict[str, dict[str, Baseline]] = {}
    personal: list[PersonalModel] = []
    sessions: list[SessionSummary] = []
    ranges: dict[str, KnownRange] = {}

    def norms(self) -> dict[str, dict[str, Norm]]:
        """Return the baselines as ``Estimator.personalise`` takes them, by modality."""
        return {
            modality: {name: Norm(b.mean, b.sd, b.weight) for name, b in features.items()}
            for modality, features in self.baselines.items()
        }


msgspec.json.Decoder(Profile)  # describes the type before two threads can do it at once


def encode(profile: Profile) -> bytes:
    """Return the file's bytes: indented JSON."""
    return msgspec.json.format(msgspec.json.encode(profile), indent=2) + b"\n"


def decode(data: bytes, subject: str | None = None) -> Profile:
    """Read a profile.

    Args:
        data: The file's bytes.
        subject: Whose it must be; None accepts any subject.

    Raises:
        ProfileError: Truncated, of another version or person, or not a profile.
    """
    if len(data) > MAX_BYTES:
        raise ProfileError(f"{len(data)} bytes, a profile has at most {MAX_BYTES}")
    try:
        head = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ProfileError(
            f"the profile is incomplete: {error}", "restore a copy of the file, or calibrate again"
        ) from None
    if not isinstance(head, Mapping) or head.get("format") != "sentio-profile":
        raise ProfileError("not a Sentio profile", "name a file that 'sentio calibrate' wrote")
    version = head.get("version")
    if version not in (1, VERSION):
        newer = isinstance(version, int) and version > VERSION
        raise ProfileError(
            f"the profile has format version {version!r}, this program reads 1 to {VERSION}",
            "update sentio" if newer else "calibrate again",
        )
    try:
        profile = msgspec.convert(migrated(head) if version == 1 else head, Profile, strict=True)
    except (msgspec.ValidationError, ValueError) as error:
        raise ProfileError(f"the profile is damaged: {error}", "calibrate again") from None
    unknown = set(profile.baselines) - set(MODALITIES)
    if unknown:
        raise ProfileError(f"the profile names unknown modalities: {', '.join(sorted(unknown))}")
    if subject is not None and profile.subject != subject:
        raise ProfileError(
            f"the profile belongs to {profile.subject!r}, expected {subject!r}",
            "use their own profile, or calibrate",
        )
    return profile


def with_session(
    profile: Profile, summary: SessionSummary, ranges: Mapping[str, KnownRange]
) -> Profile:
    """Return the profile with one more session; itself if that was too short.

    Args:
        profile: Until then.
        summary: Of the session.
        ranges: Of the person, with what the session added.
    """
    if summary.seconds < SHORTEST_SESSION:
        return profile
    sessions = [*profile.sessions, summary][-MOST_SESSIONS:]
    return msgspec.structs.replace(profile, sessions=sessions, ranges=dict(ranges))
