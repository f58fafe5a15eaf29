"""Tests of protocol 1.1: presence words, age and confidence of entries."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from sentio_bridge import LAYOUT, AffectFrame, State, WireError, decode_affect, encode_affect
from sentio_bridge.protocol import codec, evidence
from sentio_bridge.protocol import frame as layout
from sentio_bridge.protocol.frame import MASK_ENTRIES, pack, pack_evidence

NAMES = st.sampled_from(LAYOUT)
AGES = st.dictionaries(NAMES, st.floats(0, 650))
CONFIDENCES = st.dictionaries(NAMES, st.floats(0, 1))


def frame(known: set[str], **parts: Any) -> AffectFrame:
    mask, vector = pack(dict.fromkeys(known, 0.5))
    return AffectFrame("player", 7, 3, 12.5, 12.75, State.OK, mask, vector, **parts)


def fields_of(message: bytes) -> dict[str, Any]:
    fields: dict[str, Any] = msgspec.msgpack.decode(codec.split_message(message)[2])
    return fields


def changed(message: bytes, **changes: Any) -> bytes:
    fields = {**fields_of(message), **changes}
    return codec.topic("affect", "player") + msgspec.msgpack.encode(fields)


@given(st.sets(NAMES), AGES, CONFIDENCES)
def test_age_and_confidence_arrive(
    known: set[str], ages: dict[str, float], confidences: dict[str, float]
) -> None:
    sent = frame(known, age=pack_evidence(ages), confidence=pack_evidence(confidences))
    got = decode_affect(encode_affect(sent))
    assert got.mask == sent.mask
    for name in LAYOUT:
        for get, sent_values, step in (
            (got.age_of, ages, evidence.AGE_STEP),
            (got.confidence_of, confidences, 1 / evidence.MAX_CONFIDENCE),
        ):
            expected = sent_values.get(name) if name in known else None
            if expected is None:
                assert get(name) is None
            else:
                assert get(name) == pytest.approx(expected, abs=step / 2 + 1e-4)


def test_frame_without_evidence_has_the_format_of_version_1_0() -> None:
    fields = fields_of(encode_affect(frame({"valence"})))
    # Presence words are needed only if the layout has grown.
    assert ("w" in fields) == (len(LAYOUT) > MASK_ENTRIES)
    assert "a" not in fields


def test_values_out_of_range_are_clipped_and_nan_is_unknown() -> None:
    names = ("valence", "arousal", "stress", "focus")
    ages = pack_evidence(dict(zip(names, (-1.0, 1e9, np.inf, np.nan), strict=True)))
    got = decode_affect(encode_affect(frame(set(names), age=ages, confidence=ages)))
    assert [got.age_of(name) for name in names] == pytest.approx([0.0, 655.34, 655.34, None])
    assert [got.confidence_of(name) for name in names] == [0.0, 1.0, 1.0, None]


@pytest.mark.parametrize("part", ["age", "confidence"])
def test_age_or_confidence_may_be_omitted(part: str) -> None:
    got = decode_affect(
        encode_affect(frame({"valence"}, **{part: pack_evidence({"valence": 1.0})}))
    )
    assert (got.age_of("valence"), got.confidence_of("valence")) == (
        (1.0, None) if part == "age" else (None, 1.0)
    )


@given(st.sets(NAMES))
def test_presence_words_equal_the_mask(known: set[str]) -> None:
    sent = frame(known, age=pack_evidence({}))
    fields = fields_of(encode_affect(sent))
    assert all(0 <= word < 1 << 31 for word in fields["w"])
    assert sum(word << 31 * i for i, word in enumerate(fields["w"])) == sent.mask
    assert fields["m"] == sent.mask & ((1 << MASK_ENTRIES) - 1)
    assert len(fields["w"]) == -(-len(LAYOUT) // 31)


def test_presence_words_take_precedence_over_the_mask() -> None:
    message = encode_affect(frame({"valence"}, age=pack_evidence({})))
    assert decode_affect(changed(message, m=0)).known_values() == {"valence": 0.5}


@given(st.integers(0, 40), st.data())
def test_longer_vector_is_truncated(more: int, data: st.DataObject) -> None:
    entries = len(LAYOUT) + more
    mask = data.draw(st.integers(0, (1 << entries) - 1))
    later = AffectFrame(
        "player", 7, 3, 12.5, 12.75, State.OK, mask, np.arange(entries, dtype=np.float32),
        np.ones(entries, np.float32), np.ones(entries, np.float32),
    )  # fmt: skip
    got = decode_affect(encode_affect(later))
    known = {name: float(i) for i, name in enumerate(LAYOUT) if mask >> i & 1}
    assert got.known_values() == known
    assert len(got.vector) == len(LAYOUT)
    assert {name for name in LAYOUT if got.age_of(name) is not None} == set(known)


def test_entries_missing_from_an_older_sender_are_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    full = dict.fromkeys(LAYOUT, 0.5)
    mask, vector = pack(full)
    ages = pack_evidence(full)
    message = encode_affect(
        AffectFrame("player", 7, 3, None, 1.0, State.OK, mask, vector, ages, ages)
    )
    longer = (*LAYOUT, "one_more", "two_more")
    for module in (layout, codec, evidence):
        monkeypatch.setattr(module, "LAYOUT", longer)
    monkeypatch.setattr(layout, "INDEX", {name: i for i, name in enumerate(longer)})
    # Bits beyond the sent vector have no meaning.
    words = [*fields_of(message)["w"]]
    words[-1] = (1 << 31) - 1
    for blob in (message, changed(message, w=words)):
        got = decode_affect(blob)
        assert got.known_values() == full
        assert got.get("one_more") is got.age_of("one_more") is None
        assert len(got.vector) == len(longer)


@pytest.mark.parametrize(
    "changes",
    [
        {"w": [1]},
        {"w": [0] * 9},
        {"w": []},
        {"w": [1 << 31, 0]},
        {"w": [-1, 0]},
        {"w": [1.0, 0.0]},
        {"w": 3},
        {"w": "33"},
        {"a": b""},
        {"a": bytes(3 * len(LAYOUT) - 1)},
        {"a": bytes(3 * len(LAYOUT) + 3)},
        {"a": "text"},
        {"a": [0] * 3 * len(LAYOUT)},
    ],
    ids=str,
)
def test_block_or_words_of_wrong_length_are_malformed(changes: dict[str, Any]) -> None:
    message = encode_affect(frame({"valence"}))
    with pytest.raises(WireError) as caught:
        decode_affect(changed(message, **changes))
    assert caught.value.code == "malformed"


SIMPLE = st.one_of(
    st.none(), st.booleans(), st.integers(-(1 << 40), 1 << 40), st.floats(),
    st.binary(max_size=200), st.text(max_size=9), st.lists(st.integers(-1, 1 << 31), max_size=4),
)  # fmt: skip


@given(st.dictionaries(st.sampled_from("venpsmxtwaz"), SIMPLE, max_size=4), st.binary(max_size=400))
def test_any_values_give_a_finite_frame_or_a_wire_error(
    changes: dict[str, Any], block: bytes
) -> None:
    ages = pack_evidence(dict.fromkeys(LAYOUT, 1.0))
    message = encode_affect(frame(set(LAYOUT), age=ages, confidence=ages))
    for more in ({}, {"a": block}, {"x": block}):
        try:
            got = decode_affect(changed(message, **{**changes, **more}))
        except WireError:
            continue
        assert np.isfinite(got.vector).all()
        for name in LAYOUT:
            age, confidence = got.age_of(name), got.confidence_of(name)
            assert age is None or 0 <= age <= 655.35
            assert confidence is None or 0 <= confidence <= 1


@given(st.binary(max_size=40), st.integers(0, 500))
def test_damage_raises_only_wire_errors(damage: bytes, at: int) -> None:
    ages = pack_evidence(dict.fromkeys(LAYOUT, 1.0))
    message = encode_affect(frame(set(LAYOUT), age=ages, confidence=ages))
    try:
        got = decode_affect(message[:at] + damage + message[at + len(damage) :])
    except WireError:
        return
    assert np.isfinite(got.vector).all()


def test_frame_of_an_old_recording_keeps_its_length() -> None:
    old = frame({"valence"})
    old = replace(old, vector=old.vector[:MASK_ENTRIES])
    fields = fields_of(encode_affect(old))
    assert len(fields["x"]) == 4 * MASK_ENTRIES
    assert "w" not in fields
