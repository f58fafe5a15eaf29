"""Simulate where head and hands are, as a headset's engine reports it."""

from __future__ import annotations

import numpy as np

from sentio_sensors.simulated.body import Body, band_noise, generator
from sentio_sensors.simulated.face import startled_face
from sentio_sensors.simulated.physiology import Signal
from sentio_sensors.simulated.scenario import Floats

CHANNELS = (
    "head_x",
    "head_y",
    "head_z",
    "head_forward_x",
    "head_forward_y",
    "head_forward_z",
    "left_x",
    "left_y",
    "left_z",
    "right_x",
    "right_y",
    "right_z",
)
"""Channels of the role ``motion``, as engines send them: metres, and a unit vector."""

_HEAD, _LEFT, _RIGHT = (0.0, 1.6, 0.0), (-0.25, 1.1, -0.3), (0.25, 1.1, -0.3)


def motion(body: Body, rate: int, seed: int) -> Signal:
    """Return positions and the view, shape ``(n, len(CHANNELS))``.

    Head and hands sway; gestures come in bursts, and more of them where the person moves more. A
    startle throws the head back and the hands up.
    """
    n = body.seconds * rate
    t = np.arange(n) / rate
    f = np.fft.rfftfreq(n, 1 / rate)

    def sway(part: int, cutoff_hz: float) -> Floats:
        return band_noise(generator(seed, part), n, rate, np.exp(-((f / cutoff_hz) ** 2)))

    bursts = np.clip(sway(90, 0.15), 0, None) * body.curve("moving", t)
    jolt = startled_face(body, t)
    columns = [
        place + (0.008 + 0.05 * bursts) * sway(91 + axis, 0.5) + step * jolt
        for axis, (place, step) in enumerate(zip(_HEAD, (0.0, -0.02, 0.06), strict=True))
    ]
    yaw = np.radians((4.0 + 20.0 * bursts) * sway(94, 0.4))
    pitch = np.radians(-2.0 * sway(95, 0.5) - 7.0 * jolt)
    columns += [np.sin(yaw) * np.cos(pitch), np.sin(pitch), -np.cos(yaw) * np.cos(pitch)]
    for hand, places in ((0, _LEFT), (1, _RIGHT)):
        for axis, (place, step) in enumerate(zip(places, (0.0, 0.12, 0.08), strict=True)):
            swing = (0.006 + 0.25 * bursts) * sway(96 + 3 * hand + axis, 1.2)
            columns.append(place + swing + step * jolt)
    return np.stack(columns, axis=1).astype(np.float32)
