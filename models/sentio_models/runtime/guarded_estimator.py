"""Guard of a model: limits its rate, time and failures."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sentio_models.errors import ModelEndedError, ModelError
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
        failures: Failures in a row that are tolerated.
        memory: Estimates that are remembered.
        warm_up: First estimates whose time is not counted: caches and just-in-time work.
        least_hz: Rate to which a slow model is limited at most: its modality stays known.
        first_pause: Seconds of capture time until a model that is off is tried again; each
            failed trial doubles it.
        longest_pause: The longest pause.
    """

    seconds: float = 0.05
    max_hz: float = 60.0
    slow: float = 0.5
    failures: int = 3
    memory: int = 20
    warm_up: int = 3
    least_hz: float = 1.0
    first_pause: float = 5.0
    longest_pause: float = 300.0


SLOW = "model_slow"
"""Code of a model that is off because it was slow."""

SOON = 5
"""Estimates that decide over a further step of a model that is already limited."""

IN_TIME = 2
"""Estimates in time, in a row, after which a limited model may run more often again."""

FASTER = 4.0
"""Factor by which the limit then rises: from 1 to 30 a second within 3 s."""

REST = 0.5
"""Share of the time that a model may take at its lowest rate; a slower one is switched off."""


class GuardedEstimator:
    """Estimator that never raises: problems give quality 0 with a reason.

    A slow model runs less often until it is in time again: other programs may have kept it from
    running. A failing model, or one that is slow at the lowest rate, is switched off with a
    reason and tried again after a pause that grows; pauses are in capture time, so that a replay
    has the same ones. The other modalities go on.

    Attributes:
        failures: Defects caught in all.

    Args:
        inner: The model.
        clock: Seconds, monotonic; only differences count. None measures nothing: a slow model is
            limited by ``follow`` alone.
        budget: What it may cost.
    """

    def __init__(
        self,
        inner: Estimator,
        *,
        clock: Callable[[], float] | None,
        budget: Budget | None = None,
    ) -> None:
        self._inner = inner
        self._clock = clock or (lambda: 0.0)
        self._is_timed = clock is not None
        self._budget = budget or Budget()
        self._over: deque[bool] = deque(maxlen=self._budget.memory)
        self._failed = 0
        self._runs = 0
        self.failures = 0
        self._waited = float("inf")
        self._last = Estimate(inner.modality, reasons=("warming",))
        self._off = ""
        self._why = ""
        self._limit = 0.0
        self._in_time = 0
        self._pause = self._budget.first_pause
        self._paused = 0.0

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
    def limit_hz(self) -> float:
        """Rate to which the model is limited because it is slow; 0 if it is not."""
        return self._limit

    @property
    def is_slow(self) -> bool:
        """Whether the model is off because it was slow."""
        return self._off == SLOW

    def follow(self, limit_hz: float, *, is_slow: bool) -> None:
        """Take over how slow the model was in another run, for the next windows.

        Args:
            limit_hz: The limit of its rate; 0 for none.
            is_slow: Whether it was switched off because it was slow.
        """
        self._limit = limit_hz
        if is_slow and not self._off:
            self._switch_off(SLOW, "as recorded")
            self._last = self._nothing(SLOW)

    @property
    def why(self) -> str:
        """The last trouble in words, for a person; empty if there was none."""
        return self._why

    def estimate(self, window: Window) -> Estimate:
        """Return the model's estimate, or quality 0 and why there is none."""
        step = window.step if window.step > 0 else 0.0
        if self._off and not self._may_try(step):
            return self._nothing(self._off)
        self._waited += step
        most = self._limit or self._budget.max_hz
        if most and self._waited < 0.999 / most:
            return self._last
        self._waited = 0.0
        start = self._clock()
        try:
            estimate = self._inner.estimate(window)
        except ModelError as error:
            return self._trouble("model_failed", str(error), error)
        except Exception as error:  # users bring models of their own
            return self._trouble("model_failed", f"{type(error).__name__}: {error}", error)
        took = self._clock() - start
        if not estimate.finite():
            return self._trouble("model_not_finite", "the estimate holds NaN or infinity")
        self._succeeded()
        self._time(took, step)
        self._last = self._nothing(self._off) if self._off else estimate
        return self._last

    def personalise(self, baseline: Mapping[str, Norm]) -> None:
        """Start the model over for a person, and give it another chance."""
        self.revive()
        self._last = Estimate(self.modality, reasons=("warming",))
        try:
            self._inner.personalise(baseline)
        except Exception as error:  # users bring models of their own
            self.failures += 1
            logger.exception("%s could not be personalised", self.modality)
            self._switch_off("model_failed", f"{type(error).__name__}: {error}")

    def close(self) -> None:
        """Free what the model holds; it cannot be used afterwards."""
        close = getattr(self._inner, "close", None)
        if close is None:
            return
        try:
            close()
        except Exception:  # users bring models of their own
            self.failures += 1
            logger.exception("%s could not be closed", self.modality)

    def revive(self) -> None:
        """Switch the model on again."""
        self._over.clear()
        self._failed = self._runs = self._in_time = 0
        self._waited = float("inf")
        self._off = self._why = ""
        self._limit = 0.0
        self._pause = self._budget.first_pause

    def _may_try(self, step: float) -> bool:
        """Return whether the pause of a failed model has ended."""
        self._paused += step
        if self._paused < self._pause:
            return False
        self._pause = min(2 * self._pause, self._budget.longest_pause)
        self._off = ""
        self._over.clear()
        self._failed = self._budget.failures - 1
        self._waited = float("inf")
        return True

    def _succeeded(self) -> None:
        self._failed = 0
        if self._runs and self._runs % self._budget.memory == 0:
            self._pause = self._budget.first_pause

    def _time(self, took: float, step: float) -> None:
        """Check the time of the last estimates; limit a slow model or release it."""
        self._runs += 1
        if self._runs <= self._budget.warm_up or not self._is_timed:
            return
        is_over = took > self._budget.seconds
        if not (is_over or self._limit or True in self._over):  # as nearly always
            self._over.append(False)
            self._in_time += 1
            return
        self._over.append(is_over)
        self._in_time = 0 if is_over else self._in_time + 1
        enough = SOON if self._limit else self._budget.memory
        recent = list(self._over)[-enough:]
        if len(recent) == enough and sum(recent) > self._budget.slow * enough:
            why = (
                f"{sum(recent)} of {enough} estimates took more than "
                f"{1000 * self._budget.seconds:.0f} ms, the last {1000 * took:.0f} ms"
            )
            self._slow_down(took, step, why)
        elif self._limit and self._in_time >= IN_TIME:
            self._in_time = 0
            self._limit *= FASTER
            if self._limit >= self._natural(step):
                self._limit = 0.0

    def _slow_down(self, took: float, step: float, why: str) -> None:
        self._over.clear()
        least = self._budget.least_hz
        if self._limit and self._limit <= least and took * least > REST:
            self._switch_off(SLOW, why)
            return
        self._why = why
        self._limit = max(least, (self._limit or self._natural(step)) / 2)

    def _natural(self, step: float) -> float:
        """Return the rate of the model without a limit, Hz."""
        most = self._budget.max_hz or float("inf")
        return min(most, 1.0 / step if step else self._needs_hz())

    def _needs_hz(self) -> float:
        return 1.0 / self.needs.hop if self.needs.hop else 60.0

    def _trouble(self, code: str, what: str, error: Exception | None = None) -> Estimate:
        level = logging.DEBUG if what == self._why else logging.ERROR  # repeats are counted
        unexpected = None if isinstance(error, ModelError) else error
        logger.log(level, "%s: %s: %s", self.modality, code, what, exc_info=unexpected)
        self.failures += 1
        self._failed += 1
        self._why = what
        # A process that has ended is started again only after a pause.
        if self._failed >= self._budget.failures or isinstance(error, ModelEndedError):
            self._switch_off(code, what)
        self._last = self._nothing(code)
        return self._last

    def _switch_off(self, code: str, what: str) -> None:
        self._off, self._why = code, what
        self._paused = 0.0

    def _nothing(self, code: str) -> Estimate:
        return Estimate(self.modality, reasons=(code,))
