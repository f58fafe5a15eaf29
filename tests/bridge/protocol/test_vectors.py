"""Golden vectors for all codecs of the project."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from sentio_bridge import LAYOUT, WireError, decode_affect
from sentio_bridge.protocol import codec

VECTORS = Path(__file__).parents[2] / "vectors"
MESSAGES = sorted((VECTORS / "messages").glob("*.bin"))


def text_of(path: Path) -> dict[str, object]:
    loaded: dict[str, object] = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    return loaded


@pytest.mark.parametrize("path", MESSAGES, ids=lambda p: p.stem)
def test_vector(path: Path) -> None:
    text, blob = text_of(path), path.read_bytes()
    if path.stem.startswith("bad_"):
        with pytest.raises(WireError) as caught:
            decode_affect(blob)
        assert caught.value.code == text["code"]
    elif path.stem.startswith("affect"):
        frame = decode_affect(blob)
        assert frame.known_values() == text["known"]
        for part, get in (("age", frame.age_of), ("confidence", frame.confidence_of)):
            assert (getattr(frame, part) is None) == (part not in text)
            values = {name: value for name in LAYOUT if (value := get(name)) is not None}
            assert values == text.get(part, {})
        assert frame.state.label == text["state"]
        assert (frame.captured, frame.sent) == (text["captured"], text["sent"])
        assert (frame.subject, frame.epoch, frame.seq) == ("player", 123456, 42)
    elif "topic" in text:
        kind, key, body = codec.split_message(blob)
        assert (f"{kind}/{key}" if key else kind) == text["topic"]
        assert codec.decode_map(body) == text["body"]
    else:
        assert codec.decode_map(blob) == text["body"]


@pytest.mark.parametrize("script", ["make.py", "make_entries.py", "behaviour/make.py"])
def test_stored_files_equal_the_generated_ones(script: str) -> None:
    done = subprocess.run(
        [sys.executable, str(VECTORS / script), "--check"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
