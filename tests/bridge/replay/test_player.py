"""Player with a manual clock: pause, seek, speed and loops."""

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
    """Return the numbers played within ``seconds``, each taken when it is due."""
    end, numbers = clock.now() + seconds, list[int]()
    while player.deadline() <= end and len(numbers) < 1000:
        clock.sleep(player.deadline() - clock.now())
        numbers += [int(sent.message) for sent in player.take()]
    clock.sleep(end - clock.now())
    return numbers


def test_messages_are_paced() -> None:
    clock = ManualClock(7.0)
    player = Player(make, clock, speed=2.0)
    assert played(player, clock, 1.01) == list(range(21))
    assert player.position == pytest.approx(2.0)
    assert played(player, clock, 99.0) == list(range(21, 50))
    assert player.ended
    assert player.deadline() == inf


def test_resume_continues_at_the_pause() -> None:
    clock = ManualClock()
    player = Player(make, clock)
    played(player, clock, 1.05)
    player.pause()
    assert player.paused
    assert played(player, clock, 30.0) == []
    player.resume()
    assert played(player, clock, 0.55)[0] == 11


def test_seek_works_in_both_directions() -> None:
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


def test_paused_player_can_seek() -> None:
    clock = ManualClock()
    player = Player(make, clock)
    player.pause()
    player.seek(3.0)
    assert (player.position, player.paused) == (3.0, True)
    clock.sleep(60.0)
    player.resume()
    assert played(player, clock, 0.05) == [30]


def test_range_loops() -> None:
    clock = ManualClock()
    player = Player(make, clock, speed=1.0, start=1.0, end=1.25, loop=True)
    assert played(player, clock, 0.5)[:6] == [10, 11, 12, 10, 11, 12]
    assert player.jumps >= 1
    player.seek(1e9)  # after the end: restarts
    assert played(player, clock, 0.05) == [10]


def test_loop_over_an_empty_range_ends() -> None:
    clock = ManualClock()
    player = Player(make, clock, start=99.0, loop=True)
    assert list(all_played(player, clock)) == []
    assert player.jumps == 0


def test_unlimited_speed_plays_at_once() -> None:
    clock = ManualClock()
    player = Player(make, clock, speed=0.0)
    assert list(all_played(player, clock)) == SENT
    assert clock.now() == ManualClock().now()


def test_messages_may_start_near_the_sought_position() -> None:
    clock = ManualClock()
    player = Player(lambda position, _: iter(SENT[int(position * 10) :]), clock, first=100.0)
    player.seek(4.0)
    assert played(player, clock, 0.25) == [40, 41, 42]
    assert player.position == pytest.approx(4.2)


def test_long_seek_is_split_into_bursts() -> None:
    clock = ManualClock()
    many = [TimedMessage(n / 10, b"") for n in range(10 * BURST)]
    player = Player(lambda *_: iter(many), clock)
    player.seek(many[-1].time)
    for _ in range(9):
        assert player.take() == []
        assert player.position == many[-1].time
    while not (numbers := player.take()):
        pass
    assert numbers == many[-1:]


@given(st.lists(st.tuples(st.sampled_from("prsv"), st.floats(0, 8)), max_size=30))
def test_position_is_that_of_the_last_message(
    operations: list[tuple[str, float]],
) -> None:
    clock = ManualClock()
    player = Player(make, clock, speed=1.0)
    for operation, number in operations:
        if operation == "p":
            player.pause()
        elif operation == "r":
            player.resume()
        elif operation == "s":
            player.seek(number)
        else:
            player.set_speed(0.25 + number)
        taken = played(player, clock, 0.3)
        assert taken == sorted(taken)
        if taken:
            assert not player.paused
            assert player.position == pytest.approx(taken[-1] / 10)
