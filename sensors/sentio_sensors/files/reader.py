"""Read a file of another program: the format is detected by its content.

``FORMATS`` is the list; a new format is a module in ``formats`` and an entry here.
"""

from __future__ import annotations

import logging
import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from sentio_sensors.errors import FormatError, SensorError
from sentio_sensors.files.content import FileContent, Hints
from sentio_sensors.files.foreign import foreign
from sentio_sensors.files.formats import (
    acqknowledge,
    brainflow_csv,
    brainvision,
    e4_server,
    edf,
    embrace_plus,
    emotibit,
    empatica_e4,
    empatica_npz,
    labchart,
    muse,
    muse_player,
    nic_easy,
    openbci_card,
    openbci_gui,
    opensignals,
    polar,
    shimmer,
    tables,
)
from sentio_sensors.files.head import Head

log = logging.getLogger(__name__)


def _alone(head: Head) -> list[Path]:
    return [head.path]


class FileFormat(NamedTuple):
    """A format that can be read.

    Attributes:
        name: Name for people.
        matches: Whether a file is of this format; reads no more than the head.
        read: Returns the streams of a file.
        hints: Attributes of ``Hints`` that ``read`` uses; others are named in a note.
        parts: Returns all files that belong to one, itself too.
    """

    name: str
    matches: Callable[[Head], bool]
    read: Callable[[Head, Hints], FileContent]
    hints: tuple[str, ...] = ()
    parts: Callable[[Head], list[Path]] = _alone


_TABLE = ("rate_hz", "time_unit")
"""What is used of a table."""


FORMATS: tuple[FileFormat, ...] = (
    FileFormat(empatica_npz.NAME, empatica_npz.matches, empatica_npz.read),
    FileFormat(empatica_e4.NAME, empatica_e4.matches, empatica_e4.read),
    FileFormat(embrace_plus.NAME, embrace_plus.matches, embrace_plus.read),
    FileFormat(edf.NAME, edf.matches, edf.read),
    FileFormat(brainvision.NAME, brainvision.matches, brainvision.read, parts=brainvision.parts),
    FileFormat(openbci_gui.NAME, openbci_gui.matches, openbci_gui.read, _TABLE),
    FileFormat(openbci_card.NAME, openbci_card.matches, openbci_card.read, ("rate_hz",)),
    FileFormat(opensignals.NAME, opensignals.matches, opensignals.read),
    FileFormat(labchart.NAME, labchart.matches, labchart.read, ("rate_hz",)),
    FileFormat(acqknowledge.NAME, acqknowledge.matches, acqknowledge.read, ("rate_hz",)),
    FileFormat(muse.MIND_MONITOR, muse.matches_mind_monitor, muse.read_mind_monitor, _TABLE),
    FileFormat(muse.MUSE_LSL, muse.matches_muse_lsl, muse.read_muse_lsl, _TABLE),
    FileFormat(shimmer.NAME, shimmer.matches, shimmer.read, _TABLE),
    FileFormat(polar.NAME, polar.matches, polar.read, _TABLE),
    FileFormat(emotibit.NAME, emotibit.matches, emotibit.read, _TABLE),
    FileFormat(e4_server.NAME, e4_server.matches, e4_server.read),
    FileFormat(muse_player.NAME, muse_player.matches, muse_player.read),
    FileFormat(nic_easy.NAME, nic_easy.matches, nic_easy.read, parts=nic_easy.parts),
    FileFormat(brainflow_csv.NAME, brainflow_csv.matches, brainflow_csv.read, (*_TABLE, "board")),
    FileFormat("table", tables.matches, tables.read, _TABLE),
)
"""In the order in which they are tried: the most specific first."""

KNOWN = "XDF, CSV, " + ", ".join(f.name for f in FORMATS[:-1])
"""Names of all formats, for messages."""


MAX_RATE = 1e6
"""Hz; no sensor has a higher rate."""

_OPTIONS = {"rate_hz": "--rate", "board": "--board", "time_unit": "--time-unit"}
"""Options of commands that state ``Hints``."""


def detect(head: Head) -> FileFormat | None:
    """Return the format of a file, or None."""
    return next((f for f in FORMATS if f.matches(head)), None)


def parts_of(path: Path) -> list[Path]:
    """Return all files that a file of another program needs, itself too.

    Raises:
        AbsentError: It does not exist.
    """
    head = Head(path)
    found = detect(head)
    return [path] if found is None else found.parts(head)


