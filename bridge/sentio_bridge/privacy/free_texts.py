"""Ids for texts of clients in the audit, meaningless after an erasure.

A game may call itself, a source or an adaptation by a person's name. Nothing can be removed from
the audit, so it has ids; the texts are in a file that goes with each erasure of a person.
"""

from __future__ import annotations

import re
from pathlib import Path
from secrets import token_hex

import msgspec

from sentio_bridge.privacy.private_folder import PrivacyError, locked, make_private, replace

FILE = "free_texts.json"

MOST, LONGEST = 2048, 64
"""Texts that are kept, and characters of each; what is beyond is ``other``, or cut."""

KNOWN = frozenset({"", "godot", "godot launcher", "unity", "lines", "other"})
"""Texts of this program, which are written as they are; so are numbers, such as a version."""

_NUMBERS = re.compile(r"\d{1,6}(\.\d{1,6}){0,3}")


class FreeTexts:
    """Texts with their ids, in the folder of the audit.

    Args:
        folder: Folder of the state.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self._ids: dict[str, str] | None = None  # read when the first text comes

    def of(self, text: str) -> str:
        """Return the id of a text; a text of this program as it is.

        Raises:
            PrivacyError: The texts cannot be read or written.
        """
        text = text[:LONGEST]
        if text in KNOWN or _NUMBERS.fullmatch(text):
            return text
        if self._ids is None:
            self._ids = self._read()
        if text not in self._ids:
            make_private(self._path.parent)
            with locked(self._path.parent):
                self._ids = self._read()
                if text not in self._ids and len(self._ids) < MOST:
                    self._ids[text] = f"text-{token_hex(6)}"
                    replace(self._path, msgspec.json.encode(self._ids))
        return self._ids.get(text, "other")

    def known(self) -> dict[str, str]:
        """Return the text of each id that can still be resolved.

        Raises:
            PrivacyError: The texts cannot be read.
        """
        return {id_: text for text, id_ in self._read().items()}

    def forget(self) -> None:
        """Delete all texts: any of them may name the person who is erased.

        Raises:
            PrivacyError: The file cannot be deleted.
        """
        self._ids = None
        try:
            self._path.unlink(missing_ok=True)
        except OSError as error:
            raise PrivacyError(f"cannot delete {self._path}: {error.strerror}") from None

    def _read(self) -> dict[str, str]:
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=dict[str, str])
        except FileNotFoundError:
            return {}
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise PrivacyError(f"cannot read {self._path}: {error}", "delete it") from None
