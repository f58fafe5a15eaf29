"""Frame pacer: changes, maximum rate and keepalive."""

from __future__ import annotations

import pytest

from sentio_bridge.core.frame_pacer import FramePacer


def sent(
    pacer: FramePacer, updates: list[float], seconds: float, step: float = 0.001
) -> list[float]:
    """Advance in steps of a millisecond; return the times of frames."""
    out, waiting = [], sorted(updates)
    for tick in range(int(seconds / step)):
        now = tick * step
        while waiting and waiting[0] <= now:
            pacer.changed()
            waiting.pop(0)
        if pacer.due(now):
            out.append(now)
    return out


def test_change_is_sent_at_once() -> None:
    assert sent(FramePacer(60), [0.1], 0.2) == [0.0, pytest.approx(0.1)]


def test_frames_are_not_faster_than_the_rate() -> None:
    times = sent(FramePacer(50), [i / 1000 for i in range(1000)], 1.0)
    assert len(times) == pytest.approx(50, abs=1)
    assert min(b - a for a, b in zip(times, times[1:], strict=False)) >= 0.0199


def test_keepalive_limits_gaps_to_250_ms() -> None:
    times = sent(FramePacer(60), [], 2.0)
    assert len(times) == 8
    assert max(b - a for a, b in zip(times, times[1:], strict=False)) == pytest.approx(
        0.25, abs=0.002
    )
