"""Write the golden messages, or check that the files equal them (--check)."""

from __future__ import annotations

import argparse
import json
import struct
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from sentio_bridge import AffectFrame, State, decode_affect, encode_affect, encode_map
from sentio_bridge.protocol import codec
from sentio_bridge.protocol.frame import LAYOUT, MASK_ENTRIES, pack, pack_evidence

HERE = Path(__file__).parent / "messages"
V1_0 = (Path(__file__).parent / "layout_v1_0.txt").read_text().split()


def affect(values: dict[str, float], state: State, captured: float | None) -> AffectFrame:
    """Return a frame with round numbers and the entries of version 1.0."""
    mask, vector = pack(values)
    vector = vector[:MASK_ENTRIES]
    return AffectFrame("player", 123456, 42, captured, 1000.25, state, mask, vector)


def evidence(values: dict[str, float]) -> NDArray[np.float32]:
    """Return ages or confidences of the entries of version 1.0."""
    return pack_evidence(values)[:MASK_ENTRIES]


def everything() -> AffectFrame:
    """Return a frame of this version with all entries, ages and confidences known."""
    numbers = {name: i / 128 for i, name in enumerate(LAYOUT)}
    mask, vector = pack(numbers)
    parts = {"age": pack_evidence(numbers), "confidence": pack_evidence(numbers)}
    return AffectFrame("player", 123456, 42, 1000.0, 1000.25, State.OK, mask, vector, **parts)


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
        affect({name: i / 64 for i, name in enumerate(V1_0)}, State.OK, 999.5),
    )
    yield "affect_stale", affect({"valence": -1.0, "confidence": 0.0}, State.STALE, 990.0)
    yield "affect_no_subject", affect({"confidence": 0.0}, State.NO_SUBJECT, 1000.0)
    yield "affect_withdrawn", affect({}, State.WITHDRAWN, None)
    # Stress has neither age nor confidence; engagement, focus and dominance are unknown.
    yield (
        "affect_evidence",
        replace(
            affect(
                {"valence": 0.5, "arousal": -0.25, "stress": 0.375, "heart_rate": 72.0,
                 "rmssd": 40.0, "self_age": 2000.0},
                State.OK,
                1000.0,
            ),
            age=evidence({"valence": 0.0, "arousal": 0.25, "heart_rate": 4.56,
                          "self_age": 2000.0, "focus": 1.0}),
            confidence=evidence({"valence": 0.0, "arousal": 1.0, "rmssd": 0.5,
                                 "engagement": 0.75}),
        ),
    )  # fmt: skip
    yield "affect_everything", everything()


def split_affect(message: bytes) -> tuple[bytes, dict[str, Any]]:
    """Split a message into its topic, with the zero byte, and its map."""
    head, _, body = message.partition(b"\0")
    return head + b"\0", msgspec.msgpack.decode(body)


