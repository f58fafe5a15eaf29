"""One dimension's state-space filter: a step from what is known to what is known next.

The state is what the person shows, x, and two error processes a modality: an offset that drifts
over many minutes, and a coloured part that lasts about as long as the modality's window. All are
Ornstein-Uhlenbeck processes (Uhlenbeck & Ornstein 1930; for core affect: Kuppens, Oravecz &
Tuerlinckx 2010), so that nothing grows without bound and everything returns to the prior when
evidence ends. A modality m whose estimates have the error variance R measures

    z = x + sqrt(b * S) * offset_m + sqrt(c * T) * coloured_m + white noise of (1-b-c) * R.

S and T are what R usually is, averaged over the lives of the two errors. With R itself, two
estimates of one moment with different R would look like two views of one and the same error, and
x would be extrapolated from their difference, far outside both. What R has above T just now
counts as noise that is renewed with each memory of the modality.

Modelling the coloured part as a state is the textbook cure for correlated measurement noise
(Bryson & Johansen 1965): ten estimates of the same second count little more than one.

Covariance and mean are kept in one symmetric matrix of what the evidence has brought. Its block
of states is ``prior covariance - covariance``, its last row and column the mean less the prior's.
It starts at 0; a measurement adds one outer product; time multiplies by another and so fades it
towards 0. It stays symmetric to the bit, and no rounding error outlives the evidence.

Fading is put off: the matrix is kept as it was worth at a time ``since``, and what is added later
is divided by the fading since then. A measurement then costs one row and one outer product, and
only every few memories of the quickest error is the whole matrix faded.
"""

from __future__ import annotations

from math import exp, sqrt

import msgspec
import numpy as np
from scipy.linalg.blas import dsymv, dsyr

from sentio_bridge.fusion.measurement import Floats
from sentio_bridge.fusion.settings import FusionSettings
from sentio_bridge.fusion.trust import NOBODY, Jury, hear
from sentio_models import MODALITIES

_M = len(MODALITIES)
_MEAN = 1 + 2 * _M  # x, then offset and coloured error of each modality, then the mean's place


_PUT_OFF = 10.0  # memories of the quickest error: e^-20 in a square is far above rounding's loss


class Track(msgspec.Struct, frozen=True, gc=False):
    """What is known of one dimension at a time; never changed in place.

    Attributes:
        time: Seconds of the LSL clock, of the newest measurement.
        since: For which time the evidence is written down; it has faded since then.
        kept: The evidence as the module describes, at ``since``, shape ``(18, 18)``, Fortran order;
            the upper triangle, the lower one is 0.
        share: How much of x each modality makes up, 0..1; what is missing to 1 is the prior.
        usual: Of each modality that has spoken: when last, T and S of the module's text.
        jury: How far each modality is to be trusted.
    """

    time: float
    since: float
    kept: Floats
    share: tuple[float, ...]
    usual: tuple[tuple[float, float, float] | None, ...]
    jury: Jury


