"""Features of the newest minute and 15 s, as one row of named numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite, log

import numpy as np

from sentio_models.modalities.body.breathing import Breathing, belt, from_pulse
from sentio_models.modalities.body.counted import counted, intervals
from sentio_models.modalities.body.heart import Heart, electrocardiogram, pulse
from sentio_models.modalities.body.heart_evidence import best_column
from sentio_models.modalities.body.motion import Motion, motion
from sentio_models.modalities.body.quick import NAMES as QUICK
from sentio_models.modalities.body.recent import NAMES as RECENT
from sentio_models.modalities.body.signals import Floats
from sentio_models.modalities.body.skin import Skin, conductance
from sentio_models.modalities.body.temperature import Temperature, temperature
from sentio_models.window import Signal, Window

SECONDS = 60.0
"""Length of the window: heart rate variability needs it (Task Force of the ESC 1996)."""

TRUSTED = 0.6
"""Quality of a heart from which its rate is given."""

USABLE = 0.1
"""Quality of a heart from which the head, which weighs many features, reads it."""

HEARTS = frozenset({"ppg", "ecg", "heart_rate", "rr"})
"""Roles that measure the heart."""

NAMES = (
    "heart_rate",
    "recent_heart_rate",
    "ln_rmssd",
    "ln_sdnn",
    "ln_pulse_amplitude",
    "pulse_skewness",
    "breathing_rate",
    "ln_scl",
    "scl_slope",
    "scr_rate",
    "ln_scr_amplitude",
    "temperature",
    "temperature_slope",
    "ln_motion",
    *QUICK,
    *RECENT,
)
"""Features that the body head reads, in this order: of a minute, of 15 s, as tracked over 15 s."""


@dataclass(frozen=True, slots=True)
class Body:
    """Everything measured in one window; None where a sensor is missing or too young.

    Attributes:
        heart: From ECG where there is one that can be trusted, else from PPG, else as a strap or
            a watch counted it.
        skin: Skin conductance.
        breathing: From a belt, else from the pulse.
        warmth: Skin temperature.
        motion: Movement of the sensor.
        warming: Whether a role is there whose signal is still too short.
        optical: Whether the heart comes from PPG, which movement disturbs.
        roles: Roles of the window's streams.
        column: Label of the PPG column with the clearest pulse; empty if there is only one.
    """

    heart: Heart | None = None
    skin: Skin | None = None
    breathing: Breathing | None = None
    warmth: Temperature | None = None
    motion: Motion | None = None
    warming: bool = False
    optical: bool = True
    roles: frozenset[str] = field(default_factory=frozenset)
    column: str = ""

    @property
    def heart_quality(self) -> float:
        """Quality of the heart, lowered where its optical sensor moves."""
        if self.heart is None:
            return 0.0
        trust = self.motion.trust if self.optical and self.motion is not None else 1.0
        return self.heart.quality * trust


def measure(window: Window) -> Body:
    """Measure all that a window's streams allow; no content raises an error."""
    with np.errstate(all="ignore"):
        return _measure(usable(window))


def usable(window: Window) -> dict[str, Signal]:
    """Return the window's streams that hold any samples."""
    return {
        role: signal
        for role, signal in window.signals.items()
        if signal.values.ndim == 2 and signal.values.shape[1] and len(signal.offsets)
    }


def _measure(signals: Mapping[str, Signal]) -> Body:
    ecg = electrocardiogram(signals["ecg"], SECONDS) if "ecg" in signals else None
    ppg, label = None, ""
    if "ppg" in signals and (ecg is None or ecg.quality < TRUSTED):
        index = best_column(signals["ppg"])
        ppg = pulse(signals["ppg"], SECONDS, index)
        names = signals["ppg"].channels
        label = names[index] if len(names) > max(1, index) else ""
    optical = ecg is None or (ppg is not None and ppg.quality > ecg.quality)
    heart = ppg if optical else ecg
    for role, read in (("rr", intervals), ("heart_rate", counted)):
        if role not in signals or (heart is not None and heart.quality >= TRUSTED):
            continue
        found = read(signals[role])
        if found is not None and (heart is None or found.quality > heart.quality):
            heart, optical = found, False
    skin = conductance(signals["eda"], SECONDS) if "eda" in signals else None
    breath = belt(signals["resp"]) if "resp" in signals else None
    if heart is not None and (breath is None or breath.quality < 0.3):
        breath = from_pulse(heart) or breath
    moved = motion(signals["accel"]) if "accel" in signals else None
    young = (heart is None and bool(HEARTS & signals.keys())) or (skin is None and "eda" in signals)
    return Body(
        heart,
        skin,
        breath,
        temperature(signals["temp"]) if "temp" in signals else None,
        moved,
        young,
        optical,
        frozenset(signals),
        label if optical and ppg is not None else "",
    )


def row(body: Body, quick: Mapping[str, float]) -> Floats:
    """Return the features in the order of ``NAMES``; NaN where one is not known.

    Args:
        body: The newest minute.
        quick: Features of the newest 15 s, by name: those of ``quick`` and ``recent``.
    """
    known: dict[str, float | None] = dict(quick)
    heart = body.heart
    if heart is not None and body.heart_quality >= USABLE:
        variability = heart.rmssd()
        spread = heart.sdnn()
        known |= {
            "heart_rate": heart.heart_rate,
            "recent_heart_rate": heart.recent_rate,
            "ln_rmssd": log(max(variability[0], 1.0)) if variability else None,
            "ln_sdnn": log(max(spread, 1.0)) if spread else None,
            "ln_pulse_amplitude": log(max(heart.amplitude, 1e-9))
            if isfinite(heart.amplitude)
            else None,
            # Of an ECG it would depend on the lead, not on the vessels.
            "pulse_skewness": heart.skewness if body.optical else None,
        }
        if not body.optical:
            # No wave's shape, but a heart's rate that no movement of the wrist disturbs.
            known |= {"heart_rate_15s": heart.recent_rate, "pulse_likeness_15s": 1.0}
            known |= {"pulse_stillness_15s": 1.0}
    if body.breathing is not None and body.breathing.quality >= 0.3:
        known["breathing_rate"] = body.breathing.rate
    skin = body.skin
    if skin is not None and skin.quality > 0.1:
        known["ln_scl"] = log(max(skin.level, 1e-3))
        if skin.seconds > 20:
            known["scl_slope"] = skin.slope
            if skin.countable:
                known["scr_rate"] = skin.responses
                known["ln_scr_amplitude"] = log(0.05 + skin.amplitude)
    if body.warmth is not None and body.warmth.quality > 0:
        known |= {
            "temperature": body.warmth.level,
            "temperature_slope": body.warmth.slope,
        }
    if body.motion is not None:
        known["ln_motion"] = log(max(body.motion.rms, 1e-3))
    values = (known.get(name) for name in NAMES)
    return np.array([np.nan if value is None else value for value in values])
