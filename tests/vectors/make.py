"""Writes the golden messages, or checks that they are what the code writes (--check)."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from sentio_bridge import AffectFrame, State, encode_affect, encode_map
from sentio_bridge.protocol import codec
from sentio_bridge.protocol.frame import LAYOUT, pack

HERE = Path(__file__).parent / "messages"


def affect(values: dict[str, float], state: State, captured: float | None) -> AffectFrame:
    """Return a frame with round numbers."""
    mask, vector = pack(values)
    return AffectFrame("player", 123456, 42, captured, 1000.25, state, mask, vector)


def frames() -> Iterator[tuple[str, AffectFrame]]:
    """Yield frames that cover every state, the empty mask and the full mask."""
    yield "affect_empty", affect({}, State.WARMING, None)
    yield (
        "affect_ok",
        affect(
            {"valence": 0.5, "arousal": -0.25, "valence_sd": 0.125, "arousal_sd": 0.25,
             "heart_rate": 72.0, "confidence": 0.75, "face_weight": 1.0, "face_quality": 0.875,
             "face_age": 0.03125},
            State.OK,
            1000.0,
        ),
    )  # fmt: skip
    yield (
        "affect_full",
        affect({name: i / 64 for i, name in enumerate(LAYOUT)}, State.OK, 999.5),
    )
    yield "affect_stale", affect({"valence": -1.0, "confidence": 0.0}, State.STALE, 990.0)
    yield "affect_no_subject", affect({"confidence": 0.0}, State.NO_SUBJECT, 1000.0)
    yield "affect_withdrawn", affect({}, State.WITHDRAWN, None)


MAPS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "detail": (
        "detail",
        "player",
        {
            "epoch": 123456,
            "seq": 42,
            "sent": 1000.25,
            "state": "ok",
            "why": "arousal up: heart rate +14 over your baseline; face not used: turned away",
            "values": {"valence": 0.5, "arousal": -0.25},
            "emotions": [["happiness", 0.5], ["neutral", 0.25]],
            "modalities": {
                "face": {"state": "bad_quality", "weight": 0.0, "quality": 0.0625, "age": 0.5,
                         "reasons": ["turned_away"], "fix": ""},
            },
            "sensors": {
                "camera": {"state": "on", "reasons": [], "fix": "", "streams": ["cam/video"],
                           "consent": ["adapt"]},
            },
            "frozen": False,
            "overrides": {},
        },
    ),
    "event_marker": (
        "event",
        "player",
        {"epoch": 123456, "id": 7, "time": 999.0, "kind": "marker", "name": "boss_spawned",
         "data": {"level": 3, "hard": True, "note": "Gr\u00fc\u00dfe"}},
    ),
    "health": (
        "health",
        "",
        {"epoch": 123456, "time": 1000.25, "uptime": 60.0, "rate_hz": 59.5, "subscribers": 1,
         "latency": {"player": {"p50": 1.5, "p95": 2.5, "p99": 4.0}}, "problems": []},
    ),
}  # fmt: skip

BODIES: dict[str, dict[str, Any]] = {
    "request_hello": {"id": 1, "op": "hello", "client": "godot", "client_version": "0.1.0"},
    "request_marker": {"id": "a-7", "op": "marker", "name": "boss_spawned", "time": 999.0},
    "reply_ok": {"id": 1, "ok": True, "time": 1000.25, "layout": list(LAYOUT)},
    "reply_error": {
        "id": 2,
        "ok": False,
        "error": {"code": "unknown_op", "message": "op 'helo' is unknown",
                  "fix": "did you mean 'hello'?"},
    },
}  # fmt: skip


def bad() -> Iterator[tuple[str, str, bytes]]:
    """Yield messages that a reader of ``affect`` refuses: name, error code, bytes."""
    good = encode_affect(affect({"valence": 0.5}, State.OK, 1000.0))
    head, _, body = good.partition(b"\0")
    hot = msgspec.msgpack.decode(body)

    def changed(**changes: Any) -> bytes:
        return head + b"\0" + msgspec.msgpack.encode({**hot, **changes})

    yield "version", "version", changed(v=2)
    yield "no_topic", "malformed", body
    yield "empty", "malformed", b""
    yield "truncated", "malformed", good[:-7]
    yield "short_vector", "malformed", changed(x=hot["x"][:-4])
    yield "nan_known", "malformed", changed(x=b"\x00\x00\xc0\x7f" + hot["x"][4:])
    yield "state_9", "malformed", changed(s=9)
    yield "not_a_map", "malformed", head + b"\0" + msgspec.msgpack.encode([1, 2, 3])
    yield "hostile_length", "malformed", head + b"\0\x81\xa1x\xc6\xff\xff\xff\xff"


def files() -> Iterator[tuple[str, bytes, dict[str, Any]]]:
    """Yield every vector: name, bytes, description."""
    for name, frame in frames():
        text = {
            "subject": frame.subject,
            "epoch": frame.epoch,
            "seq": frame.seq,
            "captured": frame.captured,
            "sent": frame.sent,
            "state": frame.state.label,
            "known": frame.known(),
        }
        yield name, encode_affect(frame), text
    for name, (kind, key, body) in MAPS.items():
        topic = f"{kind}/{key}" if key else kind
        yield name, encode_map(kind, key, body), {"topic": topic, "body": {"v": 1, **body}}
    for name, body in BODIES.items():
        yield name, codec.encode_body(body), {"body": {"v": 1, **body}}
    for name, code, blob in bad():
        yield f"bad_{name}", blob, {"code": code}


def main() -> int:
    """Write or check."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    HERE.mkdir(exist_ok=True)
    wrong = []
    for name, blob, text in files():
        pairs = (
            (HERE / f"{name}.bin", blob),
            (HERE / f"{name}.json", (json.dumps(text, indent=1) + "\n").encode()),
        )
        for path, content in pairs:
            if not check:
                path.write_bytes(content)
            elif not path.exists() or path.read_bytes() != content:
                wrong.append(path.name)
    if wrong:
        print(f"differ: {', '.join(wrong)}; see tests/vectors/README.md")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
