"""A startle shows in several signals at once; a blink or a word is none."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from sentio_bridge.affect.startle import Startle, StartleDetector
from sentio_models import Estimate

CALM = {
    "blink": 0.06,
    "squint": 0.2,
    "brow_up": 0.05,
    "brow_down": 0.05,
    "eyes_wide": 0.1,
    "jaw_open": 0.05,
    "frown": 0.02,
    "lips_pressed": 0.02,
    "smile": 0.05,
}
STARTLED = CALM | {
    "blink": 0.8,
    "brow_up": 0.5,
    "brow_down": 0.4,
    "eyes_wide": 0.6,
    "jaw_open": 0.4,
}


def faces(rows: Iterable[dict[str, float]], start: float = 100.0) -> list[tuple[float, Estimate]]:
    """Return faces at 10 Hz."""
    return [
        (start + 0.1 * i, Estimate("face", quality=0.9, features=row)) for i, row in enumerate(rows)
    ]


def followed(estimates: Iterable[tuple[float, Estimate]]) -> list[tuple[float, Startle]]:
    """Return each startle with the capture time at which it was found."""
    detector = StartleDetector()
    found = ((at, detector.take(estimate, at)) for at, estimate in sorted(estimates, key=_time))
    return [(at, startle) for at, startle in found if startle is not None]


def _time(pair: tuple[float, Estimate]) -> float:
    return pair[0]


def test_a_startled_face_is_found_once_within_a_second() -> None:
    ((at, startle),) = followed(faces([CALM] * 40 + [STARTLED] * 8 + [CALM] * 40))
    assert startle.time == pytest.approx(104.0, abs=0.15)
    assert at - startle.time < 1.0
    assert 0.5 <= startle.probability <= 1.0
    assert startle.sources == ("face",)


@pytest.mark.parametrize(
    "other",
    [
        {"blink": 0.9},
        {"jaw_open": 0.6},
        {"blink": 0.9, "jaw_open": 0.6},
        {"smile": 0.8, "squint": 0.6, "eyes_wide": 0.3, "jaw_open": 0.4, "brow_up": 0.3},
    ],
)
def test_a_blink_a_word_and_a_laugh_are_not_a_startle(other: dict[str, float]) -> None:
    assert not followed(faces(([CALM] * 20 + [CALM | other] * 3) * 6))


def test_a_slow_change_of_the_face_is_not_a_startle() -> None:
    rows = [
        {name: CALM[name] + i / 60 * (STARTLED[name] - CALM[name]) for name in CALM}
        for i in range(60)
    ]
    assert not followed(faces([CALM] * 30 + rows + [STARTLED] * 30))


def _body(start: float, seconds: float, onset: float) -> list[tuple[float, Estimate]]:
    rows = []
    for tick in range(int(2 * seconds)):
        at = start + 0.5 * tick
        features = {"heart_rate_acceleration": 3.0 if onset < at < onset + 2 else 0.1}
        if at > onset + 0.5:
            features |= {"scr_onset_age": at - onset, "scr_onset_amplitude": 0.5}
        rows.append((at, Estimate("body", quality=0.8, features=features)))
    return rows


def test_a_skin_response_alone_is_not_a_startle() -> None:
    assert not followed(_body(100.0, 20.0, 110.0))


def test_a_weak_face_with_a_jolt_and_a_skin_response_is_a_startle() -> None:
    weak = CALM | {"blink": 0.5, "brow_up": 0.25, "jaw_open": 0.25}
    motion = [
        (
            100.0 + 0.1 * i,
            Estimate(
                "movement", quality=1.0, features={"head_jolt": 7.0 if i in (42, 43) else 0.5}
            ),
        )
        for i in range(88)
    ]
    estimates = faces([CALM] * 40 + [weak] * 8 + [CALM] * 40)
    assert not followed(estimates)
    ((_, startle),) = followed([*estimates, *motion, *_body(100.0, 9.0, 105.7)])
    assert {"face", "head"} <= set(startle.sources)


def test_a_head_that_moves_much_is_not_a_startle_by_itself() -> None:
    motion = [
        (
            100.0 + 0.1 * i,
            Estimate("movement", quality=1.0, features={"head_jolt": 20.0 if i % 15 == 0 else 1.0}),
        )
        for i in range(300)
    ]
    assert not followed(motion)


def test_the_game_s_own_bang_is_not_a_cry() -> None:
    def voice(loud: bool, at: float) -> tuple[float, Estimate]:
        level = -10.0 if loud else -60.0
        return at, Estimate("voice", reasons=("not_voice",), features={"level_db": level})

    bang = [voice(i in range(100, 110), 100.0 + 0.05 * i) for i in range(200)]
    weak = CALM | {"blink": 0.9}
    assert not followed([*bang, *faces([CALM] * 50 + [weak] * 3 + [CALM] * 40)])


def test_two_startles_are_two_and_one_is_not_two() -> None:
    once = [CALM] * 60 + [STARTLED] * 6
    assert len(followed(faces(once * 2 + [CALM] * 30))) == 2
    assert len(followed(faces([CALM] * 40 + [STARTLED] * 4 + [CALM] * 8 + [STARTLED] * 4))) == 1


def test_a_gap_and_bad_quality_restart_it() -> None:
    early = faces([CALM] * 40)
    late = faces([STARTLED] * 20, start=130.0)
    assert not followed([*early, *late])
    poor = [
        (at, Estimate("face", quality=0.1, features=dict(one.features)))
        for at, one in faces([CALM] * 40 + [STARTLED] * 8)
    ]
    assert not followed(poor)


def test_times_that_are_not_numbers_are_left_out() -> None:
    detector = StartleDetector()
    for at in (float("nan"), float("inf")):
        assert detector.take(Estimate("face", quality=0.9, features=STARTLED), at) is None
