"""Model files come over a real HTTP server: whole, resumed, refused, and never half."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest

from sentio_models.errors import ModelMissingError, ModelRefusedError
from sentio_models.runtime.download import BLOCK, names, pull, shipped, verify

BODY = np.random.default_rng(0).bytes(5 * BLOCK + 17)
DIGEST = hashlib.sha256(BODY).hexdigest()


class Handler(BaseHTTPRequestHandler):
    ranges: ClassVar[list[str | None]] = []
    cut_after: ClassVar[list[int]] = []
    honours_ranges: ClassVar[bool] = True

    def log_message(self, *_: Any) -> None:
        pass

    def do_GET(self) -> None:  # noqa: N802 - the base class's name
        asked = self.headers.get("Range")
        self.ranges.append(asked)
        if self.path != "/model.bin":
            self.send_error(404)
            return
        start = int(asked[6:-1]) if asked and self.honours_ranges else 0
        if start >= len(BODY):
            self.send_error(416)
            return
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(BODY) - start))
        self.end_headers()
        end = len(BODY)
        if self.cut_after:
            end = min(end, start + self.cut_after.pop(0))
        self.wfile.write(BODY[start:end])


@pytest.fixture
def server() -> Iterator[str]:
    Handler.ranges, Handler.cut_after, Handler.honours_ranges = [], [], True
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


def test_a_file_comes_whole_and_is_not_fetched_twice(server: str, tmp_path: Path) -> None:
    told: list[tuple[int, int | None]] = []
    path = fetch(server, tmp_path / "new", progress=lambda d, t: told.append((d, t)))
    assert path.read_bytes() == BODY
    assert told[0] == (0, len(BODY))
    assert told[-1] == (len(BODY), len(BODY))
    assert [d for d, _ in told] == sorted(d for d, _ in told)
    fetch(server, tmp_path / "new")
    assert len(Handler.ranges) == 1


def test_a_cut_connection_is_taken_up_where_it_broke(server: str, tmp_path: Path) -> None:
    Handler.cut_after = [BLOCK + 5, 1000]
    assert fetch(server, tmp_path).read_bytes() == BODY
    assert Handler.ranges == [None, f"bytes={BLOCK + 5}-", f"bytes={BLOCK + 1005}-"]
    assert [p.name for p in tmp_path.iterdir()] == ["model.bin"]


def test_what_an_earlier_call_left_is_resumed(server: str, tmp_path: Path) -> None:
    (tmp_path / "model.bin.part").write_bytes(BODY[:1234])
    fetch(server, tmp_path)
    assert Handler.ranges == ["bytes=1234-"]


def test_a_part_that_is_already_whole_only_needs_its_name(server: str, tmp_path: Path) -> None:
    (tmp_path / "model.bin.part").write_bytes(BODY)
    assert fetch(server, tmp_path).read_bytes() == BODY


def test_a_server_without_ranges_starts_over(server: str, tmp_path: Path) -> None:
    Handler.honours_ranges = False
    (tmp_path / "model.bin.part").write_bytes(b"old" * 100)
    assert fetch(server, tmp_path).read_bytes() == BODY


def test_a_connection_that_brings_nothing_fails_clearly(server: str, tmp_path: Path) -> None:
    Handler.cut_after = [100, 0, 0]
    with pytest.raises(ModelMissingError, match="connection") as caught:
        fetch(server, tmp_path)
    assert "call again" in caught.value.fix
    assert (tmp_path / "model.bin.part").stat().st_size == 100
    assert not (tmp_path / "model.bin").exists()


def test_a_foreign_file_is_deleted(server: str, tmp_path: Path) -> None:
    with pytest.raises(ModelRefusedError, match=DIGEST):
        fetch(server, tmp_path, sha256="0" * 64)
    assert list(tmp_path.iterdir()) == []


def test_not_found_names_the_address(server: str, tmp_path: Path) -> None:
    with pytest.raises(ModelMissingError, match=r"other\.bin answered 404"):
        fetch(server, tmp_path, url=f"{server}/other.bin")


def test_nobody_at_the_address(tmp_path: Path) -> None:
    with pytest.raises(ModelMissingError, match="cannot be reached"):
        fetch("http://127.0.0.1:9", tmp_path)


def test_a_disk_that_cannot_be_written(server: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ModelMissingError, match="cannot be written"):
        fetch(server, tmp_path / "file")


@pytest.mark.parametrize("url", ["http://example.org/m", "ftp://127.0.0.1/m", "file:///etc/passwd"])
def test_only_https_or_this_machine(url: str, tmp_path: Path) -> None:
    with pytest.raises(ModelRefusedError, match="not https"):
        fetch("", tmp_path, url=url)


def test_a_name_may_not_leave_the_folder(tmp_path: Path) -> None:
    with pytest.raises(ModelRefusedError, match="plain file name"):
        pull("../x", url="http://127.0.0.1:9/x", sha256=DIGEST, folder=tmp_path)


def test_every_shipped_model_verifies() -> None:
    verdicts = verify()
    assert [v.name for v in verdicts] == names()
    assert all(v.fine for v in verdicts), [v for v in verdicts if not v.fine]
    assert {s.name for s in shipped()} == set(names())
    assert sum(s.size for s in shipped()) <= 12 * 1024 * 1024


def test_a_damaged_model_is_told(tmp_path: Path) -> None:
    (tmp_path / "broken.onnx").write_bytes(b"x")
    (tmp_path / "broken.toml").write_text(
        'name="broken"\nmodality="face"\nsha256="0"\nopset=17\ninputs=[]\noutputs=[]\n'
    )
    (verdict,) = verify(tmp_path)
    assert not verdict.fine
    assert "SHA-256" in verdict.what
    assert shipped(tmp_path) == []
