"""Erase what rests on withdrawn purposes, and state what stays."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import msgspec

from sentio_bridge.affect.personal.checksum import with_checksum
from sentio_bridge.affect.personal.profile import ProfileError, encode
from sentio_bridge.privacy import recorded_person
from sentio_bridge.privacy.ended import Ended, without_ended
from sentio_bridge.privacy.kept import DAMAGED, Found, Kept, Places
from sentio_bridge.privacy.private_folder import PrivacyError
from sentio_bridge.privacy.private_folder import replace as replace_file
from sentio_bridge.protocol.vocabulary import MODALITY_OF
from sentio_recording import remove
from sentio_recording.recording import Recording
from sentio_recording.sealed.key_folder import KeyFolder
from sentio_recording.sealed.segments import MAGIC
from sentio_recording.sealed.writer import sealed
from sentio_recording.storage import JOURNAL
from sentio_sensors.errors import SensorError

NAMES = {"record": "features and estimates", "record_raw": "raw samples"}
"""What a recording keeps for each purpose."""


class _Consent(msgspec.Struct):
    """A recorded event of consent."""

    kind: str = ""
    name: str = ""
    subject: str = ""
    data: msgspec.Raw = msgspec.Raw(b"{}")


class _Purposes(msgspec.Struct):
    purposes: list[str] = []


_consents = msgspec.json.Decoder(_Consent)
_purposes = msgspec.json.Decoder(_Purposes)


@dataclass(slots=True)
class Erasure:
    """Result of an erasure.

    Attributes:
        done: What was erased, or parts of it.
        stays: What of the sensors stays, and why, as texts.
    """

    done: list[Found] = field(default_factory=list)
    stays: list[str] = field(default_factory=list)


class PurposeErasure:
    """Eraser of recorded parts, personal models and exports by purpose.

    Args:
        places: The folders.
        keys: Folder of the keys; default: the user's.
    """

    def __init__(self, places: Places, keys: KeyFolder | None = None) -> None:
        self._kept = Kept(places, keys)

    def erase(self, subject: str, ended: Sequence[Ended]) -> Erasure:
        """Erase what rests on ended purposes of a subject.

        Raises:
            PrivacyError: Something could not be erased; the rest was.
        """
        result, problems = Erasure(), []
        if not any(each.concerns_kept for each in ended):
            return result
        for found in self._kept.of(subject):
            try:
                if self._erase(found, subject, ended, result.stays):
                    result.done.append(found)
            except (OSError, SensorError, ProfileError, PrivacyError) as error:
                problems.append(f"{found.path}: {error}")
        if problems:
            raise PrivacyError(f"not everything is erased: {'; '.join(problems)}", "try again")
        return result

    def _erase(self, found: Found, subject: str, ended: Sequence[Ended], stays: list[str]) -> bool:
        """Erase what rests on the purposes from one thing; return whether something did."""
        if found.kind == "recording":
            return self._recording(found, subject, ended, stays)
        if found.kind == "profile":
            return self._profile(found, ended, stays)
        if found.kind == "export":
            self._kept.delete_export(found.path, subject)
            return True
        if found.kind == "damaged":
            raise PrivacyError(DAMAGED)
        if found.kind == "file":
            stays.append(f"file {found.path.name}: no sensor can be removed from a single file")
        return False

    def _recording(
        self, found: Found, subject: str, ended: Sequence[Ended], stays: list[str]
    ) -> bool:
        with Recording(found.path, unlock=self._kept.keys.unlock) as recording:
            parts = {each: each.recorded(_granted(recording, subject, each)) for each in ended}
            removal = recorded_person.of_ended(subject, parts)
            changes = _changes(recording, removal)
            left = [*_left(recording, subject, parts)]
        if changes:
            remove.remove(found.path, removal, self._kept.keys.unlock)
        stays += [f"recording {found.path.name}: {text}" for text in left]
        return changes

    def _profile(self, found: Found, ended: Sequence[Ended], stays: list[str]) -> bool:
        data = found.path.read_bytes()
        profile = self._kept.profile(data)
        left = without_ended(profile, ended)
        for each in ended:
            modality = MODALITY_OF.get(each.sensor)
            if modality in left.baselines:
                stays.append(
                    f"profile {found.path.name}: usual values of {each.sensor}, for"
                    f" {', '.join(each.live) or 'reading it'}"
                )
            if any(model.modality == modality for model in left.personal):
                stays.append(
                    f"profile {found.path.name}: models of {each.sensor}, for personal_model"
                )
        if left == profile:
            return False
        if not left.baselines and not left.personal:
            found.path.unlink()
        elif data.startswith(MAGIC):
            keys = self._kept.keys.unlock(data[16:32].hex())
            replace_file(found.path, sealed([(profile.subject, encode(left))], keys))
        else:
            replace_file(found.path, with_checksum(encode(left)))
        return True


def _granted(recording: Recording, subject: str, ended: Ended) -> Iterator[list[str]]:
    """Yield a sensor's purposes at the start of a recording and after each change."""
    if recording.manifest is not None:
        yield recording.manifest.consent.get(subject, {}).get(ended.sensor, [])
    for _, text in recording.texts("events"):
        try:
            event = _consents.decode(text)
            if (event.kind, event.subject, event.name) == ("consent", subject, ended.sensor):
                yield _purposes.decode(event.data).purposes
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            continue


def _changes(recording: Recording, removal: remove.Removal) -> bool:
    """Return whether anything that is recorded would go, or a crash ended a removal."""
    if recording.folder is not None and not (recording.folder / JOURNAL).exists():
        return True
    if any(map(removal.stream, recording.streams.values())):
        return True
    manifest = recording.manifest
    if manifest is not None and removal.manifest(manifest).profiles != manifest.profiles:
        return True
    return any(
        removal.text(info.name, time, str(text))
        for number, info in recording.streams.items()
        if info.format == "string"
        for part in recording.chunks([number])
        for time, text in zip(part.times.tolist(), part.values[:, 0], strict=True)
    )


def _left(recording: Recording, subject: str, parts: dict[Ended, tuple[str, ...]]) -> Iterator[str]:
    """Yield what of the sensors stays in a recording."""
    infos = recording.streams.values()
    for ended, gone in parts.items():
        kept = {recorded_person.purpose_of(info, subject, ended.sensor) for info in infos}
        estimated = recorded_person.of_ended(subject, {Ended(ended.sensor): ("record",)}).text
        if any(estimated("estimates", time, text) for time, text in recording.texts("estimates")):
            kept.add("record")
        for purpose, name in NAMES.items():
            if purpose in kept and purpose not in gone:
                yield f"{name} of {ended.sensor}, for {purpose}"
