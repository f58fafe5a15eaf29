"""Simulated input statistics: how a simulated person operates a game."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sentio_sensors.simulated.body import Body

CHANNELS = (
    "keys",
    "buttons",
    "pointer_speed",
    "pointer_jerk",
    "stick_speed",
    "stick_jerk",
    "errors",
    "idle",
)
"""Channels of the role ``input``, as engines send them."""


def statistics(body: Body, rate: int, seed: int) -> NDArray[np.float32]:
    """Return one loop of input statistics, shape ``(n, len(CHANNELS))``.

    Engaged people press more, activated ones move faster, and stress brings errors. Bored people
    pause. The sizes are plausible, no measurements.

    Args:
        body: The simulated person.
        rate: Rows a second.
        seed: Seed of the presses.
    """
    draw = np.random.default_rng([seed, 2611])
    count = round(body.seconds * rate)
    t = np.arange(count) / rate
    arousal, stress = body.curve("arousal", t), body.curve("stress", t)
    active = np.clip(body.curve("engagement", t) + 0.3 * arousal, 0.0, 1.2)
    keys = draw.poisson(3.0 * active / rate) * rate
    buttons = draw.poisson(1.5 * active / rate) * rate
    pace = np.abs(active * (1.0 + 0.4 * draw.standard_normal(count)))
    pointer = pace * (1.0 + 0.5 * np.clip(arousal, 0.0, 1.0))
    jerk = np.abs(np.diff(pointer, prepend=pointer[:1])) * rate
    errors = draw.poisson(np.clip(0.5 * stress, 0.0, 1.0) / rate) * rate
    idle = np.zeros(count)
    for index in range(1, count):
        pressed = keys[index] + buttons[index] > 0 or pointer[index] > 0.05
        idle[index] = 0.0 if pressed else idle[index - 1] + 1.0 / rate
    still = np.zeros(count)
    columns = (keys, buttons, pointer, jerk, still, still, errors, idle)
    return np.stack(columns, axis=1).astype(np.float32)
