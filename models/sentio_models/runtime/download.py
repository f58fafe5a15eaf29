"""Fetches published model files: resumed where a connection was cut, kept only if the hash fits."""

from __future__ import annotations

import hashlib
import os
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol, cast

from sentio_models.errors import ModelError, ModelMissingError, ModelRefusedError
from sentio_models.runtime.bundle import BUNDLES, Bundle
from sentio_models.runtime.manifest import WEIGHTS, load
from sentio_models.runtime.onnx_session import OnnxSession

TIMEOUT = 20.0
"""Seconds without a byte after which a connection counts as cut."""

MAX_BYTES = 512 * 1024 * 1024
"""No model that Sentio knows comes near; a server that sends more is not trusted."""

TRIES = 4
"""A cut connection is taken up again so many times, as long as each brings at least a byte."""

BLOCK = 64 * 1024

Progress = Callable[[int, int | None], None]


class Reply(Protocol):
    """What an opener gives: an HTTP reply that can be read in blocks."""

    status: int

    def read(self, count: int, /) -> bytes:
        """Return up to ``count`` bytes, none at the end."""
        ...

    def getheader(self, name: str, /) -> str | None:
        """Return a header's value."""
        ...

    def close(self) -> None:
        """Hang up."""
        ...


Opener = Callable[[urllib.request.Request], Reply]


def open_url(request: urllib.request.Request) -> Reply:
    """Open a request with the system's certificates and proxies."""
    return cast(Reply, urllib.request.urlopen(request, timeout=TIMEOUT))


def pull(
    name: str,
    *,
    url: str,
    sha256: str,
    folder: Path,
    progress: Progress = lambda _done, _total: None,
    opener: Opener = open_url,
) -> Path:
    """Fetch a file into ``folder``, or leave what is there if its hash already fits.

    Bytes are gathered in ``NAME.part``; a later call goes on where a cut one stopped. The file
    takes its name only once its hash is right, so that nothing half or foreign is ever found.

    Args:
        name: File name to give it.
        url: ``https``, or ``http`` to this machine.
        sha256: Of the whole file.
        folder: Made if it is not there.
        progress: Told bytes so far and bytes in all (None where the server does not say).
        opener: How to reach the network.

    Returns:
        Where the file lies.

    Raises:
        ModelMissingError: The server refused, the connection kept breaking, or the disk did.
        ModelRefusedError: What came has another hash, or is too large; it was deleted.
    """
    scheme, _, rest = url.partition("://")
    host = rest.partition("/")[0].rpartition(":")[0] or rest.partition("/")[0]
    local = scheme == "http" and host in ("127.0.0.1", "localhost", "[::1]")
    if scheme != "https" and not local:
        raise ModelRefusedError(f"{url} is not https", "use the publisher's https address")
    if Path(name).name != name:
        raise ModelRefusedError(f"{name!r} is not a plain file name")
    target, part = folder / name, folder / f"{name}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if target.is_file() and _hash(target) == sha256:
            return target
        _gather(url, part, progress, opener)
        digest = _hash(part)
        if digest != sha256:
            part.unlink()
            raise ModelRefusedError(
                f"{url} gave a file with SHA-256 {digest}, expected {sha256}; it was deleted",
                "try again; if it stays so, the publisher changed the file or somebody did",
            )
        part.replace(target)
    except OSError as error:
        raise ModelMissingError(
            f"{target} cannot be written: {error.strerror or error}",
            f"make room or choose another folder with SENTIO_MODELS ({folder})",
        ) from None
    return target


def pull_bundle(bundle: Bundle, folder: Path, *, progress: Progress = lambda _d, _t: None) -> Path:
    """Fetch a known bundle; see ``pull``."""
    return pull(bundle.file, url=bundle.url, sha256=bundle.sha256, folder=folder, progress=progress)


def _gather(url: str, part: Path, progress: Progress, opener: Opener) -> None:
    """Read the whole reply into ``part``, taking it up again where it breaks off."""
    last = ""
    for _ in range(TRIES):
        before = part.stat().st_size if part.is_file() else 0
        finished, last = _append(url, part, before, progress, opener)
        if finished:
            return
        if (part.stat().st_size if part.is_file() else 0) <= before:
            break
    raise ModelMissingError(
        f"{url}: {last}", "check the connection and call again: what came so far is kept"
    )


