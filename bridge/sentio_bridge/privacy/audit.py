"""Append-only audit file: each line contains the hash of the line before.

A changed, removed, inserted or reordered line breaks the chain. The newest hash is also in a second
file, signed with a key that is kept apart (``audit_seal``), so that removed or added lines at the
end and a new chain are found. The file is checked before the first line is appended, and damage
becomes a line: it would be hidden by lines that are valid again. A program that can read the key
too can make a new chain; print or send the newest hash (`sentio audit show`) to notice that.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from sentio_bridge.privacy.audit_seal import AuditSeal
from sentio_bridge.privacy.consent_keeper import now_utc
from sentio_bridge.privacy.private_folder import (
    PrivacyError,
    append,
    locked,
    make_private,
    replace,
)

FIRST = "0" * 64
"""Hash before the first line."""

FILE, HEAD = "audit.jsonl", "audit.head"

DAMAGE = "damage"
"""Kind of the line that reports damage of the lines before it."""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One line.

    Attributes:
        n: Number of the line, from 1.
        at: Wall clock, UTC.
        kind: ``grant``, ``withdrawal``, ``capture``, ``recording``, ...
        data: Details; never samples, texts of persons or tokens.
        prev: Hash of the line before.
        hash: SHA-256 of this line without its hash.
    """

    n: int
    at: datetime
    kind: str
    data: dict[str, Any] = {}
    prev: str = FIRST
    hash: str = ""


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """The newest line that was written completely."""

    n: int
    hash: str
    mac: str = ""


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """Result of a check.

    Attributes:
        entries: Number of valid lines before the first problem.
        problem: The first problem; empty if there is none.
        note: A remark that is not damage, such as a line cut by a crash.
    """

    entries: int
    problem: str = ""
    note: str = ""


_encoder = msgspec.json.Encoder(order="deterministic")
_entries = msgspec.json.Decoder(Entry)
_heads = msgspec.json.Decoder(Head)


def sealed(entry: Entry) -> tuple[Entry, bytes]:
    """Return an entry with its hash, and its line."""
    bare = msgspec.structs.replace(entry, hash="")
    digest = hashlib.sha256(_encoder.encode(bare)).hexdigest()
    whole = msgspec.structs.replace(entry, hash=digest)
    return whole, _encoder.encode(whole) + b"\n"


