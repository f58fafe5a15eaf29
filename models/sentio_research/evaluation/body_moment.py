"""Measure heart, breath and skin estimates of the moment.

``python -m sentio_research.evaluation.body_moment --data DIR [PART ...]`` prints the figures of
``models/cards/body.md``; parts are ``running``, ``wristband``, ``simulated``, ``sweep``,
``breathing`` and ``skin``. The whole takes about a quarter of an hour on two cores.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from math import inf
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sentio_research.data.body import Stream
from sentio_research.data.ppg_motion import FITTED, ppg_motion
from sentio_research.data.simulated_people import SCENARIOS, SECONDS, beat_rate, person, responses
from sentio_research.data.synthetic_hearts import COMPLEXES, PULSES, steady, wave
from sentio_research.evaluation.body_played import (
    WARM,
    Trace,
    errors,
    follow,
    lag,
    mean_of,
    play,
)
from sentio_research.evaluation.body_wristband import wristband

Floats = NDArray[np.float64]

SEEDS = (11, 12, 13)
"""Simulated persons; 0 and 1 were looked at while the numbers were chosen."""


def running(data: Path) -> dict[str, Any]:
    """Measure treadmill runs: the wrist with its accelerometer, and the ECG."""
    result: dict[str, Any] = {}
    for run in ppg_motion(data):
        seconds = len(run.streams["ecg"].values) / run.streams["ecg"].rate_hz
        row = {}
        for name, roles in (("wrist", ("ppg", "accel")), ("ecg", ("ecg",))):
            trace = follow({role: run.streams[role] for role in roles}, seconds)
            at = [int(np.argmin(np.abs(trace.times - t))) for t in run.times]
            there = Trace(trace.times[at], trace.means[at], trace.sds[at])
            row[name] = errors(there, run.rates, np.ones(len(at), bool))
        result[run.name] = row | {"used_for_fitting": run.name in FITTED}
    for which in (True, False):
        rows = [row for row in result.values() if row.get("used_for_fitting") is which]
        for name in ("wrist", "ecg"):
            result[f"{name}, {'fitted' if which else 'other people'}"] = mean_of(
                [row[name] for row in rows]
            )
    return result


def simulated(seeds: Sequence[int] = SEEDS) -> dict[str, Any]:
    """Measure simulated people in every scenario."""
    result: dict[str, Any] = {}
    for name, roles in (
        ("wrist", ("ppg", "accel")),
        ("wrist without accelerometer", ("ppg",)),
        ("ecg", ("ecg",)),
        ("strap", ("heart_rate",)),
    ):
        rows = []
        for scenario in SCENARIOS:
            for seed in seeds:
                body, streams = person(scenario, seed)
                trace = follow({role: streams[role] for role in roles}, SECONDS)
                now = beat_rate(body, trace.times, 2.5, 2.5)
                row = errors(trace, now)
                row |= {f"last_5_s_{k}": v for k, v in
                        errors(trace, beat_rate(body, trace.times, 5.0, 0.0)).items()}  # fmt: skip
                if len(body.truth.arousal) > 6000:  # several scenes: something to follow
                    row["lag"] = lag(trace, body.curve("heart_rate", trace.times))
                rows.append(row | {"scenario": scenario})
        result[name] = {
            scenario: mean_of([row for row in rows if row["scenario"] == scenario])
            for scenario in SCENARIOS
        } | {"all": mean_of(rows)}
    return result


def sweep(step: int = 1, seconds: float = 40.0) -> dict[str, Any]:
    """Measure 38 to 190 beats/min, three shapes, six sensor rates, PPG and ECG."""
    result: dict[str, Any] = {}
    for role, shapes, rates in (
        ("ppg", PULSES, (20.0, 25.0, 50.0, 64.0, 100.0, 250.0)),
        ("ecg", COMPLEXES, (64.0, 130.0, 250.0, 256.0, 500.0, 1000.0)),
    ):
        for shape, waves in shapes.items():
            for rate in rates:
                known, off = [], []
                for bpm in range(38, 191, step):
                    beats = steady(bpm, seconds, swing=0.02, jitter=0.005, seed=bpm)
                    rng = np.random.default_rng(bpm)
                    values = wave(beats, waves, rate, seconds)
                    t = np.arange(len(values)) / rate
                    values += 0.02 * rng.standard_normal(len(t)) + 0.2 * np.sin(1.7 * t)
                    stream = Stream(values[:, None].astype(np.float32), rate, 0.0)
                    trace = follow({role: stream}, seconds)
                    counts = trace.times > WARM
                    known.append(float(trace.known[counts].mean()))
                    off.append(
                        float(np.nanmean(np.abs(trace.means - _rate(beats, trace.times))[counts]))
                    )
                result[f"{role}, {shape}, {rate:.0f} Hz"] = {
                    "least_known": min(known),
                    "largest_mean_error": max(off),
                    "mae": float(np.mean(off)),
                }
    return result


def breathing(seeds: Sequence[int] = SEEDS) -> dict[str, Any]:
    """Measure breathing: true rates, a metronome, noise, and simulated people."""
    result: dict[str, Any] = {}
    seconds = 150.0
    for breaths in (4.0, 5.0, 6.0, 8.0, 10.0, 12.0, 15.0, 20.0, 25.0, 30.0):
        row = {}
        for role in ("ppg", "ecg", "resp"):
            played, _ = play(_breather(role, breaths, seconds, 0), seconds, "breathing_rate")
            rate = played["breathing_rate"]
            row[role] = errors(rate, np.full(len(rate.times), breaths), rate.times > 60)
        result[f"{breaths:.0f} a minute"] = row
    silent: dict[str, list[float]] = {}
    for seed in seeds:
        for name, streams in _without_breath(seed, seconds):
            rate = play(streams, seconds, "breathing_rate")[0]["breathing_rate"]
            silent.setdefault(name, []).append(float(rate.known.mean()))
    result["published without a breath"] = {k: float(np.mean(v)) for k, v in silent.items()}
    for name, roles in (("belt", ("resp",)), ("wrist", ("ppg", "accel")), ("ecg", ("ecg",))):
        rows = []
        for seed in seeds:
            body, sensors = person("demo", seed)
            played, _ = play({r: sensors[r] for r in roles}, SECONDS, "breathing_rate")
            rate = played["breathing_rate"]
            truth = body.curve("breathing_rate", rate.times)
            rows.append(errors(rate, truth, rate.times > 40) | {"lag": lag(rate, truth)})
        result[f"simulated, {name}"] = mean_of(rows)
    return result


def skin(seeds: Sequence[int] = SEEDS) -> dict[str, Any]:
    """Measure how soon true skin responses are seen, and how many are invented."""
    rows = []
    for scenario in ("demo", "stress", "rest"):
        for seed in seeds:
            body, streams = person(scenario, seed)
            true, sizes = responses(body)
            _, features = play({"eda": streams["eda"]}, SECONDS)
            first = np.full(len(true), inf)
            wrong: list[float] = []
            for now, trace in features:
                age = trace.get("scr_onset_age", inf)
                if age > 4.0:
                    continue
                away = np.abs(true - (now - age))
                if len(true) and away.min() < 1.0:
                    first[away.argmin()] = min(first[away.argmin()], now - true[away.argmin()])
                elif not wrong or now - age - wrong[-1] > 1.5:
                    wrong.append(now - age)
            counts = (sizes > 0.1) & (true > 12) & (true < SECONDS - 4)
            row = {"invented_a_minute": len(wrong) / (SECONDS / 60)}
            if counts.any():
                row["seen_within_2_s"] = float((first[counts] <= 2.0).mean())
            rows.append(row)
    return mean_of(rows)


def _rate(beats: Floats, times: Floats, seconds: float = 8.0) -> Floats:
    """Return the rate of beats in the newest seconds, beats a minute."""
    numbers = np.arange(len(beats), dtype=np.float64)
    first = np.interp(np.maximum(times - seconds, beats[0]), beats, numbers)
    last = np.interp(times, beats, numbers)
    rate: Floats = 60 * (last - first) / np.minimum(times - beats[0], seconds)
    return rate


def _breather(role: str, breaths: float, seconds: float, seed: int) -> dict[str, Stream]:
    """Return a sensor of a person who breathes evenly."""
    rng = np.random.default_rng(seed)
    rate = {"ppg": 64.0, "ecg": 250.0, "resp": 25.0}[role]
    t = np.arange(int(seconds * rate)) / rate
    breath = np.sin(2 * np.pi * breaths / 60 * t)
    if role == "resp":
        values = breath + 0.1 * rng.standard_normal(len(t))
    else:
        beats = steady(72.0, seconds, breaths=breaths, swing=0.04, jitter=0.008, seed=seed)
        sizes = 1 + 0.08 * np.sin(2 * np.pi * breaths / 60 * beats)
        shape = PULSES["notched"] if role == "ppg" else COMPLEXES["upright"]
        values = wave(beats, shape, rate, seconds, sizes=sizes)
        values = values + 0.1 * breath + 0.02 * rng.standard_normal(len(t))
    return {role: Stream(values[:, None].astype(np.float32), rate, 0.0)}


def _without_breath(seed: int, seconds: float) -> Iterator[tuple[str, dict[str, Stream]]]:
    """Yield sensors without a breathing person."""
    rng = np.random.default_rng(seed)

    def stream(values: Floats, rate: float) -> Stream:
        return Stream(values[:, None].astype(np.float32), rate, 0.0)

    for role, shape, rate in (
        ("ppg", PULSES["notched"], 64.0),
        ("ecg", COMPLEXES["upright"], 130.0),
    ):
        for bpm in (60.0, 65.0, 72.0, 75.0, 90.0):
            t = np.arange(int(seconds * rate)) / rate
            values = wave(steady(bpm, seconds), shape, rate, seconds)
            values += 0.01 * rng.standard_normal(len(t)) + 0.2 * np.sin(2 * np.pi * 0.25 * t)
            yield f"metronome, {role}", {role: stream(values, rate)}
        beats = steady(65.0, seconds, jitter=0.03, seed=seed)
        values = wave(beats, shape, rate, seconds)
        yield f"beats that jitter, {role}", {role: stream(values, rate)}
        yield f"noise, {role}", {role: stream(rng.standard_normal(int(seconds * rate)), rate)}
    noise = rng.standard_normal(int(seconds * 25))
    yield "noise, belt", {"resp": stream(noise, 25.0)}
    yield "drift, belt", {"resp": stream(np.cumsum(noise), 25.0)}
    yield "nobody, belt", {"resp": stream(np.round(512 + 0.5 * noise), 25.0)}


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the chosen parts as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    chosen = parser.parse_args(arguments)
    parts: dict[str, Callable[[], dict[str, Any]]] = {
        "running": lambda: running(chosen.data),
        "wristband": lambda: wristband(chosen.data),
        "simulated": simulated,
        "sweep": sweep,
        "breathing": breathing,
        "skin": skin,
    }
    for name in chosen.parts or parts:
        json.dump({name: _rounded(parts[name]())}, sys.stdout, indent=1)
        sys.stdout.write("\n")
        sys.stdout.flush()


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(one) for key, one in value.items()}
    return round(value, 3) if isinstance(value, float) else value


if __name__ == "__main__":
    main()
