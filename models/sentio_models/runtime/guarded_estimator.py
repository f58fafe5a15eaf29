"""Keeps one bad model from stopping the rest: bounds its rate, time, failures and nonsense."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sentio_models.errors import ModelError
from sentio_models.estimate import Estimate
from sentio_models.estimator import Estimator, Needs, Norm
from sentio_models.window import Window

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Budget:
    """What a model may cost before it is switched off.

    Attributes:
        seconds: For one estimate. 50 ms keeps a 20 Hz modality live; the face, which is the
            slowest that ships, takes about 20 ms.
        max_hz: Estimates a second of capture time; windows in between are answered with the
            estimate before. 0 for no cap.
        slow: Share of the last ``memory`` estimates that may be over time.
        failures: Failures in a row that are borne.
        memory: Estimates that are remembered.
        warm_up: First estimates whose time is not counted: caches and just-in-time work.
    """

    seconds: float = 0.05
    max_hz: float = 60.0
    slow: float = 0.5
    failures: int = 3
    memory: int = 20
    warm_up: int = 3


class GuardedEstimator:
    """An estimator that never raises: it answers with quality 0 and the reason instead.

    A failing or slow model is switched off with a reason, and stays so until ``personalise`` or
    ``revive``; the other modalities go on.

    Attributes:
        failures: Defects caught in all.

    Args:
        inner: The model.
        clock: Seconds, monotonic; only differences count.
        budget: What it may cost.
    """

    def __init__(
        self, inner: Estimator, *, clock: Callable[[], float], budget: Budget | None = None
    ) -> None:
        self._inner = inner
        self._clock = clock
        self._budget = budget or Budget()
        self._over: deque[bool] = deque(maxlen=self._budget.memory)
        self._failed = 0
        self._runs = 0
        self.failures = 0
        self._waited = float("inf")
        self._last = Estimate(inner.modality, reasons=("warming",))
        self._off = ""
        self._why = ""

    @property
    def modality(self) -> str:
        """The model's modality."""
        return self._inner.modality

    @property
    def needs(self) -> Needs:
        """What the model needs."""
        return self._inner.needs

    @property
    def off(self) -> str:
        """Why the model is switched off, as a code; empty while it runs.

        ``model_slow``, ``model_failed`` or ``model_not_finite``.
        """
        return self._off

    @property
    def why(self) -> str:
        """The last trouble in words, for a person; empty if there was none."""
        return self._why

    def estimate(self, window: Window) -> Estimate:
        """Return the model's estimate, or quality 0 and why there is none."""
        if self._off:
            return self._nothing(self._off)
        self._waited += window.step if window.step > 0 else 0.0
        if self._budget.max_hz and self._waited < 0.999 / self._budget.max_hz:
            return self._last
        self._waited = 0.0
        start = self._clock()
        try:
            estimate = self._inner.estimate(window)
        except ModelError as error:
            return self._trouble("model_failed", str(error), error)
        except Exception as error:  # a model may come from anybody
            return self._trouble("model_failed", f"{type(error).__name__}: {error}", error)
        took = self._clock() - start
        if not estimate.finite():
            return self._trouble("model_not_finite", "the estimate holds NaN or infinity")
        self._failed = 0
        self._time(took)
        self._last = self._nothing(self._off) if self._off else estimate
        return self._last

    def personalise(self, baseline: Mapping[str, Norm]) -> None:
        """Start the model over for a person, and give it another chance."""
        self.revive()
        self._last = Estimate(self.modality, reasons=("warming",))
        try:
            self._inner.personalise(baseline)
        except Exception as error:  # a model may come from anybody
            self.failures += 1
            logger.exception("%s could not be personalised", self.modality)
            self._switch_off("model_failed", f"{type(error).__name__}: {error}")

    def close(self) -> None:
        """Free what the model holds; it is of no use afterwards."""
        close = getattr(self._inner, "close", None)
        if close is None:
            return
        try:
            close()
        except Exception:  # a model may come from anybody
            self.failures += 1
            logger.exception("%s could not be closed", self.modality)

    def revive(self) -> None:
        """Switch the model on again."""
        self._over.clear()
        self._failed = self._runs = 0
        self._waited = float("inf")
        self._off = self._why = ""

    def _time(self, took: float) -> None:
        self._runs += 1
        if self._runs <= self._budget.warm_up:
            return
        self._over.append(took > self._budget.seconds)
        full = len(self._over) == self._budget.memory
        if full and sum(self._over) > self._budget.slow * self._budget.memory:
            self._switch_off(
                "model_slow",
                f"{sum(self._over)} of {len(self._over)} estimates took more than "
                f"{1000 * self._budget.seconds:.0f} ms, the last {1000 * took:.0f} ms",
            )

    def _trouble(self, code: str, what: str, error: Exception | None = None) -> Estimate:
        level = logging.DEBUG if what == self._why else logging.ERROR  # repeats are counted
        logger.log(level, "%s: %s: %s", self.modality, code, what, exc_info=error)
        self.failures += 1
        self._failed += 1
        self._why = what
        if self._failed >= self._budget.failures:
            self._switch_off(code, what)
        self._last = self._nothing(code)
        return self._last

    def _switch_off(self, code: str, what: str) -> None:
        self._off, self._why = code, what

    def _nothing(self, code: str) -> Estimate:
        return Estimate(self.modality, reasons=(code,))
