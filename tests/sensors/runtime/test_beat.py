"""The next chunk of a regular source is foreseen, and of no other."""

from math import inf

import numpy as np
import pytest

from sentio_sensors.runtime.beat import LEAD, Beat


def after(times: list[float]) -> Beat:
    beat = Beat()
    for time in times:
        beat.heard(time)
    return beat


def regular(count: int = 100, interval: float = 0.04, jitter: float = 0.0) -> list[float]:
    noise = np.random.default_rng(0).uniform(-jitter, jitter, count)
    return (10.0 + interval * np.arange(count) + noise).tolist()


def test_a_regular_source_is_foreseen() -> None:
    times = regular(jitter=0.0003)
    assert after(times).moment == pytest.approx(times[-1] + 0.04 - LEAD, abs=0.001)


@pytest.mark.parametrize(
    "times",
    [
        [],
        [10.0],
        regular(3),
        regular(jitter=0.008),  # a radio link
        regular(interval=0.004),  # no time to grow cold
        [*regular(), 60.0],  # a gap
    ],
)
def test_what_cannot_be_foreseen_is_not(times: list[float]) -> None:
    assert after(times).moment == inf


def test_a_chunk_that_comes_in_two_parts_is_one() -> None:
    whole = regular()
    parts = [time for chunk in whole for time in (chunk, chunk + 0.0004)]
    assert after(parts).moment == pytest.approx(after(whole).moment, abs=1e-5)


def test_one_rehearsal_for_each_chunk() -> None:
    times = regular()
    beat = after(times)
    beat.rehearsed()
    assert beat.moment == inf
    beat.heard(times[-1] + 0.04)
    assert beat.moment < inf
