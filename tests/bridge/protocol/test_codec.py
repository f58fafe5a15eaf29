"""The codec against PROTOCOL.md: round trips, limits, and bytes from anywhere."""

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
def test_what_goes_in_comes_out(
    values: dict[str, float], state: State, captured: float | None
) -> None:
    sent = frame(values, state=state, captured=captured)
    got = decode_affect(encode_affect(sent))
    assert got.known() == pytest.approx({k: np.float32(v) for k, v in values.items()})
    assert (got.state, got.captured, got.subject, got.seq) == (state, captured, "player", 3)


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf, 1e300])
def test_numbers_that_are_not_finite_stay_unknown(bad: float) -> None:
    got = decode_affect(encode_affect(frame({"valence": bad, "arousal": 0.5})))
    assert got.get("valence") is None
    assert got.get("arousal") == 0.5


def test_maps_lose_what_is_not_finite() -> None:
    _, _, body = codec.split(codec.encode_map("health", "", {"a": math.nan, "b": [1.0, math.inf]}))
    assert codec.decode_map(body) == {"v": 1, "b": [1.0, None]}


def test_numbers_of_numpy_travel_as_plain_ones() -> None:
    body = {"a": np.float64(0.5), "b": [np.float32(0.25), np.int64(3)], "c": np.float32("nan")}
    assert codec.decode_map(codec.split(codec.encode_map("detail", "p", body))[2]) == {
        "v": 1,
        "a": 0.5,
        "b": [0.25, 3],
    }


def test_another_major_version_is_refused_in_words() -> None:
    body = msgspec.msgpack.encode({"v": 2, "something": "else"})
    with pytest.raises(WireError, match="update this side") as caught:
        decode_affect(codec.topic("affect", "player") + body)
    assert caught.value.code == "version"


def test_unknown_keys_and_longer_vectors_are_ignored() -> None:
    message = encode_affect(frame({"valence": 0.25}))
    head, _, body = message.partition(b"\0")
    hot = msgspec.msgpack.decode(body)
    hot.pop("w", None)  # the mask alone says what is known
    hot.update(zz="new", x=hot["x"] + b"\0\0\0\0", m=hot["m"] | 1 << 62)
    got = decode_affect(head + b"\0" + msgspec.msgpack.encode(hot))
    assert got.known() == {"valence": 0.25}


@given(st.binary(max_size=300))
def test_any_bytes_give_a_frame_or_a_wire_error(junk: bytes) -> None:
    for read in (decode_affect, codec.split, codec.decode_map):
        try:
            read(junk)
        except WireError:
            pass


@given(st.binary(max_size=40), st.integers(0, 290))
def test_damaged_messages_never_raise_anything_else(junk: bytes, at: int) -> None:
    message = encode_affect(frame({"valence": 0.25, "confidence": 0.5}))
    damaged = message[:at] + junk + message[at + len(junk) :]
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
