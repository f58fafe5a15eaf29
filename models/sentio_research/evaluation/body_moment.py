"""Measures what the body estimator says of the moment: heart, breath and skin, within seconds.

``python -m sentio_research.evaluation.body_moment --data DIR [PART ...]`` prints the figures of
``models/cards/body.md``; parts are ``running``, ``wristband``, ``simulated``, ``sweep``,
``breathing`` and ``skin``. The whole takes about a quarter of an hour on two cores.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sentio_models.modalities.body import BodyEstimator
from sentio_models.modalities.body.heart_tracker import HeartTracker
from sentio_models.window import Signal, Window
from sentio_research.data.body import Stream, cut, stress_predict
from sentio_research.data.ppg_motion import FITTED, ppg_motion
from sentio_research.data.simulated_people import SCENARIOS, SECONDS, beat_rate, person, responses
from sentio_research.data.synthetic_hearts import COMPLEXES, PULSES, steady, wave

Floats = NDArray[np.float64]

HOP = 0.5
"""Seconds between windows, as the live pipeline cuts them."""

WARM = 10.0
"""First seconds that count nowhere: filters fill."""

SEEDS = (11, 12, 13)
"""Simulated persons; 0 and 1 were looked at while the numbers were chosen."""


@dataclass(frozen=True, slots=True)
class Told:
    """One reading through time; NaN where it was not told."""

    times: Floats
    means: Floats
    sds: Floats

    @property
    def known(self) -> NDArray[np.bool_]:
        """Where it was told."""
        return np.isfinite(self.means)


def windows(
    streams: Mapping[str, Stream], seconds: float, hop: float = HOP, span: float = 60.0
) -> Iterator[tuple[float, Window]]:
    """Cut the windows that the live pipeline would cut, of at most ``span`` seconds."""
    start = min(stream.start for stream in streams.values())
    step = inf
    for now in np.arange(start + 2.0, start + seconds, hop):
        window = cut(streams, now)
        signals = {
            role: _newest(signal, span)
            for role, signal in window.signals.items()
            if len(signal.offsets) and signal.offsets[-1] > -2.0
        }
        if signals:
            yield now - start, Window(signals, step)
            step = hop


def follow(streams: Mapping[str, Stream], seconds: float, hop: float = HOP) -> Told:
    """Run the heart tracker alone."""
    tracker, rows = HeartTracker(), []
    for now, window in windows(streams, seconds, hop, 12.0):
        with np.errstate(all="ignore"):
            heart = tracker.update(window.signals, window.step)
        known = heart is not None and heart.known
        rows.append((now, heart.rate, heart.sd) if heart and known else (now, np.nan, np.nan))
    return Told(*np.array(rows).T)


def play(
    streams: Mapping[str, Stream], seconds: float, *names: str
) -> tuple[dict[str, Told], list[tuple[float, Mapping[str, float]]]]:
    """Run the whole estimator; return chosen readings and all features."""
    estimator = BodyEstimator()
    rows: dict[str, list[tuple[float, float, float]]] = {name: [] for name in names}
    features = []
    for now, window in windows(streams, seconds):
        estimate = estimator.estimate(window)
        features.append((now, estimate.features))
        for name in names:
            found = estimate.readings.get(name)
            rows[name].append(
                (now, np.nan, np.nan) if found is None else (now, found.mean, found.variance**0.5)
            )
    return {name: Told(*np.array(many).T) for name, many in rows.items()}, features


def errors(told: Told, truth: Floats, counts: NDArray[np.bool_] | None = None) -> dict[str, float]:
    """Return availability, mean absolute error and coverage of the 68 % interval."""
    counts = told.times > WARM if counts is None else counts
    known = told.known & counts
    off = np.abs(told.means - truth)[known]
    return {
        "known": float(told.known[counts].mean()),
        "mae": float(off.mean()) if len(off) else float("nan"),
        "covered": float((off < told.sds[known]).mean()) if len(off) else float("nan"),
        "over_10_and_sure": float((off > 10).sum() / counts.sum()),
    }


def lag(told: Told, truth: Floats, most: float = 20.0) -> float:
    """Return by how many seconds the truth must be delayed to be most like what was told."""
    known = told.known & (told.times > WARM)
    if known.sum() < 20:
        return float("nan")
    step = 0.1
    at = np.arange(told.times[known][0], told.times[-1], step)
    means = np.interp(at, told.times[known], told.means[known])
    true = np.interp(at, told.times, truth)
    best, found = -inf, float("nan")
    for shift in range(round(most / step)):
        a, b = means[shift:], true[: len(true) - shift]
        r = float(np.corrcoef(a, b)[0, 1])
        if r > best:
            best, found = r, shift * step
    return found


def running(data: Path) -> dict[str, Any]:
    """Measure treadmill runs: the wrist with its accelerometer, and the ECG."""
    result: dict[str, Any] = {}
    for run in ppg_motion(data):
        seconds = len(run.streams["ecg"].values) / run.streams["ecg"].rate_hz
        row = {}
        for name, roles in (("wrist", ("ppg", "accel")), ("ecg", ("ecg",))):
            told = follow({role: run.streams[role] for role in roles}, seconds)
            at = [int(np.argmin(np.abs(told.times - t))) for t in run.times]
            there = Told(told.times[at], told.means[at], told.sds[at])
            row[name] = errors(there, run.rates, np.ones(len(at), bool))
        result[run.name] = row | {"used_for_fitting": run.name in FITTED}
    for which in (True, False):
        rows = [row for row in result.values() if row.get("used_for_fitting") is which]
        for name in ("wrist", "ecg"):
            result[f"{name}, {'fitted' if which else 'other people'}"] = _mean(
                [row[name] for row in rows]
            )
    return result


def wristband(data: Path, every: int = 1, hop: float = 1.0) -> dict[str, Any]:
    """Compare with an Empatica E4's own heart rate, smoothed alike, in all worn windows."""
    people: dict[str, dict[str, float]] = {}
    for session in list(stress_predict(data))[::every]:
        streams = {role: session.parts[0][role] for role in ("ppg", "accel")}
        ppg, own = streams["ppg"], session.device_rate
        assert own is not None
        told = follow(streams, len(ppg.values) / ppg.rate_hz, hop)
        start = min(stream.start for stream in streams.values())
        second = np.round(told.times + start - own.start).astype(int)
        inside = (second >= 0) & (second < len(own.values)) & (told.times > 60)
        device = own.values[np.clip(second, 0, len(own.values) - 1), 0]
        row = {"known": float(told.known[inside].mean())}
        for seconds in (10.0, 60.0):
            mean = _smoothed(told, seconds)
            near = np.abs(mean - device) <= 5.0  # unknown is not near
            row[f"within_5_of_{seconds:.0f}_s"] = float(near[inside].mean())
            row[f"known_{seconds:.0f}_s"] = float(np.isfinite(mean[inside]).mean())
        sure = told.known & (told.sds < 2.0) & inside
        mean = _smoothed(replace(told, means=np.where(sure, told.means, np.nan)), 60.0)
        row["within_5_where_sure"] = float((np.abs(mean - device)[sure] <= 5).mean())
        row["share_sure"] = float(sure.sum() / inside.sum())
        people[session.person] = row
    return {"people": people, "mean": _mean(list(people.values()))}


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
                told = follow({role: streams[role] for role in roles}, SECONDS)
                now = beat_rate(body, told.times, 2.5, 2.5)
                row = errors(told, now)
                row |= {f"last_5_s_{k}": v for k, v in
                        errors(told, beat_rate(body, told.times, 5.0, 0.0)).items()}  # fmt: skip
                if len(body.truth.arousal) > 6000:  # several scenes: something to follow
                    row["lag"] = lag(told, body.curve("heart_rate", told.times))
                rows.append(row | {"scenario": scenario})
        result[name] = {
            scenario: _mean([row for row in rows if row["scenario"] == scenario])
            for scenario in SCENARIOS
        } | {"all": _mean(rows)}
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
                    told = follow({role: stream}, seconds)
                    counts = told.times > WARM
                    known.append(float(told.known[counts].mean()))
                    off.append(float(np.nanmean(np.abs(told.means[counts] - bpm))))
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
            told = play(_breather(role, breaths, seconds, 0), seconds, "breathing_rate")[0]
            late = told["breathing_rate"].times > 60
            row[role] = errors(
                told["breathing_rate"], np.full(len(late), breaths), late
            )  # fmt: skip
        result[f"{breaths:.0f} a minute"] = row
    silent: dict[str, list[float]] = {}
    for seed in seeds:
        for name, streams in _without_breath(seed, seconds):
            told = play(streams, seconds, "breathing_rate")[0]["breathing_rate"]
            silent.setdefault(name, []).append(float(told.known.mean()))
    result["published without a breath"] = {k: float(np.mean(v)) for k, v in silent.items()}
    for name, roles in (("belt", ("resp",)), ("wrist", ("ppg", "accel")), ("ecg", ("ecg",))):
        rows = []
        for seed in seeds:
            body, streams = person("demo", seed)
            told = play({r: streams[r] for r in roles}, SECONDS, "breathing_rate")[0]
            one = told["breathing_rate"]
            truth = body.curve("breathing_rate", one.times)
            late = one.times > 40
            rows.append(errors(one, truth, late) | {"lag": lag(one, truth)})
        result[f"simulated, {name}"] = _mean(rows)
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
            for now, told in features:
                age = told.get("scr_onset_age", inf)
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
    return _mean(rows)


def _breather(role: str, breaths: float, seconds: float, seed: int) -> dict[str, Stream]:
    """Return a sensor of somebody who breathes evenly."""
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
    """Yield sensors in which nobody breathes."""
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


def _newest(signal: Signal, seconds: float) -> Signal:
    first = int(np.searchsorted(signal.offsets, -seconds))
    return replace(signal, values=signal.values[first:], offsets=signal.offsets[first:])


def _smoothed(told: Told, seconds: float) -> Floats:
    """Return the mean of what was told in the newest seconds; NaN where nothing was."""
    sums = np.concatenate([[0.0], np.cumsum(np.where(told.known, told.means, 0.0))])
    counts = np.concatenate([[0], np.cumsum(told.known)])
    first = np.searchsorted(told.times, told.times - seconds)
    number = counts[1:] - counts[first]
    return np.where(number > 0, (sums[1:] - sums[first]) / np.maximum(number, 1), np.nan)


def _mean(rows: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    names = {name for row in rows for name, value in row.items() if isinstance(value, float)}
    return {
        name: float(np.nanmean([row[name] for row in rows if name in row]))
        for name in sorted(names)
    }


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
