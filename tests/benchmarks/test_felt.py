"""Tests of the claims of docs/felt.md on one simulated person."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.felt_figures import changes, entry
from benchmarks.felt_run import felt
from benchmarks.felt_sessions import play, shuffled
from sentio_models import Estimate

pytestmark = pytest.mark.bench


def test_a_shuffled_script_is_a_function_of_its_seed() -> None:
    assert shuffled(3) == shuffled(3)
    assert shuffled(3) != shuffled(4)
    names = [segment.name for segment in shuffled(3)]
    assert all(a != b for a, b in zip(names, names[1:], strict=False))


def test_a_person_is_felt() -> None:
    session = play("demo", 22, 200.0)
    assert all(isinstance(arrived.estimate, Estimate) for arrived in session.arrived)
    one = felt(session)
    arousal, level = entry([one], "arousal"), entry([one], "arousal_level")
    assert arousal["known"] > 0.97
    assert arousal["r"] > 0.75
    assert arousal["lag"] < 6.0
    assert level["used"] > 0.6
    assert changes([one], [])["arousal"]["found"] >= 3
    assert np.isnan(felt(session, only=("face",)).values["heart_rate"]).all()
