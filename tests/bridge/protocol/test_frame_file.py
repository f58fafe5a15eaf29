"""Frame files: what goes in comes out, and damage costs only what lies behind it."""

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
def test_what_goes_in_comes_out(messages: list[TimedMessage]) -> None:
    read = decode(b"".join(encode(messages)))
    assert read.problem == ""
    assert [s.message for s in read.messages] == [s.message for s in messages]
    first = messages[0].time if messages else 0.0
    assert [s.time for s in read.messages] == [s.time - first for s in messages]


@given(MESSAGES, st.integers(min_value=8))
def test_a_cut_loses_only_the_record_that_it_hits(messages: list[TimedMessage], at: int) -> None:
    whole = b"".join(encode(messages))
    at %= len(whole) + 1
    if at < len(MAGIC):
        with pytest.raises(WireError):
            decode(whole[:at])
        return
    read = decode(whole[:at])
    assert read.messages == decode(whole).messages[: len(read.messages)]
    ends = [8]
    for sent in messages:
        ends.append(ends[-1] + 12 + len(sent.message))
    assert len(read.messages) == sum(end <= at for end in ends) - 1
    assert bool(read.problem) == (at not in ends)


@given(st.binary(max_size=200))
def test_any_bytes_give_messages_or_a_reason(junk: bytes) -> None:
    read = decode(MAGIC + junk)
    assert read.problem or sum(len(s.message) + 12 for s in read.messages) == len(junk)


def test_only_what_may_be_in_it_is_written() -> None:
    with pytest.raises(WireError, match="65,535"):
        list(encode([TimedMessage(0.0, bytes(65536))]))


def test_thinning_keeps_every_event() -> None:
    def sent(index: int) -> list[TimedMessage]:
        body = {"time": 0.0, "kind": "marker", "name": "x", "data": {}}
        return [
            TimedMessage(index / 60, codec.encode_map(kind, "p", body))
            for kind in ("affect", "detail", "event")
        ]

    kept = list(thinned([s for i in range(120) for s in sent(i)], 10.0))
    kinds = [codec.split(s.message)[0] for s in kept]
    assert kinds.count("event") == 120
    assert 18 <= kinds.count("affect") <= 20
    assert kinds.count("detail") == 2


def test_the_golden_file_reads_as_its_description_says() -> None:
    folder = ROOT / "tests/vectors/frames"
    told = json.loads((folder / "short.json").read_text())
    read = decode((folder / "short.frames").read_bytes())
    assert [s.time for s in read.messages] == told["times"]
    assert [codec.split(s.message)[:2] for s in read.messages] == [tuple(t) for t in told["topics"]]
    assert len(told["times"]) == told["count"] > 10


def test_messages_of_several_minor_versions_stand_in_one_file() -> None:
    folder = ROOT / "tests/vectors"
    names = json.loads((folder / "frames/mixed.json").read_text())["messages"]
    read = decode((folder / "frames/mixed.frames").read_bytes())
    assert read.problem == ""
    for index, (sent, name) in enumerate(zip(read.messages, names, strict=True)):
        assert sent.time == index / 2
        assert sent.message == (folder / f"messages/{name}.bin").read_bytes()


def test_the_example_holds_a_session_that_engines_can_play() -> None:
    data = (ROOT / "examples/recordings/simulated.frames").read_bytes()
    read = decode(data)
    kinds = [codec.split(s.message)[0] for s in read.messages]
    assert read.problem == ""
    assert len(data) < 400_000
    assert read.messages[-1].time > 60.0
    assert {"affect", "detail", "event"} == set(kinds)
    frames = [decode_affect(s.message) for s, k in zip(read.messages, kinds, strict=True)
              if k == "affect"]  # fmt: skip
    arousal = [a for f in frames if (a := f.get("arousal")) is not None]
    assert max(arousal) - min(arousal) > 0.2
