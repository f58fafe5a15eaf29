"""Estimates engagement, relaxation and focus from EEG, against what is usual for the person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp

import numpy as np
from numpy.typing import NDArray

from sentio_models.baseline import Usual, norms
from sentio_models.eeg.artefact import Verdict, judge, without_blinks
from sentio_models.eeg.bands import NAMES, Spectrum
from sentio_models.eeg.indices import LEAST, RAW, Powers, gather
from sentio_models.eeg.montage import Montage
from sentio_models.estimate import Estimate, Reading
from sentio_models.model import Needs, Norm
from sentio_models.onnx_session import OnnxSession
from sentio_models.window import Signal, Window

Floats = NDArray[np.float64]

SECONDS = 2.0
"""Long enough for eight waves of theta, short enough to follow a game."""

HOP = 0.02
LEAST_SECONDS = 1.0
SLOWEST_HZ = 64.0
"""Sample rate below which beta cannot be seen."""

SETTLED = 6
"""Remembered moments (half a minute) after which the person's own baseline counts."""

MAX_CHANNELS = 64
BEYOND = 1e9
"""Microvolts that no amplifier gives: a number that was never a voltage."""

KEPT_PLANS = 8
"""Spectra kept for the lengths that a filling window runs through."""


@dataclass(frozen=True, slots=True)
class Cut:
    """The usable end of a window.

    Attributes:
        samples: Shape ``(channels, n)``, finite, microvolts, without offset.
        broken: Channels that held a sample that is not finite.
        rate_hz: As measured where the nominal rate is wrong.
        reasons: ``gap``, ``wrong_rate``.
    """

    samples: Floats
    broken: NDArray[np.bool_]
    rate_hz: float
    reasons: tuple[str, ...]


class EegEstimator:
    """Reads 1 to 64 EEG channels of any montage.

    Args:
        session: The index model; the shipped one if None.

    Raises:
        ModelMissingError: onnxruntime or the weights are not there.
        ModelRefusedError: The weights are not what their manifest says.
    """

    def __init__(self, session: OnnxSession | None = None) -> None:
        self._session = session or OnnxSession.shipped("eeg_indices")
        constants = self._session.manifest.constants
        self._usual = Usual(norms(constants["prior"]), memory=1800.0)
        self._sd = constants["sd"]
        self._plans: dict[tuple[int, float], Spectrum] = {}
        self._labels: tuple[str, ...] = ()
        self._montage = Montage.of(())

    @property
    def modality(self) -> str:
        """``eeg``."""
        return "eeg"

    @property
    def needs(self) -> Needs:
        """Two seconds of EEG, at every chunk."""
        return Needs(frozenset({"eeg"}), SECONDS, HOP)

    def personalise(self, baseline: Mapping[str, Norm]) -> None:
        """Start over for a person, from their norms of the features in ``indices.RAW``."""
        self._usual.restart(baseline)

    def estimate(self, window: Window) -> Estimate:
        """Compute band powers and the published indices of one window.

        Raises:
            ModelFailedError: The index model failed.
        """
        signal = window.signals.get("eeg")
        if signal is None or signal.values.ndim != 2 or not signal.values.shape[1]:
            return Estimate("eeg", reasons=("no_signal",))
        cut = _cut(signal)
        if cut is None:
            return Estimate("eeg", reasons=("warming",))
        if cut.rate_hz < SLOWEST_HZ:
            return Estimate("eeg", reasons=("rate_too_low",))
        montage = self._place(signal.channels, len(cut.samples))
        verdict, powers = self._look(cut, montage)
        gathered = gather(powers, verdict.quality, montage)
        reasons = [*cut.reasons, *verdict.reasons, *signal.reasons]
        brain = float(montage.brain.sum())
        quality = min(1.0, 1.2 * float(verdict.quality.sum()) / brain) * signal.quality
        if "gap" in cut.reasons:
            quality *= 0.7
        if gathered is None:
            return Estimate("eeg", quality=0.0, reasons=tuple(dict.fromkeys(reasons)))
        if self._usual.moments < SETTLED:
            reasons.append("warming")
        readings, features = self._index(gathered, window.step, quality)
        return Estimate(
            "eeg",
            readings,
            quality=quality,
            reasons=tuple(dict.fromkeys(reasons)),
            features=features,
        )

    def _place(self, labels: tuple[str, ...], count: int) -> Montage:
        if labels != self._labels or len(self._montage.names) != count:
            fitting = (*labels, *(f"ch{i}" for i in range(len(labels), count)))[:count]
            self._labels, self._montage = labels, Montage.of(fitting)
        return self._montage

    def _look(self, cut: Cut, montage: Montage) -> tuple[Verdict, Floats]:
        n = cut.samples.shape[1]
        plan = self._plans.get((n, cut.rate_hz))
        if plan is None:
            if len(self._plans) >= KEPT_PLANS:
                self._plans.pop(next(iter(self._plans)))
            plan = self._plans[(n, cut.rate_hz)] = Spectrum.of(n, cut.rate_hz)
        cleaned, blinks = without_blinks(cut.samples, cut.rate_hz, montage)
        powers, probes = plan.measure(cleaned)
        verdict = judge(cut.samples, probes, montage, cut.rate_hz, blinks)
        verdict.quality[cut.broken] = 0.0
        return verdict, powers

    def _index(
        self, powers: Powers, step: float, quality: float
    ) -> tuple[dict[str, Reading], dict[str, float]]:
        said = self._session.run(
            {
                "head": powers.head.astype(np.float32)[None],
                "front": powers.front.astype(np.float32)[None],
                "sides": powers.sides.astype(np.float32)[None],
                "usual": np.stack([self._usual.centre, self._usual.scale]).astype(np.float32)[
                    None, :, :3
                ],
            }
        )
        raw = said["raw"][0].astype(np.float64)
        if not powers.paired:
            raw[RAW.index("asymmetry")] = np.nan
        if quality >= LEAST:
            self._usual.learn(raw, step)
        young = exp(-self._usual.moments / SETTLED)
        # Fewer electrodes, more noise: half the variance is the channels' own.
        few = 0.5 + 0.5 * 4 / min(powers.channels, 8)
        readings = {
            name: Reading(
                float(said["indices"][0, column]), (self._sd[name] * (1 + young)) ** 2 * few
            )
            for column, name in enumerate(("engagement", "relaxation", "focus"))
        }
        features = {name: float(v) for name, v in zip(RAW, raw, strict=True) if np.isfinite(v)}
        features |= {name: float(exp(v)) for name, v in zip(NAMES, powers.head, strict=True)}
        return readings, features


