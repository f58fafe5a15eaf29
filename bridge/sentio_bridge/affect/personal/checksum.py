"""Checksum at the end of a profile's file, which finds changes; no signature."""

from __future__ import annotations

import hashlib
import re

from sentio_bridge.affect.personal.profile import ProfileError

_END = b"\n}\n"
_LINE = re.compile(rb',\n  "([^"]*)": "([0-9a-f]{64})"\n}\n\Z')


def with_checksum(data: bytes) -> bytes:
    """Return the bytes of a profile's file with the checksum of them.

    Args:
        data: Of ``profile.encode``.
    """
    digest = hashlib.sha256(data).hexdigest().encode()
    return data.removesuffix(_END) + b',\n  "sha256": "' + digest + b'"' + _END


def check_bytes(data: bytes) -> None:
    """Check the bytes of a profile's file; older ones have no checksum.

    Raises:
        ProfileError: They were changed after they had been written.
    """
    found = _LINE.search(data)
    if found is None and b'"sha256"' not in data:
        return
    whole = b"" if found is None else data[: found.start()] + _END
    stated = None if found is None or found[1] != b"sha256" else found[2]
    if hashlib.sha256(whole).hexdigest().encode() != stated:
        raise ProfileError(
            "the profile was changed after it had been written",
            "restore a copy, or calibrate again; if you changed it yourself, remove its sha256",
        )
