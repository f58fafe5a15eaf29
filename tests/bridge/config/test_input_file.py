"""Tests of configurations that are pipes or devices."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from sentio_bridge.config.input_file import read_limited
from sentio_bridge.config.loader import load
from sentio_bridge.config.pseudonymous import list_at
from sentio_bridge.errors import ConfigError

pytestmark = pytest.mark.skipif(os.name != "posix", reason="pipes with names are of POSIX")


@pytest.fixture
def pipe(tmp_path: Path) -> Path:
    os.mkfifo(tmp_path / "pipe")
    return tmp_path / "pipe"


def test_a_pipe_without_a_writer_ends_in_one_message(pipe: Path) -> None:
    with pytest.raises(ConfigError, match=r"pipe is a pipe .* nothing came within 0\.05 s") as e:
        read_limited(pipe, 100, patience=0.05)
    assert "start what writes into it" in e.value.fix


def test_a_pipe_with_a_writer_is_read_to_its_end(pipe: Path) -> None:
    text = b'subjects = ["ana"]\n' + b"# more\n" * 20_000
    writer = threading.Thread(target=pipe.write_bytes, args=(text,), daemon=True)
    writer.start()
    config = load(pipe)
    writer.join()
    assert list(config.subjects) == ["ana"]


def test_a_device_without_an_end_is_read_to_the_limit() -> None:
    assert read_limited(Path("/dev/zero"), 5000)[0] == bytes(5000)
    assert list_at(Path("/dev/zero")) is None
