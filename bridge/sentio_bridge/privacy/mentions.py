"""Find links, and files that name a person and are in no list."""

from __future__ import annotations

import mmap
import os
import re
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path


def mentions(subject: str, roots: Collection[Path], known: Collection[Path]) -> Iterator[Path]:
    """Yield files below some folders that name a person, and links.

    They may hold data of the person, but a program cannot know. The name is looked for as a whole
    word in paths and bytes; it is not found in compressed or encrypted files, and not in formats
    without names. Nothing behind a link is read.

    Args:
        subject: The person.
        roots: Folders.
        known: Files and folders in them that belong to somebody.
    """
    word = rf"(?<![0-9A-Za-z]){re.escape(subject)}(?![0-9A-Za-z])"
    name, content = re.compile(word), re.compile(word.encode())
    for root in sorted(roots):
        for folder, folders, files in os.walk(root):
            path = Path(folder)
            yield from (path / each for each in sorted(folders) if (path / each).is_symlink())
            folders[:] = [each for each in folders if path / each not in known]
            for each in sorted(files):
                file = path / each
                if file.is_symlink():
                    yield file
                    continue
                if file in known or not file.is_file():
                    continue
                if name.search(str(file.relative_to(root))) or _holds(file, content):
                    yield file


def _holds(file: Path, content: re.Pattern[bytes]) -> bool:
    with suppress(OSError, ValueError), file.open("rb") as opened:  # an empty file has no map
        with mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as data:
            return content.search(data) is not None
    return False
