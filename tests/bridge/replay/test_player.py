"""A recording's messages, paused, sought and hurried on a clock that is turned by hand."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentio_bridge.protocol.timed_message import TimedMessage
from sentio_bridge.replay.player import BURST, Player
from sentio_bridge.replay.player import played as all_played
from sentio_sensors import ManualClock

SENT = [TimedMessage(100.0 + n / 10, f"{n}".encode()) for n in range(50)]


def make(position: float, sought: bool) -> Iterator[TimedMessage]:
    return iter(SENT)


def played(player: Player, clock: ManualClock, seconds: float) -> list[int]:
    """Return the numbers that come within ``seconds``, taking each when it is due."""
    end, found = clock.now() + seconds, list[int]()
    while player.deadline() <= end and len(found) < 1000:
        clock.sleep(player.deadline() - clock.now())
        found += [int(sent.message) for sent in player.take()]
    clock.sleep(end - clock.now())
    return found


def test_messages_come_in_their_own_time() -> None:
    clock = ManualClock(7.0)
    player = Player(make, clock, speed=2.0)
    assert played(player, clock, 1.01) == list(range(21))
    assert player.position == pytest.approx(2.0)
    assert played(player, clock, 99.0) == list(range(21, 50))
    assert player.ended
    assert player.deadline() == inf


def test_pause_holds_and_resume_goes_on_there() -> None:
    clock = ManualClock()
    player = Player(make, clock)
    played(player, clock, 1.05)
    player.pause()
    assert player.paused
    assert played(player, clock, 30.0) == []
    player.resume()
    assert played(player, clock, 0.55)[0] == 11


def test_seek_goes_both_ways_and_speed_changes_from_there() -> None:
    clock = ManualClock()
    player = Player(make, clock)
    player.seek(4.0)
    assert played(player, clock, 0.25) == [40, 41, 42]
    player.seek(1.0)
    player.set_speed(10.0)
    assert played(player, clock, 0.1001) == list(range(10, 21))
    player.seek(1e9)
    assert not player.ended
    assert played(player, clock, 0.1) == []
    assert player.ended
    assert player.jumps == 3


def test_a_paused_player_can_be_moved() -> None:
    clock = ManualClock()
    player = Player(make, clock)
    player.pause()
    player.seek(3.0)
    assert (player.position, player.paused) == (3.0, True)
    clock.sleep(60.0)
    player.resume()
    assert played(player, clock, 0.05) == [30]


def test_a_stretch_loops() -> None:
    clock = ManualClock()
    player = Player(make, clock, speed=1.0, start=1.0, end=1.25, loop=True)
    assert played(player, clock, 0.5)[:6] == [10, 11, 12, 10, 11, 12]
    assert player.jumps >= 1
    player.seek(1e9)  # behind the end: begins again
    assert played(player, clock, 0.05) == [10]


def test_a_loop_over_nothing_ends() -> None:
    clock = ManualClock()
    player = Player(make, clock, start=99.0, loop=True)
    assert list(all_played(player, clock)) == []
    assert player.jumps == 0


def test_everything_comes_at_once_where_there_is_no_pace() -> None:
    clock = ManualClock()
    player = Player(make, clock, speed=0.0)
    assert list(all_played(player, clock)) == SENT
    assert clock.now() == ManualClock().now()


def test_messages_may_begin_near_the_place_that_is_sought() -> None:
    clock = ManualClock()
    player = Player(lambda position, _: iter(SENT[int(position * 10) :]), clock, first=100.0)
    player.seek(4.0)
    assert played(player, clock, 0.25) == [40, 41, 42]
    assert player.position == pytest.approx(4.2)


def test_a_far_place_is_gone_to_in_parts_so_that_requests_are_heard() -> None:
    clock = ManualClock()
    many = [TimedMessage(n / 10, b"") for n in range(10 * BURST)]
    player = Player(lambda *_: iter(many), clock)
    player.seek(many[-1].time)
    for _ in range(9):
        assert player.take() == []
        assert player.position == many[-1].time
    while not (found := player.take()):
        pass
    assert found == many[-1:]


@given(st.lists(st.tuples(st.sampled_from("prsv"), st.floats(0, 8)), max_size=30))
def test_whatever_is_asked_the_position_is_that_of_what_was_played(
    asked: list[tuple[str, float]],
) -> None:
    clock = ManualClock()
    player = Player(make, clock, speed=1.0)
    for what, number in asked:
        if what == "p":
            player.pause()
        elif what == "r":
            player.resume()
        elif what == "s":
            player.seek(number)
        else:
            player.set_speed(0.25 + number)
        got = played(player, clock, 0.3)
        assert got == sorted(got)
        if got:
            assert not player.paused
            assert player.position == pytest.approx(got[-1] / 10)
