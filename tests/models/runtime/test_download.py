"""Tests of downloads from a real HTTP server: complete or refused, never partial."""

from __future__ import annotations

import gc
import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest

from sentio_models.errors import ModelMissingError, ModelRefusedError
from sentio_models.runtime import download
from sentio_models.runtime.download import BLOCK, pull

BODY = np.random.default_rng(0).bytes(5 * BLOCK + 17)
DIGEST = hashlib.sha256(BODY).hexdigest()


class Handler(BaseHTTPRequestHandler):
    requests: ClassVar[list[str]] = []
    cut_after: ClassVar[list[int]] = []

    def log_message(self, *_: Any) -> None:
        pass

    def do_GET(self) -> None:  # noqa: N802 - the base class's name
        self.requests.append(self.path)
        if self.path != "/model.bin":
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(BODY)))
        self.end_headers()
        self.wfile.write(BODY[: self.cut_after.pop(0)] if self.cut_after else BODY)


@pytest.fixture
def server() -> Iterator[str]:
    Handler.requests, Handler.cut_after = [], []
    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=http.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{http.server_port}"
    http.shutdown()
    thread.join()
    http.server_close()


def fetch(server: str, folder: Path, **changes: Any) -> Path:
    arguments = {"url": f"{server}/model.bin", "sha256": DIGEST, "folder": folder} | changes
    return pull("model.bin", **arguments)


def test_file_is_downloaded_completely_and_only_once(server: str, tmp_path: Path) -> None:
    calls: list[tuple[int, int | None]] = []
    path = fetch(server, tmp_path / "new", progress=lambda d, t: calls.append((d, t)))
    assert path.read_bytes() == BODY
    assert calls[0] == (BLOCK, len(BODY))
    assert calls[-1] == (len(BODY), len(BODY))
    assert [d for d, _ in calls] == sorted(d for d, _ in calls)
    fetch(server, tmp_path / "new")
    assert len(Handler.requests) == 1


def test_broken_connection_raises_and_leaves_no_file(server: str, tmp_path: Path) -> None:
    Handler.cut_after = [BLOCK + 5]
    with pytest.raises(ModelMissingError, match="cannot be downloaded") as caught:
        fetch(server, tmp_path)
    assert "connection" in caught.value.fix
    assert list(tmp_path.iterdir()) == []
    assert fetch(server, tmp_path).read_bytes() == BODY


def test_existing_damaged_file_is_replaced(server: str, tmp_path: Path) -> None:
    (tmp_path / "model.bin").write_bytes(b"old")
    assert fetch(server, tmp_path).read_bytes() == BODY


def test_oversized_download_is_stopped(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "MAX_BYTES", BLOCK)
    with pytest.raises(ModelRefusedError, match="more than"):
        fetch(server, tmp_path)
    gc.collect()  # an open connection would warn here and fail the test
    assert list(tmp_path.iterdir()) == []


def test_full_disk_is_reported(server: str, tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2 * BLOCK, hard))
    try:
        with pytest.raises(ModelMissingError, match="cannot be written") as caught:
            fetch(server, tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert "make room" in caught.value.fix
    assert list(tmp_path.iterdir()) == []


def test_file_with_another_hash_is_deleted(server: str, tmp_path: Path) -> None:
    with pytest.raises(ModelRefusedError, match=DIGEST):
        fetch(server, tmp_path, sha256="0" * 64)
    assert list(tmp_path.iterdir()) == []


def test_not_found_error_names_the_address(server: str, tmp_path: Path) -> None:
    with pytest.raises(ModelMissingError, match=r"other\.bin answered 404"):
        fetch(server, tmp_path, url=f"{server}/other.bin")


def test_unreachable_address_raises_missing(tmp_path: Path) -> None:
    with pytest.raises(ModelMissingError, match="cannot be downloaded"):
        fetch("http://127.0.0.1:9", tmp_path)


def test_unwritable_folder_is_reported(server: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ModelMissingError, match="cannot be written"):
        fetch(server, tmp_path / "file")


@pytest.mark.parametrize("url", ["http://example.org/m", "ftp://127.0.0.1/m", "file:///etc/passwd"])
def test_only_https_or_loopback_is_allowed(url: str, tmp_path: Path) -> None:
    with pytest.raises(ModelRefusedError, match="not https"):
        fetch("", tmp_path, url=url)


def test_name_with_a_path_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelRefusedError, match="plain file name"):
        pull("../x", url="http://127.0.0.1:9/x", sha256=DIGEST, folder=tmp_path)
