"""History of a signal: ascending, bounded, packed, and the same after a pickle."""

from __future__ import annotations

import pickle

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sentio_bridge.affect.event_responses.history import History

SPACING = 0.04


@given(st.lists(st.tuples(st.floats(0, 50), st.floats(-9, 9)), max_size=200))
def test_times_ascend_with_their_spacing_and_survive_a_pickle(
    samples: list[tuple[float, float]],
) -> None:
    history = History(30.0, SPACING)
    for time, value in samples:
        history.add(time, value)
    times, values = history.arrays()
    assert (np.diff(times) >= SPACING * 0.999).all()
    again = pickle.loads(pickle.dumps(history))  # made here
    for one, other in zip(again.arrays(), (times, values), strict=True):
        assert one.tobytes() == other.tobytes()
    assert again.add(100.0, 1.0) == history.add(100.0, 1.0) == ""


def test_a_quarter_of_an_hour_takes_16_bytes_a_sample() -> None:
    history = History(992.0, SPACING)
    for n in range(60_000):
        history.add(n * SPACING, n * 0.5)
    times, _ = history.arrays()
    assert 992.0 <= times[-1] - times[0] <= 992.0 + 65 * SPACING
    assert len(pickle.dumps(history)) < 17 * len(times)