class Dimension:
    """A dimension's constants, and the step.

    Args:
        mean: Where x returns to.
        sd: Spread of x over people and moments.
        tau: Seconds in which x forgets (e-fold).
        settings: What is assumed of errors.
    """

    def __init__(self, mean: float, sd: float, tau: float, settings: FusionSettings) -> None:
        self.mean = mean
        self.variance = sd * sd
        self.tau = tau
        self._settings = settings
        self._offset = sqrt(settings.bias_share)
        self._coloured = sqrt(settings.coloured_share)
        self._memory = tuple(float(getattr(settings.memory, name)) for name in MODALITIES)
        self._white = 1.0 - settings.bias_share - settings.coloured_share
        self._rates = np.zeros(_MEAN + 1)
        self._rates[0] = 1.0 / tau
        self._rates[1:_MEAN:2] = 1.0 / settings.bias_tau
        self._rates[2:_MEAN:2] = [1.0 / getattr(settings.memory, name) for name in MODALITIES]

        self._longest = _PUT_OFF / float(self._rates.max())

    def start(self, time: float) -> Track:
        """Return what is known before any evidence."""
        empty = np.zeros((_MEAN + 1, _MEAN + 1), order="F")
        return Track(time, time, empty, (0.0,) * _M, (None,) * _M, NOBODY)

    def evidence(self, track: Track, time: float) -> Floats:
        """Return what the evidence is worth at ``time``, not before the track's own."""
        upper: Floats = track.kept * self._fade(time - track.since)
        upper[_MEAN, _MEAN] = 0.0  # holds squares of surprises that nothing needs
        return np.asarray(upper + np.triu(upper, 1).T)

    def _fade(self, elapsed: float) -> Floats:
        factors = np.exp(self._rates * -elapsed)
        both: Floats = np.multiply.outer(factors, factors).T
        return both

    def at(self, track: Track, time: float) -> tuple[float, float, float]:
        """Let x run on to ``time``, not before the track's own.

        Returns:
            Its mean, its variance, and the factor on the shares.
        """
        time = max(time, track.time)
        left = exp((track.since - time) / self.tau)
        mean = self.mean + float(track.kept[0, _MEAN]) * left
        variance = self.variance - float(track.kept[0, 0]) * left * left
        return mean, variance, exp((track.time - time) / self.tau)

    def step(
        self, track: Track, time: float, modality: int, z: float, r: float, doubt: float = 1.0
    ) -> Track:
        """Take in a measurement.

        Args:
            track: Until then.
            time: Of the measurement, not before the track's.
            modality: Whose.
            z: The measured value.
            r: Its error variance, as claimed.
            doubt: Factor on that, from what else is known of the modality.
        """
        settings = self._settings
        since, kept = track.since, track.kept
        if time - since > self._longest:
            since, kept = time, kept * self._fade(time - since)
            kept[_MEAN, _MEAN] = 0.0
        jury = hear(track.jury, modality, time, z, r * doubt, settings)
        trusted = r * doubt * jury.doubt[modality]
        now_usual, white = self._noise(track.usual[modality], modality, time, r, trusted)
        offset = self._offset * sqrt(now_usual[2])
        coloured = self._coloured * sqrt(now_usual[1])
        i, j = 1 + 2 * modality, 2 + 2 * modality
        elapsed = since - time
        left_x = exp(elapsed / self.tau)
        left_i = exp(elapsed / settings.bias_tau)
        left_j = exp(elapsed / self._memory[modality])
        # With h the measurement's row, its last entry is the expected value less the prior mean,
        # and the rest is h (prior - covariance), all but for what they have faded.
        h = np.zeros(_MEAN + 1)
        h[0], h[i], h[j] = left_x, offset * left_i, coloured * left_j
        row = dsymv(1.0, kept, h)
        cross = self.variance - float(row[0]) * left_x
        with_offset = offset - float(row[i]) * left_i
        with_coloured = coloured - float(row[j]) * left_j
        s = cross + offset * with_offset + coloured * with_coloured + white
        surprise = z - self.mean - float(row[_MEAN])

        # Student-t: a surprise of several deviations widens its own variance, so that its pull
        # first levels off and then shrinks (West 1981); never below the Gaussian variance.
        tails = settings.tails
        if surprise * surprise > s:
            s *= (tails + surprise * surprise / s) / (tails + 1.0)

        gain = 1.0 / sqrt(s)
        row *= -gain
        row[0] = cross * gain / left_x
        row[i] = with_offset * gain / left_i
        row[j] = with_coloured * gain / left_j
        row[_MEAN] = surprise * gain
        kept = dsyr(1.0, row, a=kept)

        pull = min(max(cross / s, 0.0), 1.0)
        left = exp((track.time - time) / self.tau) * (1.0 - pull)
        share = [part * left for part in track.share]
        share[modality] += pull
        usual = list(track.usual)
        usual[modality] = now_usual
        return Track(time, since, kept, tuple(share), tuple(usual), jury)

    def _noise(
        self,
        before: tuple[float, float, float] | None,
        modality: int,
        time: float,
        r: float,
        trusted: float,
    ) -> tuple[tuple[float, float, float], float]:
        """Return what the modality's error variance usually is from now on, and its white part.

        Args:
            before: What it usually was; None at its first estimate.
            modality: Whose.
            time: Of the estimate.
            r: Its variance as claimed.
            trusted: What is made of that.
        """
        white = self._white * r
        memory = self._memory[modality]
        last, usual, lasting = before if before is not None else (time - memory, r, r)
        elapsed = max(0.0, time - last)
        excess = max(0.0, trusted - usual) * max(1.0, memory / max(elapsed, 1e-3))
        usual += (1.0 - exp(-elapsed / memory)) * (r - usual)
        lasting += (1.0 - exp(-elapsed / self._settings.bias_tau)) * (r - lasting)
        return (time, usual, lasting), white + excess
