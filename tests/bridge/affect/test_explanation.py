"""Why the state is what it is, in words."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from sentio_bridge.affect.explanation import Explainer, remedy
from sentio_models import Estimate


@dataclass(frozen=True)
class Share:
    state: str
    weight: float = 0.0
    reasons: tuple[str, ...] = ()


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("no_face", "nobody in view"),
        ("a_code_of_tomorrow", "a code of tomorrow"),
        ("no file left_eye.mkv", "no file left_eye.mkv"),
        ("/dev/my_port", "/dev/my_port"),
    ],
)
def test_codes_are_put_into_words_and_device_texts_stay(reason: str, words: str) -> None:
    why = Explainer().why({}, {"face": Share("absent", reasons=(reason,))})
    assert why == f"face not used: {words}"


def test_what_works_but_could_work_better_has_a_fix() -> None:
    assert "pip install 'sentio-affect[text-encoder]'" in remedy(("short", "no_encoder"))
    assert remedy(("short",)) == ""


def test_an_older_estimate_explains_nothing() -> None:
    explainer = Explainer()
    for i in range(200):
        rate = 70.0 + (i % 3)
        explainer.take(Estimate("body", quality=1.0, features={"heart_rate": rate}), 10.0 + i)
    line = explainer.why({"arousal": 0.6}, {"body": Share("ok", 1.0)})
    assert "heart rate" not in line
    explainer.take(Estimate("body", quality=1.0, features={"heart_rate": 120.0}), 100.0)
    assert explainer.why({"arousal": 0.6}, {"body": Share("ok", 1.0)}) == line
    explainer.take(Estimate("body", quality=1.0, features={"heart_rate": 120.0}), 300.0)
    assert "heart rate +" in explainer.why({"arousal": 0.6}, {"body": Share("ok", 1.0)})
