"""Receipts of consent on disk: one file a subject, and the shown texts."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

import msgspec

from sentio_bridge.privacy.consent_book import Receipt
from sentio_bridge.privacy.private_folder import (
    PrivacyError,
    append,
    locked,
    make_private,
)

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


class NoStore:
    """A place that keeps nothing: receipts end with the process."""

    def load(self, subject: str) -> list[Receipt]:
        """Return no receipts."""
        return []

    def keep(self, receipts: Sequence[Receipt], body: str = "") -> None:
        """Keep nothing."""


class ReceiptStore:
    """Receipts in a folder that only its owner can read.

    Args:
        folder: Folder of the state; ``receipts`` and ``texts`` are below it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def load(self, subject: str) -> list[Receipt]:
        """Return a subject's receipts, oldest first.

        Damage never grants: the grants before a line that cannot be read do not count, because
        that line may have been a withdrawal.

        Raises:
            PrivacyError: The file cannot be read.
        """
        try:
            lines = self.path(subject).read_bytes().splitlines()
        except FileNotFoundError:
            return []
        except OSError as error:
            raise PrivacyError(f"cannot read the receipts of {subject!r}: {error}") from None
        found: list[Receipt] = []
        for number, line in enumerate(lines, 1):
            receipt = _decoded(line)
            if receipt is None:
                logger.error("receipt %d of %s is damaged: earlier grants end", number, subject)
                found = [earlier for earlier in found if not earlier.granted]
                continue
            if receipt.subject == subject:
                found.append(receipt)
        return found

    def keep(self, receipts: Sequence[Receipt], body: str = "") -> None:
        """Append receipts of one subject, with the shown text, and flush them.

        Raises:
            PrivacyError: They cannot be written; nothing is kept.
        """
        if not receipts:
            return
        path = self.path(receipts[0].subject)
        make_private(self.folder)
        make_private(path.parent)
        if body:
            self._keep_text(body)
        with locked(self.folder):
            end = b"" if _ends_whole(path) else b"\n"
            append(path, end + b"".join(map(_encoded, receipts)))

    def text(self, sha256: str) -> str:
        """Return a text that a person saw; empty if it was not kept."""
        path = self.folder / "texts" / f"{sha256}.txt"
        return path.read_text("utf-8") if sha256.isalnum() and path.is_file() else ""

    def erase(self, subject: str) -> bool:
        """Delete a subject's receipts; return whether there were some.

        Raises:
            PrivacyError: The file cannot be deleted.
        """
        try:
            self.path(subject).unlink()
        except FileNotFoundError:
            return False
        except OSError as error:
            raise PrivacyError(f"cannot delete the receipts of {subject!r}: {error}") from None
        return True

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
