"""Signature of the audit's newest line, with a key and a counter kept apart."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from secrets import token_hex

import msgspec
import platformdirs

from sentio_bridge.privacy.private_folder import PrivacyError, make_private, replace
from sentio_bridge.privacy.sealing import scope_of
from sentio_recording.sealed.key_folder import KeyFolder


class _Apart(msgspec.Struct, frozen=True):
    """Content of the file apart.

    Attributes:
        key: Key of the signatures, 64 hexadecimal characters.
        n: Number of the newest line that was signed.
        writing: Hashes of the lines that are being written; empty afterwards.
    """

    key: str
    n: int
    writing: tuple[str, ...] = ()


_aparts = msgspec.json.Decoder(_Apart)


class AuditSeal:
    """Signer of an audit's newest line by HMAC-SHA-256.

    Who changes both files of the audit lacks the key; who restores older ones together with their
    signature lacks the counter. Both are in the user's folder of keys, one file for each audit.
    Who restores that folder too lacks the counter's second copy, in the user's folder of program
    states.

    Args:
        folder: Folder of the audit.
        keys: Folder of the keys; default: the user's.
    """

    def __init__(self, folder: Path, keys: Path | None = None) -> None:
        self.path = (keys or KeyFolder().path) / f"audit-{scope_of(folder.resolve())}.json"
        self._counters = Path(platformdirs.user_state_dir("sentio")) / "audit"

    def sign(self, n: int, lines: Sequence[str]) -> str:
        """Return the signature of the last line, before the lines are written.

        The hashes are noted apart first: after a crash, lines without a signature are known to be
        the sidecar's. A missing key is made.

        Args:
            n: Number of the last line.
            lines: Hash of each line.

        Raises:
            PrivacyError: The key cannot be read or written.
        """
        apart = self._read()
        if apart is None:
            make_private(self.path.parent)
            apart = _Apart(token_hex(32), 0)
        replace(self.path, msgspec.json.encode(_Apart(apart.key, apart.n, tuple(lines))))
        return _mac(apart.key, n, lines[-1])

    def signed(self, n: int) -> None:
        """Note that the signature of line ``n`` is on the disk.

        Raises:
            PrivacyError: It cannot be written.
        """
        apart = self._read()
        if apart is not None:
            replace(self.path, msgspec.json.encode(_Apart(apart.key, n)))
            with suppress(PrivacyError):  # only the first copy is required
                make_private(self._counters)
                replace(self._counter(apart.key), str(n).encode())

    def newest(self) -> int:
        """Return the number of the newest line that was signed; 0 for none.

        Raises:
            PrivacyError: The key cannot be read.
        """
        apart = self._read()
        return 0 if apart is None else self._newest(apart)

    def wrote(self, line: str) -> bool:
        """Return whether a line without a signature was being written at a crash.

        Raises:
            PrivacyError: The key cannot be read.
        """
        apart = self._read()
        return apart is not None and line in apart.writing

    def problem(self, n: int, line: str, mac: str) -> str:
        """Return what is wrong with the signature of the newest line; empty if nothing is.

        Args:
            n: Number of the line; 0 for no audit.
            line: Hash of the line.
            mac: Its signature; empty for none.

        Raises:
            PrivacyError: The key cannot be read.
        """
        apart = self._read()
        if apart is None:
            return "its key is missing: the signature cannot be checked" if mac else ""
        newest = self._newest(apart)
        if n < newest:
            return f"lines at the end were removed: line {newest} was signed, {n} are left"
        if n and not hmac.compare_digest(mac, _mac(apart.key, n, line)):
            return "the signature of the newest line is wrong"
        return ""

    def _newest(self, apart: _Apart) -> int:
        with suppress(OSError, ValueError):
            return max(apart.n, int(self._counter(apart.key).read_bytes()[:20]))
        return apart.n

    def _counter(self, key: str) -> Path:
        """Return the file of the second copy; its name does not reveal the key."""
        # By the key, not the folder: a new audit at the same place begins at 1.
        return self._counters / hashlib.sha256(f"sentio counter {key}".encode()).hexdigest()[:32]

    def _read(self) -> _Apart | None:
        try:
            return _aparts.decode(self.path.read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise PrivacyError(
                f"cannot read the key of the audit, {self.path}: {error}",
                "restore it; without it nobody can show that the audit is whole",
            ) from None


def _mac(key: str, n: int, line: str) -> str:
    return hmac.new(key.encode(), f"sentio audit {n} {line}".encode(), hashlib.sha256).hexdigest()
