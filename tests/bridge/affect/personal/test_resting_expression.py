"""Tests of expressions relative to a resting face."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentio_bridge.affect.personal.resting_expression import MOST, RATE, RestingExpression
from sentio_models import EMOTIONS, Estimate, Norm


def face(**shares: float) -> Estimate:
    """Return an estimate with some probabilities; neutral takes the rest."""
    emotions = dict.fromkeys(EMOTIONS, 0.01) | shares
    emotions["neutral"] = 1.0 - sum(v for k, v in emotions.items() if k != "neutral")
    return Estimate("face", quality=0.9, emotions=emotions)


def follow(corrector: RestingExpression, estimate: Estimate, seconds: int, start: float) -> None:
    """Show an estimate ten times a second."""
    for tick in range(seconds * 10):
        corrector.correct(estimate, start + tick / 10)


def odds(estimate: Estimate, name: str) -> float:
    assert estimate.emotions is not None
    return estimate.emotions[name] / (1.0 - estimate.emotions[name])


def test_a_face_that_looks_sad_at_rest_becomes_neutral() -> None:
    corrector, sad = RestingExpression(), face(sadness=0.45)
    follow(corrector, sad, 600, 0.0)
    corrected = corrector.correct(sad, 601.0)
    assert corrected.emotions is not None
    assert corrected.emotions["sadness"] < 0.25
    assert max(corrected.emotions, key=corrected.emotions.get) == "neutral"


def test_more_sadness_than_usual_still_shows() -> None:
    corrector = RestingExpression()
    follow(corrector, face(sadness=0.45), 600, 0.0)
    corrected = corrector.correct(face(sadness=0.9), 601.0)
    assert corrected.emotions is not None
    assert corrected.emotions["sadness"] > 0.7


def test_smiles_now_and_then_are_not_the_usual_face() -> None:
    corrector, smile = RestingExpression(), face(happiness=0.9)
    plain = corrector.correct(smile, 0.0)
    for minute in range(20):
        follow(corrector, face(), 45, 60.0 * minute)
        follow(corrector, smile, 15, 60.0 * minute + 45.0)
    after = corrector.correct(smile, 1300.0)
    assert odds(after, "happiness") >= 0.7 * odds(plain, "happiness")


def test_a_voice_is_relative_already_and_keeps_its_level_shares() -> None:
    corrector = RestingExpression()
    level = dict.fromkeys(EMOTIONS, 1 / len(EMOTIONS))
    voice = Estimate("voice", quality=0.9, emotions=level)
    follow(corrector, voice, 300, 0.0)
    assert corrector.correct(voice, 301.0).emotions == level


def test_a_baseline_counts_at_once() -> None:
    norms = {f"p_{n}": Norm(v, 0.05, 20.0) for n, v in face(sadness=0.45).emotions.items()}
    corrector = RestingExpression()
    corrector.start_from({"face": norms})
    corrected = corrector.correct(face(sadness=0.45), 0.0)
    assert corrected.emotions is not None
    assert corrected.emotions["sadness"] < 0.25


def test_nothing_jumps() -> None:
    corrector, angry = RestingExpression(), face(anger=0.8)
    before = corrector.correct(angry, 0.0).emotions["anger"]
    for tick in range(1, 600):
        now = corrector.correct(angry, tick / 10).emotions["anger"]
        assert abs(now - before) < 2 * RATE * 0.1
        before = now


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=30))
def test_no_odds_change_by_more_than_the_limit(shown: list[tuple[float, float]]) -> None:
    corrector = RestingExpression()
    for index, (anger, joy) in enumerate(shown):
        raw = face(anger=0.4 * anger + 0.01, happiness=0.4 * joy + 0.01)
        corrected = corrector.correct(raw, 60.0 * index).emotions
        assert sum(corrected.values()) == pytest.approx(1.0)
        for name in EMOTIONS:
            ratio = corrected[name] / raw.emotions[name]
            assert 1 / MOST - 1e-9 <= ratio <= MOST + 1e-9


def test_words_are_left_alone_and_what_is_withdrawn_is_forgotten() -> None:
    corrector, sad = RestingExpression(), face(sadness=0.45)
    text = Estimate("text", quality=0.9, emotions=sad.emotions)
    assert corrector.correct(text, 0.0) is text
    follow(corrector, sad, 600, 0.0)
    corrector.forget("face")
    fresh = RestingExpression().correct(sad, 700.0)
    assert corrector.correct(sad, 700.0).emotions == fresh.emotions
