"""The state-space filter: one step from a moment and a measurement to the next moment.

For each dimension the state is what the person shows, x, and two error processes a modality: an
offset that drifts over many minutes, and a coloured part that lasts about as long as the
modality's window. All are Ornstein-Uhlenbeck processes (Uhlenbeck & Ornstein 1930; for core
affect: Kuppens, Oravecz & Tuerlinckx 2010), so that nothing grows without bound and everything
returns to the prior when evidence ends. A modality m with error variance R measures

    z = x + sqrt(R) * (sqrt(b) * offset_m + sqrt(c) * coloured_m) + white noise of (1-b-c) * R.

Modelling the coloured part as a state is the textbook cure for correlated measurement noise
(Bryson & Johansen 1965): ten estimates of the same second count little more than one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sentio_bridge.fusion.measurement import DIMENSIONS, Floats, Measurement
from sentio_bridge.fusion.settings import FusionSettings
from sentio_models import AFFECT, EMOTIONS, MODALITIES

_D, _M, _E = len(DIMENSIONS), len(MODALITIES), len(EMOTIONS)
_S = 1 + 2 * _M  # x, then the offsets, then the coloured errors


@dataclass(frozen=True, slots=True)
class Moment:
    """What is known at a time; never changed in place.

    Attributes:
        time: Seconds of the LSL clock; -inf before the first measurement.
        x: State less its prior mean, ``(dimensions, 17)``.
        p: Its covariance, ``(dimensions, 17, 17)``.
        share: How much of x each modality makes up, ``(modalities, dimensions)``, 0..1; what is
            missing to 1 is the prior.
        doubt: Running mean square of each modality's distance from the fused state, relative to
            what its variance promises, same shape; about 1 where it agrees with the rest.
        last: Time of each modality's newest measurement.
        told: The values that it gave, ``(modalities, dimensions)``.
        since: Since when it has given exactly these.
        emotions: Each modality's averaged probabilities, ``(modalities, emotions)``.
        weight: Sum of the weights in that average.
        clarity: Quality of each modality's last emotions, 0..1.
        expressed: Time of each modality's last emotions.
    """

    time: float
    x: Floats
    p: Floats
    share: Floats
    doubt: Floats
    last: Floats
    told: Floats
    since: Floats
    emotions: Floats
    weight: Floats
    clarity: Floats
    expressed: Floats


@dataclass(frozen=True, slots=True)
class Belief:
    """What the filter says of the dimensions at a time; arrays in the order of ``DIMENSIONS``.

    Attributes:
        mean: Within each dimension's range where the evidence is.
        variance: Above 0, at most the prior's.
        share: As in ``Moment``.
    """

    mean: Floats
    variance: Floats
    share: Floats


class Filter:
    """Constants of the process, and the step.

    Args:
        settings: The assumptions.
    """

    def __init__(self, settings: FusionSettings) -> None:
        self.settings = settings
        indices = _D - len(AFFECT)
        tau = np.array([settings.affect_tau] * len(AFFECT) + [settings.index_tau] * indices)
        memory = [getattr(settings.memory, name) for name in MODALITIES]
        self.prior_mean = np.array([0.0] * len(AFFECT) + [settings.index_mean] * indices)
        self.prior_variance = (
            np.array([settings.affect_sd] * len(AFFECT) + [settings.index_sd] * indices) ** 2
        )
        self._rates = np.empty((_D, _S))
        self._rates[:, 0] = 1.0 / tau
        self._rates[:, 1 : 1 + _M] = 1.0 / settings.bias_tau
        self._rates[:, 1 + _M :] = 1.0 / np.array(memory)
        self._stationary = np.tile(np.eye(_S), (_D, 1, 1))
        self._stationary[:, 0, 0] = self.prior_variance
        self._senses = np.array([name not in ("text", "game", "self") for name in MODALITIES])
        self._b, self._c = settings.bias_share, settings.coloured_share

    def start(self) -> Moment:
        """Return what is known of nobody in particular."""
        never = np.full(_M, -np.inf)
        return Moment(
            -np.inf,
            np.zeros((_D, _S)),
            self._stationary,
            np.zeros((_M, _D)),
            np.ones((_M, _D)),
            never,
            np.zeros((_M, _D)),
            never,
            np.full((_M, _E), 1.0 / _E),
            np.zeros(_M),
            np.zeros(_M),
            never,
        )

    def belief(self, at: Moment, time: float) -> Belief:
        """Return x alone, let run on to ``time`` (not before the moment's own)."""
        fade = np.exp(-self._rates[:, 0] * max(0.0, time - at.time))
        spread = self.prior_variance
        variance = spread + (at.p[:, 0, 0] - spread) * fade * fade
        return Belief(self.prior_mean + at.x[:, 0] * fade, variance, at.share * fade)

    def step(self, at: Moment, measured: Measurement) -> Moment:
        """Let the process run to the measurement's time (not before ``at``) and take it in."""
        m = measured.modality
        elapsed = measured.time - at.time
        x, p, share, doubt = at.x, at.p, at.share, at.doubt
        last, told, since = at.last.copy(), at.told, at.since
        if elapsed > 0:
            fade = np.exp(-elapsed * self._rates)
            x = x * fade
            p = p - self._stationary
            p *= fade[:, :, None]
            p *= fade[:, None, :]
            p += self._stationary
            share = share * fade[:, 0]
        if measured.seen.any():
            if not (told[m] == measured.z).all():
                told, since = told.copy(), since.copy()
                told[m], since[m] = measured.z, measured.time
            stuck = self._senses[m] and measured.time - since[m] > self.settings.stuck_after
            r = measured.r * (self.settings.distrust if stuck else 1.0)
            x, p, share = self._update(x, p, share, doubt[m], measured, r)
            doubt = self._judge(doubt, x[:, 0], p[:, 0, 0], measured, at.last[m])
        last[m] = measured.time
        emotions, weight, clarity, expressed = self._express(at, measured)
        return Moment(
            measured.time,
            x,
            p,
            share,
            doubt,
            last,
            told,
            since,
            emotions,
            weight,
            clarity,
            expressed,
        )

    def stuck(self, at: Moment, modality: int) -> bool:
        """Tell whether a modality's readings have not changed by a bit for too long."""
        held = at.last[modality] - at.since[modality]
        return bool(self._senses[modality] and held > self.settings.stuck_after)

    def doubted(self, at: Moment, modality: int) -> bool:
        """Tell whether a modality contradicts the rest by more than its variance allows."""
        return bool((at.doubt[modality] > 2.0 * self.settings.tolerance).any())

    def _update(
        self, x: Floats, p: Floats, share: Floats, doubt: Floats, measured: Measurement, r: Floats
    ) -> tuple[Floats, Floats, Floats]:
        m, seen = measured.modality, measured.seen
        r = r * np.clip(doubt / self.settings.tolerance, 1.0, self.settings.distrust)
        offset = np.sqrt(self._b * r)
        coloured = np.sqrt(self._c * r)
        i, j = 1 + m, 1 + _M + m
        ph = p[:, :, 0] + offset[:, None] * p[:, :, i] + coloured[:, None] * p[:, :, j]
        white = (1.0 - self._b - self._c) * r
        s = ph[:, 0] + offset * ph[:, i] + coloured * ph[:, j] + white
        surprise = measured.z - self.prior_mean - x[:, 0] - offset * x[:, i] - coloured * x[:, j]

        # Student-t: a surprise of several deviations widens its own variance, so that its pull
        # first levels off and then shrinks (West 1981); never below the Gaussian variance.
        tails = self.settings.tails
        s = s * np.maximum(1.0, (tails + surprise * surprise / s) / (tails + 1.0))

        u = ph * np.sqrt(seen / s)[:, None]
        x = x + ph * (seen * surprise / s)[:, None]
        p = p - u[:, :, None] * u[:, None, :]  # one vector twice: stays exactly symmetric
        pull = np.clip(seen * ph[:, 0] / s, 0.0, 1.0)
        share = share * (1.0 - pull)
        share[m] += pull
        return x, p, share

    def _judge(
        self, doubt: Floats, x: Floats, variance: Floats, measured: Measurement, before: float
    ) -> Floats:
        """Compare what a modality said with what all of them together make of it.

        The distance counts in full, however well the filter has learnt to expect it: who
        differs from the others for long must weigh less, not be subtracted and then believed.
        """
        m, tau = measured.modality, self.settings.trust_tau
        off = measured.z - self.prior_mean - x
        rate = measured.seen * (1.0 - np.exp(-min(measured.time - before, tau) / tau))
        doubt = doubt.copy()
        doubt[m] += rate * (off * off / (measured.r + variance) - doubt[m])
        return doubt

    def _express(self, at: Moment, measured: Measurement) -> tuple[Floats, Floats, Floats, Floats]:
        if measured.emotions is None:
            return at.emotions, at.weight, at.clarity, at.expressed
        m = measured.modality
        emotions, weight = at.emotions.copy(), at.weight.copy()
        clarity, expressed = at.clarity.copy(), at.expressed.copy()
        waited = measured.time - expressed[m]
        old = weight[m] * np.exp(-waited / self.settings.emotion_tau)
        new = max(measured.quality, 1e-3)
        emotions[m] = (old * emotions[m] + new * measured.emotions) / (old + new)
        weight[m] = old + new
        clarity[m] = measured.quality
        expressed[m] = measured.time
        return emotions, weight, clarity, expressed
