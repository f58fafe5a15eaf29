"""Heart and skin show a startle by themselves once the heart has returned."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

import pytest

from sentio_bridge.affect.startle import Startle, StartleDetector
from sentio_models import Estimate

AT = 130.0
"""When something happens (clock, seconds)."""


def course(
    rise: Callable[[float], float], skin: float | None = 0.5
) -> list[tuple[float, Estimate]]:
    """Return bodies twice a second whose heart rises by ``rise(seconds after AT)``."""
    rows = []
    for tick in range(120):
        at = 100.0 + 0.5 * tick
        features = {"heart_rate_now": 70.0 + rise(at - AT) + math.sin(at)}
        onset = AT + 1.7
        if skin is not None and at > onset + 0.5 and at < onset + 12.0:
            features |= {"scr_onset_age": at - onset, "scr_onset_amplitude": skin}
        rows.append((at, Estimate("body", quality=0.8, features=features)))
    return rows


def startled(after: float) -> float:
    """Rise and return of a startled heart, which the tracker shows two seconds late."""
    run = max(0.0, after - 1.5) / 2.5
    return 13.0 * run * math.exp(1.0 - run)


def followed(estimates: Iterable[tuple[float, Estimate]]) -> list[tuple[float, Startle]]:
    """Return each startle with the capture time at which it was found."""
    detector = StartleDetector()
    found = [
        (at, detector.take(estimate, at)) for at, estimate in sorted(estimates, key=lambda p: p[0])
    ]
    return [(at, startle) for at, startle in found if startle is not None]


def test_a_heart_that_rises_and_returns_with_a_skin_response_is_a_startle() -> None:
    ((at, startle),) = followed(course(startled))
    assert startle.time == pytest.approx(AT, abs=2.0)
    assert 8.0 < at - AT < 12.0
    assert startle.probability > 0.5
    assert startle.sources == ("heart", "skin")


@pytest.mark.parametrize(
    ("rise", "skin"),
    [
        pytest.param(lambda after: 0.0, 0.5, id="a skin response alone"),
        pytest.param(startled, None, id="a heart alone"),
        pytest.param(lambda after: 15.0 * min(1.0, max(0.0, after / 4.0)), 0.5, id="a change"),
        pytest.param(lambda after: 3.0 * math.sin(after * 0.6), 0.3, id="breathing"),
    ],
)
def test_what_startles_do_not_do_is_none(
    rise: Callable[[float], float], skin: float | None
) -> None:
    assert not followed(course(rise, skin))


def test_a_face_that_is_seen_decides_instead() -> None:
    calm = {"blink": 0.05, "brow_up": 0.05, "jaw_open": 0.05}
    faces = [(100.0 + 0.1 * i, Estimate("face", quality=0.9, features=calm)) for i in range(600)]
    assert not followed([*course(startled), *faces])
    poor = [(at, Estimate("face", quality=0.1, features=calm)) for at, _ in faces]
    assert len(followed([*course(startled), *poor])) == 1


def test_a_gap_in_the_heart_hides_it() -> None:
    rows = [
        (at, one if not AT + 3.0 < at < AT + 7.0 else Estimate("body", quality=0.1))
        for at, one in course(startled)
    ]
    assert not followed(rows)


def voices(level: Callable[[float], float]) -> list[tuple[float, Estimate]]:
    """Return 20 s of syllables, then ``level(seconds after AT)``."""
    rows = []
    for i in range(1000):
        at = AT - 20.0 + 0.032 * i
        after = at - AT
        speech = -30.0 + 6.0 * math.sin(31.0 * at) if at % 3.0 < 2.0 else -64.0
        loud = level(after) if after >= 0.0 else speech
        features = {"level_db": loud} | ({"loudness_db": -30.0} if loud > -60.0 else {})
        rows.append((at, Estimate("voice", quality=0.7, features=features)))
    return rows


def test_a_cry_over_the_own_loud_syllables_is_a_startle() -> None:
    ((at, startle),) = followed(voices(lambda after: -16.0 if 0.2 < after < 0.8 else -64.0))
    assert startle.sources == ("voice",)
    assert startle.time == pytest.approx(AT, abs=0.5)
    assert at - AT < 1.5


def test_a_louder_word_and_the_first_word_are_not_a_cry() -> None:
    def word(after: float) -> float:
        return -18.0 + 6.0 * math.sin(31.0 * after) if 0.2 < after < 0.6 else -64.0

    assert not followed(voices(word))
    first = [
        (at, Estimate("voice", quality=0.7, features={"level_db": -64.0 if at < AT else -20.0}))
        for at, _ in voices(lambda after: -20.0)
    ]
    assert not followed(first)
