"""Protocol 1.1: presence words, age and confidence of each entry, longer and shorter vectors."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

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


def hot_of(message: bytes) -> dict[str, Any]:
    hot: dict[str, Any] = msgspec.msgpack.decode(codec.split(message)[2])
    return hot


def changed(message: bytes, **changes: Any) -> bytes:
    hot = {**hot_of(message), **changes}
    return codec.topic("affect", "player") + msgspec.msgpack.encode(hot)


@given(st.sets(NAMES), AGES, CONFIDENCES)
def test_age_and_confidence_arrive(
    known: set[str], ages: dict[str, float], confidences: dict[str, float]
) -> None:
    sent = frame(known, age=pack_evidence(ages), confidence=pack_evidence(confidences))
    got = decode_affect(encode_affect(sent))
    assert got.mask == sent.mask
    for name in LAYOUT:
        for of, given_, step in (
            (got.age_of, ages, evidence.AGE_STEP),
            (got.confidence_of, confidences, 1 / evidence.CONFIDENCE_MOST),
        ):
            wanted = given_.get(name) if name in known else None
            if wanted is None:
                assert of(name) is None
            else:
                assert of(name) == pytest.approx(wanted, abs=step / 2 + 1e-4)


def test_a_frame_without_them_is_the_one_of_version_1_0() -> None:
    hot = hot_of(encode_affect(frame({"valence"})))
    # The layout may have grown since: then the words are needed.
    assert ("w" in hot) == (len(LAYOUT) > MASK_ENTRIES)
    assert "a" not in hot


def test_numbers_out_of_range_go_to_the_nearest_and_no_number_is_unknown() -> None:
    names = ("valence", "arousal", "stress", "focus")
    ages = pack_evidence(dict(zip(names, (-1.0, 1e9, np.inf, np.nan), strict=True)))
    got = decode_affect(encode_affect(frame(set(names), age=ages, confidence=ages)))
    assert [got.age_of(name) for name in names] == pytest.approx([0.0, 655.34, 655.34, None])
    assert [got.confidence_of(name) for name in names] == [0.0, 1.0, 1.0, None]


@pytest.mark.parametrize("part", ["age", "confidence"])
def test_either_may_be_left_out(part: str) -> None:
    got = decode_affect(
        encode_affect(frame({"valence"}, **{part: pack_evidence({"valence": 1.0})}))
    )
    assert (got.age_of("valence"), got.confidence_of("valence")) == (
        (1.0, None) if part == "age" else (None, 1.0)
    )


@given(st.sets(NAMES))
def test_words_say_what_the_mask_says(known: set[str]) -> None:
    sent = frame(known, age=pack_evidence({}))
    hot = hot_of(encode_affect(sent))
    assert all(0 <= word < 1 << 31 for word in hot["w"])
    assert sum(word << 31 * i for i, word in enumerate(hot["w"])) == sent.mask
    assert hot["m"] == sent.mask & ((1 << MASK_ENTRIES) - 1)
    assert len(hot["w"]) == -(-len(LAYOUT) // 31)


def test_words_count_where_the_mask_differs() -> None:
    message = encode_affect(frame({"valence"}, age=pack_evidence({})))
    assert decode_affect(changed(message, m=0)).known() == {"valence": 0.5}


@given(st.integers(0, 40), st.data())
def test_a_longer_vector_is_cut(more: int, data: st.DataObject) -> None:
    entries = len(LAYOUT) + more
    mask = data.draw(st.integers(0, (1 << entries) - 1))
    later = AffectFrame(
        "player", 7, 3, 12.5, 12.75, State.OK, mask, np.arange(entries, dtype=np.float32),
        np.ones(entries, np.float32), np.ones(entries, np.float32),
    )  # fmt: skip
    got = decode_affect(encode_affect(later))
    known = {name: float(i) for i, name in enumerate(LAYOUT) if mask >> i & 1}
    assert got.known() == known
    assert len(got.vector) == len(LAYOUT)
    assert {name for name in LAYOUT if got.age_of(name) is not None} == set(known)


def test_what_an_older_sender_does_not_have_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
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
    # Bits beyond the vector that was sent say nothing.
    words = [*hot_of(message)["w"]]
    words[-1] = (1 << 31) - 1
    for blob in (message, changed(message, w=words)):
        got = decode_affect(blob)
        assert got.known() == full
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
def test_what_does_not_fit_is_malformed(changes: dict[str, Any]) -> None:
    message = encode_affect(frame({"valence"}))
    with pytest.raises(WireError) as caught:
        decode_affect(changed(message, **changes))
    assert caught.value.code == "malformed"


SIMPLE = st.one_of(
    st.none(), st.booleans(), st.integers(-(1 << 40), 1 << 40), st.floats(),
    st.binary(max_size=200), st.text(max_size=9), st.lists(st.integers(-1, 1 << 31), max_size=4),
)  # fmt: skip


@given(st.dictionaries(st.sampled_from("venpsmxtwaz"), SIMPLE, max_size=4), st.binary(max_size=400))
def test_any_values_give_a_frame_of_numbers_or_a_wire_error(
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
def test_damage_never_raises_anything_else(junk: bytes, at: int) -> None:
    ages = pack_evidence(dict.fromkeys(LAYOUT, 1.0))
    message = encode_affect(frame(set(LAYOUT), age=ages, confidence=ages))
    try:
        got = decode_affect(message[:at] + junk + message[at + len(junk) :])
    except WireError:
        return
    assert np.isfinite(got.vector).all()


def test_a_frame_of_an_old_recording_stays_as_short_as_it_was() -> None:
    old = frame({"valence"})
    old = replace(old, vector=old.vector[:MASK_ENTRIES])
    hot = hot_of(encode_affect(old))
    assert len(hot["x"]) == 4 * MASK_ENTRIES
    assert "w" not in hot
