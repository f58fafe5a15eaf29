"""Estimate arousal and stress from body sensors, relative to the usual."""

from __future__ import annotations

from collections.abc import Mapping
from math import exp, inf

import numpy as np
from numpy.typing import NDArray

from sentio_models.estimate import Estimate, Reading
from sentio_models.estimator import Needs, Norm
from sentio_models.modalities.body.features import (
    HEARTS,
    NAMES,
    SECONDS,
    Body,
    measure,
    row,
    usable,
)
from sentio_models.modalities.body.moment import Moment, MomentTracker
from sentio_models.modalities.body.quick import PULSE, TRUST, quick
from sentio_models.modalities.body.signals import Floats
from sentio_models.runtime.norms import RunningReference, norms
from sentio_models.runtime.onnx_session import OnnxSession
from sentio_models.window import Window

ROLES = frozenset({"ppg", "ecg", "heart_rate", "rr", "eda", "resp", "temp", "accel"})
CLIP = 5.0
"""Spreads from the usual at which a value is cut."""

SPACING = 10.0
"""Seconds between remembered moments: half a minute of signal is shared by three of them."""

SETTLED = 6
"""Remembered moments (a minute) after which the person's own baseline counts."""

CALM = 12
"""First remembered moments (two minutes) that are this person's calm, and stay it."""

HOP = 0.5
"""Seconds between two estimates."""

VARIABLE = 0.35
"""Quality of a minute of beats from which their variability is given, if enough are clean."""

MINUTE_HOP = 2.0
"""Seconds between two looks at the whole window, which changes slowly."""

QUICK_HOP = 1.0
"""Seconds between two looks at the newest 15 s."""

_PULSE = np.array([NAMES.index(name) for name in PULSE])
_LIKENESS, _STILLNESS = (NAMES.index(name) for name in TRUST)


class BodyEstimator:
    """Estimator for any subset of heart, skin, breath, warmth and movement.

    Args:
        session: The body head; the shipped one if None.

    Raises:
        ModelMissingError: onnxruntime or the weights are not there.
        ModelRefusedError: The weights differ from their manifest.
    """

    def __init__(self, session: OnnxSession | None = None) -> None:
        self._session = session or OnnxSession.shipped("body")
        constants = self._session.manifest.constants
        self._past = Past(norms(constants["prior"]))
        self._sd = constants["sd"]
        self._now = MomentTracker()
        self._body: Body | None = None
        self._quick: dict[str, float] = {}
        self._age = self._quick_age = inf

    @property
    def modality(self) -> str:
        """``body``."""
        return "body"

    @property
    def needs(self) -> Needs:
        """A minute of any body sensor, twice a second."""
        return Needs(ROLES, SECONDS, HOP)

    def personalise(self, baseline: Mapping[str, Norm]) -> None:
        """Start over for a person, from their norms of the features in ``NAMES``."""
        self._past.restart(baseline)
        self._now.restart()
        self._body, self._quick = None, {}
        self._age = self._quick_age = inf

    def estimate(self, window: Window) -> Estimate:
        """Measure the body and compare it with what is usual for the person.

        Raises:
            ModelFailedError: The head failed.
        """
        signals = usable(window)
        self._age += window.step
        body = self._body
        fresh = body is None or self._age > 0.999 * MINUTE_HOP or body.roles != signals.keys()
        if body is None or fresh:
            body = self._body = measure(window)
            self._age = 0.0
        self._quick_age += window.step
        if fresh or self._quick_age > 0.999 * QUICK_HOP:
            self._quick = quick(signals, body.column)
            self._quick_age = 0.0
        with np.errstate(all="ignore"):
            now = self._now.update(signals, window.step, body, fresh)
        values = row(body, {**self._quick, **now.recent})
        reasons = _reasons(body, now)
        quality = _quality(body, now)
        readings = _physiology(body, now)
        if np.isfinite(values[: NAMES.index("ln_motion")]).any():
            readings |= self._affect(values, window.step)
        features = {n: float(v) for n, v in zip(NAMES, values, strict=True) if np.isfinite(v)}
        features |= now.features
        if self._past.moments < SETTLED:
            reasons.append("warming")
        for signal in window.signals.values():
            if signal.quality < 1.0:
                quality *= signal.quality
                reasons += signal.reasons
        return Estimate(
            self.modality,
            readings,
            quality=float(np.clip(quality, 0, 1)),
            reasons=tuple(dict.fromkeys(reasons)),
            features=features,
        )

    def _affect(self, values: Floats, step: float) -> dict[str, Reading]:
        inputs = self._past.compare(values)
        self._past.learn(values, step)
        outputs = self._session.run({"features": inputs[None]})
        # A young baseline is the population's, not the person's: the variance is larger.
        young = exp(-self._past.moments / SETTLED)
        return {
            name: Reading(float(outputs[name][0, 0]), (self._sd[name] * (1 + young)) ** 2)
            for name in ("arousal", "stress")
        }