def recognised(path: Path) -> bool:
    """Return whether a file in a folder is a recording of another program.

    A table counts if its header has a time and names a channel of a known kind: folders of
    recordings contain other tables too.
    """
    try:
        head = Head(path)
        found = detect(head)
        if found is None or found.name == brainflow_csv.NAME:
            return False
        return found.name != "table" or tables.recognised(head)
    except SensorError:
        return False


def read(path: Path, hints: Hints | None = None) -> FileContent:
    """Read the streams of a file or folder of another program.

    Args:
        path: File or folder; XDF is read by ``sentio_recording``.
        hints: What the user states about it.

    Raises:
        AbsentError: The file, or the package that reads it, is missing.
        FormatError: The format is unknown, the file damaged, or without a stream.
    """
    try:
        return _read(path, hints or Hints())
    except SensorError as error:
        raise type(error)(error.what, _with_path(error.fix, path)) from None


def _read(path: Path, hints: Hints) -> FileContent:
    if hints.rate_hz is not None and not 0 < hints.rate_hz < MAX_RATE:
        raise FormatError(
            f"a rate of {hints.rate_hz:g} Hz, expected a number above 0 and below {MAX_RATE:g}",
            f"sentio play {path.name} --rate 128",
        )
    head = Head(path)
    found = detect(head)
    if found is None:
        raise _unknown(head)
    try:
        content = found.read(head, hints)
    except SensorError:
        raise
    except Exception as error:  # readers of damaged files raise anything
        log.debug("%s cannot be read as %s", path, found.name, exc_info=True)
        why = str(error)[:200] or type(error).__name__
        raise FormatError(
            f"{path.name} cannot be read as {found.name}: {why}",
            f"the file is damaged, or of another program; look into it: head -c 300 {path}",
        ) from None
    if not content.streams:
        raise FormatError(
            f"{path.name} ({content.format}) has no samples of a signal that is read"
            f"{_noted(content)}",
            f"look into it: head -n 5 {path}",
        )
    content.notes.extend(
        f"{option} is not used: the format {found.name} needs none"
        for name, option in _OPTIONS.items()
        if getattr(hints, name) is not None and name not in found.hints
    )
    return content


def _with_path(fix: str, path: Path) -> str:
    """Return a fix with the whole path, quoted, so that its command works."""
    shown = shlex.quote(str(path))
    names = [re.escape(str(path))]
    if "." in path.name:
        names.append(re.escape(path.name))
    return re.sub(rf"(?<![\w./'\"-])(?:{'|'.join(names)})(?![\w.-])", lambda _: shown, fix)


def _noted(content: FileContent) -> str:
    return ": " + "; ".join(content.notes) if content.notes else ""


def _inside(folder: Path, depth: int = 5, limit: int = 200) -> Path | None:
    """Return a recording below a folder, the first by name; a bounded search."""
    level = [folder]
    for _ in range(depth):
        entries = sorted(e for f in level for e in list(f.iterdir())[:limit])[:limit]
        for entry in entries:
            if (entry.is_dir() or entry.suffix) and recognised(entry):
                return entry
        level = [entry for entry in entries if entry.is_dir() and not entry.is_symlink()]
    return None


def _unknown(head: Head) -> FormatError:
    if head.is_folder:
        names = ", ".join(sorted(head.names.values())[:6]) or "nothing"
        try:
            inside = _inside(head.path)
        except OSError:
            inside = None
        return FormatError(
            f"{head.path} contains {names}: no recording that is known",
            f"name the recording in it: sentio inspect {inside}"
            if inside is not None
            else f"name a file in it, for example: sentio inspect {head.path}/FILE",
        )
    known = foreign(head)
    if known is not None:
        return FormatError(f"{head.path.name} is {known[0]}, which is not read", known[1])
    if head.names:
        names = ", ".join(sorted(head.names.values())[:6])
        return FormatError(
            f"{head.path.name} is an archive of {names}, not of an Empatica session",
            f"unpack it and name a file: unzip {head.path}",
        )
    text = (head.text or "").strip() if head.encoding is not None else None
    if text == "":
        return FormatError(f"{head.path.name}: it is empty", f"copy it again: ls -l {head.path}")
    if text is not None and tables.is_header(text):
        return FormatError(
            f"{head.path.name} has a header ({' '.join(text[:80].split())}) and no rows",
            f"record or export it again: cat {head.path}",
        )
    seen = f"it begins with {head.start[:16]!r}"
    return FormatError(
        f"{head.path.name}: {seen}, which is not one of {KNOWN}",
        f"export it as CSV with a header, then: sentio inspect {head.path.stem}.csv",
    )
