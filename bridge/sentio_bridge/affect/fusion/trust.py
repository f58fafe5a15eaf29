"""Error of each modality, from how far the modalities are from each other.

The errors of different modalities are independent, so that the mean square difference of two is
the sum of their error variances. With three or more, that gives each one's own, whatever the
truth was: the N-cornered hat of clock comparison (Gray & Allan 1974). A modality whose errors are
larger than it claims gets that factor on its variance: its variance is wrong, it hangs, or it does
not suit this person. If only two differ, it is unknown which is wrong, and both get the factor.

An inverted modality is worse than noise: it depends on the truth with the opposite sign. If two
measure the same x, their mean product is positive; if one measures -x, it is negative. The log odds
of the first against the second, for two readings y and z of error variances Q and R, are
2 y z / (Q + R) for each independent pair, and less for a mean of many, since offsets stay. Summed
over the others and over all dimensions they give the probability that a modality is inverted; its
precision is then the expected one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from math import exp, inf, log

import msgspec

from sentio_bridge.affect.fusion.emotion_pool import EmotionPool
from sentio_bridge.affect.fusion.error_state import Noise
from sentio_bridge.affect.fusion.measurement import DIMENSIONS, Measurement
from sentio_bridge.affect.fusion.settings import FusionSettings
from sentio_models import MODALITIES

_M = len(MODALITIES)
_SURE = 50.0  # log odds beyond which nothing changes
_TRUSTED = (1.0,) * len(DIMENSIONS)


class Pair(msgspec.Struct, frozen=True, gc=False):
    """Comparison of two modalities in one dimension.

    Attributes:
        time: When they were last compared.
        seconds: How long they were compared, faded.
        square: Mean square difference of their values.
        product: Mean product of their values, less the prior mean.
        differ: The square, shrunk to what their variances claim.
        agree: Log odds, from the product, that neither is inverted.
    """

    time: float
    seconds: float
    square: float
    product: float
    differ: float
    agree: float


class Compared(msgspec.Struct, frozen=True, gc=False):
    """Comparisons in one dimension.

    Attributes:
        claims: Error variance that each modality claimed when it was last compared; 0 for never.
        pairs: By the lower and the higher modality.
        excess: Error variance of each relative to its claim, at least 1.
        upright: Log odds that each is not inverted, beyond the prior's.
    """

    claims: tuple[float, ...] = (0.0,) * _M
    pairs: Mapping[tuple[int, int], Pair] = {}
    excess: tuple[float, ...] = (1.0,) * _M
    upright: tuple[float, ...] = (0.0,) * _M


class TrustState(msgspec.Struct, frozen=True, gc=False):
    """Comparisons of all modalities; never changed in place.

    Attributes:
        compared_at: When each was last compared.
        compared: By dimension.
        penalty: By modality and dimension: factor on its variance, 1 to ``max_trust_penalty``.
        inverted: Modalities that more likely show the opposite than not, until that is unlikely.
    """

    compared_at: tuple[float, ...] = (-inf,) * _M
    compared: tuple[Compared, ...] = (Compared(),) * len(DIMENSIONS)
    penalty: tuple[tuple[float, ...], ...] = (_TRUSTED,) * _M
    inverted: frozenset[int] = frozenset()


INITIAL = TrustState()
"""State before the first measurement."""


class LastMeasurement(msgspec.Struct, frozen=True, gc=False):
    """Newest measurement of one modality.

    Attributes:
        last: Time of its newest measurement.
        readings: Its readings.
        values: The measured values in it.
        since: Since when its values have been exactly these.
        noise: Its usual errors, by dimension; None if it has not measured it.
        emotions: Its averaged emotions, or None.
    """

    last: float
    readings: tuple[tuple[int, float, float], ...]
    values: tuple[float, ...]
    since: float
    noise: tuple[Noise | None, ...]
    emotions: EmotionPool | None = None


class TrustEstimator:
    """Comparison of modalities.

    Args:
        middles: Prior mean of each dimension.
        settings: How fast trust moves.
    """

    def __init__(self, middles: Sequence[float], settings: FusionSettings) -> None:
        self._middles = tuple(middles)
        self._settings = settings
        self._odds = log(1.0 / settings.inverted_prior - 1.0)

    def update(
        self,
        state: TrustState,
        measured: Measurement,
        factor: float,
        measurements: Sequence[LastMeasurement | None],
    ) -> TrustState:
        """Compare a measurement with the newest of the others.

        Args:
            state: Until then.
            measured: Not captured before any other measurement so far.
            factor: On its claimed variances, from what else is known of it.
            measurements: The newest of each modality until then.
        """
        time, modality = measured.time, measured.modality
        present = [
            m
            for m, one in enumerate(measurements)
            if m == modality or (one is not None and time - one.last <= self._settings.trust_tau)
        ]
        others: dict[int, list[tuple[int, float]]] = {i: [] for i, _, _ in measured.readings}
        for m in present:
            one = measurements[m]
            if one is None or m == modality or time - one.last > self._settings.stale_after:
                continue
            for index, value, _ in one.readings:
                if index in others:
                    others[index].append((m, value))
        compared = list(state.compared)
        for index, z, r in measured.readings:
            before = compared[index]
            claims = list(before.claims)
            claims[modality] = r * factor
            middle = self._middles[index]
            pairs = dict(before.pairs)
            for other, value in others[index]:
                key = (modality, other) if modality < other else (other, modality)
                square, product = (z - value) ** 2, (z - middle) * (value - middle)
                both = claims[modality] + claims[other]
                pairs[key] = self._pair(pairs.get(key), time, square, product, both)
            compared[index] = self._weigh(claims, pairs, [m for m in present if claims[m]])
        compared_at = list(state.compared_at)
        compared_at[modality] = time
        penalty, inverted = self._penalties(compared, state.inverted)
        return TrustState(tuple(compared_at), tuple(compared), penalty, inverted)

    def _pair(
        self, before: Pair | None, time: float, square: float, product: float, both: float
    ) -> Pair:
        """Return the comparison after these values; ``both`` is the claimed variance."""
        settings = self._settings
        total = settings.trust_every
        if before is not None:
            waited = time - before.time
            added = min(waited, settings.trust_every)
            total = before.seconds * exp(-waited / settings.trust_tau) + added
            rate = added / total
            square = before.square + rate * (square - before.square)
            product = before.product + rate * (product - before.product)
        # Until they have been compared for long, they are assumed to differ as they claim.
        share = total / (total + settings.trust_prior)
        kept = settings.bias_share
        apart = kept + (1.0 - kept) * settings.trust_apart / total
        return Pair(
            time,
            total,
            square,
            product,
            both + share * (square - both),
            share * 2.0 * product / (both * apart),
        )

    def _weigh(
        self,
        claims: Sequence[float],
        pairs: Mapping[tuple[int, int], Pair],
        present: Sequence[int],
    ) -> Compared:
        """Compute excess and odds of the modalities that are present in a dimension."""
        excess, upright = [1.0] * _M, [0.0] * _M
        count = len(present)
        if count < 2:
            return Compared(tuple(claims), pairs, tuple(excess), tuple(upright))
        sums = [0.0] * _M
        for a, b in combinations(present, 2):
            pair = pairs.get((a, b))
            if pair is None:
                differ = claims[a] + claims[b]
            else:
                differ, agree = pair.differ, pair.agree
                upright[a] += agree
                upright[b] += agree
            sums[a] += differ
            sums[b] += differ
        total = sum(sums) / 2.0 / (count - 1)
        for m in present:
            if count == 2:
                ratio = total / sum(claims[n] for n in present)
            else:
                ratio = (sums[m] - total) / (count - 2) / claims[m]
            # A claim that is off by more than the tolerance is not understood, and weighs less
            # than noise of that size would.
            ratio *= max(1.0, ratio / self._settings.tolerance) ** 2
            excess[m] = max(ratio, 1.0)
        return Compared(tuple(claims), pairs, tuple(excess), tuple(upright))

    def _penalties(
        self, compared: Sequence[Compared], known: frozenset[int]
    ) -> tuple[tuple[tuple[float, ...], ...], frozenset[int]]:
        """Return each modality's penalties, and those taken to be inverted."""
        most = self._settings.max_trust_penalty
        active = [(index, c) for index, c in enumerate(compared) if c.pairs]
        penalties, inverted = [], set()
        for m in range(_M):
            odds = self._odds
            for _, c in active:
                odds += c.upright[m]
            if odds < (self._odds if m in known else 0.0):
                inverted.add(m)
            probability = 1.0 / (1.0 + exp(max(-_SURE, min(_SURE, odds))))
            factor = 1.0 / (1.0 - probability + probability / most)
            row = [min(factor, most)] * len(compared)
            for index, c in active:
                row[index] = min(c.excess[m] * factor, most)
            penalties.append(tuple(row))
        return tuple(penalties), frozenset(inverted)
