"""Sound files with the faults of microphones."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np

RATE = 16000
SECONDS = 8


def write_sound(path: Path, kind: str) -> None:
    """Write ``silence``, ``clipping``, ``offset`` or ``noise`` as a WAV file of 8 s."""
    t = np.arange(SECONDS * RATE) / RATE
    rng = np.random.default_rng(1)
    voice = 0.3 * np.sin(2 * np.pi * 140 * t) * (1 + np.sin(2 * np.pi * 3 * t)) / 2
    sound = {
        "silence": 0 * t,
        "clipping": 8 * voice,
        "offset": voice + 0.4,
        "noise": 0.01 * rng.standard_normal(len(t)),
    }[kind]
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((sound.clip(-1, 1) * 32767).astype("<i2").tobytes())