def other_senders() -> Iterator[tuple[str, bytes]]:
    """Yield frames that this version must read but does not write: name, bytes."""
    plain = affect({"valence": 0.5, "arousal": -0.25, "self_age": 3.0}, State.OK, 1000.0)
    head, fields = split_affect(encode_affect(plain))
    words = [3, 1 << (MASK_ENTRIES - 1 - 31)]

    def changed(**changes: Any) -> bytes:
        return head + msgspec.msgpack.encode({**fields, **changes})

    block = bytes([10, 0, 127]) + bytes([255, 255, 255]) * (MASK_ENTRIES - 1)
    yield "affect_words", changed(w=words)
    yield "affect_words_win", changed(w=words, m=0b1000)
    yield "affect_words_beyond", changed(w=[words[0], words[1] | 3 << 29])
    yield "affect_evidence_alone", changed(a=block)
    yield "affect_words_first", head + msgspec.msgpack.encode({"w": words, "a": block, **fields})
    # A later version: 70 entries, all known, ages and confidences 0.
    yield (
        "affect_later",
        changed(
            x=struct.pack("<70f", *(i / 64 for i in range(70))),
            m=(1 << MASK_ENTRIES) - 1,
            w=[(1 << 31) - 1, (1 << 31) - 1, 255],
            a=bytes(210),
        ),
    )
    yield "affect_later_keys", changed(zz=[1, {"b": "new"}], w=words, a=block)
    nan = b"\x00\x00\xc0\x7f"
    yield "affect_nan_unknown", changed(x=fields["x"][:8] + nan + fields["x"][12:])


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
    # A headset's tracker without a tongue or a chin: AU9, AU10 and AU17 are not known.
    "detail_face": (
        "detail",
        "player",
        {
            "epoch": 123456,
            "seq": 43,
            "sent": 1001.25,
            "state": "ok",
            "why": "",
            "values": {"valence": -0.25},
            "emotions": [["anger", 0.5], ["neutral", 0.25]],
            "modalities": {},
            "sensors": {},
            "frozen": False,
            "overrides": {},
            "action_units": {
                "AU1": 0.0, "AU2": 0.0625, "AU4": 0.75, "AU5": 0.125, "AU6": 0.25, "AU7": 0.375,
                "AU12": 0.0, "AU14": 0.03125, "AU15": 0.1875, "AU16": 0.0, "AU18": 0.0,
                "AU20": 0.0, "AU22": 0.0, "AU24": 0.625, "AU26": 1.0, "AU28": 0.0, "AU29": 0.0,
                "AU34": 0.5, "AU45": 0.875,
            },
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
    "reply_ok": {"id": 1, "ok": True, "time": 1000.25, "layout": V1_0},
    "reply_error": {
        "id": 2,
        "ok": False,
        "error": {"code": "unknown_op", "message": "op 'helo' is unknown",
                  "fix": "did you mean 'hello'?"},
    },
}  # fmt: skip


def bad() -> Iterator[tuple[str, str, bytes]]:
    """Yield messages that a reader of ``affect`` must refuse: name, error code, bytes."""
    good = encode_affect(affect({"valence": 0.5}, State.OK, 1000.0))
    head, fields = split_affect(good)
    body = good[len(head) :]

    def changed(**changes: Any) -> bytes:
        return head + msgspec.msgpack.encode({**fields, **changes})

    yield "version", "version", changed(v=2)
    yield "no_topic", "malformed", body
    yield "empty", "malformed", b""
    yield "truncated", "malformed", good[:-7]
    yield "short_vector", "malformed", changed(x=fields["x"][:-4])
    yield "nan_known", "malformed", changed(x=b"\x00\x00\xc0\x7f" + fields["x"][4:])
    yield "state_9", "malformed", changed(s=9)
    yield "not_a_map", "malformed", head + msgspec.msgpack.encode([1, 2, 3])
    yield "hostile_length", "malformed", head + b"\x81\xa1x\xc6\xff\xff\xff\xff"
    yield "words_few", "malformed", changed(w=[1])
    yield "words_many", "malformed", changed(w=[1, 0, 0])
    yield "words_none", "malformed", changed(w=[])
    yield "word_of_32_bits", "malformed", changed(w=[1, 1 << 31])
    yield "word_negative", "malformed", changed(w=[-1, 0])
    yield "word_float", "malformed", changed(w=[1.0, 0.0])
    yield "words_text", "malformed", changed(w="11")
    yield "words_number", "malformed", changed(w=1)
    yield "evidence_short", "malformed", changed(a=bytes(179))
    yield "evidence_long", "malformed", changed(a=bytes(183))
    yield "evidence_empty", "malformed", changed(a=b"")
    yield "evidence_text", "malformed", changed(a="0" * 180)
    yield "evidence_array", "malformed", changed(a=[0] * 180)


def description_of(frame: AffectFrame) -> dict[str, Any]:
    """Return a frame's expected content, with age and confidence if present."""
    text = {
        "subject": frame.subject,
        "epoch": frame.epoch,
        "seq": frame.seq,
        "captured": frame.captured,
        "sent": frame.sent,
        "state": frame.state.label,
        "known": frame.known_values(),
    }
    for part, get in (("age", frame.age_of), ("confidence", frame.confidence_of)):
        if getattr(frame, part) is not None:
            values = {name: get(name) for name in frame.known_values()}
            text[part] = {name: value for name, value in values.items() if value is not None}
    return text


def files() -> Iterator[tuple[str, bytes, dict[str, Any]]]:
    """Yield every vector: name, bytes, description."""
    for name, frame in frames():
        blob = encode_affect(frame)
        yield name, blob, description_of(decode_affect(blob))
    for name, blob in other_senders():
        yield name, blob, description_of(decode_affect(blob))
    for name, (kind, key, body) in MAPS.items():
        topic = f"{kind}/{key}" if key else kind
        yield name, encode_map(kind, key, body), {"topic": topic, "body": {"v": 1, **body}}
    for name, body in BODIES.items():
        yield name, codec.encode_body(body), {"body": {"v": 1, **body}}
    for name, code, blob in bad():
        yield f"bad_{name}", blob, {"code": code}


def main() -> int:
    """Write or check the files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    HERE.mkdir(exist_ok=True)
    different = []
    for name, blob, text in files():
        pairs = (
            (HERE / f"{name}.bin", blob),
            (HERE / f"{name}.json", (json.dumps(text, indent=1) + "\n").encode()),
        )
        for path, content in pairs:
            if not check:
                path.write_bytes(content)
            elif not path.exists() or path.read_bytes() != content:
                different.append(path.name)
    if different:
        print(f"differ: {', '.join(different)}; see tests/vectors/README.md")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
