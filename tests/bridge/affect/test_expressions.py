"""Expressions are found once, after they have lasted, and speech makes none."""

from __future__ import annotations

import pytest

from sentio_bridge.affect.expressions import Expression, Expressions
from sentio_models import Estimate


def followed(
    feature: str, values: list[float], modality: str = "face", hz: float = 10.0
) -> list[Expression]:
    """Return the expressions in a series of one feature."""
    expressions, found = Expressions(), []
    for tick, value in enumerate(values):
        estimate = Estimate(modality, quality=0.9, features={feature: value})
        found += expressions.take(estimate, 50.0 + tick / hz)
    return found


def test_a_laugh_is_found_once_with_its_probability() -> None:
    (laugh,) = followed("laughter", [0.1] * 20 + [0.9] * 30 + [0.1] * 20, "voice")
    assert laugh.name == "laughter"
    assert laugh.onset == pytest.approx(52.0)
    assert laugh.probability == pytest.approx(0.9)


def test_a_second_laugh_is_another_expression() -> None:
    assert len(followed("laughter", ([0.1] * 20 + [0.9] * 20) * 2, "voice")) == 2


def test_a_short_sound_is_not_a_laugh() -> None:
    assert not followed("laughter", [0.1] * 20 + [0.9] * 3 + [0.1] * 20, "voice")


def test_a_yawn_lasts_longer_than_a_word() -> None:
    (yawn,) = followed("jaw_open", [0.05] * 20 + [0.8] * 50 + [0.05] * 10)
    assert (yawn.name, yawn.probability) == ("yawn", None)
    assert yawn.strength == pytest.approx(0.8)
    assert not followed("jaw_open", ([0.7] * 4 + [0.1] * 3) * 20)


def test_brows_that_are_always_low_are_not_a_frown() -> None:
    assert not followed("brow_down", [0.5] * 400)
    (frown,) = followed("brow_down", [0.3] * 100 + [0.75] * 20)
    assert frown.name == "frown"


def test_a_poor_estimate_is_not_used() -> None:
    expressions = Expressions()
    for tick in range(50):
        poor = Estimate("voice", quality=0.1, features={"laughter": 1.0})
        assert not expressions.take(poor, tick / 10)


def test_a_gap_ends_what_had_begun() -> None:
    expressions = Expressions()
    for time in (0.0, 0.1, 0.2, 5.0, 5.1, 5.2):
        estimate = Estimate("voice", quality=0.9, features={"laughter": 0.9})
        assert not expressions.take(estimate, time)


def test_lowered_brows_of_a_startle_are_not_a_frown() -> None:
    calm = {"blink": 0.05, "brow_up": 0.05, "brow_down": 0.05, "eyes_wide": 0.1, "jaw_open": 0.05}
    startled = {"blink": 0.8, "brow_up": 0.5, "brow_down": 0.5, "eyes_wide": 0.6, "jaw_open": 0.4}
    expressions, names = Expressions(), []
    for tick, features in enumerate([calm] * 40 + [startled] * 15 + [calm] * 40):
        estimate = Estimate("face", quality=0.9, features=features)
        names += [found.name for found in expressions.take(estimate, 50.0 + tick / 10)]
    assert names == ["startle"]
