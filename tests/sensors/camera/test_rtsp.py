"""Tests of an RTSP camera over a real connection."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from sentio_sensors import AbsentError, Chunk, DisconnectedError, MonotonicClock
from sentio_sensors.camera.source import CameraSettings, CameraSource

pytest.importorskip("av")
from .rtsp import FPS, RtspCamera  # noqa: E402 - it imports PyAV

DEADLINE_S = 30.0


@pytest.fixture
def rtsp(draw: Callable[..., Any]) -> Iterator[RtspCamera]:
    camera = RtspCamera([draw(index) for index in range(12)])
    yield camera
    camera.stop()


def collect(source: CameraSource, count: int) -> list[Chunk]:
    chunks: list[Chunk] = []
    end = time.monotonic() + DEADLINE_S
    while len(chunks) < count:
        assert time.monotonic() < end, f"only {len(chunks)} pictures came"
        chunks += source.read(0.2)
    return chunks


def test_rtsp_pictures_arrive_complete_and_stamped(
    rtsp: RtspCamera, draw: Callable[..., Any]
) -> None:
    clock = MonotonicClock()
    before = clock.now()
    source = CameraSource(CameraSettings(url=rtsp.url), clock)
    (spec,) = source.open()
    chunks = collect(source, 8)
    source.close()
    assert rtsp.requests[:4] == ["OPTIONS", "DESCRIBE", "SETUP", "PLAY"]
    assert spec.rate_hz == pytest.approx(FPS, rel=0.3)
    times = [float(chunk.times[0]) for chunk in chunks]
    assert before < times[0]
    assert times == sorted(set(times))
    assert times[-1] <= clock.now()
    known = [draw(index).mean() for index in range(12)]
    for chunk in chunks:
        assert chunk.values.shape == (1, 48, 64, 3)
        assert min(abs(chunk.values.mean() - level) for level in known) < 3


def test_closed_rtsp_stream_can_be_reopened(rtsp: RtspCamera) -> None:
    source = CameraSource(CameraSettings(url=rtsp.url), MonotonicClock())
    source.open()
    collect(source, 1)
    rtsp.hang_up()
    with pytest.raises(DisconnectedError):
        collect(source, 1000)
    source.close()
    source.open()
    assert collect(source, 3)
    source.close()


def test_missing_rtsp_server_raises_absent(rtsp: RtspCamera) -> None:
    rtsp.stop()
    with pytest.raises(AbsentError, match="does not respond"):
        CameraSource(CameraSettings(url=rtsp.url), MonotonicClock()).open()
