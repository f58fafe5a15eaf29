"""Receipts of consent on disk: one file a subject, and the shown texts."""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import msgspec

from sentio_bridge.privacy.consent_book import Receipt
from sentio_bridge.privacy.private_folder import (
    PrivacyError,
    append,
    locked,
    make_private,
    replace,
)
from sentio_bridge.protocol.vocabulary import PURPOSES, SENSORS

ERASED = "erased.json"
"""File with the time of the last erasure; it names no one."""

logger = logging.getLogger(__name__)


class _Line(msgspec.Struct, frozen=True):
    """A line of a file: a receipt and the SHA-256 of its bytes."""

    receipt: msgspec.Raw
    sha256: str


_encoder = msgspec.json.Encoder()
_lines = msgspec.json.Decoder(_Line)
_receipts = msgspec.json.Decoder(Receipt)


class Receipts(Protocol):
    """Protocol of a place that keeps receipts."""

    def load(self, subject: str) -> list[Receipt]:
        """Return a subject's receipts, oldest first."""
        ...

    def keep(self, receipts: Sequence[Receipt], body: str = "") -> None:
        """Keep receipts of one subject, and the text that the person saw."""
        ...

    def changed(self, subject: str) -> bool:
        """Return whether another program has written since receipts were read."""
        ...

    def last_erasure(self) -> datetime | None:
        """Return when a person was last erased, UTC; None: never."""
        ...

    def last_of_others(self, subjects: Collection[str]) -> datetime | None:
        """Return when another subject decided last, UTC; None: never."""
        ...


class NoStore:
    """A place that keeps nothing: receipts end with the process."""

    def load(self, subject: str) -> list[Receipt]:
        """Return no receipts."""
        return []

    def keep(self, receipts: Sequence[Receipt], body: str = "") -> None:
        """Keep nothing."""

    def changed(self, subject: str) -> bool:
        """Return False."""
        return False

    def last_erasure(self) -> datetime | None:
        """Return None."""
        return None

    def last_of_others(self, subjects: Collection[str]) -> datetime | None:
        """Return None."""
        return None


