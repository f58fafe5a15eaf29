"""Download published model files with pooch and verify their hash."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sentio_models.errors import ModelMissingError, ModelRefusedError
from sentio_models.runtime.bundle import Bundle

TIMEOUT = 20.0
"""Seconds without a byte after which a connection counts as broken."""

MAX_BYTES = 512 * 1024 * 1024
"""Limit of a download, bytes; all models are much smaller."""

BLOCK = 64 * 1024

Progress = Callable[[int, int | None], None]
"""Called with the received bytes and the total, None if unknown."""


def pull(
    name: str,
    *,
    url: str,
    sha256: str,
    folder: Path,
    progress: Progress = lambda _done, _total: None,
) -> Path:
    """Download a file into ``folder`` unless it exists with the right hash.

    The file gets its name only after its hash was verified: partial or foreign files never have it.

    Args:
        name: Name of the file.
        url: ``https``, or ``http`` to this machine.
        sha256: Hash of the complete file.
        folder: Created if it is missing.
        progress: Called after each block.

    Returns:
        Path of the file.

    Raises:
        ModelMissingError: pooch is not installed, the server refused, the connection broke, or
            the file cannot be written.
        ModelRefusedError: The file has another hash or is too large; it was deleted.
    """
    address = urlsplit(url)
    local = address.scheme == "http" and address.hostname in ("127.0.0.1", "localhost", "::1")
    if address.scheme != "https" and not local:
        raise ModelRefusedError(f"{url} is not https", "use the publisher's https address")
    if Path(name).name != name:
        raise ModelRefusedError(f"{name!r} is not a plain file name")
    try:
        import pooch
        from requests import HTTPError, RequestException
    except ImportError:
        raise ModelMissingError(
            "pooch is not installed", "pip install 'sentio-affect[face]'"
        ) from None
    pooch.get_logger().setLevel("WARNING")
    replies: list[Any] = []
    downloader = pooch.HTTPDownloader(
        progressbar=_Bar(url, progress),
        chunk_size=BLOCK,
        timeout=TIMEOUT,
        headers={"User-Agent": "sentio", "Accept-Encoding": "identity"},
        hooks={"response": lambda reply, **_: replies.append(reply)},
    )
    try:
        pooch.retrieve(url, f"sha256:{sha256}", name, folder, downloader=downloader)
    except HTTPError as error:
        raise ModelMissingError(
            f"{url} answered {error.response.status_code} {error.response.reason}",
            "check the address, or download the file by hand and set SENTIO_MODELS",
        ) from None
    except RequestException as error:
        raise ModelMissingError(
            f"{url} cannot be downloaded: {error}", "check the connection and try again"
        ) from None
    except OSError as error:
        raise ModelMissingError(
            f"{folder / name} cannot be written: {error.strerror or error}",
            f"make room or choose another folder with SENTIO_MODELS ({folder})",
        ) from None
    except ValueError as error:  # pooch: another hash
        raise ModelRefusedError(
            f"{url}: {error}",
            "try again; if it persists, the file was changed at its source",
        ) from None
    finally:
        for reply in replies:  # pooch leaves the connection of a failed download open
            reply.close()
    return folder / name


def pull_bundle(bundle: Bundle, folder: Path, *, progress: Progress = lambda _d, _t: None) -> Path:
    """Download a known bundle; see ``pull``."""
    return pull(bundle.file, url=bundle.url, sha256=bundle.sha256, folder=folder, progress=progress)


class _Bar:
    """Progress bar for pooch that also enforces the size limit."""

    def __init__(self, url: str, progress: Progress) -> None:
        self.total = 0
        self._url = url
        self._progress = progress
        self._done = 0

    def update(self, count: int) -> None:
        self._done += count
        if max(self._done, self.total) > MAX_BYTES + BLOCK:
            raise ModelRefusedError(f"{self._url} sends more than {MAX_BYTES} bytes")
        if self.total:
            self._progress(min(self._done, self.total), self.total)
        else:
            self._progress(self._done, None)

    def reset(self) -> None:
        self._done = 0

    def close(self) -> None:
        """Do nothing: the caller owns the visible progress bar."""
