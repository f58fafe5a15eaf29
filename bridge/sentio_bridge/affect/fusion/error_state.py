"""State-space filter of one dimension: the step from measurement to measurement.

The state is the dimension's value, x, and two errors a modality: an offset that drifts over many
minutes, and a coloured part that lasts about as long as the modality's window. All are
Ornstein-Uhlenbeck processes (Uhlenbeck & Ornstein 1930; for core affect: Kuppens, Oravecz &
Tuerlinckx 2010), so that nothing grows without bound and everything returns to the prior when
evidence ends. A modality m whose estimates have the error variance R measures

    z = x + offset_m + coloured_m + white noise,   of variances b S, c T and (1-b-c) R,

where S and T are what R usually is, averaged over the lives of the two errors. What R has above
T just now counts as noise that is renewed with each memory of the modality. When S or T grow, the
error gets noise of its own on top and what is known of it stays; they never fall faster than the
process forgets, so that what is left to know of an error is never negative.

Modelling the coloured part as a state is the textbook cure for correlated measurement noise
(Bryson & Johansen 1965): ten estimates of the same second count little more than one.

Covariance and mean are kept in one symmetric matrix of what the evidence has brought. Its block
of states is ``prior covariance - covariance``, its last row and column the mean less the prior's.
It starts at 0; a measurement adds one outer product; time multiplies by another and so fades it
towards 0. It stays symmetric to the bit, and no rounding error outlives the evidence.

Fading is delayed: the matrix is expressed at a time ``since``, and what is added later
is divided by the fading since then. A measurement then costs one row and one outer product, and
only every few memories of the quickest error is the whole matrix faded.
"""

from __future__ import annotations

from math import exp, sqrt

import msgspec
import numpy as np
from numpy.typing import NDArray

from sentio_bridge.affect.fusion.settings import FusionSettings
from sentio_models import MODALITIES

Floats = NDArray[np.float64]

_M = len(MODALITIES)
_MEAN = 1 + 2 * _M  # x, then offset and coloured error of each modality, then the mean's place
_SOON = 60.0  # seconds in which an offset is believed to have grown; it shrinks as it forgets
_SPARED = 0.25  # of what is known of x, when a modality is found to be inverted
_PUT_OFF = 10.0  # memories of the quickest error: e^-20 in a square is far above rounding's loss


class ErrorState(msgspec.Struct, frozen=True, gc=False):
    """Evidence on one dimension at a time; never changed in place.

    Attributes:
        time: Seconds of the LSL clock, of the newest measurement.
        kept: The evidence as the module describes, expressed at the ``since`` of the state
            that it belongs to, shape ``(18, 18)``, symmetric.
        share: How much of x each modality makes up, 0..1; what is missing to 1 is the prior.
    """

    time: float
    kept: Floats
    share: tuple[float, ...]


class Noise(msgspec.Struct, frozen=True, gc=False):
    """Error variance of a modality in one dimension.

    Attributes:
        usual: T of the module's text.
        lasting: S.
        white: What is new with this estimate.
    """

    usual: float
    lasting: float
    white: float


class Elapsed(msgspec.Struct, frozen=True, gc=False):
    """Effect of elapsed time on a measurement; the same for all dimensions of one tau.

    Attributes:
        time: Of the measurement.
        offset: Place of the modality's offset; the coloured part is the next.
        left: How much of x, of the offset and of the coloured part of ``since`` is in the
            measured value.
    """

    time: float
    offset: int
    left: tuple[float, float, float]


