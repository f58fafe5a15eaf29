"""Compare a voice with this session's own voice; in memory only.

Two means of statistics are kept while a session runs: one of all clear voice, which arousal and
classes are relative to, and one of the first clear speech, which other voices differ from. Neither
is exposed, stored or carried over, and both are erased by ``restart``.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sentio_models.modalities.voice.classes import class_shares, named
from sentio_models.modalities.voice.statistics import NAMES
from sentio_models.runtime.onnx_session import OnnxSession

Floats = NDArray[np.float64]

WINDOW = 2.0
"""Seconds of sound behind one row of statistics: overlapping rows count as a part of one."""

FIRST = 10.0
"""Windows of clear speech that are the session's first voice: 20 s."""

NEWEST = 3
"""Windows that are compared with it: 6 s. One alone separated voices badly (AUC .83 for .98)."""

MEMORY = 300.0
"""Most windows in the norm, ten minutes of voice, so that it follows a changed microphone."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A window of voice, compared.

    Attributes:
        arousal: Logit of high arousal, relative to the person's own norm.
        other: Whether the newest speech differs from the session's first voice.
        emotions: Probabilities over ``EMOTIONS``, relative to the person's own norm.
    """

    arousal: float
    other: bool
    emotions: Mapping[str, float]


class Person:
    """This session's voice.

    Args:
        session: The model of the comparison; the shipped one if None.

    Raises:
        ModelMissingError: onnxruntime or the weights are missing.
        ModelRefusedError: The weights differ from their manifest.
    """

    def __init__(self, session: OnnxSession | None = None) -> None:
        self._session = session or OnnxSession.shipped("voice_person")
        constants = self._session.manifest.constants
        self._population = np.append(np.array(constants["population"], np.float64), 0.0)
        self._prior = float(constants["prior"])
        self._share = float(constants["network_share"])
        self._limit = float(constants["other_voice"])
        self._uniform = float(constants["uniform"])
        self._classes = _labels(self._session, "classes")
        self.sd = float(constants["sd"]["arousal"])
        self.restart()

    def restart(self) -> None:
        """Erase what is known of the voice."""
        self._norm = Mean(self._population, self._prior, MEMORY)
        self._first = Mean(np.zeros(len(NAMES)), 0.0, FIRST)
        self._newest: deque[Floats] = deque(maxlen=NEWEST)
        self._since = 1.0

    def __call__(
        self, values: Floats, network: float, *, step: float, clear: bool, speech: bool
    ) -> Compared:
        """Compare a window and learn from it.

        Args:
            values: Statistics of the window, in the order of ``statistics.NAMES``.
            network: Logit of high arousal by the voice network.
            step: Seconds of sound that are new in the window.
            clear: Whether it is good enough to learn from.
            speech: Whether it is speech; laughs and sighs are not compared with speech.

        Raises:
            ModelFailedError: The model failed.
        """
        part = min(1.0, step / WINDOW)
        both = np.append(values, network)
        if clear:
            self._norm.add(both, part)
        if clear and speech:
            self._follow(values, part)
        own = both - self._norm.value
        ready = self._first.weight >= FIRST and len(self._newest) == NEWEST
        newest = np.mean(self._newest, axis=0) - self._first.value if ready else 0.0 * values
        outputs = self._session.run(
            {
                "own": own[None, :-1].astype(np.float32),
                "difference": newest[None].astype(np.float32),
            }
        )
        arousal = float(outputs["arousal"][0, 0]) + self._share * float(own[-1])
        # Classes are evidence as far as the norm is the person's own and not the population's.
        held = (1.0 - self._uniform) * self._norm.weight / (self._norm.weight + self._prior)
        shares = class_shares(outputs["classes"].astype(np.float64), self._classes, 1.0 - held)
        return Compared(arousal, float(outputs["distance"][0, 0]) > self._limit, named(shares[0]))

    def _follow(self, values: Floats, part: float) -> None:
        if self._first.weight < FIRST:
            self._first.add(values, part)
            return
        self._since += part
        if self._since >= 1.0:
            # Windows that do not overlap.
            self._newest.append(values)
            self._since = 0.0


class Mean:
    """Running mean that starts from a prior.

    Args:
        start: Value of the prior.
        prior: Weight of the prior.
        most: Most weight: then the mean forgets exponentially.
    """

    def __init__(self, start: Floats, prior: float, most: float) -> None:
        self.value, self._prior, self._most = start.copy(), prior, most
        self.weight = 0.0

    def add(self, values: Floats, weight: float) -> None:
        """Add values with their weight."""
        self.weight = min(self.weight + weight, self._most)
        self.value += (values - self.value) * weight / (self.weight + self._prior)


def _labels(session: OnnxSession, output: str) -> Sequence[str]:
    return next(one.labels for one in session.manifest.outputs if one.name == output)
