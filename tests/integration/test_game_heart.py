"""A heart rate that a game sends is shown within seconds, also after a step."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from .conftest import DEADLINE, Sidecar

CONFIG = 'subjects = ["player"]\n[consent]\nbody = ["adapt"]\n'
BEATS = 4
"""Numbers of a strap, one a second, until the frames show a step."""


@pytest.mark.slow
@pytest.mark.parametrize("rates", [(62.0, 105.0), (120.0, 66.0), (70.0, 72.0)])
def test_a_step_of_a_strap_is_shown_after_a_few_numbers(
    rates: tuple[float, float], run: Callable[..., Sidecar]
) -> None:
    sidecar = run(CONFIG)
    sent = dict.fromkeys(rates, 0)
    for rate in rates:
        end, due, shown = time.monotonic() + DEADLINE, time.monotonic(), 0.0
        while shown != pytest.approx(rate, abs=0.6):
            assert time.monotonic() < end, f"{shown} after {sent[rate]} numbers of {rate}"
            if time.monotonic() >= due:
                due = time.monotonic() + 1.0
                sent[rate] += 1
                reply = sidecar.request(
                    "input", stream="strap", role="heart_rate", channels=["beats"], values=[rate]
                )
                assert reply["accepted"], reply
            shown = sidecar.frames(1)[-1].get("heart_rate") or 0.0
    assert sent[rates[1]] <= BEATS
