"""Write frame files and their expected content.

``short.frames`` contains the first seconds of the example, ``mixed.frames`` golden messages of
several minor versions, one every half second.
"""

from __future__ import annotations

import json
from pathlib import Path

from sentio_bridge.protocol import codec
from sentio_bridge.protocol.frame_file import decode, encode
from sentio_bridge.protocol.timed_message import TimedMessage

HERE = Path(__file__).parent
MIXED = ("affect_ok", "affect_words", "affect_evidence", "detail", "affect_later", "affect_stale")


def main() -> None:
    """Write both files and their descriptions."""
    example = HERE.parents[2] / "examples/recordings/simulated.frames"
    read = decode(example.read_bytes())
    first_messages = [sent for sent in read.messages if sent.time <= 3.0]
    (HERE / "short.frames").write_bytes(b"".join(encode(first_messages)))
    expected = {
        "count": len(first_messages),
        "times": [sent.time for sent in first_messages],
        "topics": [list(codec.split_message(sent.message)[:2]) for sent in first_messages],
    }
    (HERE / "short.json").write_text(json.dumps(expected, indent=1) + "\n")
    messages = HERE.parent / "messages"
    mixed = [
        TimedMessage(index / 2, (messages / f"{name}.bin").read_bytes())
        for index, name in enumerate(MIXED)
    ]
    (HERE / "mixed.frames").write_bytes(b"".join(encode(mixed)))
    (HERE / "mixed.json").write_text(json.dumps({"messages": MIXED}, indent=1) + "\n")


if __name__ == "__main__":
    main()