class Errors:
    """Assumptions about the errors of modalities.

    Args:
        settings: Their shares and lives.
    """

    def __init__(self, settings: FusionSettings) -> None:
        self._bias_tau = settings.bias_tau
        self._memory = tuple(float(getattr(settings.memory, name)) for name in MODALITIES)
        self._white = 1.0 - settings.bias_share - settings.coloured_share
        self.rates = np.zeros(_MEAN + 1)
        self.rates[1:_MEAN:2] = 1.0 / settings.bias_tau
        self.rates[2:_MEAN:2] = [1.0 / memory for memory in self._memory]
        self.longest = _PUT_OFF / float(self.rates.max())
        """Seconds for which fading may be put off."""

    def noise(self, before: Noise | None, modality: int, elapsed: float, trusted: float) -> Noise:
        """Return what the modality's error variance is from now on.

        Args:
            before: What it was; None at its first estimate.
            modality: Index of the modality.
            elapsed: Seconds since its last estimate.
            trusted: Its variance as it is believed.
        """
        white = self._white * trusted
        if before is None:
            return Noise(trusted, trusted, white)
        memory = self._memory[modality]
        fresh = 1.0 - exp(-elapsed / memory)
        usual = before.usual + fresh * (trusted - before.usual)
        lasting = before.lasting
        life = self._bias_tau if trusted < lasting else _SOON
        lasting += (1.0 - exp(-elapsed / life)) * (trusted - lasting)
        excess = max(0.0, trusted - usual)
        if excess:
            excess *= max(1.0, memory / max(elapsed, 1e-3))
        return Noise(usual, lasting, white + excess)

    def left(self, modality: int, elapsed: float) -> tuple[float, float]:
        """Return what is left of an offset and of a coloured error after a time."""
        return exp(-elapsed / self._bias_tau), exp(-elapsed / self._memory[modality])


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
        self._bias, self._coloured = settings.bias_share, settings.coloured_share
        self._tails = settings.student_t_dof
        self._rates = Errors(settings).rates
        self._rates[0] = 1.0 / tau

    def start(self, time: float) -> ErrorState:
        """Return the state before any evidence."""
        return ErrorState(time, np.zeros((_MEAN + 1, _MEAN + 1)), (0.0,) * _M)

    def faded(self, track: ErrorState, elapsed: float) -> ErrorState:
        """Express the evidence ``elapsed`` seconds after ``since``."""
        factors = np.exp(self._rates * -elapsed)
        kept = track.kept * np.multiply.outer(factors, factors)
        kept[_MEAN, _MEAN] = 0.0  # holds squares of surprises that nothing needs
        return ErrorState(track.time, kept, track.share)

    def reduced(self, track: ErrorState) -> ErrorState:
        """Return what remains of evidence that included an inverted modality.

        The errors of the others were learnt from its values, and would count for minutes.
        """
        kept = np.zeros_like(track.kept)
        kept[0, 0] = _SPARED * track.kept[0, 0]
        kept[0, _MEAN] = kept[_MEAN, 0] = _SPARED * track.kept[0, _MEAN]
        return ErrorState(track.time, kept, tuple([_SPARED * part for part in track.share]))

    def at(self, track: ErrorState, since: float, time: float) -> tuple[float, float, float]:
        """Predict x at ``time``, not before the track's own.

        Returns:
            Its mean, its variance, and the factor on the shares.
        """
        left = exp((since - time) / self.tau)
        mean = self.mean + float(track.kept[0, _MEAN]) * left
        variance = self.variance - float(track.kept[0, 0]) * left * left
        return mean, variance, exp((track.time - time) / self.tau)

    def passed(
        self, modality: int, since: float, time: float, errors: tuple[float, float]
    ) -> Elapsed:
        """Return the effect of the time since ``since`` on a measurement.

        Args:
            modality: Index of the modality.
            since: Of the evidence.
            time: Of the measurement.
            errors: What is left of its errors.
        """
        return Elapsed(time, 1 + 2 * modality, (exp((since - time) / self.tau), *errors))

    def step(
        self, track: ErrorState, passed: Elapsed, modality: int, z: float, noise: Noise
    ) -> ErrorState:
        """Apply a measurement.

        Args:
            track: Until then, not later than the measurement.
            passed: What time does to it.
            modality: Index of the modality.
            z: The measured value.
            noise: What errors it has.
        """
        time, i = passed.time, passed.offset
        left_x, left_i, left_j = passed.left
        # The row's last entry is the expected value less the prior mean, and the rest is what
        # the evidence takes from prior covariances with z, all but for what they have faded.
        row = track.kept[0] * left_x
        row += track.kept[i] * left_i
        row += track.kept[i + 1] * left_j
        cross = self.variance - row.item(0) * left_x
        offset = self._bias * noise.lasting - row.item(i) * left_i
        coloured = self._coloured * noise.usual - row.item(i + 1) * left_j
        s = cross + offset + coloured + noise.white
        surprise = z - self.mean - row.item(_MEAN)
        square = surprise * surprise
        if square > s:
            # Student-t: a surprise of several deviations widens its own variance, so that its
            # pull first levels off and then shrinks (West 1981); never below the Gaussian one.
            s *= (self._tails + square / s) / (self._tails + 1.0)

        gain = 1.0 / sqrt(s)
        row *= -gain
        row[0] = cross * gain / left_x
        row[i] = offset * gain / left_i
        row[i + 1] = coloured * gain / left_j
        row[_MEAN] = surprise * gain
        kept = np.multiply.outer(row, row)
        kept += track.kept

        pull = min(max(cross / s, 0.0), 1.0)
        left = exp((track.time - time) / self.tau) * (1.0 - pull)
        share = [part * left for part in track.share]
        share[modality] += pull
        return ErrorState(time, kept, tuple(share))

    def evidence(self, track: ErrorState, elapsed: float) -> Floats:
        """Return the evidence ``elapsed`` seconds after ``since``."""
        return self.faded(track, elapsed).kept
