"""Read and write the manifest of a recording's folder, encrypted or not.

In an encrypted recording ``manifest.json`` has what listing and retention need; the whole is in
``manifest.sealed``: lines of JSON with a checksum of ``manifest.json``, the recording, and each
person, with their key.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec
from msgspec.structs import replace

from sentio_recording import manifest as about
from sentio_recording.disk import write_whole
from sentio_recording.errors import DamagedError
from sentio_recording.sealed.data_keys import COMMON, DataKeys
from sentio_recording.sealed.key_folder import unlock as unlock_by_default
from sentio_recording.sealed.reader import Unlock, unseal
from sentio_recording.sealed.writer import sealed

FILE, SEALED = "manifest.json", "manifest.sealed"


class _Public(msgspec.Struct, frozen=True):
    """Checksum of ``manifest.json``."""

    sha256: str


class _Person(msgspec.Struct, frozen=True):
    """What the manifest has of one person."""

    subject: str
    consent: dict[str, list[str]] | None
    profile: str | None


_publics = msgspec.json.Decoder(_Public)
_persons = msgspec.json.Decoder(_Person)
_manifests = msgspec.json.Decoder(about.Manifest)


def write(folder: Path, manifest: about.Manifest, keys: DataKeys | None) -> None:
    """Write a manifest; with keys, encrypted.

    Raises:
        FullError: It could not be written; the old one is unchanged.
    """
    if keys is None:
        write_whole(folder / FILE, about.encode(manifest))
        return
    write_whole(folder / SEALED, sealed(_parts(manifest, keys), keys))
    write_whole(folder / FILE, _public(manifest, keys))


def encoded(manifest: about.Manifest, keys: DataKeys | None) -> bytes:
    """Return the bytes that the journal has a checksum of."""
    if keys is None:
        return about.encode(manifest)
    return b"".join(part for _, part in _parts(manifest, keys))


def stored(folder: Path, unlock: Unlock = unlock_by_default) -> bytes:
    """Return the same bytes of a stored manifest, decrypted.

    Raises:
        OSError: It cannot be read.
        LockedError: It is encrypted, and there is no key.
        NotARecordingError: The encrypted part is damaged.
    """
    path = folder / SEALED
    if not path.exists():
        return (folder / FILE).read_bytes()
    return bytes(unseal(path.read_bytes(), SEALED, unlock).data)


def read(folder: Path, unlock: Unlock = unlock_by_default) -> about.Manifest:
    """Return the manifest of a folder; what was erased with its key is left out.

    Raises:
        OSError: It cannot be read.
        DamagedError: It is invalid.
        LockedError: It is encrypted, and there is no key.
    """
    raw = (folder / FILE).read_bytes()
    path = folder / SEALED
    if not path.exists():
        manifest = about.decode(raw)
        if manifest.sealed:
            raise DamagedError(f"{SEALED} is missing", "restore it from a copy")
        return manifest
    found = unseal(path.read_bytes(), SEALED, unlock)
    if found.unreadable or not found.ended:
        raise DamagedError(f"{SEALED} was changed or cut", "restore it from a copy")
    lines = bytes(found.data).strip(b"\0").splitlines()
    try:
        public = _publics.decode(lines[0])
        manifest = _manifests.decode(lines[1])
        persons = [_persons.decode(text) for line in lines[2:] if (text := line.strip(b"\0"))]
    except (IndexError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise DamagedError(f"{SEALED}: {error}", "restore it from a copy") from None
    if public.sha256 != hashlib.sha256(raw).hexdigest():
        raise DamagedError(f"{FILE} was changed", "restore it from a copy")
    return replace(
        manifest,
        consent={p.subject: p.consent for p in persons if p.consent is not None},
        profiles={p.subject: p.profile for p in persons if p.profile is not None},
    )


def public(folder: Path) -> about.Manifest:
    """Return the manifest as far as no key is needed.

    Raises:
        OSError: It cannot be read.
        DamagedError: It is invalid.
    """
    return about.decode((folder / FILE).read_bytes())


def _parts(manifest: about.Manifest, keys: DataKeys) -> list[tuple[str, bytes]]:
    common = replace(manifest, consent={}, profiles={}, sealed=keys.id)
    public = _Public(hashlib.sha256(_public(manifest, keys)).hexdigest())
    parts = [(COMMON, msgspec.json.encode(each) + b"\n") for each in (public, common)]
    for subject in dict.fromkeys([*manifest.subjects, *manifest.consent, *manifest.profiles]):
        person = _Person(subject, manifest.consent.get(subject), manifest.profiles.get(subject))
        parts.append((subject, msgspec.json.encode(person) + b"\n"))
    return parts


def _public(manifest: about.Manifest, keys: DataKeys) -> bytes:
    public = about.Manifest(
        id=manifest.id,
        clocks=manifest.clocks,
        schema=manifest.schema,
        schemas=manifest.schemas,
        software=manifest.software,
        expires=manifest.expires,
        sealed=keys.id,
    )
    return about.encode(public)
