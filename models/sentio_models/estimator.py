"""Protocol of estimators."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from sentio_models.estimate import Estimate
from sentio_models.window import Window


@dataclass(frozen=True, slots=True)
class Needs:
    """Input that an estimator needs, and how often.

    Attributes:
        roles: Role names it can read. It gets the available ones; any non-empty subset must
            work.
        seconds: Length of the window; shorter while streams fill.
        hop: Shortest capture time between two windows, seconds; 0 means every chunk.
        newest: Only the newest sample of each role is needed (video): ``seconds`` is ignored.
    """

    roles: frozenset[str]
    seconds: float
    hop: float
    newest: bool = False


@dataclass(frozen=True, slots=True)
class Norm:
    """Norm of one feature for a person.

    Attributes:
        mean: Mean, in the feature's unit.
        sd: Standard deviation, above 0.
        weight: Number of independent windows behind it.
    """

    mean: float
    sd: float
    weight: float


class Estimator(Protocol):
    """Protocol from windows of one modality to estimates; deterministic, no clock.

    Equal windows in equal order give equal estimates, bit for bit. An estimator is causal: it may
    depend on earlier windows (a running baseline), never on later ones. If it holds native
    resources, it also has a method ``close``, which is called once at the end.
    """

    @property
    def modality(self) -> str:
        """One of ``sentio_models.MODALITIES``."""
        ...

    @property
    def needs(self) -> Needs:
        """Required input."""
        ...

    def estimate(self, window: Window) -> Estimate:
        """Estimate from one window; bad input lowers ``quality`` and adds a reason.

        Raises:
            ModelFailedError: The model itself failed; no sensor input raises an error.
        """
        ...

    def personalise(self, baseline: Mapping[str, Norm]) -> None:
        """Reset to a person's ``baseline``, which may be empty."""
        ...