def _cut(signal: Signal) -> Cut | None:
    """Take the newest unbroken stretch, None where it is shorter than ``LEAST_SECONDS``."""
    offsets = signal.offsets
    if len(offsets) < 16:
        return None
    reasons: list[str] = []
    steps = offsets[1:] - offsets[:-1]
    span = float(offsets[-1] - offsets[0])
    if not np.isfinite(span) or span <= 0:
        return None
    # Whole chunks may carry one stamp, and holes stretch the span: trust the nominal rate
    # unless neither the mean nor the median step agrees with it.
    rate = (len(offsets) - 1) / span
    if signal.rate_hz > 0 and not 0.8 < rate / signal.rate_hz < 1.25:
        usual = 1 / max(float(np.median(steps)), 1e-4)
        if 0.8 < usual / signal.rate_hz < 1.25:
            rate = signal.rate_hz
        else:
            reasons.append("wrong_rate")
    elif signal.rate_hz > 0:
        rate = signal.rate_hz
    first = 0
    # Chunks may be stamped a few milliseconds off: only a real hole is a gap.
    hole = max(4 / rate, 0.03)
    if float(steps.max()) > hole:
        first = int(np.flatnonzero(steps > hole)[-1]) + 1
        reasons.append("gap")
    count = min(len(offsets) - first, round(SECONDS * rate))
    # Whole quarters of a second: few spectra to plan while the window fills.
    quarter = max(1, round(rate / 4))
    if count < round(SECONDS * rate):
        count = count // quarter * quarter
    if count < LEAST_SECONDS * rate * 0.99:
        return None
    samples = np.array(signal.values[-count:, :MAX_CHANNELS].T, np.float64, order="C")
    total = samples.sum(axis=1)
    broken = ~np.isfinite(total) | (np.abs(total) > BEYOND * count)
    if broken.any():
        samples[broken] = total[broken] = 0.0
    samples -= (total / count)[:, None]
    return Cut(samples, broken, rate, tuple(reasons))
