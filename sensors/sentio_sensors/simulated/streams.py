"""Simulated streams: description and samples by index of each role."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sentio_sensors.simulated import physiology
from sentio_sensors.simulated.body import Body, simulate_body
from sentio_sensors.simulated.brain import ELECTRODES, eeg
from sentio_sensors.simulated.face import BLENDSHAPES, HEAD_POSE, face
from sentio_sensors.simulated.game_input import CHANNELS, statistics
from sentio_sensors.simulated.motion import CHANNELS as MOTION_CHANNELS
from sentio_sensors.simulated.motion import motion
from sentio_sensors.simulated.picture import Picture
from sentio_sensors.simulated.settings import SimulateSettings
from sentio_sensors.simulated.speech import plan_speech
from sentio_sensors.simulated.voice import VOWELS, Voice
from sentio_sensors.stream import Channel, Role, StreamSpec

MOTION_HZ = 30
"""Rate at which an engine reports head and hands."""

INPUT_HZ = 2
"""Rate of an engine's input statistics."""

COUNT_HZ = 1
"""Rate at which a strap reports the heart rate."""

AUDIO_HZ, EEG_HZ, ECG_HZ, PPG_HZ, ACCEL_HZ, RESP_HZ, SLOW_HZ, FACE_HZ = (
    16000,
    250,
    250,
    64,
    32,
    25,
    4,
    30,
)
"""Rates of common devices: Empatica E4 (PPG 64, accelerometer 32, EDA and temperature 4 Hz),
OpenBCI Cyton and Unicorn (250 Hz), MediaPipe at camera rate."""


_BODY_BLOCKS = 2
"""Slow body signals have blocks twice as long: wristbands, too, send them less often."""


@dataclass(frozen=True, slots=True)
class Track:
    """One regular simulated stream.

    Attributes:
        spec: Its description.
        rate: Samples a second.
        block: Samples in a block.
        values: Returns ``count`` samples from index ``start``; equal for equal indices.
    """

    spec: StreamSpec
    rate: int
    block: int
    values: Callable[[int, int], NDArray[Any]]


def looped(table: NDArray[np.float32]) -> Callable[[int, int], NDArray[np.float32]]:
    """Return a function that reads ``table`` cyclically."""

    def values(start: int, count: int) -> NDArray[np.float32]:
        return table[np.arange(start, start + count) % len(table)]

    return values


def tracks(settings: SimulateSettings) -> list[Track]:
    """Prepare the regular streams of ``settings``; takes less than a second."""
    body = simulate_body(settings.script(), settings.seed)
    makers = {
        Role.EEG: _eeg,
        Role.ECG: _simple(physiology.ecg, ECG_HZ, ("II",), "uV"),
        Role.PPG: _simple(physiology.ppg, PPG_HZ, ("BVP",), "au"),
        Role.HEART_RATE: _simple(physiology.heart_rate, COUNT_HZ, ("strap",), "/min"),
        Role.EDA: _simple(physiology.eda, SLOW_HZ, ("EDA",), "uS"),
        Role.RESP: _simple(physiology.resp, RESP_HZ, ("chest",), "au"),
        Role.TEMP: _simple(physiology.temp, SLOW_HZ, ("skin",), "degC"),
        Role.ACCEL: _simple(physiology.accel, ACCEL_HZ, ("x", "y", "z"), "g"),
        Role.AUDIO: _audio,
        Role.VIDEO: _video,
        Role.FACE: _face,
        Role.INPUT: _game_input,
        Role.MOTION: _motion,
    }
    return [makers[role](settings, body) for role in settings.roles if role in makers]


def spec_of(
    settings: SimulateSettings, role: Role, rate: float, channels: tuple[Channel, ...]
) -> StreamSpec:
    """Describe a simulated stream."""
    return StreamSpec(
        id=f"sim{settings.seed}/{role.value}",
        role=role,
        rate_hz=rate,
        channels=channels,
        device="simulated person",
        meta={"seed": str(settings.seed), "simulated": "true"},
    )


Maker = Callable[[SimulateSettings, Body], Track]


def _simple(
    make: Callable[[Body, int, int], NDArray[np.float32]],
    rate: int,
    labels: tuple[str, ...],
    unit: str,
) -> Maker:
    role = Role(make.__name__)

    def maker(settings: SimulateSettings, body: Body) -> Track:
        channels = tuple(Channel(label, unit) for label in labels)
        table = make(body, rate, settings.seed)
        block = _block(settings, rate) * (1 if role is Role.ECG else _BODY_BLOCKS)
        return Track(spec_of(settings, role, rate, channels), rate, block, looped(table))

    return maker


def _eeg(settings: SimulateSettings, body: Body) -> Track:
    channels = tuple(Channel(name, "uV") for name in ELECTRODES)
    spec = spec_of(settings, Role.EEG, EEG_HZ, channels)
    table = eeg(body, EEG_HZ, settings.seed)
    return Track(spec, EEG_HZ, _block(settings, EEG_HZ), looped(table))


def _audio(settings: SimulateSettings, body: Body) -> Track:
    speech = plan_speech(body, settings.seed, len(VOWELS))
    spec = spec_of(settings, Role.AUDIO, AUDIO_HZ, (Channel("voice", "1"),))
    voice = Voice(speech, AUDIO_HZ, settings.seed)
    return Track(spec, AUDIO_HZ, _block(settings, AUDIO_HZ), voice.values)


def _face(settings: SimulateSettings, body: Body) -> Track:
    speech = plan_speech(body, settings.seed, len(VOWELS))
    shapes = (Channel(name, "1") for name in BLENDSHAPES)
    channels = (*shapes, *(Channel(name, "deg") for name in HEAD_POSE))
    spec = spec_of(settings, Role.FACE, FACE_HZ, channels)
    return Track(spec, FACE_HZ, 1, looped(face(body, speech, FACE_HZ, settings.seed)))


def _game_input(settings: SimulateSettings, body: Body) -> Track:
    channels = tuple(Channel(name) for name in CHANNELS)
    spec = spec_of(settings, Role.INPUT, INPUT_HZ, channels)
    return Track(spec, INPUT_HZ, 1, looped(statistics(body, INPUT_HZ, settings.seed)))


def _motion(settings: SimulateSettings, body: Body) -> Track:
    channels = tuple(Channel(name) for name in MOTION_CHANNELS)
    spec = spec_of(settings, Role.MOTION, MOTION_HZ, channels)
    return Track(spec, MOTION_HZ, 3, looped(motion(body, MOTION_HZ, settings.seed)))


def _video(settings: SimulateSettings, body: Body) -> Track:
    speech = plan_speech(body, settings.seed, len(VOWELS))
    shapes = face(body, speech, settings.fps, settings.seed)
    picture = Picture(shapes, settings.width, settings.height, settings.seed)
    spec = spec_of(settings, Role.VIDEO, settings.fps, (Channel("rgb"),))

    def values(start: int, count: int) -> NDArray[np.uint8]:
        return np.stack([picture.frame(index) for index in range(start, start + count)])

    return Track(spec, settings.fps, 1, values)


def _block(settings: SimulateSettings, rate: int) -> int:
    return max(1, round(rate * settings.block_ms / 1000))
