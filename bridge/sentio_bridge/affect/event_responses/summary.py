"""What followed all markers of one name."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from sentio_bridge.affect.event_responses.response import Response
from sentio_bridge.affect.packed_numbers import PackedNumbers

SHOWN = 60
"""Characters of a marker's name in a sentence; markers of LSL may have a million."""


@dataclass(frozen=True, slots=True)
class Aggregate:
    """Mean change of one signal after all markers of one name.

    Attributes:
        raised: How many raised it by at least one usual spread.
        lowered: How many lowered it by as much.
        count: How many could be measured.
        median: Of the changes, in the signal's unit.
    """

    raised: int
    lowered: int
    count: int
    median: float


class Summary:
    """Collection of responses by marker name.

    Of each response only what ``of`` reads is kept.

    Args:
        kept: Responses kept of one name; the oldest leave first.
        names: Names kept; the one unseen for longest leaves first.
    """

    def __init__(self, kept: int = 200, names: int = 64) -> None:
        self._kept = kept
        self._names = names
        self._by_name: OrderedDict[str, deque[tuple[PackedNumbers, PackedNumbers]]] = OrderedDict()
        self._signals: tuple[str, ...] = ()

    def add(self, response: Response) -> None:
        """Count one more."""
        changes = response.changes
        deltas = PackedNumbers({n: c.delta for n, c in changes.items()}, self._signals)
        effects = PackedNumbers({n: c.effect for n, c in changes.items()}, deltas.names)
        self._signals = deltas.names
        kept = self._by_name.setdefault(response.name, deque(maxlen=self._kept))
        kept.append((deltas, effects))
        self._by_name.move_to_end(response.name)
        if len(self._by_name) > self._names:
            self._by_name.popitem(last=False)

    def of(self, name: str) -> Mapping[str, Aggregate]:
        """Return what each signal did after the markers of this name."""
        found: dict[str, list[tuple[float, float]]] = {}
        for deltas, effects in self._by_name.get(name, ()):
            pairs = zip(deltas.numbers, effects.numbers, strict=True)
            for signal, pair in zip(deltas.names, pairs, strict=True):
                found.setdefault(signal, []).append(pair)
        return {signal: _aggregate(pairs) for signal, pairs in found.items()}

    def names(self) -> tuple[str, ...]:
        """Return the marker names seen, the newest last."""
        return tuple(self._by_name)

    def sentence(self, name: str, signal: str = "arousal") -> str:
        """Return ``boss: 7 of 9 raised arousal, median +0.31``; empty if unknown."""
        pairs = [
            (deltas[signal], effects[signal])
            for deltas, effects in self._by_name.get(name, ())
            if signal in deltas.names
        ]
        if not pairs:
            return ""
        found = _aggregate(pairs)
        fell = found.lowered > found.raised
        times, verb = (found.lowered, "lowered") if fell else (found.raised, "raised")
        shown = name if len(name) <= SHOWN else f"{name[:SHOWN]}..."
        return f"{shown}: {times} of {found.count} {verb} {signal}, median {found.median:+.2f}"


def _aggregate(pairs: Sequence[tuple[float, float]]) -> Aggregate:
    """Return what pairs of change and effect are together."""
    return Aggregate(
        raised=sum(effect >= 1.0 for _, effect in pairs),
        lowered=sum(effect <= -1.0 for _, effect in pairs),
        count=len(pairs),
        median=median(delta for delta, _ in pairs),
    )
