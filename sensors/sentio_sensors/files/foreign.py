"""Kinds of files that are not read, each with a command that converts it."""

from __future__ import annotations

import re
from typing import NamedTuple

from sentio_sensors.files.head import Head


class Kind(NamedTuple):
    """A kind of file.

    Attributes:
        name: Name for people, with its article.
        command: What to do, with ``{path}`` and ``{stem}``; a shell command where there is one.
    """

    name: str
    command: str


_PANDAS = (
    "python -c \"import pandas; pandas.{reader}('{{path}}').to_csv('{{stem}}.csv', index=False)\""
)
_MNE = "python -c \"import mne; mne.io.read_raw('{path}').export('{stem}.edf')\""

_HDF5 = Kind(
    "an HDF5 file (MATLAB 7.3, OpenSignals and others)",
    "export the signals as text or CSV with a header, then: sentio inspect {stem}.csv",
)
_CUT = Kind(
    "a ZIP archive that is cut or damaged",
    "copy it again, or repair it: zip -FF {path} --out repaired.zip",
)
_STARTS: tuple[tuple[bytes, Kind], ...] = (
    (b"PAR1", Kind("a Parquet file", _PANDAS.format(reader="read_parquet"))),
    (b"\x1f\x8b", Kind("a file packed by gzip, and no XDF", "unpack it: gunzip -k {path}")),
    (b"BZh", Kind("a file packed by bzip2", "unpack it: bunzip2 -k {path}")),
    (b"\xfd7zXZ", Kind("a file packed by xz", "unpack it: unxz -k {path}")),
    (b"7z\xbc\xaf", Kind("a 7-Zip archive", "unpack it: 7z x {path}")),
    (b"Rar!", Kind("a RAR archive", "unpack it: unrar x {path}")),
    (b"\x89HDF", _HDF5),
    (b"MATLAB 7.3", _HDF5),
    (
        b"MATLAB 5.0",
        Kind(
            "a MATLAB file, or EEGLAB's .set",
            "of EEGLAB: python -c \"import mne; mne.io.read_raw_eeglab('{path}')"
            ".export('{stem}.edf')\"",
        ),
    ),
    (b"GDF ", Kind("a GDF file", _MNE)),
    (b"Version 3.", Kind("a Neuroscan file", _MNE)),
    (b"\x00\x00\x00\x64\x00\x00\x00\x1f", Kind("a FIF file", _MNE)),
    (
        b"\x93NUMPY",
        Kind(
            "a NumPy array without names",
            "python -c \"import numpy as n; n.savetxt('{stem}.csv', n.load('{path}'), "
            "delimiter=',')\"",
        ),
    ),
    (b"\xd0\xcf\x11\xe0", Kind("an old Excel workbook", "save its sheet as CSV: {stem}.csv")),
    (b"%PDF", Kind("a PDF document", "obtain the data as CSV, then: sentio inspect {stem}.csv")),
)  # fmt: skip

_TEXTS: tuple[tuple[str, Kind], ...] = (
    ("<!doctype html", Kind("a web page, perhaps a failed download", "download it again: {path}")),
    ("<html", Kind("a web page, perhaps a failed download", "download it again: {path}")),
    (
        "<?xml",
        Kind("an XML document", "export the signals as CSV, then: sentio inspect {stem}.csv"),
    ),
    ("{", Kind("JSON", _PANDAS.format(reader="read_json"))),
    ("[", Kind("JSON", _PANDAS.format(reader="read_json"))),
)

_SETTINGS = Kind("a file of settings", "name a recording; to check settings: sentio config check")
_SECTION = re.compile(r"\[+(?!(?:true|false|null)\b)[a-z_][\w.-]*\]+\s*(?:[#;\n]|$)")
"""First line of TOML and INI files."""

_MEMBERS: tuple[tuple[str, Kind], ...] = (
    ("xl/", Kind("an Excel workbook", _PANDAS.format(reader="read_excel"))),
    ("content.xml", Kind("an OpenDocument sheet", _PANDAS.format(reader="read_excel"))),
)


def foreign(head: Head) -> tuple[str, str] | None:
    """Return what a file is that is not read, and what to do; None if it is not known."""
    kind = next((k for start, k in _STARTS if head.start.startswith(start)), None)
    if kind is None and head.start.startswith(b"PK\x03\x04") and not head.listed:
        kind = _CUT
    if kind is None and head.start[:1] == b"\x80" and head.start[1:2] in b"\2\3\4\5":
        kind = Kind(
            "a Python pickle, which can contain programs",
            "where it is trusted, save its arrays as CSV, then: sentio inspect {stem}.csv",
        )
    if kind is None:
        kind = next((k for m, k in _MEMBERS if any(n.startswith(m) for n in head.listed)), None)
    if kind is None:
        text = (head.text or "").lstrip()[:200].lower()
        kind = next((k for start, k in _TEXTS if text.startswith(start)), None)
        if _SECTION.match(text) or head.path.suffix.lower() in (".toml", ".ini", ".yaml", ".yml"):
            kind = _SETTINGS
    if kind is None:
        return None
    stem = head.path.stem
    lines = kind.name == "JSON" and len([line for line in head.lines[:3] if line[:1] == "{"]) > 1
    command = kind.command.replace("')", "', lines=True)", 1) if lines else kind.command
    return kind.name, command.format(path=head.path, stem=stem)
