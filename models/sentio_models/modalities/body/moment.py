"""Heart, breath and skin of the moment, tracked from window to window."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf

import numpy as np

from sentio_models.modalities.body.breath_series import beats, belt, chest, ground
from sentio_models.modalities.body.breath_tracker import BreathNow, BreathTracker, Series
from sentio_models.modalities.body.features import Body
from sentio_models.modalities.body.heart_tracker import HeartNow, HeartTracker
from sentio_models.modalities.body.phasic import Phasic, SkinDeconvolution
from sentio_models.modalities.body.recent import Recent
from sentio_models.modalities.body.sigh import Sigh, SighDetector
from sentio_models.modalities.body.skin import Skin
from sentio_models.window import Signal

SKIN_NOW = 1.0
"""Newest seconds that the momentary skin conductance is the median of."""

SHIFTS = 0.15
"""Acceleration, g, from which a belt shows the trunk's movement and not its breath."""

USABLE_SKIN = 0.1
"""Quality of skin conductance from which its moment is given."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Heart, breath and skin right now; None where a sensor is missing or too young.

    Attributes:
        heart: Heart rate of the newest 5 s or so.
        breath: Breathing of the newest breaths.
        skin: Level and responses.
        features: The same as named numbers, for what reacts within seconds.
        recent: Means of the newest 15 s, which the head reads (``recent``).
    """

    heart: HeartNow | None
    breath: BreathNow | None
    skin: Phasic | None
    features: Mapping[str, float]
    recent: Mapping[str, float]


class MomentTracker:
    """Tracker of heart, breath and skin of one person."""

    def __init__(self) -> None:
        self._heart = HeartTracker()
        self._breath = BreathTracker()
        self._skin = SkinDeconvolution()
        self._sigh = SighDetector()
        self._recent = Recent()
        self._waited = inf
        self._breathing: BreathNow | None = None

    def restart(self) -> None:
        """Forget the person."""
        self._heart.restart()
        self._breath.restart()
        self._skin.restart()
        self._sigh.restart()
        self._recent.restart()
        self._waited, self._breathing = inf, None

    def update(
        self,
        signals: Mapping[str, Signal],
        step: float,
        body: Body,
        fresh: bool,
    ) -> Moment:
        """Take the newest window.

        Args:
            signals: By role.
            step: Seconds since the window before; ``inf`` for the first.
            body: The whole window.
            fresh: Whether ``body`` is new; breathing waits for it.
        """
        heart = self._heart.update(signals, step)
        self._waited += step
        if fresh:
            rate = heart.rate if heart is not None and heart.known else None
            series = _series(signals, body, rate is not None)
            self._breathing = self._breath.update(series, self._waited, rate)
            self._waited = 0.0
        skin = body.skin
        taken = self._skin.update(signals["eda"], step) if "eda" in signals else None
        calm = taken if skin is not None and skin.countable else None
        features = _features(signals, heart, self._breathing, skin, calm)
        still = body.motion is None or body.motion.rms < SHIFTS
        sigh = self._sigh.update(signals.get("resp") if still else None, step)
        recent = self._recent.update(heart, taken, step)
        return Moment(heart, self._breathing, calm, features | _sighed(sigh), recent)


def _series(signals: Mapping[str, Signal], body: Body, beating: bool) -> list[Series]:
    found: list[Series] = []
    if "resp" in signals:
        found += belt(signals["resp"])
    role = next((r for r in ("ppg" if body.optical else "ecg", "rr") if r in signals), "")
    if body.heart is not None and beating and role:
        found += beats(body.heart, role, signals[role].rate_hz)
        if found and role != "rr":
            found += ground(signals[role])
    if "accel" in signals:
        found += chest(signals["accel"])
    return found


def _sighed(sigh: Sigh | None) -> dict[str, float]:
    if sigh is None:
        return {}
    return {
        "sigh_age": sigh.age,
        "sigh_size": sigh.size,
        "sigh_probability": sigh.probability,
    }


def _features(
    signals: Mapping[str, Signal],
    heart: HeartNow | None,
    breath: BreathNow | None,
    skin: Skin | None,
    phasic: Phasic | None,
) -> dict[str, float]:
    now: dict[str, float] = {}
    if heart is not None and heart.known:
        now["heart_rate_now"] = heart.instant
        now["heart_rate_acceleration"] = heart.acceleration
    if breath is not None and breath.quality > 0:
        now["breath_phase"] = breath.phase
    if skin is None or skin.quality <= USABLE_SKIN or not skin.countable:
        return now
    signal = signals["eda"]
    newest = signal.values[signal.offsets > -SKIN_NOW, 0]
    newest = newest[np.isfinite(newest)]
    if len(newest):
        now["scl_now"] = float(np.median(newest))
    if phasic is not None:
        now["scl_phasic"] = phasic.phasic
        now["scl_tonic"] = phasic.level
        if phasic.onset is not None:
            now["scr_onset_age"] = phasic.onset
            now["scr_onset_amplitude"] = phasic.amplitude
    return now
