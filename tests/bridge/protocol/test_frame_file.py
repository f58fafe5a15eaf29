"""Frame files: round trips, damage, thinning and the stored examples."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentio_bridge import WireError, decode_affect
from sentio_bridge.protocol import codec
from sentio_bridge.protocol.frame_file import MAGIC, decode, encode, thinned
from sentio_bridge.protocol.timed_message import TimedMessage

ROOT = Path(__file__).parents[3]
MESSAGES = st.lists(
    st.tuples(st.floats(0, 1e6), st.binary(min_size=2, max_size=300)), max_size=20
).map(lambda rows: [TimedMessage(t, m) for t, m in sorted(rows, key=lambda row: row[0])])


@given(MESSAGES)
def test_messages_are_unchanged_after_encode_and_decode(messages: list[TimedMessage]) -> None:
    read = decode(b"".join(encode(messages)))
    assert read.problem == ""
    assert [s.message for s in read.messages] == [s.message for s in messages]
    first = messages[0].time if messages else 0.0
    assert [s.time for s in read.messages] == [s.time - first for s in messages]


@given(MESSAGES, st.integers(min_value=8))
def test_truncation_loses_only_the_last_record(messages: list[TimedMessage], at: int) -> None:
    complete = b"".join(encode(messages))
    at %= len(complete) + 1
    if at < len(MAGIC):
        with pytest.raises(WireError):
            decode(complete[:at])
        return
    read = decode(complete[:at])
    assert read.messages == decode(complete).messages[: len(read.messages)]
    ends = [8]
    for sent in messages:
        ends.append(ends[-1] + 12 + len(sent.message))
    assert len(read.messages) == sum(end <= at for end in ends) - 1
    assert bool(read.problem) == (at not in ends)


@given(st.binary(max_size=200))
def test_any_bytes_give_messages_or_a_reason(data: bytes) -> None:
    read = decode(MAGIC + data)
    assert read.problem or sum(len(s.message) + 12 for s in read.messages) == len(data)


def test_oversized_message_is_refused() -> None:
    with pytest.raises(WireError, match="65,535"):
        list(encode([TimedMessage(0.0, bytes(65536))]))


def test_thinning_keeps_every_event() -> None:
    def sent(index: int) -> list[TimedMessage]:
        body = {"time": 0.0, "kind": "marker", "name": "x", "data": {}}
        return [
            TimedMessage(index / 60, codec.encode_map(kind, "p", body))
            for kind in ("affect", "detail", "event")
        ]

    remaining = list(thinned([s for i in range(120) for s in sent(i)], 10.0))
    kinds = [codec.split_message(s.message)[0] for s in remaining]
    assert kinds.count("event") == 120
    assert 18 <= kinds.count("affect") <= 20
    assert kinds.count("detail") == 2


def test_golden_file_matches_its_description() -> None:
    folder = ROOT / "tests/vectors/frames"
    expected = json.loads((folder / "short.json").read_text())
    read = decode((folder / "short.frames").read_bytes())
    assert [s.time for s in read.messages] == expected["times"]
    assert [codec.split_message(s.message)[:2] for s in read.messages] == [
        tuple(t) for t in expected["topics"]
    ]
    assert len(expected["times"]) == expected["count"] > 10


def test_one_file_may_contain_several_minor_versions() -> None:
    folder = ROOT / "tests/vectors"
    names = json.loads((folder / "frames/mixed.json").read_text())["messages"]
    read = decode((folder / "frames/mixed.frames").read_bytes())
    assert read.problem == ""
    for index, (sent, name) in enumerate(zip(read.messages, names, strict=True)):
        assert sent.time == index / 2
        assert sent.message == (folder / f"messages/{name}.bin").read_bytes()


def test_example_contains_a_complete_session() -> None:
    data = (ROOT / "examples/recordings/simulated.frames").read_bytes()
    read = decode(data)
    kinds = [codec.split_message(s.message)[0] for s in read.messages]
    assert read.problem == ""
    assert len(data) < 400_000
    assert read.messages[-1].time > 60.0
    assert {"affect", "detail", "event"} == set(kinds)
    frames = [decode_affect(s.message) for s, k in zip(read.messages, kinds, strict=True)
              if k == "affect"]  # fmt: skip
    arousal = [a for f in frames if (a := f.get("arousal")) is not None]
    assert max(arousal) - min(arousal) > 0.2
