"""Codec: round trips, limits and arbitrary bytes."""

from __future__ import annotations

import math

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentio_bridge import LAYOUT, AffectFrame, State, WireError, decode_affect, encode_affect
from sentio_bridge.protocol import codec
from sentio_bridge.protocol.frame import pack

KNOWN = st.dictionaries(
    st.sampled_from(LAYOUT), st.floats(width=32, allow_nan=False, allow_infinity=False)
)


def frame(values: dict[str, float], **changes: object) -> AffectFrame:
    mask, vector = pack(values)
    fields = {
        "subject": "player",
        "epoch": 7,
        "seq": 3,
        "captured": 12.5,
        "sent": 12.75,
        "state": State.OK,
    }
    return AffectFrame(**{**fields, **changes}, mask=mask, vector=vector)  # type: ignore[arg-type]


@given(KNOWN, st.sampled_from(State), st.one_of(st.none(), st.floats(0, 1e9)))
def test_frame_is_unchanged_after_encode_and_decode(
    values: dict[str, float], state: State, captured: float | None
) -> None:
    sent = frame(values, state=state, captured=captured)
    got = decode_affect(encode_affect(sent))
    assert got.known_values() == pytest.approx({k: np.float32(v) for k, v in values.items()})
    assert (got.state, got.captured, got.subject, got.seq) == (state, captured, "player", 3)


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf, 1e300])
def test_values_that_are_not_finite_are_unknown(bad: float) -> None:
    got = decode_affect(encode_affect(frame({"valence": bad, "arousal": 0.5})))
    assert got.get("valence") is None
    assert got.get("arousal") == 0.5


def test_values_that_are_not_finite_are_omitted_from_maps() -> None:
    _, _, body = codec.split_message(
        codec.encode_map("health", "", {"a": math.nan, "b": [1.0, math.inf]})
    )
    assert codec.decode_map(body) == {"v": 1, "b": [1.0, None]}


def test_numpy_scalars_are_encoded_as_plain_numbers() -> None:
    body = {"a": np.float64(0.5), "b": [np.float32(0.25), np.int64(3)], "c": np.float32("nan")}
    assert codec.decode_map(codec.split_message(codec.encode_map("detail", "p", body))[2]) == {
        "v": 1,
        "a": 0.5,
        "b": [0.25, 3],
    }


def test_another_major_version_is_refused() -> None:
    body = msgspec.msgpack.encode({"v": 2, "something": "else"})
    with pytest.raises(WireError, match="update this side") as caught:
        decode_affect(codec.topic("affect", "player") + body)
    assert caught.value.code == "version"


def test_unknown_keys_and_longer_vectors_are_ignored() -> None:
    message = encode_affect(frame({"valence": 0.25}))
    head, _, body = message.partition(b"\0")
    fields = msgspec.msgpack.decode(body)
    fields.pop("w", None)  # only the mask defines the known entries
    fields.update(zz="new", x=fields["x"] + b"\0\0\0\0", m=fields["m"] | 1 << 62)
    got = decode_affect(head + b"\0" + msgspec.msgpack.encode(fields))
    assert got.known_values() == {"valence": 0.25}


@given(st.binary(max_size=300))
def test_any_bytes_give_a_frame_or_a_wire_error(blob: bytes) -> None:
    for read in (decode_affect, codec.split_message, codec.decode_map):
        try:
            read(blob)
        except WireError:
            pass


@given(st.binary(max_size=40), st.integers(0, 290))
def test_damaged_messages_raise_only_wire_errors(blob: bytes, at: int) -> None:
    message = encode_affect(frame({"valence": 0.25, "confidence": 0.5}))
    damaged = message[:at] + blob + message[at + len(blob) :]
    try:
        got = decode_affect(damaged)
    except WireError:
        return
    assert np.isfinite(got.vector).all()


def nested(depth: int) -> object:
    value: object = 1
    for _ in range(depth):
        value = {"a": value}
    return value


@pytest.mark.parametrize(
    "value",
    [
        {"a": nested(9)},
        {"a": list(range(600))},
        {"a": "x" * 9000},
        {"a": math.nan},
        {1: 2},
        [1, 2],
        {"a": msgspec.msgpack.Ext(1, b"")},
    ],
)
def test_requests_beyond_the_limits_are_malformed(value: object) -> None:
    with pytest.raises(WireError) as caught:
        codec.decode_map(msgspec.msgpack.encode(value))
    assert caught.value.code == "malformed"
