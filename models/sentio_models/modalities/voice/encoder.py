"""Follow a voice with the inner states of a speaker encoder, 25 ms at a time.

The three recurrent layers of GE2E (Wan et al. 2018), trained to separate thousands of speakers,
hold what a statistic of the spectrum lacks: how a voice is used, nearly independent of its pitch.
Pooled over two seconds and compared with the same person's mean they carry arousal to other
corpora and languages. The projection that makes a speaker's number of them is left out, and no
state leaves the estimator.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sentio_models.runtime.onnx_session import OnnxSession

Floats = NDArray[np.float64]

RATE = 16000
"""Sampling rate of the encoder, Hz."""

WINDOW, STEP = 400, 160
"""Samples of a frame, and between frames: 25 ms every 10 ms."""

MELS, WIDTH, LAYERS = 40, 256, 3

SEGMENT = 160
"""Frames after which the layers begin anew: they were trained on parts of this length."""

KEPT = 200
"""Frames that are pooled: two seconds."""

NEWEST = 50
"""Most frames that one call reads, so that the first call after a pause is not slow."""

LOUDNESS_DB = -30.0
"""Level to which a voice is brought, dB of full scale."""

POOLED = 2 * LAYERS * WIDTH
"""Size of the result: mean and spread of each unit."""


class VoiceEncoder:
    """Pooled states of the newest two seconds of one stream.

    Args:
        session: The recurrent layers; the shipped ones if None.

    Raises:
        ModelMissingError: onnxruntime or the weights are missing.
        ModelRefusedError: The weights differ from their manifest.
    """

    def __init__(self, session: OnnxSession | None = None) -> None:
        self._session = session or OnnxSession.shipped("voice_encoder")
        self._taper = np.hanning(WINDOW + 1)[:-1].astype(np.float32)
        self._bank = mel_bank()
        self.restart()

    def restart(self) -> None:
        """Erase all sound and states."""
        self._sound = np.empty(0, np.float32)
        self._begin()
        self._states = np.empty((0, LAYERS * WIDTH), np.float32)

    def _begin(self) -> None:
        self._hidden = np.zeros((LAYERS, 1, WIDTH), np.float32)
        self._cell = np.zeros((LAYERS, 1, WIDTH), np.float32)
        self._left = SEGMENT

    def add(self, sound: NDArray[np.float32]) -> None:
        """Add the next samples of the stream at ``RATE``, -1..1; nothing is computed."""
        most = WINDOW + (KEPT - 1) * STEP
        self._sound = np.concatenate([self._sound, sound])[-most:]

    def pooled(self, level_db: float, active: NDArray[np.bool_]) -> Floats | None:
        """Read the new samples; return mean and spread over frames with voice.

        Args:
            level_db: Level of the voice, dB of full scale, which is taken out.
            active: Voice activity of the newest frames of 10 ms, the last one newest.

        Returns:
            Shape ``(POOLED,)``; None with less than a tenth of a second of voice.

        Raises:
            ModelFailedError: The network failed.
        """
        mel = self._frames(10 ** ((LOUDNESS_DB - level_db) / 20))
        if len(mel) > NEWEST:
            # After a pause; states from before it are of another moment.
            mel = mel[-NEWEST:]
            self._begin()
            self._states = self._states[:0]
        while len(mel):
            part, mel = mel[: self._left], mel[self._left :]
            self._read(part)
        count = min(len(self._states), len(active))
        spoken = self._states[-count:][active[-count:]] if count else self._states
        if len(spoken) < 10:
            return None
        return np.concatenate([spoken.mean(axis=0), spoken.std(axis=0)]).astype(np.float64)

    def _frames(self, gain: float) -> NDArray[np.float32]:
        """Return the mel power of the complete frames, and keep the rest of the sound."""
        count = max(0, 1 + (len(self._sound) - WINDOW) // STEP)
        if not count:
            return np.empty((0, MELS), np.float32)
        sound = self._sound - self._sound.mean()  # an offset is no voice
        wide = np.lib.stride_tricks.sliding_window_view(sound, WINDOW)[::STEP][:count]
        self._sound = self._sound[count * STEP :]
        power = np.abs(np.fft.rfft(wide * (self._taper * gain))) ** 2
        mel: NDArray[np.float32] = (power @ self._bank).astype(np.float32)
        return mel

    def _read(self, mel: NDArray[np.float32]) -> None:
        inputs = {"mel": mel[:, None], "hidden": self._hidden, "cell": self._cell}
        outputs = self._session.run(inputs)
        self._states = np.concatenate([self._states, outputs["states"]])[-KEPT:]
        self._hidden, self._cell = outputs["next_hidden"], outputs["next_cell"]
        self._left -= len(mel)
        if self._left == 0:
            self._begin()


def voice_level(level: Floats, active: NDArray[np.bool_]) -> float:
    """Return the dB of the mean power over frames with voice, or all if none has."""
    chosen = level[active] if active.any() else level
    return 10 * float(np.log10(np.mean(10 ** (chosen / 10)))) if len(chosen) else LOUDNESS_DB


def mel_bank() -> Floats:
    """Return mel filters (Slaney 1998), shape ``(WINDOW // 2 + 1, MELS)``."""
    line, log_step, knee = 200.0 / 3, np.log(6.4) / 27, 1000.0
    top = knee / line + np.log(RATE / 2 / knee) / log_step
    steps = np.linspace(0.0, top, MELS + 2)
    above = knee * np.exp(log_step * (steps - knee / line))
    edges = np.where(steps < knee / line, line * steps, above)
    hertz = np.linspace(0.0, RATE / 2, WINDOW // 2 + 1)[:, None]
    low, middle, high = edges[:-2], edges[1:-1], edges[2:]
    up, down = (hertz - low) / (middle - low), (high - hertz) / (high - middle)
    filters: Floats = np.maximum(0.0, np.minimum(up, down)) * 2 / (high - low)
    return filters
