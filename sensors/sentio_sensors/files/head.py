"""Beginning of a file, from which its format is detected; bounded."""

from __future__ import annotations

import re
import stat
import zipfile
from functools import cached_property
from pathlib import Path

from sentio_sensors.errors import AbsentError, FormatError

START = 1 << 16
"""Bytes read for detection: a header and some hundred rows."""

MAX_BYTES = 4 << 30
"""Size limit of a file."""

MAX_MEMBERS = 10_000
"""Limit of files in a folder or ZIP archive that are considered."""

MAX_MEMBER_BYTES = 1 << 30
"""Size limit of one unpacked file of a ZIP archive."""

DAMAGED = "?"
"""Replaces zero bytes within a text: cards that lost power leave blocks of them."""

MAX_RATIO = 200
"""Limit of the unpacked size of an archive in multiples of its own: text packs some 20 times."""


class Head:
    """Path, size and first bytes of a file; names in a folder or ZIP archive.

    Args:
        path: File or folder.

    Raises:
        AbsentError: It does not exist or is not readable.
        FormatError: It is a device, pipe or socket, or too large.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.is_folder = regular(path) == "folder"
        self.size = 0 if self.is_folder else path.stat().st_size
        if self.size > MAX_BYTES:
            raise FormatError(
                f"{path.name} has {self.size / 2**30:.1f} GiB, expected at most "
                f"{MAX_BYTES >> 30} GiB",
                f"split it into parts: split -b 1G {path}",
            )
        self.start = b""
        if not self.is_folder:
            try:
                with path.open("rb") as file:
                    self.start = file.read(START)
            except OSError as error:
                raise AbsentError(f"{path}: {error.strerror}", f"check it: ls -l {path}") from None

    @property
    def stem(self) -> str:
        """Name of the file without suffix, for the streams."""
        return self.path.name if self.is_folder else self.path.stem

    @cached_property
    def text(self) -> str | None:
        """The beginning as text with line feeds as line ends; None if it is binary."""
        encoding = self.encoding
        if encoding is None:
            return None
        text = self.start.decode(encoding, "replace").lstrip("\ufeff").replace("\0", DAMAGED)
        return text.replace("\r\n", "\n").replace("\r", "\n")

    @cached_property
    def encoding(self) -> str | None:
        """Encoding of the text; None if it is binary."""
        return encoding_of(self.start)

    @cached_property
    def lines(self) -> list[str]:
        """Lines of the beginning; the last one may be cut. Empty if it is binary."""
        return (self.text or "").split("\n")

    @cached_property
    def listed(self) -> list[str]:
        """Full names of a folder's or archive's files, without those that macOS adds."""
        names: list[str] = []
        if self.is_folder:
            for entry in self.path.iterdir():
                names.append(entry.name)
                if len(names) >= MAX_MEMBERS:
                    break
        elif self.start[:4] == b"PK\x03\x04":
            try:
                with zipfile.ZipFile(self.path) as archive:
                    names = archive.namelist()[:MAX_MEMBERS]
            except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, KeyError):
                return []
        return [n for n in names if n[-1:] != "/" and not n.rpartition("/")[2].startswith("._")]

    @cached_property
    def names(self) -> dict[str, str]:
        """Full names of a folder's or archive's files by their last part, in lower case."""
        return {re.split(r"[/\\]", name)[-1].lower(): name for name in self.listed}

    def member(self, name: str) -> bytes:
        """Return the content of a file of the folder or archive.

        Args:
            name: A key of ``names``.

        Raises:
            FormatError: It is too large, or the archive is damaged.
        """
        full = self.names[name]
        if self.is_folder:
            path = self.path / full
            if regular(path) != "file" or path.stat().st_size > MAX_MEMBER_BYTES:
                raise _too_large(full)
            return path.read_bytes()
        with zipfile.ZipFile(self.path) as archive:
            info = archive.getinfo(full)
            if info.file_size > min(MAX_MEMBER_BYTES, MAX_RATIO * max(self.size, 1 << 16)):
                raise _too_large(full)
            if info.flag_bits & 1:
                raise FormatError(
                    f"{full} is encrypted", f"unpack it with its password: unzip {self.path}"
                )
            with archive.open(info) as file:
                return file.read(info.file_size)


def regular(path: Path) -> str:
    """Return ``file`` or ``folder``.

    Raises:
        AbsentError: It does not exist or is not readable.
        FormatError: It is a device, pipe or socket: reading could block or never end.
    """
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        raise AbsentError(f"{path} does not exist", f"check the name: ls {path.parent}") from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise AbsentError(f"{path}: {why}", "check the name") from None
    if stat.S_ISDIR(mode):
        return "folder"
    if stat.S_ISREG(mode):
        return "file"
    raise FormatError(
        f"{path} is a device, pipe or socket, expected a file or folder",
        f"save its data into a file first: head -c 100M {path} > recording",
    )


def encoding_of(start: bytes) -> str | None:
    """Return the encoding of a text by its first bytes; None if they are binary."""
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe\0\0", "utf-32"),
                       (b"\0\0\xfe\xff", "utf-32"), (b"\xff\xfe", "utf-16"),
                       (b"\xfe\xff", "utf-16")):  # fmt: skip
        if start.startswith(mark):
            return name
    if start.startswith(b"PK\x03\x04"):
        return None  # an archive whose members are not packed looks like text
    zeros = start.count(0)
    if zeros:
        odd, even = start[1::2].count(0), start[::2].count(0)
        if zeros > len(start) / 3 and min(odd, even) < zeros / 20:
            return "utf-16-le" if odd > even else "utf-16-be"
        start = start.replace(b"\0", b"")
        if len(start) < zeros or start.count(b"\n") < 3:
            return None
    control = sum(start.count(byte) for byte in b"\1\2\3\4\5\6\7\x0e\x0f\x10\x11\x12\x13\x14\x15")
    if control > len(start) / 100:
        return None
    cut = start[:-4] if len(start) == START else start  # a character may be cut at the end
    try:
        cut.decode("utf-8")
    except UnicodeDecodeError as error:
        return "utf-8" if error.start >= len(cut) - 3 else "cp1252"
    return "utf-8"


def _too_large(name: str) -> FormatError:
    return FormatError(
        f"{name} unpacks to more than expected: {MAX_MEMBER_BYTES >> 30} GiB or {MAX_RATIO} times "
        "the archive",
        "unpack it yourself and name the folder: unzip ARCHIVE -d FOLDER",
    )
