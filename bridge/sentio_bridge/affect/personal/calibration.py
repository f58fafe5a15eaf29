"""Guided baseline: half a minute of rest, then active blocks; no I/O, no clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from sentio_bridge.affect.fusion import FusionSettings
from sentio_bridge.affect.personal.profile import Baseline, Profile
from sentio_bridge.errors import RequestError
from sentio_bridge.protocol.bodies import CalibrationBody
from sentio_models import Estimate

Floats = NDArray[np.float64]

SHORTEST, LONGEST = 20.0, 120.0
"""Seconds of a block: half a minute is enough, and after two minutes rest becomes boredom."""

COVERED = 0.5
"""Share of the block for which a modality must have usable estimates."""

CLEAN = 0.5
"""Quality that counts as usable for a baseline; live fusion needs less."""

MOVING = 0.3
"""Share of estimates with the reason ``motion`` beyond which a person was not at rest."""

TALKING = 0.45
"""Share of estimates with speech beyond which a person was not at rest."""

SMILING, SMILED = 0.35, 0.3
"""Smile that counts as one, 0..1, and the share of estimates with one that is not rest."""

UNREST = frozenset({"moving", "not_at_rest", "smiling", "talking"})
"""Codes of one modality that refuse the whole block: speech and movement change the pulse too."""

FEWEST = 8
"""Estimates of a modality from which the running block states what disturbs it."""

DRIFT = 12.0
"""Beats/min by which heart rate may change from the first to the last third of a rest: more
is a person who just sat down (recovery from climbing stairs is 20 and more)."""

_GAP = 5.0  # seconds between estimates that still count as covered
_LEAST_SD = 1e-3  # relative to the mean's size: a constant feature is not a baseline
_ROWS = 4096  # most samples kept of each feature: 120 s at 30 a second


@dataclass(slots=True)
class _Collected:
    """Estimates of one modality in the running block."""

    times: list[float] = field(default_factory=list)
    clean: int = 0
    moving: int = 0
    features: dict[str, list[tuple[float, float]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Block:
    """Samples of one finished block, by modality and feature."""

    kind: str
    samples: Mapping[str, Mapping[str, Floats]]
    seconds: Mapping[str, float]


class Calibration:
    """Collection of blocks that becomes a profile.

    A block of kind ``rest`` starts over; ``active`` ones add range to the rest before.

    Args:
        subject: Pseudonym.
        settings: Gives the seconds that make two windows independent.
    """

    def __init__(self, subject: str, settings: FusionSettings) -> None:
        self._subject = subject
        self._settings = settings
        self._blocks: list[_Block] = []
        self._state = "none"
        self._kind = ""
        self._name = ""
        self._start = 0.0
        self._seconds = 0.0
        self._progress = 0.0
        self._reasons: tuple[str, ...] = ()
        self._collected: dict[str, _Collected] = {}
        self._result: Profile | None = None

    def start(self, kind: str, seconds: float, now: float, name: str = "") -> None:
        """Begin a block.

        Args:
            kind: ``rest`` or ``active``.
            seconds: ``SHORTEST`` to ``LONGEST``.
            now: When it begins.
            name: Of the profile to be made.

        Raises:
            RequestError: A block is running, an active one has no rest before it, or an
                argument is out of range; nothing has changed.
        """
        if self._state == "running":
            raise RequestError("refused", "a calibration is running", "stop it first")
        if kind not in ("rest", "active"):
            raise RequestError("bad_argument", f"kind: got {kind!r}, expected rest or active")
        if not SHORTEST <= seconds <= LONGEST:
            raise RequestError(
                "bad_argument", f"seconds: got {seconds}, expected {SHORTEST:g}..{LONGEST:g}"
            )
        if kind == "active" and not self._blocks:
            raise RequestError(
                "refused", "an active block needs a rest before it", "calibrate kind rest first"
            )
        self._state, self._kind, self._start, self._seconds = "running", kind, now, seconds
        self._name = name or self._name or self._subject
        self._progress, self._reasons, self._collected, self._result = 0.0, (), {}, None

    def stop(self, now: float) -> None:
        """End the running block early; its estimates are not used.

        Raises:
            RequestError: None is running.
        """
        if self._state != "running":
            raise RequestError("refused", "no calibration is running")
        self._progress = self._share(now)
        self._state, self._reasons, self._collected = "refused", ("stopped",), {}

    def take(self, estimate: Estimate, captured: float) -> None:
        """Take an estimate; those captured outside the block do not count."""
        if self._state != "running":
            return
        if not self._start <= captured <= self._start + self._seconds:
            return
        collected = self._collected.setdefault(estimate.modality, _Collected())
        collected.times.append(captured)
        collected.moving += "motion" in estimate.reasons
        if estimate.quality < CLEAN:
            return
        collected.clean += 1
        shown = {f"p_{name}": share for name, share in (estimate.emotions or {}).items()}
        for name, value in {**estimate.features, **shown}.items():
            samples = collected.features.setdefault(name, [])
            if len(samples) < _ROWS:
                samples.append((captured, value))

    def forget(self, modality: str) -> None:
        """Remove a modality whose consent was withdrawn, from earlier blocks too."""
        self._collected.pop(modality, None)
        self._blocks = [
            replace(block, samples={m: s for m, s in block.samples.items() if m != modality})
            for block in self._blocks
        ]

    @property
    def state(self) -> str:
        """``none``, ``running``, ``done`` or ``refused``."""
        return self._state

    def tick(self, now: float) -> None:
        """Finish the block when its time is over."""
        if self._state != "running":
            return
        self._progress = self._share(now)
        if now >= self._start + self._seconds:
            self._finish()

    def status(self) -> CalibrationBody:
        """Return how far the running or last block is (PROTOCOL.md, section 5).

        The reasons of a running rest are what would refuse it if it ended now.
        """
        reasons = self._reasons
        if self._state == "running" and self._kind == "rest":
            reasons = tuple(
                f"{modality}:{code}"
                for modality, collected in self._collected.items()
                if len(collected.times) >= FEWEST
                for code in _unrest(collected)
            )
        return CalibrationBody(self._state, self._progress, self._kind, reasons, self._name)

    def result(self) -> tuple[str, Profile] | None:
        """Return name and profile of a block that was just accepted; once."""
        result, self._result = self._result, None
        return (self._name, result) if result is not None else None

    def _share(self, now: float) -> float:
        return min(1.0, max(0.0, (now - self._start) / self._seconds))

    def _finish(self) -> None:
        problems = {m: self._problems(m, collected) for m, collected in self._collected.items()}
        good = {m: collected for m, collected in self._collected.items() if not problems[m]}
        codes_found = [f"{m}:{code}" for m, codes in problems.items() for code in codes]
        self._reasons = tuple(codes_found) if self._collected else ("nothing_heard",)
        self._progress = 1.0
        disturbed = any(code in UNREST for codes in problems.values() for code in codes)
        if not good or disturbed:
            self._state, self._collected = "refused", {}
            return
        samples = {
            m: {name: np.array([v for _, v in rows]) for name, rows in collected.features.items()}
            for m, collected in good.items()
        }
        covered = {m: _covered(collected.times) for m, collected in good.items()}
        if self._kind == "rest":
            self._blocks = []
        self._blocks.append(_Block(self._kind, samples, covered))
        self._state, self._collected = "done", {}
        self._result = self._profile()

    def _problems(self, modality: str, collected: _Collected) -> list[str]:
        codes = []
        if _covered(collected.times) < COVERED * self._seconds:
            codes.append("too_short")
        if collected.clean < COVERED * len(collected.times):
            codes.append("bad_quality")
        if self._kind == "rest":
            codes += _unrest(collected)
        if not codes and not any(_varies(rows) for rows in collected.features.values()):
            codes.append("nothing_to_learn")
        return codes

    def _profile(self) -> Profile:
        baselines: dict[str, dict[str, Baseline]] = {}
        rest = self._blocks[0]
        for modality, features in rest.samples.items():
            seconds = sum(block.seconds.get(modality, 0.0) for block in self._blocks)
            weight = max(1.0, seconds / getattr(self._settings.memory, modality))
            for name, at_rest in features.items():
                parts = [block.samples.get(modality, {}).get(name) for block in self._blocks]
                everything = np.concatenate([p for p in parts if p is not None])
                mean = float(np.median(at_rest))
                sd = float(np.sqrt(np.mean((everything - mean) ** 2)))
                if len(at_rest) < 2 or sd <= _LEAST_SD * max(abs(mean), _LEAST_SD):
                    continue
                low, high = np.percentile(everything, (5, 95))
                baselines.setdefault(modality, {})[name] = Baseline(
                    mean=mean, sd=sd, weight=weight, low=float(low), high=float(high)
                )
        return Profile(
            subject=self._subject,
            blocks=[block.kind for block in self._blocks],
            baselines=baselines,
        )


def _covered(times: Sequence[float]) -> float:
    """Return the seconds that estimates cover."""
    steps = np.diff(np.sort(np.array(times)))
    return float(steps[steps <= _GAP].sum()) if len(steps) else 0.0


def _unrest(collected: _Collected) -> list[str]:
    """Return what shows that a person was not at rest."""
    codes = []
    if collected.moving > MOVING * len(collected.times):
        codes.append("moving")
    if _share(collected.features.get("speaking", ()), 0.5) > TALKING:
        codes.append("talking")
    if _share(collected.features.get("smile", ()), SMILING) > SMILED:
        codes.append("smiling")
    if _drift(collected.features.get("heart_rate", ())) > DRIFT:
        codes.append("not_at_rest")
    return codes


def _share(rows: Sequence[tuple[float, float]], limit: float) -> float:
    """Return the share of values above a limit."""
    return sum(value > limit for _, value in rows) / len(rows) if rows else 0.0


def _drift(rows: Sequence[tuple[float, float]]) -> float:
    """Return the change from the first to the last third."""
    if len(rows) < 6:
        return 0.0
    values = np.array([value for _, value in sorted(rows)])
    third = len(values) // 3
    return abs(float(np.median(values[-third:]) - np.median(values[:third])))


def _varies(rows: Sequence[tuple[float, float]]) -> bool:
    values = np.array([value for _, value in rows])
    return len(values) > 1 and float(values.std()) > _LEAST_SD * max(
        abs(float(values.mean())), _LEAST_SD
    )