class ReceiptStore:
    """Receipts in a folder that only its owner can read.

    Args:
        folder: Folder of the state; ``receipts`` and ``texts`` are below it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._seen: dict[str, tuple[int, int, int]] = {}
        self._foreign: set[str] = set()  # changed by another program between two of our writes

    def load(self, subject: str) -> list[Receipt]:
        """Return a subject's receipts, oldest first.

        Damage never grants: a line that cannot be read counts as a withdrawal of everything, at
        the time of the file's last change, because it may have been one.

        Raises:
            PrivacyError: The file cannot be read.
        """
        path = self.path(subject)
        self._foreign.discard(subject)
        self._seen[subject] = _state(path)
        try:
            lines = path.read_bytes().splitlines()
        except FileNotFoundError:
            return []
        except OSError as error:
            raise PrivacyError(f"cannot read the receipts of {subject!r}: {error}") from None
        found: list[Receipt] = []
        for number, line in enumerate(lines, 1):
            receipt = _decoded(line)
            if receipt is None:
                logger.error("receipt %d of %s is damaged: earlier grants end", number, subject)
                found += _of_damage(subject, self._seen[subject])
                continue
            if receipt.subject == subject:
                found.append(receipt)
        return found

    def keep(self, receipts: Sequence[Receipt], body: str = "") -> None:
        """Append receipts of one subject, with the shown text, and flush them.

        Raises:
            PrivacyError: They cannot be written; nothing is kept. If they are withdrawals, the
                earlier grants are made unreadable where possible, so that these end too.
        """
        if not receipts:
            return
        path = self.path(receipts[0].subject)
        make_private(self.folder)
        make_private(path.parent)
        subject = receipts[0].subject
        with locked(self.folder):
            if body:
                self._keep_text(body)
            if self.changed(subject):
                self._foreign.add(subject)
            end = b"" if _ends_whole(path) else b"\n"
            try:
                append(path, end + b"".join(map(_encoded, receipts)))
            except PrivacyError:
                if not any(receipt.granted for receipt in receipts):
                    _spoil(path)
                raise
            finally:
                self._seen[subject] = _state(path)

    def changed(self, subject: str) -> bool:
        """Return whether another program has written since receipts were read.

        A file that was never read here counts as unchanged.
        """
        if subject in self._foreign:
            return True
        return subject in self._seen and self._seen[subject] != _state(self.path(subject))

    def last_erasure(self) -> datetime | None:
        """Return when a person was last erased, UTC; None: never.

        Raises:
            PrivacyError: The file is damaged.
        """
        path = self.folder / ERASED
        try:
            return msgspec.json.decode(path.read_bytes(), type=datetime)
        except FileNotFoundError:
            return None
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise PrivacyError(
                f"cannot read {path}: {error}", "delete it, and grant the consent again"
            ) from None

    def last_of_others(self, subjects: Collection[str]) -> datetime | None:
        """Return when another subject decided last, UTC; None: never.

        Raises:
            PrivacyError: A file cannot be read.
        """
        others = set(self.subjects()).difference(subjects)
        return max((r.at for other in others for r in self.load(other)), default=None)

    def text(self, sha256: str) -> str:
        """Return a text that a person saw; empty if it was not kept."""
        path = self.folder / "texts" / f"{sha256}.txt"
        return path.read_text("utf-8") if sha256.isalnum() and path.is_file() else ""

    def erase(self, subject: str) -> bool:
        """Delete a subject's receipts, and texts that only this person saw.

        The time is kept, so that an older configuration file does not grant again what it granted
        before. A running sidecar that reads these receipts ends the consent within a second.

        Returns:
            Whether there were receipts.

        Raises:
            PrivacyError: A file cannot be deleted, or the time cannot be kept.
        """
        path = self.path(subject)
        if not path.exists():
            return False
        with locked(self.folder):
            replace(self.folder / ERASED, msgspec.json.encode(datetime.now(UTC)))
            try:
                path.unlink()
                self._forget_texts()
            except OSError as error:
                raise PrivacyError(f"cannot delete the receipts of {subject!r}: {error}") from None
        return True

    def _forget_texts(self) -> None:
        """Delete the texts that no receipt refers to."""
        shown = set()
        for path in (self.folder / "receipts").glob("*.jsonl"):
            found = map(_decoded, path.read_bytes().splitlines())
            shown |= {receipt.text.sha256 for receipt in found if receipt is not None}
        for text in (self.folder / "texts").glob("*.txt"):
            if text.stem not in shown:
                text.unlink()

    def subjects(self) -> Iterator[str]:
        """Yield the subjects that have receipts."""
        for path in sorted((self.folder / "receipts").glob("*.jsonl")):
            for line in path.read_bytes().splitlines():
                receipt = _decoded(line)
                if receipt is not None:
                    yield receipt.subject
                    break

    def _keep_text(self, body: str) -> None:
        folder = make_private(self.folder / "texts")
        data = body.encode()
        path = folder / f"{hashlib.sha256(data).hexdigest()}.txt"
        if not path.exists():
            append(path, data)

    def path(self, subject: str) -> Path:
        """Return the file of a subject's receipts."""
        # Not the pseudonym: it may have characters that a file system refuses.
        name = hashlib.sha256(subject.encode()).hexdigest()[:32]
        return self.folder / "receipts" / f"{name}.jsonl"


def _encoded(receipt: Receipt) -> bytes:
    body = _encoder.encode(receipt)
    return _encoder.encode(_Line(msgspec.Raw(body), hashlib.sha256(body).hexdigest())) + b"\n"


def _decoded(line: bytes) -> Receipt | None:
    """Return the receipt of a line; None if a byte of it was changed."""
    try:
        found = _lines.decode(line)
        if hashlib.sha256(bytes(found.receipt)).hexdigest() != found.sha256:
            return None
        return _receipts.decode(found.receipt)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None


def _of_damage(subject: str, state: tuple[int, int, int]) -> list[Receipt]:
    """Return the withdrawals that a damaged line stands for."""
    at = datetime.fromtimestamp(state[2] / 1e9, UTC)
    return [
        Receipt(id="damaged", subject=subject, sensor=sensor, granted=False,
                purposes=PURPOSES, at=at, by="damage", how="damage")
        for sensor in SENSORS
    ]  # fmt: skip


def _spoil(path: Path) -> None:
    """Damage the last line in place: that needs no space on the disk."""
    with suppress(OSError), path.open("r+b") as file:
        file.seek(-2, 2)
        file.write(b"!")
        file.flush()
        os.fsync(file.fileno())


def _state(path: Path) -> tuple[int, int, int]:
    """Return number, size and time of a file; zeros if there is none."""
    with suppress(OSError):
        found = path.stat()
        return found.st_ino, found.st_size, found.st_mtime_ns
    return 0, 0, 0


def _ends_whole(path: Path) -> bool:
    """Return whether a file is empty, missing, or ends with a whole line."""
    try:
        with path.open("rb") as file:
            if file.seek(0, 2) == 0:
                return True
            file.seek(-1, 2)
            return file.read(1) == b"\n"
    except FileNotFoundError:
        return True
    except OSError as error:
        raise PrivacyError(f"cannot read {path}: {error.strerror}") from None