def _append(
    url: str, part: Path, start: int, progress: Progress, opener: Opener
) -> tuple[bool, str]:
    """Ask for what is missing; return whether all came, and else what went wrong."""
    headers = {"User-Agent": "sentio", "Accept-Encoding": "identity"}
    if start:
        headers["Range"] = f"bytes={start}-"
    try:
        reply = opener(urllib.request.Request(url, headers=headers))
    except urllib.error.HTTPError as error:
        with error:
            if error.code == 416:  # nothing lies beyond what we have: the hash will tell
                return True, ""
            raise ModelMissingError(
                f"{url} answered {error.code} {error.reason}",
                "check the address, or fetch the file by hand and set SENTIO_MODELS",
            ) from None
    except (urllib.error.URLError, TimeoutError, ConnectionError) as error:
        return False, f"cannot be reached ({getattr(error, 'reason', error)})"
    try:
        done = start if reply.status == 206 else 0  # a server without ranges sends it all again
        length = reply.getheader("Content-Length")
        total = done + int(length) if length and length.isdigit() else None
        if (total or 0) > MAX_BYTES:
            raise ModelRefusedError(f"{url} offers {total} bytes, the limit is {MAX_BYTES}")
        with part.open("ab" if done else "wb") as file:
            done = _copy(reply, file, done, total, progress)
    except (TimeoutError, ConnectionError) as error:
        return False, f"the connection broke ({error})"
    except Exception as error:
        if type(error).__module__ != "http.client":  # IncompleteRead: cut in the middle
            raise
        return False, "the connection broke before the end"
    finally:
        reply.close()
    if total is not None and done < total:
        return False, f"the connection broke after {done} of {total} bytes"
    return True, ""


def _copy(reply: Reply, file: IO[bytes], done: int, total: int | None, progress: Progress) -> int:
    progress(done, total)
    while block := reply.read(BLOCK):
        file.write(block)
        done += len(block)
        if done > MAX_BYTES:
            raise ModelRefusedError(f"the server sent more than {MAX_BYTES} bytes")
        progress(done, total)
    file.flush()
    os.fsync(file.fileno())
    return done


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@dataclass(frozen=True, slots=True)
class Shipped:
    """One model that came with Sentio.

    Attributes:
        name: Of the model.
        modality: Which it serves.
        size: Bytes of the ONNX file.
        sha256: That its manifest promises.
        licence: Of the weights.
        trained_on: In a line.
        card: Its model card.
    """

    name: str
    modality: str
    size: int
    sha256: str
    licence: str
    trained_on: str
    card: str


@dataclass(frozen=True, slots=True)
class VerifyResult:
    """Whether one model can be used.

    Attributes:
        name: Of the model.
        fine: Its bytes are the promised ones and the runtime accepts them.
        what: What is wrong, empty where nothing is.
        fix: What to do about it.
    """

    name: str
    fine: bool
    what: str = ""
    fix: str = ""


def names(folder: Path = WEIGHTS) -> list[str]:
    """Return the names of the shipped models, sorted."""
    return sorted({p.stem for p in folder.glob("*.toml")} | {p.stem for p in folder.glob("*.onnx")})


def shipped(folder: Path = WEIGHTS) -> list[Shipped]:
    """List the models that can be loaded; ``verify`` tells about the others."""
    found = []
    for name in names(folder):
        try:
            manifest, blob = load(name, folder)
        except ModelError:
            continue
        found.append(
            Shipped(
                name,
                manifest.modality,
                len(blob),
                manifest.sha256,
                manifest.licence,
                manifest.trained_on,
                manifest.card,
            )
        )
    return found


def verify(folder: Path = WEIGHTS, places: dict[Bundle, Path] | None = None) -> list[VerifyResult]:
    """Hash and open every shipped model, and hash every bundle that was pulled.

    Args:
        folder: Of the shipped models.
        places: Where pulled bundles lie; those that are elsewhere are not looked at.
    """
    verdicts = []
    for name in names(folder):
        try:
            OnnxSession.shipped(name, folder)
            verdicts.append(VerifyResult(name, True))
        except ModelError as error:
            verdicts.append(VerifyResult(name, False, error.what, error.fix))
    for bundle in BUNDLES:
        path = (places or {}).get(bundle)
        if path is None or not path.is_file():
            continue
        digest = _hash(path)
        if digest == bundle.sha256:
            verdicts.append(VerifyResult(bundle.name, True))
        else:
            verdicts.append(
                VerifyResult(
                    bundle.name,
                    False,
                    f"{path} has SHA-256 {digest}, expected {bundle.sha256}",
                    f"delete it, then: sentio models pull {bundle.name}",
                )
            )
    return verdicts
