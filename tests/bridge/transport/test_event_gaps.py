"""Missed events, counted by the gaps in their numbers."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sentio_bridge.protocol import codec
from sentio_bridge.transport.event_gaps import EventGaps


def event(epoch: int, number: int) -> bytes:
    body = {"v": 1, "epoch": epoch, "id": number, "kind": "marker", "name": "a", "data": {}}
    return codec.topic("event", "x") + codec.encode_body(body)


@given(st.sets(st.integers(0, 60), min_size=1))
def test_each_missing_number_between_two_events_is_counted(numbers: set[int]) -> None:
    gaps = EventGaps([b"affect/", b"event/"])
    for number in sorted(numbers):
        gaps.note(event(7, number))
        gaps.note(codec.topic("affect", "x"))
    assert gaps.missed == max(numbers) - min(numbers) + 1 - len(numbers)


def test_another_start_of_the_sidecar_and_malformed_events_count_nothing() -> None:
    gaps = EventGaps([b""])
    for message in (event(7, 40), event(8, 5), codec.topic("event", "x") + b"\x91", event(8, 6)):
        gaps.note(message)
    assert gaps.missed == 0


def test_a_subscription_to_one_subject_cannot_count() -> None:
    gaps = EventGaps([codec.topic("event", "x")])
    gaps.note(event(7, 1))
    gaps.note(event(7, 5))
    assert gaps.missed == 0
