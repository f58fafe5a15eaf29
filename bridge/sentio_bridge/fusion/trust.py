"""How far off each modality really is, from how far they are from each other.

The errors of different modalities are independent, so that the mean square difference of two is
the sum of their error variances. With three or more, that gives each one's own, whatever the
truth was: the N-cornered hat of clock comparison (Gray & Allan 1974). A modality whose errors are
larger than it claims is doubted by that factor, whether it lies, brags, hangs or merely does not
suit this person. Of two that differ nobody can tell which is wrong, so both are doubted alike.
"""

from __future__ import annotations

from math import exp, inf

import msgspec

from sentio_bridge.fusion.settings import FusionSettings
from sentio_models import MODALITIES

_M = len(MODALITIES)
_PAIR = tuple(
    tuple(min(a, b) * _M + max(a, b) for b in range(_M)) for a in range(_M)
)  # where the pair (a, b) is kept


class Pair(msgspec.Struct, frozen=True, gc=False):
    """What is remembered of two modalities.

    Attributes:
        square: Mean square difference of what they said.
        seconds: How long they were compared, faded.
        time: When last.
    """

    square: float
    seconds: float
    time: float


class Jury(msgspec.Struct, frozen=True, gc=False):
    """What is remembered of all modalities in one dimension; never changed in place.

    Attributes:
        heard: When each last spoke.
        said: What.
        claimed: With which error variance.
        judged: When each was last compared.
        pairs: Comparisons, at ``_PAIR``.
        doubt: Factor on each one's variance, at least 1.
    """

    heard: tuple[float, ...] = (-inf,) * _M
    said: tuple[float, ...] = (0.0,) * _M
    claimed: tuple[float, ...] = (1.0,) * _M
    judged: tuple[float, ...] = (-inf,) * _M
    pairs: tuple[Pair | None, ...] = (None,) * (_M * _M)
    doubt: tuple[float, ...] = (1.0,) * _M


NOBODY = Jury()
"""Before anybody has spoken."""


def hear(
    jury: Jury, modality: int, time: float, said: float, claimed: float, settings: FusionSettings
) -> Jury:
    """Take note of a measurement, and compare it with the others if that is due.

    Args:
        jury: Until then.
        modality: Whose measurement.
        time: When it was captured, not before the jury's newest.
        said: The measured value.
        claimed: Its error variance as claimed.
        settings: How fast trust moves.
    """
    values = put(jury.said, modality, said)
    variances = put(jury.claimed, modality, claimed)
    heard = put(jury.heard, modality, time)
    if time - jury.judged[modality] < settings.trust_every:
        return Jury(heard, values, variances, jury.judged, jury.pairs, jury.doubt)
    pairs = list(jury.pairs)
    for other in range(_M):
        if other == modality or time - heard[other] > settings.stale_after:
            continue
        place = _PAIR[modality][other]
        before = pairs[place]
        square = (said - values[other]) ** 2
        if before is None:
            pairs[place] = Pair(square, settings.trust_every, time)
            continue
        waited = time - before.time
        past = before.seconds * exp(-waited / settings.trust_tau)
        news = min(waited, settings.trust_every)
        total = past + news
        if total > 0:
            mean = before.square + news / total * (square - before.square)
            pairs[place] = Pair(mean, total, time)
    judged = put(jury.judged, modality, time)
    doubt = _doubt(pairs, variances, heard, time, settings)
    return Jury(heard, values, variances, judged, tuple(pairs), doubt)


def _doubt(
    pairs: list[Pair | None],
    claimed: tuple[float, ...],
    heard: tuple[float, ...],
    time: float,
    settings: FusionSettings,
) -> tuple[float, ...]:
    """Return each modality's error variance relative to its claim, 1 to ``distrust``."""
    here = [m for m in range(_M) if time - heard[m] <= settings.trust_tau]
    count = len(here)
    doubt = [1.0] * _M
    if count < 2:
        return tuple(doubt)
    sums = dict.fromkeys(here, 0.0)
    prior = settings.trust_prior
    for i, a in enumerate(here):
        row, mine = _PAIR[a], claimed[a]
        for b in here[i + 1 :]:
            # Until they were compared for long, they are taken to differ as they claim.
            square = mine + claimed[b]
            pair = pairs[row[b]]
            if pair is not None:
                square += pair.seconds / (pair.seconds + prior) * (pair.square - square)
            sums[a] += square
            sums[b] += square
    total = sum(sums.values()) / 2.0 / (count - 1)
    for m in here:
        if count == 2:
            ratio = total / sum(claimed[n] for n in here)
        else:
            ratio = (sums[m] - total) / (count - 2) / claimed[m]
        # Errors within the tolerance are noise, and weigh as noise does. Beyond, they are taken
        # to hang together with the truth (a mirrored face), and weigh less than noise would.
        ratio *= max(1.0, ratio / settings.tolerance) ** 2
        doubt[m] = min(max(ratio, 1.0), settings.distrust)
    return tuple(doubt)


def put(values: tuple[float, ...], index: int, value: float) -> tuple[float, ...]:
    """Return ``values`` with one of them replaced."""
    changed = list(values)
    changed[index] = value
    return tuple(changed)
