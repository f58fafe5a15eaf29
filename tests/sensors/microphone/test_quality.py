"""Tests of detecting clipping, silence and offset without false alarms."""

import numpy as np
import pytest

from sentio_sensors.microphone.quality import SoundQuality

RNG = np.random.default_rng(4)
T = np.arange(256)


def assess(blocks: list[np.ndarray]) -> tuple[float, tuple[str, ...]]:
    watch = SoundQuality(16000)
    return [watch.assess(block.astype(np.float32)) for block in blocks][-1]


def speech(gain: float) -> list[np.ndarray]:
    tone = np.sin(2 * np.pi * np.arange(16000) / 100) * np.abs(np.sin(np.arange(16000) / 3000))
    return list(np.clip(gain * tone + RNG.normal(0, 0.001, 16000), -1, 1).reshape(-1, 250))


def test_speech_and_quiet_room_have_full_quality() -> None:
    assert assess(speech(0.5)) == (1.0, ())
    assert assess(speech(0.0)) == (1.0, ())


def test_clipping_lowers_quality_gradually() -> None:
    some, reasons = assess(speech(1.05))
    assert reasons == ("clipping",)
    assert assess(speech(4.0)) == (0.0, ("clipping",))
    assert 0 <= some < 1


def test_muted_input_is_silent_until_sound_returns() -> None:
    assert assess([np.zeros(256)] * 10) == (0.0, ("silence",))
    assert assess([np.zeros(256)] * 100 + speech(0.5)) == (1.0, ())


def test_offset_is_reported() -> None:
    quality, reasons = assess([block + 0.2 for block in speech(0.3)])
    assert reasons == ("dc_offset",)
    assert quality == pytest.approx(0.5)
