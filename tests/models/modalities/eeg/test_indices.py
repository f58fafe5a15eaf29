"""The published indices against their definitions, in numpy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentio_models import ModelFailedError
from sentio_models.modalities.eeg.bands import NAMES
from sentio_models.modalities.eeg.indices import PRIOR, RAW, raw_indices, relative

LOGS = st.lists(st.floats(-14, 16), min_size=12, max_size=12)


@given(LOGS)
def test_indices_are_those_of_the_literature(logs: list[float]) -> None:
    head = dict(zip(NAMES, np.exp(logs[:5]), strict=True))
    front = dict(zip(NAMES, np.exp(logs[5:10]), strict=True))
    expected = [
        np.log(head["beta"] / (head["alpha"] + head["theta"])),
        np.log(head["alpha"] / (head["theta"] + head["alpha"] + head["beta"])),
        np.log(front["beta"] / front["theta"]),
        logs[11] - logs[10],
    ]
    assert raw_indices(logs) == pytest.approx(expected, abs=1e-9)


def test_a_persons_median_gives_a_half_and_a_spread_above_it_the_logistic_of_one() -> None:
    centre, spread = [norm.mean for norm in PRIOR.values()], [n.sd for n in PRIOR.values()]
    assert tuple(PRIOR) == RAW
    assert relative(centre, centre, spread) == [0.5] * 4
    above = [c + s for c, s in zip(centre, spread, strict=True)]
    assert relative(above, centre, spread) == pytest.approx([1 / (1 + np.exp(-1))] * 4)
    assert relative([1e6, -1e6, 0, 0], [0] * 4, [1e-6] * 4) == pytest.approx([1, 0, 0.5, 0.5])


@pytest.mark.parametrize("wrong", [float("nan"), float("inf"), 800.0])
@pytest.mark.parametrize("place", [0, 1, 3, 7])
def test_powers_that_are_not_finite_are_refused(place: int, wrong: float) -> None:
    logs = [1.0] * 12
    logs[place] = wrong
    if wrong == 800.0 and place in (0, 7):
        assert np.isfinite(raw_indices(logs)).all()
        return
    with pytest.raises(ModelFailedError, match="not finite"):
        raw_indices(logs)
