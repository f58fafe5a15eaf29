"""How far off each modality really is, from how far they are from each other.

The errors of different modalities are independent, so that the mean square difference of two is
the sum of their error variances. With three or more, that gives each one's own, whatever the
truth was: the N-cornered hat of clock comparison (Gray & Allan 1974). A modality whose errors are
larger than it claims is doubted by that factor: it brags, hangs, or does not suit this person. Of
two that differ nobody can tell which is wrong, so both are doubted alike.

A liar is worse than noise: what it says hangs together with the truth, the other way round. Of
two who see the same x the mean product is positive, and negative where one sees -x. The log odds
of the first against the second, for two readings y and z of error variances Q and R, are
2 y z / (Q + R) for each independent pair, and less for a mean of many, since offsets stay. Summed
over the others and over all dimensions they say how likely a modality is a liar; its precision is
then what is to be expected of it.
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
    """What is remembered of two modalities in one dimension.

    Attributes:
        time: When they were last compared.
        seconds: How long they were compared, faded.
        square: Mean square difference of what they said.
        product: Mean product of what they said, less the prior mean.
        differ: What is made of the square, with what they claim.
        agree: Log odds, from the product, that none of the two is a liar.
    """

    time: float
    seconds: float
    square: float
    product: float
    differ: float
    agree: float


class Compared(msgspec.Struct, frozen=True, gc=False):
    """What is remembered of one dimension.

    Attributes:
        claims: Error variance that each modality claimed when it was last compared; 0 for never.
        pairs: By the lower and the higher modality.
        excess: Error variance of each relative to its claim, at least 1.
        honest: Log odds that each is no liar, beyond the prior's.
    """

    claims: tuple[float, ...] = (0.0,) * _M
    pairs: Mapping[tuple[int, int], Pair] = {}
    excess: tuple[float, ...] = (1.0,) * _M
    honest: tuple[float, ...] = (0.0,) * _M


class TrustState(msgspec.Struct, frozen=True, gc=False):
    """What is remembered of all modalities; never changed in place.

    Attributes:
        compared_at: When each was last compared.
        compared: By dimension.
        doubt: By modality and dimension: factor on its variance, 1 to ``max_trust_penalty``.
        inverted: Modalities that more likely show the opposite than not, until that is unlikely.
    """

    compared_at: tuple[float, ...] = (-inf,) * _M
    compared: tuple[Compared, ...] = (Compared(),) * len(DIMENSIONS)
    doubt: tuple[tuple[float, ...], ...] = (_TRUSTED,) * _M
    inverted: frozenset[int] = frozenset()


INITIAL = TrustState()
"""Before anybody has spoken."""


class LastMeasurement(msgspec.Struct, frozen=True, gc=False):
    """What is remembered of one modality.

    Attributes:
        last: Time of its newest measurement.
        readings: What that said.
        values: The measured values in it.
        since: Since when it has said exactly this.
        noise: What its errors usually are, by dimension; None where it has not spoken.
        opinion: Of the emotions, or None.
    """

    last: float
    readings: tuple[tuple[int, float, float], ...]
    values: tuple[float, ...]
    since: float
    noise: tuple[Noise | None, ...]
    opinion: EmotionPool | None = None


class TrustEstimator:
    """Compares modalities.

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
        voices: Sequence[LastMeasurement | None],
    ) -> TrustState:
        """Compare a measurement with what the others said last.

        Args:
            state: Until then.
            measured: Not captured before anything else that was heard.
            factor: On its claimed variances, from what else is known of it.
            voices: The last word of each modality until then.
        """
        time, modality = measured.time, measured.modality
        present = [
            m
            for m, voice in enumerate(voices)
            if m == modality
            or (voice is not None and time - voice.last <= self._settings.trust_tau)
        ]
        said: dict[int, list[tuple[int, float]]] = {index: [] for index, _, _ in measured.readings}
        for m in present:
            voice = voices[m]
            if voice is None or m == modality or time - voice.last > self._settings.stale_after:
                continue
            for index, theirs, _ in voice.readings:
                if index in said:
                    said[index].append((m, theirs))
        compared = list(state.compared)
        for index, z, r in measured.readings:
            before = compared[index]
            claims = list(before.claims)
            claims[modality] = r * factor
            middle = self._middles[index]
            pairs = dict(before.pairs)
            for other, theirs in said[index]:
                key = (modality, other) if modality < other else (other, modality)
                square, product = (z - theirs) ** 2, (z - middle) * (theirs - middle)
                both = claims[modality] + claims[other]
                pairs[key] = self._pair(pairs.get(key), time, square, product, both)
            compared[index] = self._weigh(claims, pairs, [m for m in present if claims[m]])
        compared_at = list(state.compared_at)
        compared_at[modality] = time
        doubt, inverted = self._doubt(compared, state.inverted)
        return TrustState(tuple(compared_at), tuple(compared), doubt, inverted)

    def _pair(
        self, before: Pair | None, time: float, square: float, product: float, both: float
    ) -> Pair:
        """Return what is remembered of two after they said these; ``both`` is what they claim."""
        settings = self._settings
        total = settings.trust_every
        if before is not None:
            waited = time - before.time
            news = min(waited, settings.trust_every)
            total = before.seconds * exp(-waited / settings.trust_tau) + news
            rate = news / total
            square = before.square + rate * (square - before.square)
            product = before.product + rate * (product - before.product)
        # Until they were compared for long, they are taken to differ as they claim.
        told = total / (total + settings.trust_prior)
        kept = settings.bias_share
        apart = kept + (1.0 - kept) * settings.trust_apart / total
        return Pair(
            time,
            total,
            square,
            product,
            both + told * (square - both),
            told * 2.0 * product / (both * apart),
        )

    def _weigh(
        self,
        claims: Sequence[float],
        pairs: Mapping[tuple[int, int], Pair],
        present: Sequence[int],
    ) -> Compared:
        """Work out excess and odds of the modalities that are present in a dimension."""
        excess, honest = [1.0] * _M, [0.0] * _M
        count = len(present)
        if count < 2:
            return Compared(tuple(claims), pairs, tuple(excess), tuple(honest))
        sums = [0.0] * _M
        for a, b in combinations(present, 2):
            pair = pairs.get((a, b))
            if pair is None:
                differ = claims[a] + claims[b]
            else:
                differ, agree = pair.differ, pair.agree
                honest[a] += agree
                honest[b] += agree
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
        return Compared(tuple(claims), pairs, tuple(excess), tuple(honest))

    def _doubt(
        self, compared: Sequence[Compared], known: frozenset[int]
    ) -> tuple[tuple[tuple[float, ...], ...], frozenset[int]]:
        """Return everybody's doubt, and who is taken for a liar."""
        most = self._settings.max_trust_penalty
        active = [(index, c) for index, c in enumerate(compared) if c.pairs]
        doubt, inverted = [], set()
        for m in range(_M):
            odds = self._odds
            for _, c in active:
                odds += c.honest[m]
            if odds < (self._odds if m in known else 0.0):
                inverted.add(m)
            liar = 1.0 / (1.0 + exp(max(-_SURE, min(_SURE, odds))))
            factor = 1.0 / (1.0 - liar + liar / most)
            row = [min(factor, most)] * len(compared)
            for index, c in active:
                row[index] = min(c.excess[m] * factor, most)
            doubt.append(tuple(row))
        return tuple(doubt), frozenset(inverted)
