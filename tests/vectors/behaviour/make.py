"""Write the behaviour vectors, or check the files (--check).

One file for each kind. Lines: ``case NAME key=value ...`` restarts with these settings;
``in ... -> out ...`` is one step. Numbers as in C; ``nan`` is unknown.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterable, Iterator
from math import inf, nan, pi, sin
from pathlib import Path
from typing import Any

import reference as ref

HERE = Path(__file__).parent
Steps = Iterable[tuple[float, ...]]
Case = tuple[str, dict[str, float | str], Steps]

FRAME = 1 / 60
BAD_STEPS = (0.0, -1.0, nan, inf, 30.0)


def points(text: str) -> list[tuple[float, float]]:
    """Parse ``x:y;x:y``."""
    return [(float(x), float(y)) for x, y in (part.split(":") for part in text.split(";"))]


def walk(seed: int, count: int, low: float = 0.0, high: float = 1.0) -> Iterator[float]:
    """Yield a random walk with jumps, unknown and infinite values."""
    source, value = random.Random(seed), (low + high) / 2
    for _ in range(count):
        value = ref.clamp(value + source.gauss(0, 0.04) * (high - low), low, high)
        if source.random() < 0.03:
            value = source.uniform(low, high)
        special = source.random()
        yield (
            nan if special < 0.03 else inf if special < 0.04 else -inf if special < 0.05 else value
        )


def steps(seed: int, count: int) -> Iterator[float]:
    """Yield times between frames, with some invalid and long ones."""
    source = random.Random(seed)
    for index in range(count):
        yield BAD_STEPS[index // 37 % 5] if index % 37 == 36 else source.uniform(0.004, 0.05)


def timed(seed: int, count: int, *values: Iterable[float]) -> list[tuple[float, ...]]:
    """Return steps of times and values."""
    return list(zip(steps(seed, count), *values, strict=True))


def single(values: Iterable[float]) -> list[tuple[float, ...]]:
    """Return steps of one value."""
    return [(value,) for value in values]


def confidences(seed: int, count: int, share: float) -> Iterator[float]:
    """Yield confidences, some too low and some unknown."""
    source = random.Random(seed)
    for _ in range(count):
        kind = source.random()
        yield nan if kind < 0.05 else source.uniform(0, 0.2) if kind < share else 0.8


CURVE = "-1:0;0:0.2;0.5:0.9;1:1"
GATE = {"threshold": 0.3, "hold": 0.2, "ease": 0.5, "neutral": 0.1}
PACING = {
    "share": 0.6, "seconds": 2.0, "peak_at": 0.7, "calm_at": 0.35, "build_up": 20.0, "peak": 4.0,
    "fade": 10.0, "relax_least": 5.0, "relax_most": 15.0,
}  # fmt: skip
RAILS = {
    "low": -0.5, "high": 0.8, "rise": 0.5, "fall": 1.0, "safe": 0.1, "stop_seconds": 2.0,
    "session": 0.0,
}  # fmt: skip
PACE = {
    "inhale": 4.0, "hold": 1.0, "exhale": 5.0, "rest": 0.0, "start": 14.0, "target": 6.0,
    "ramp": 60.0,
}  # fmt: skip


def gated(settings: dict[str, Any]) -> ref.ConfidenceGate:
    return ref.ConfidenceGate(*(settings[k] for k in ("threshold", "hold", "ease", "neutral")))


def binding(s: dict[str, Any]) -> ref.Binding:
    return ref.Binding(
        gated(s), ref.DeadBand(s["width"]), ref.ResponseCurve(points(s["points"]), bool(s["smooth"])),
        ref.Smoothing(s["seconds"]), ref.SlewLimit(s["rise"], s["fall"]),
    )  # fmt: skip


MAKE: dict[str, Callable[[dict[str, Any]], Any]] = {
    "response_curve": lambda s: ref.ResponseCurve(points(s["points"]), bool(s["smooth"])),
    "dead_band": lambda s: ref.DeadBand(**s),
    "smoothing": lambda s: ref.Smoothing(**s),
    "slew_limit": lambda s: ref.SlewLimit(**s),
    "confidence_gate": gated,
    "entry_confidence": lambda s: ref.EntryConfidence(),
    "binding": binding,
    "switch": lambda s: ref.Switch(**s),
    "pid": lambda s: ref.Pid(**s),
    "pacing": lambda s: ref.Pacing(**s),
    "rails": lambda s: ref.Rails(**s),
    "flash_guard": lambda s: ref.FlashGuard(),
    "colour_guard": lambda s: ref.ColourGuard(),
    "breathing_pace": lambda s: ref.BreathingPace(**s),
    "coherence": lambda s: ref.Coherence(**s),
    "input_counter": lambda s: ref.InputCounter(**s),
    "expression": lambda s: ref.Expression(**s),
}


def blinking(hz: float, seconds: float, low: float, high: float) -> list[tuple[float, ...]]:
    """Return a light that is switched on and off, at 60 frames per second."""
    return [(FRAME, high if int(i * FRAME * hz * 2) % 2 else low) for i in range(int(seconds * 60))]


def heart(locked: float, seed: int) -> list[tuple[float, ...]]:
    """Return a heart rate that partly follows six breaths per minute."""
    source = random.Random(seed)
    rows: list[tuple[float, ...]] = []
    for i in range(90 * 5):
        breaths = i / 5 / 10.0
        rate = 65 + 5 * locked * sin(2 * pi * breaths - 0.6) + source.gauss(0, 1.5)
        rows.append((0.2, breaths % 1.0, nan if i % 53 == 0 else rate))
    return rows


def operated(seed: int, count: int) -> Iterator[tuple[float, ...]]:
    """Yield inputs of every kind: times, kind and movement, with invalid numbers."""
    source = random.Random(seed)
    for dt in steps(seed, count):
        kind = float(source.choice((0, 0, 1, 2, 3, 3, 4, 5, 9)))
        special = source.random()
        first = nan if special < 0.05 else source.uniform(-0.2, 1.2)
        yield (dt, kind, first, source.uniform(-1.2, 1.2))


def commands(count: int) -> Iterator[float]:
    for index in range(count):
        yield {60: 1.0, 120: 2.0, 400: 3.0}.get(index, 0.0)


def mode_commands(count: int) -> Iterator[float]:
    for index in range(count):
        yield {300: 1.0, 350: 2.0, 500: 11.0, 600: 13.0}.get(index, 0.0)


def cases() -> dict[str, list[Case]]:
    n = 400
    wide = [*(x / 8 for x in range(-16, 17)), nan, inf, -inf]
    colours = [(FRAME, *((1.0, 0.0, 0.0) if i // 4 % 2 else (0.05, 0.05, 0.2))) for i in range(200)]
    values = list(walk(8, 800))
    return {
        "response_curve": [
            ("linear", {"points": CURVE, "smooth": 0.0}, single(wide)),
            ("smooth", {"points": CURVE, "smooth": 1.0}, single(wide)),
            ("one_point", {"points": "0:0.5", "smooth": 0.0}, single(wide)),
        ],
        "dead_band": [("walk", {"width": 0.05}, single(walk(1, n)))],
        "smoothing": [
            ("walk", {"seconds": 0.4}, timed(2, n, walk(2, n))),
            ("none", {"seconds": 0.0}, timed(3, 50, walk(3, 50))),
        ],
        "slew_limit": [
            ("walk", {"rise": 0.5, "fall": 2.0}, timed(4, n, walk(4, n))),
            ("none", {"rise": inf, "fall": inf}, timed(20, 100, walk(20, 100))),
        ],
        "confidence_gate": [
            ("walk", dict(GATE), timed(5, n, walk(5, n), confidences(5, n, 0.4))),
            ("at_once", {**GATE, "hold": 0.0, "ease": 0.0}, timed(6, 100, walk(6, 100), confidences(6, 100, 0.4))),
        ],
        "entry_confidence": [("walk", {}, list(zip(walk(21, 200, -0.5, 1.5), confidences(22, 200, 0.5), [0.0, 1.0] * 100, walk(23, 200), strict=True))), ("none", {}, [(nan, nan, m, o) for m in (0.0, 1.0) for o in (nan, 0.25, inf)])],
        "binding": [
            (
                "whole",
                {**GATE, "width": 0.02, "points": CURVE, "smooth": 1.0, "seconds": 0.3, "rise": 1.0, "fall": 1.0},
                timed(7, n, walk(7, n, -1, 1), confidences(7, n, 0.3)),
            )
        ],
        "switch": [("walk", {"on": 0.65, "off": 0.45, "dwell": 0.5, "cool_down": 1.0}, timed(9, 800, walk(9, 800)))],
        "pid": [
            ("walk", {"kp": 0.8, "ki": 0.4, "kd": 0.05, "low": -1.0, "high": 1.0}, timed(10, n, walk(10, n), [0.6] * n)),
            ("stuck", {"kp": 1.0, "ki": 2.0, "kd": 0.0, "low": 0.0, "high": 0.5}, timed(11, n, [0.1] * 200 + [0.9] * 200, [0.5] * n)),
        ],
        "pacing": [
            ("walk", dict(PACING), [(0.2, v, c, p, k) for v, c, p, k in zip(values, confidences(8, 800, 0.2), walk(12, 800), mode_commands(800), strict=True)]),
            ("blind", dict(PACING), [(0.2, nan, nan, nan, 0.0)] * 300),
            ("no_build_up", {**PACING, "build_up": 0.0}, [(0.2, nan, nan, nan, 10.0 if i == 40 else 0.0) for i in range(100)]),
        ],
        "rails": [
            ("walk", dict(RAILS), list(zip(steps(13, 600), walk(13, 600, -1.5, 1.5), commands(600), strict=True))),
            ("no_slew", {**RAILS, "rise": inf, "fall": inf}, list(zip(steps(19, 200), walk(19, 200, -1.5, 1.5), [0.0] * 200, strict=True))),
            ("session", {**RAILS, "session": 5.0}, [(0.02, 0.7, 0.0)] * 500),
            ("not_finite", dict(RAILS), [(0.02, v, 0.0) for v in (0.3, nan, inf, -inf, 0.4)]),
        ],
        "flash_guard": [
            ("two_a_second", {}, blinking(2.0, 5, 0.0, 1.0)),
            ("ten_a_second", {}, blinking(10.0, 5, 0.0, 1.0)),
            ("slight", {}, blinking(10.0, 3, 0.4, 0.45)),
            ("bright", {}, blinking(10.0, 3, 0.85, 1.0)),
            ("walk", {}, timed(14, 500, walk(14, 500))),
        ],
        "colour_guard": [("red", {}, colours)],
        "breathing_pace": [
            ("ramp", dict(PACE), [(4 * dt,) for dt in steps(15, 700)]),
            ("steady", {**PACE, "hold": 0.0, "rest": 1.0, "start": 6.0, "ramp": 0.0}, single([0.1] * 300)),
        ],
        "coherence": [
            ("locked", {"window": 40.0}, heart(1.0, 1)),
            ("free", {"window": 40.0}, heart(0.0, 2)),
        ],
        "input_counter": [
            ("played", {"period": 0.5}, operated(24, 400)),
            ("idle", {"period": 0.5}, [(0.1, 1.0 if i == 0 else 0.0, 0.0, 0.0) for i in range(60)]),
        ],
        "expression": [
            (
                "walk",
                {"attack": 0.1, "release": 0.4, "most": 0.8},
                timed(16, 300, walk(16, 300), walk(17, 300, -0.5, 2.0), walk(18, 300)),
            )
        ],
    }  # fmt: skip


def text_of(kind: str, kind_cases: list[Case]) -> str:
    lines = []
    for name, settings, rows in kind_cases:
        parameters = " ".join(f"{k}={v}" for k, v in settings.items())
        lines.append(f"case {name} {parameters}".rstrip())
        behaviour = MAKE[kind](settings)
        for row in rows:
            out = behaviour.step(*row)
            lines.append(
                " ".join(f"{v:.10g}" for v in row) + " -> " + " ".join(f"{v:.10g}" for v in out)
            )
    return "\n".join(lines) + "\n"


def rounded(kind_cases: list[Case]) -> list[Case]:
    """Return the cases with numbers rounded as in the file."""
    return [
        (n, s, [tuple(float(f"{v:.10g}") for v in row) for row in rows])
        for n, s, rows in kind_cases
    ]


def main() -> None:
    """Write or check the files."""
    changed = []
    for kind, kind_cases in cases().items():
        path, text = HERE / f"{kind}.txt", text_of(kind, rounded(kind_cases))
        if not path.is_file() or path.read_text() != text:
            changed.append(kind)
            if "--check" not in sys.argv:
                path.write_text(text)
    if "--check" in sys.argv and changed:
        raise SystemExit(f"files differ from the reference: {', '.join(changed)}")
    print(f"{len(cases())} kinds, {len(changed)} written")


if __name__ == "__main__":
    main()
