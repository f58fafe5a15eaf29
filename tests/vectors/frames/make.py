"""Writes ``short.frames``, the first seconds of the example, and what a reader must find in it."""

from __future__ import annotations

import json
from pathlib import Path

from sentio_bridge.protocol import codec
from sentio_bridge.protocol.frame_file import decode, encode

HERE = Path(__file__).parent


def main() -> None:
    """Cut the example."""
    example = HERE.parents[2] / "examples/recordings/simulated.frames"
    read = decode(example.read_bytes())
    some = [sent for sent in read.messages if sent.time <= 3.0]
    (HERE / "short.frames").write_bytes(b"".join(encode(some)))
    told = {
        "count": len(some),
        "times": [sent.time for sent in some],
        "topics": [list(codec.split(sent.message)[:2]) for sent in some],
    }
    (HERE / "short.json").write_text(json.dumps(told, indent=1) + "\n")


if __name__ == "__main__":
    main()
