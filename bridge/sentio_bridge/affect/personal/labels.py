"""Labelled moments, kept with the features of the same time; no I/O, no clock."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from sentio_bridge.affect.packed_numbers import PackedNumbers
from sentio_models import Estimate

LABEL_VARIANCE = 0.04
"""Error variance of a self-report: people who rate the same moment twice on -1..1 differ by
about 0.3, a deviation of 0.2 each."""

MOST_LABELS = 2000
"""Labels kept; the oldest go first."""

FRESH = 5.0
"""Seconds by which features may be older than the label that they are kept with."""


@dataclass(frozen=True, slots=True)
class LabelledMoment:
    """A labelled moment.

    Attributes:
        time: Seconds of the LSL clock.
        name: Of the dimension that was labelled.
        value: In its range.
        generic: The fused value just before.
        features: By modality and name.
    """

    time: float
    name: str
    value: float
    generic: float
    features: Mapping[str, Mapping[str, float]]


@dataclass(slots=True)
class LabelBook:
    """Labelled moments, with the features of the same time."""

    moments: deque[LabelledMoment] = field(default_factory=lambda: deque(maxlen=MOST_LABELS))
    _newest: dict[str, tuple[float, Mapping[str, float]]] = field(default_factory=dict)
    _names: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def __len__(self) -> int:
        """Count the labels."""
        return len(self.moments)

    def take(self, estimate: Estimate, captured: float) -> None:
        """Remember an estimate's features until the next one of its modality."""
        if estimate.features:
            before = self._newest.get(estimate.modality)
            if before is None or captured >= before[0]:
                self._newest[estimate.modality] = (captured, estimate.features)

    def label(self, name: str, value: float, time: float, generic: float) -> None:
        """Keep a label with the features that are fresh enough."""
        fresh = {
            modality: PackedNumbers(features, self._names.get(modality, ()))
            for modality, (captured, features) in self._newest.items()
            if abs(time - captured) <= FRESH
        }
        self._names.update((modality, packed.names) for modality, packed in fresh.items())
        self.moments.append(LabelledMoment(time, name, value, generic, fresh))

    def forget(self, modality: str) -> None:
        """Drop all features of a modality, also those kept with labels."""
        self._newest.pop(modality, None)
        self._names.pop(modality, None)
        kept = [
            replace(m, features={k: v for k, v in m.features.items() if k != modality})
            for m in self.moments
        ]
        self.moments = deque(kept, maxlen=MOST_LABELS)
