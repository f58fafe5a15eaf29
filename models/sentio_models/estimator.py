"""The seam behind which every estimator stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from sentio_models.estimate import Estimate
from sentio_models.window import Window


@dataclass(frozen=True, slots=True)
class Needs:
    """What an estimator wants to be given, and how often.

    Attributes:
        roles: Role names it can read. It is given those that are there; it copes with any
            non-empty subset.
        seconds: Length of the window (it may get less while streams fill up).
        hop: Least seconds of capture time between two windows; 0 means every chunk.
        newest: Only the newest sample of each role is of use (video): ``seconds`` is ignored.
    """

    roles: frozenset[str]
    seconds: float
    hop: float
    newest: bool = False


@dataclass(frozen=True, slots=True)
class Norm:
    """What is usual for a person in one feature.

    Attributes:
        mean: In the feature's unit.
        sd: Standard deviation, above 0.
        weight: How many independent windows it rests on.
    """

    mean: float
    sd: float
    weight: float


class Estimator(Protocol):
    """Turns windows of one modality into estimates; deterministic, and never reads a clock.

    The same windows in the same order give the same estimates, bit for bit. It may remember
    what came before (a running baseline), never what comes after. One that holds native
    resources has a method ``close`` too, which is called once at the end.
    """

    @property
    def modality(self) -> str:
        """One of ``sentio_models.MODALITIES``."""
        ...

    @property
    def needs(self) -> Needs:
        """What to be called with."""
        ...

    def estimate(self, window: Window) -> Estimate:
        """Read one window; bad input lowers ``quality`` and gives a reason.

        Raises:
            ModelFailedError: The model itself failed; nothing that a sensor sends raises.
        """
        ...

    def personalise(self, baseline: Mapping[str, Norm]) -> None:
        """Start over for a person: forget what was learnt, use ``baseline`` (may be empty)."""
        ...
