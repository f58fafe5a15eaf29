"""Provide the program that draws diagrams without other servers."""

from __future__ import annotations

import base64
import hashlib
import shutil
import subprocess
import tarfile
from pathlib import Path

VERSION = "12.3.0"
SHA512 = "4113TdXeLAsMruJ79OpFL5O8+LTFXhQqZ260rF3tgUmiNAtRm4Uume04I+65PRN6yZ69J4f8rVYWW8zRk65UYw=="
_MEMBER = "package/dist/mermaid.min.js"


class MermaidError(Exception):
    """The downloaded package is not the pinned one."""


def provide(cache: Path) -> Path | None:
    """Return the script, downloaded once with npm; None without npm or network.

    Raises:
        MermaidError: The package's hash is not the pinned one.
    """
    script = cache / f"mermaid-{VERSION}.min.js"
    if script.exists():
        return script
    npm = shutil.which("npm")
    if npm is None:
        return None
    cache.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        [npm, "pack", "--silent", f"mermaid@{VERSION}"],
        cwd=cache,
        capture_output=True,
        check=False,
    )
    archive = cache / f"mermaid-{VERSION}.tgz"
    if done.returncode or not archive.exists():
        return None
    found = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if found != SHA512:
        archive.unlink()
        raise MermaidError(f"mermaid {VERSION}: got SHA-512 {found}, expected {SHA512}")
    with tarfile.open(archive) as packed:
        member = packed.extractfile(_MEMBER)
        if member is None:
            raise MermaidError(f"mermaid {VERSION}: no {_MEMBER} in the package")
        script.write_bytes(member.read())
    archive.unlink()
    return script
