"""Frames go out on news, at most at the rate, and never stay silent."""

from __future__ import annotations

import pytest

from sentio_bridge.core.frame_pacer import FramePacer


def sent(pacer: FramePacer, news: list[float], seconds: float, step: float = 0.001) -> list[float]:
    """Tick every millisecond; return when frames went out."""
    out, waiting = [], sorted(news)
    for tick in range(int(seconds / step)):
        now = tick * step
        while waiting and waiting[0] <= now:
            pacer.changed()
            waiting.pop(0)
        if pacer.due(now):
            out.append(now)
    return out


def test_news_goes_out_at_once() -> None:
    assert sent(FramePacer(60), [0.1], 0.2) == [0.0, pytest.approx(0.1)]


def test_never_faster_than_the_rate() -> None:
    times = sent(FramePacer(50), [i / 1000 for i in range(1000)], 1.0)
    assert len(times) == pytest.approx(50, abs=1)
    assert min(b - a for a, b in zip(times, times[1:], strict=False)) >= 0.0199


def test_silence_is_never_longer_than_a_quarter_second() -> None:
    times = sent(FramePacer(60), [], 2.0)
    assert len(times) == 8
    assert max(b - a for a, b in zip(times, times[1:], strict=False)) == pytest.approx(
        0.25, abs=0.002
    )
