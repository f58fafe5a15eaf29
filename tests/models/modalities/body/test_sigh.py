"""A sigh is a breath of twice the usual depth; movement, drift and noise are none."""

from __future__ import annotations

import numpy as np
import pytest

from sentio_models import Signal
from sentio_models.modalities.body.sigh import Sigh, SighDetector
from sentio_sensors.simulated.body import simulate_body
from sentio_sensors.simulated.physiology import resp
from sentio_sensors.simulated.scenario import Scenario, Segment

HZ = 25


def followed(values: np.ndarray, hop: float = 0.5) -> list[tuple[float, Sigh]]:
    """Return the first answer to each sigh of a belt, with the time at which it came."""
    detector, found, step = SighDetector(), [], float("inf")
    last = -100.0
    for now in np.arange(5.0, len(values) / HZ, hop):
        end = int(now * HZ)
        start = max(0, end - 60 * HZ)
        offsets = (np.arange(start, end) + 1) / HZ - now
        signal = Signal(values[start:end].astype(np.float32), offsets, HZ, ("chest",))
        sigh = detector.update(signal, step)
        step = hop
        if sigh is not None and now - sigh.age > last + 5.0:
            last = now - sigh.age
            found.append((float(now), sigh))
    return found


def breathing(seed: int, sighs: tuple[float, ...] = (), spread: float = 0.0) -> np.ndarray:
    """Return a belt of four minutes; ``spread`` is the depths' deviation."""
    body = simulate_body(Scenario((Segment(name="x", seconds=240, sighs=sighs),)), seed)
    values = resp(body, HZ, seed)
    cycle = np.floor(body.breath.at(np.arange(len(values)) / HZ)).astype(int)
    depth = np.random.default_rng(seed).lognormal(0.0, spread, cycle.max() + 1)
    return values * depth[cycle][:, None]


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_sigh_is_found_within_two_seconds_or_so(seed: int, sign: float) -> None:
    ((found, sigh),) = followed(sign * breathing(seed, (120.0,)))
    assert sigh.age < 2.6
    assert abs(found - sigh.age - 120.0) < 4.0
    assert sigh.probability >= 0.8
    assert sigh.size > 1.8


def test_usual_breaths_are_not_sighs() -> None:
    found = [one for seed in range(5, 15) for one in followed(breathing(seed, (), 0.25))]
    assert len(found) <= 3, "a dozen an hour would be as many as people sigh"


def test_a_pause_makes_a_sigh_more_probable() -> None:
    (_, first), *_ = followed(breathing(2, (120.0,)))
    detector, step, last = SighDetector(), float("inf"), None
    values = breathing(2, (120.0,))
    for now in np.arange(5.0, 131.0, 0.5):
        end = int(now * HZ)
        start = max(0, end - 60 * HZ)
        offsets = (np.arange(start, end) + 1) / HZ - now
        signal = Signal(values[start:end].astype(np.float32), offsets, HZ, ("chest",))
        last = detector.update(signal, step) or last
        step = 0.5
    assert last is not None
    assert last.probability >= first.probability


@pytest.mark.parametrize("kind", ["noise", "drift", "flat", "nan"])
def test_a_belt_without_a_person_never_sighs(kind: str) -> None:
    draw = np.random.default_rng(5)
    values = {
        "noise": draw.normal(0, 1, (240 * HZ, 1)),
        "drift": np.cumsum(draw.normal(0, 0.01, (240 * HZ, 1)), axis=0),
        "flat": np.full((240 * HZ, 1), 0.4),
        "nan": np.full((240 * HZ, 1), np.nan),
    }[kind]
    assert len(followed(values)) <= 1


def test_without_a_belt_nothing_is_known() -> None:
    detector = SighDetector()
    assert detector.update(None, float("inf")) is None
    assert detector.update(None, 0.5) is None
