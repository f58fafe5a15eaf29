"""Clipping, silence and offset are told; a quiet room and loud speech are not accused."""

import numpy as np
import pytest

from sentio_sensors.microphone.quality import SoundWatch

RNG = np.random.default_rng(4)
T = np.arange(256)


def judge(blocks: list[np.ndarray]) -> tuple[float, tuple[str, ...]]:
    watch = SoundWatch(16000)
    return [watch.judge(block.astype(np.float32)) for block in blocks][-1]


def speech(gain: float) -> list[np.ndarray]:
    tone = np.sin(2 * np.pi * np.arange(16000) / 100) * np.abs(np.sin(np.arange(16000) / 3000))
    return list(np.clip(gain * tone + RNG.normal(0, 0.001, 16000), -1, 1).reshape(-1, 250))


def test_speech_and_a_quiet_room_are_good() -> None:
    assert judge(speech(0.5)) == (1.0, ())
    assert judge(speech(0.0)) == (1.0, ())


def test_clipping_is_told_by_degree() -> None:
    some, reasons = judge(speech(1.05))
    assert reasons == ("clipping",)
    assert judge(speech(4.0)) == (0.0, ("clipping",))
    assert 0 <= some < 1


def test_a_muted_input_is_silent_and_wakes() -> None:
    assert judge([np.zeros(256)] * 10) == (0.0, ("silence",))
    assert judge([np.zeros(256)] * 100 + speech(0.5)) == (1.0, ())


def test_an_offset_is_told() -> None:
    quality, reasons = judge([block + 0.2 for block in speech(0.3)])
    assert reasons == ("dc_offset",)
    assert quality == pytest.approx(0.5)
