"""Startles that heart and skin show without a face; no I/O, no clock.

A startle's heart accelerates within four seconds and has returned a few seconds later (Graham &
Clifton 1966; Vila et al. 2007), and the skin responds one to three seconds after it (Dawson, Schell
& Filion 2007). A change of activity raises the heart too, but it stays up: only the return tells
them apart, so that the answer comes ``DELAY`` seconds late.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, log

from sentio_bridge.affect.startle.sudden import SKIN_DELAY

DELAY = 9.0
"""Seconds from what startles until the heart's return is seen."""

BEFORE, PEAK, AFTER = (-4.0, 0.5), (3.5, 6.0), (7.0, 9.0)
"""Seconds after it in which the usual, the highest and the returned heart rate are averaged."""

BIAS, SKIN, RISE, RETURN = -5.55, 1.05, 0.46, 0.65
"""Log odds: of nothing, and for the logarithm of a skin response (0.05 microsiemens added) and
each beat a minute of rise and of return. A logistic fit on simulated persons of seeds 11 to 14."""

NEAR = 1.0
"""Seconds by which the onset of the skin's response may be off."""

LARGEST = 8.0
"""Age of a skin response up to which its amplitude still grows, seconds."""

REPORTED, SETTLES = 0.5, 1.0
"""Probability from which it is a startle, and seconds in which a better moment may follow."""

RETURNED = 0.3
"""Share of its rise by which the heart must have returned: one that stays up is not a startle."""

SEEN = 2.0
"""Seconds around the moment in which a face that was seen decides instead."""


@dataclass(frozen=True, slots=True)
class Shown:
    """Startle that heart and skin show.

    Attributes:
        time: When something startled the person (LSL clock, seconds).
        probability: 0..1.
    """

    time: float
    probability: float


class BodyAlone:
    """Detector of startles in heart and skin of one person."""

    def __init__(self) -> None:
        self._hearts: deque[tuple[float, float]] = deque(maxlen=64)
        self._onsets: deque[tuple[float, float]] = deque(maxlen=8)
        self._face = float("-inf")
        self._faces: deque[float] = deque(maxlen=64)
        self._best: Shown | None = None

    def see_face(self, time: float) -> None:
        """Note that a face was seen."""
        if time >= self._face + 0.5:
            self._face = time
            self._faces.append(time)

    def take(self, features: Mapping[str, float], time: float) -> Shown | None:
        """Take the body of the moment, in the order of capture.

        Args:
            features: ``heart_rate_now``, ``scr_onset_age`` and ``scr_onset_amplitude`` where known.
            time: When it was captured.

        Returns:
            A startle of about ``DELAY`` seconds ago, once no more probable moment follows.
        """
        if self._hearts and time <= self._hearts[-1][0]:
            return None
        heart = features.get("heart_rate_now")
        if heart is not None:
            self._hearts.append((time, heart))
        self._respond(features, time)
        at = time - DELAY
        probability = self._probability(at)
        best = self._best
        if probability >= REPORTED and (best is None or probability > best.probability):
            self._best = best = Shown(at, probability)
        if best is None or at < best.time + SETTLES:
            return None
        self._best = None
        return best

    def _respond(self, features: Mapping[str, float], time: float) -> None:
        """Keep the onset of the newest skin response and its largest amplitude."""
        age = features.get("scr_onset_age")
        if age is None or age > LARGEST:
            return
        onset, amplitude = time - age, features.get("scr_onset_amplitude", 0.0)
        if self._onsets and abs(onset - self._onsets[-1][0]) < NEAR:
            amplitude = max(amplitude, self._onsets.pop()[1])
        self._onsets.append((onset, amplitude))

    def _probability(self, at: float) -> float:
        near = [a for onset, a in self._onsets if abs(onset - SKIN_DELAY - at) < NEAR]
        if not near or any(abs(face - at) < SEEN for face in self._faces):
            return 0.0
        before, peak, after = (self._mean(at, *span) for span in (BEFORE, PEAK, AFTER))
        if before is None or peak is None or after is None:
            return 0.0
        if peak - after < RETURNED * (peak - before):
            return 0.0
        odds = (
            BIAS + SKIN * log(0.05 + max(near)) + RISE * (peak - before) + RETURN * (peak - after)
        )
        return 1.0 / (1.0 + exp(-odds))

    def _mean(self, at: float, begin: float, end: float) -> float | None:
        """Return the mean heart rate of a span after a moment; None where it is unknown."""
        values = [rate for time, rate in self._hearts if at + begin < time <= at + end]
        return sum(values) / len(values) if len(values) >= 2 else None