class Audit:
    """Audit file in a folder.

    Args:
        folder: Folder of the state.
        clock: Wall clock, UTC.
        keys: Folder of the key that signs the newest line; default: the user's.
    """

    def __init__(
        self,
        folder: Path,
        clock: Callable[[], datetime] = now_utc,
        keys: Path | None = None,
    ) -> None:
        self._seal = AuditSeal(folder, keys)
        self.path = folder / FILE
        self._folder = folder
        self._clock = clock
        self._checked: tuple[int, str] | None = None  # the last line when it was checked

    def append(self, items: Sequence[tuple[str, Mapping[str, Any]]]) -> list[bytes]:
        """Append one line for each (kind, data), flush them, and return the lines.

        Raises:
            PrivacyError: They cannot be written; the file is as before.
        """
        make_private(self._folder)
        with locked(self._folder):
            last = self._last()
            found = [] if last == self._checked else self._damage()
            n, before = last
            lines, hashes = [], []
            for kind, data in (*found, *items):
                n += 1
                entry = Entry(n=n, at=self._clock(), kind=kind, data=dict(data), prev=before)
                entry, line = sealed(entry)
                before = entry.hash
                lines.append(line)
                hashes.append(before)
            mac = self._seal.sign(n, hashes)
            append(self.path, b"".join(lines))
            replace(self._folder / HEAD, _encoder.encode(Head(n=n, hash=before, mac=mac)))
            self._seal.signed(n)
            self._checked = (n, before)
        return lines

    def entries(self) -> Iterator[Entry]:
        """Yield the entries up to the first line that cannot be read."""
        for line in self._lines():
            try:
                yield _entries.decode(line)
            except (msgspec.MsgspecError, UnicodeDecodeError):
                return

    def is_older(self) -> bool:
        """Return whether newer lines than those here were signed.

        Then the folder may be an older copy, with receipts of what was withdrawn since. To be
        called before a line is appended. A key that cannot be read counts as such a case.
        """
        try:
            # The number apart first: another program may append between the two.
            return self._seal.newest() > self._head().n
        except PrivacyError:
            return True

    def verify(self) -> Verdict:
        """Check every line, the chain, the head, and damage that was found earlier."""
        try:
            with locked(self._folder):
                found = self._check()
        except PrivacyError:  # the folder is missing or cannot be written: no program appends
            found = self._check()
        for entry in self.entries() if not found.problem else ():
            if entry.kind == DAMAGE:
                problem = f"line {entry.n} reports damage: {entry.data.get('problem', '')}"
                return Verdict(entries=found.entries, problem=problem, note=found.note)
        return found

    def _damage(self) -> list[tuple[str, Mapping[str, Any]]]:
        """Return the line that reports damage which is not yet reported."""
        problem = self._check().problem
        known = [e.data.get("problem") for e in self.entries() if e.kind == DAMAGE]
        return [(DAMAGE, {"problem": problem})] if problem and problem not in known else []

    def _check(self) -> Verdict:
        count, before = 0, FIRST
        head = self._head()
        seen = head.n == 0
        try:
            unsigned = self._seal.problem(max(0, head.n), head.hash, head.mac)
        except PrivacyError as error:
            unsigned = str(error)
        lines = self._lines()
        cut = bool(lines) and not lines[-1].endswith(b"\n")
        for number, line in enumerate(lines[:-1] if cut else lines, 1):
            try:
                entry = _entries.decode(line)
            except (msgspec.MsgspecError, UnicodeDecodeError):
                return Verdict(entries=count, problem=f"line {number} is damaged")
            if sealed(entry)[1] != line or entry.n != number or entry.prev != before:
                return Verdict(entries=count, problem=f"line {number} was changed or moved")
            count, before = number, entry.hash
            seen = seen or (number == head.n and entry.hash == head.hash)
        if not seen:
            what = f"the newest line was {head.n}, {count} are left"
            return Verdict(entries=count, problem=f"lines at the end were removed: {what}")
        if not unsigned and count > max(0, head.n) and not self._seal.wrote(before):
            unsigned = f"line {count} was added by another program: it has no signature"
        note = "the last line was cut by a crash" if cut else ""
        return Verdict(entries=count, problem=unsigned, note=note)

    def _last(self) -> tuple[int, str]:
        """Return number and hash of the last line; a line cut by a crash is removed.

        Raises:
            PrivacyError: The last line is damaged: nothing is appended to a broken chain.
        """
        try:
            with self.path.open("r+b") as file:
                size = file.seek(0, 2)
                start = max(0, size - 65_536)
                file.seek(start)
                tail = file.read()
                whole = tail.rfind(b"\n") + 1
                if whole < len(tail):
                    file.truncate(start + whole)
                    tail = tail[:whole]
        except FileNotFoundError:
            return 0, FIRST
        except OSError as error:
            raise PrivacyError(f"cannot read {self.path}: {error.strerror}") from None
        if not tail:
            return 0, FIRST
        try:
            entry = _entries.decode(tail.splitlines()[-1])
        except (msgspec.MsgspecError, UnicodeDecodeError):
            raise PrivacyError(
                f"the last line of {self.path} is damaged",
                "keep the file as evidence under another name; a new one is begun",
            ) from None
        return entry.n, entry.hash

    def _lines(self) -> list[bytes]:
        try:
            return self.path.read_bytes().splitlines(keepends=True)
        except FileNotFoundError:
            return []

    def _head(self) -> Head:
        try:
            return _heads.decode((self._folder / HEAD).read_bytes())
        except FileNotFoundError:
            return Head(n=0 if not self.path.exists() else -1, hash="")
        except (msgspec.MsgspecError, UnicodeDecodeError):
            return Head(n=-1, hash="")
