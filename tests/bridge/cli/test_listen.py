"""Tests of messages as JSON lines."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sentio_bridge.cli.listen import as_object
from sentio_bridge.protocol import codec

MESSAGES = sorted((Path(__file__).parents[2] / "vectors" / "messages").glob("*.bin"))
MESSAGES = [m for m in MESSAGES if not m.stem.startswith(("bad_", "reply_", "request_"))]


@pytest.mark.parametrize("path", MESSAGES, ids=lambda path: path.stem)
def test_every_message_is_a_line_of_json(path: Path) -> None:
    kind, key, _ = codec.split_message(path.read_bytes())
    found = as_object(path.read_bytes())
    again = json.loads(json.dumps(found, allow_nan=False))
    assert again["topic"] == (f"{kind}/{key}" if key else kind)


def test_binary_values_have_no_numpy_or_nan() -> None:
    block = bytes([250, 0, 254, 255, 255, 255])
    body = codec.encode_body({"v": 1, "x": b"\0\0\xc0\x7f\0\0\0\x3f", "a": block, "other": b"\1\2"})
    found = as_object(b"affect/ann\0" + body)
    assert found == {
        "topic": "affect/ann", "v": 1, "x": [None, 0.5], "a": [[2.5, 1.0], [None, None]],
        "other": "0102",
    }  # fmt: skip