class Past:
    """Reference values of a person, in three ways that fail differently.

    Rest is the low end of the newest hour: it follows drifts, and sinks in where a session is
    all effort. Calm is the first two minutes: it stays, and is wrong where a session begins in
    effort (a profile avoids that). The population does not know the person, but is the same from
    the first moment to the last, whatever the session begins with.

    Distances of the pulse's newest 15 s are multiplied by the trust in them: those from the
    population by the stillness of the sensor, those from the person also by the likeness of beats.

    Args:
        prior: What people in general are like; names the features, in the order of ``NAMES``.
    """

    def __init__(self, prior: Mapping[str, Norm]) -> None:
        self._middle = np.array([norm.mean for norm in prior.values()])
        self._spread = np.array([max(norm.sd, 1e-6) for norm in prior.values()])
        self._all = RunningReference(prior, spacing=SPACING)
        self._calm = RunningReference(prior, spacing=SPACING, first=CALM)

    @property
    def moments(self) -> int:
        """How many moments are remembered."""
        return self._all.moments

    def restart(self, norms: Mapping[str, Norm]) -> None:
        """Forget everything seen; start from a person's ``norms`` where given."""
        self._all.restart(norms)
        self._calm.restart(norms)

    def compare(self, values: Floats) -> NDArray[np.float32]:
        """Return distances from population, rest and calm in turn; 0 if unknown."""
        distances = np.stack(
            [
                (values - self._middle) / self._spread,
                self._all.compare(values)[1],
                self._calm.compare(values)[0],
            ]
        )
        distances = np.clip(np.where(np.isfinite(distances), distances, 0), -CLIP, CLIP)
        still = values[_STILLNESS] if np.isfinite(values[_STILLNESS]) else 1.0
        alike = values[_LIKENESS] if np.isfinite(values[_LIKENESS]) else 0.0
        distances[:, _PULSE] *= np.array([still, still * alike, still * alike])[:, None]
        return distances.ravel().astype(np.float32)

    def learn(self, values: Floats, step: float) -> None:
        """Remember a moment (``RunningReference.learn``)."""
        self._all.learn(values, step)
        self._calm.learn(values, step)


def _physiology(body: Body, now: Moment) -> dict[str, Reading]:
    readings: dict[str, Reading] = {}
    if now.heart is not None and now.heart.known:
        readings["heart_rate"] = Reading(now.heart.rate, now.heart.sd**2)
    if body.heart is not None and body.heart_quality >= VARIABLE:
        variability = body.heart.rmssd()
        if variability is not None:
            value, error = variability
            readings["rmssd"] = Reading(value, (error + 15 * (1 - body.heart_quality)) ** 2)
    if now.breath is not None and now.breath.quality > 0:
        readings["breathing_rate"] = Reading(now.breath.rate, now.breath.sd**2)
    skin = body.skin
    if skin is not None and skin.quality > 0.1:
        sd = (0.03 + 0.05 * skin.level) * (1.0 if skin.countable else 1.5)
        readings["scl"] = Reading(skin.level, sd**2)
        if skin.seconds > 20 and skin.countable:
            # Counting noise of a Poisson process over the window.
            per_minute = 60 / skin.seconds
            readings["scr_rate"] = Reading(
                skin.responses, (skin.responses * per_minute + per_minute**2) + 0.5
            )
    return readings


def _heart_quality(body: Body, now: Moment) -> float:
    """Return the quality of the heart: half the moment, half the minute."""
    moment = now.heart.quality if now.heart is not None else 0.0
    return 0.5 * (moment + body.heart_quality) if moment > 0 else 0.0


def _quality(body: Body, now: Moment) -> float:
    """Return the quality of all sensors: the best of heart and skin counts most."""
    parts = [_heart_quality(body, now)] if HEARTS & body.roles else []
    if "eda" in body.roles:
        parts.append(body.skin.quality if body.skin is not None else 0.0)
    if not parts and now.breath is not None:
        parts.append(now.breath.quality)
    if not parts and body.warmth is not None:
        parts.append(0.4 * body.warmth.quality)
    return 0.6 * max(parts) + 0.4 * sum(parts) / len(parts) if parts else 0.0


def _reasons(body: Body, now: Moment) -> list[str]:
    reasons: list[str] = ["short"] if body.warming else []
    if body.heart is not None:
        reasons += body.heart.reasons
    if now.heart is not None:
        reasons += now.heart.reasons
    if body.skin is not None:
        reasons += body.skin.reasons
    if body.warmth is not None:
        reasons += body.warmth.reasons
    if body.breathing is not None and body.breathing.quality < 0.3:
        reasons += body.breathing.reasons
    if body.motion is not None and body.motion.trust < 0.7:
        reasons.append("motion")
    if body.column and body.heart_quality > 0:
        reasons.append(f"pulse_from:{body.column}")
    return reasons
