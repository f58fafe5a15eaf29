"""Run the models over all recordings, and average each phase.

Usage: ``python analyse.py recordings out``.

The recordings are analysed with Dask if it is installed (`--dask local`, or the address of a
scheduler), else one after another in this process. Unknown values are left out of the means; their
share is a column of its own.
"""

from __future__ import annotations

import argparse
import importlib.util
from pathlib import Path

import numpy as np
import pandas as pd
import plan
import procedure

from sentio_bridge.batch.runner import analyse, find, named
from sentio_recording.recording import Recording

MEASURES = ("stress", "arousal", "valence", "heart_rate", "scl", "confidence")

SETTLING = 10.0
"""Seconds at the start of a condition that are left out: windows still reach before it."""


def frames(recordings: Path, out: Path, dask: str) -> list[Path]:
    """Analyse the recordings into ``out/frames``; return them."""
    found = find([recordings])
    if dask and importlib.util.find_spec("distributed") is None:
        print("Dask is not installed (pip install 'sentio-affect[dask]'): one process is used")
        dask = ""
    done = analyse(found, out, dask=dask)
    for result in done:
        if result.problem:
            print(f"{result.recording}: {result.problem}")
    print(f"analysed {sum(not r.problem for r in done)} of {len(found)}: {out}/summary.html")
    return found


def markers(path: Path) -> dict[str, float]:
    """Return the time of each marker of a recording."""
    with Recording(path) as recording:
        return {name: time for time, name in recording.texts("markers")}


def measures(found: list[Path], rows: list[plan.Row], out: Path) -> pd.DataFrame:
    """Return the mean of each measure by participant and condition."""
    orders = {row.participant: row.order for row in rows}
    collected = []
    for name, path in named(found).items():
        table = pd.read_parquet(out / "frames" / f"recording={name}" / "frames.parquet")
        participant = name.removeprefix("sub-").partition("_")[0]
        times = markers(path)
        rest = _phase(table, times, procedure.REST)
        for position, condition in enumerate(orders[participant]):
            part = _phase(table, times, condition)
            values = {m: part[m].mean() for m in MEASURES}
            collected.append({
                "participant": participant, "condition": condition, "position": position + 1,
                **values, "heart_rate_change": values["heart_rate"] - rest["heart_rate"].mean(),
                "known": part["stress"].notna().mean(), "frames": len(part),
            })  # fmt: skip
    return pd.DataFrame(collected).sort_values(["participant", "position"], ignore_index=True)


def course(found: list[Path], out: Path, measure: str) -> pd.DataFrame:
    """Return a measure over the seconds of each condition, a row for each participant."""
    parts = []
    for name, path in named(found).items():
        table = pd.read_parquet(out / "frames" / f"recording={name}" / "frames.parquet")
        times = markers(path)
        for condition in plan.CONDITIONS:
            part = _phase(table, times, condition, settling=0.0)
            second = np.floor(part["sent"] - times[procedure.start(condition)]).astype(int)
            mean = part[measure].groupby(second).mean().rename_axis("second").reset_index()
            parts.append(mean.assign(recording=name, condition=condition))
    return pd.concat(parts, ignore_index=True)


def _phase(
    table: pd.DataFrame, times: dict[str, float], name: str, settling: float = SETTLING
) -> pd.DataFrame:
    begin, end = times[procedure.start(name)], times[procedure.end(name)]
    begin += min(settling, (end - begin) / 4)
    return table[(table["sent"] >= begin) & (table["sent"] < end)]


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("plan", type=Path)
    options.add_argument("recordings", type=Path)
    options.add_argument("out", type=Path)
    options.add_argument("--dask", default="local", help="local, a scheduler's address, or empty")
    chosen = options.parse_args()
    recordings = frames(chosen.recordings, chosen.out, chosen.dask)
    result = measures(recordings, plan.read(chosen.plan), chosen.out)
    result.to_csv(chosen.out / "measures.csv", index=False)
    print(result.groupby("condition")[list(MEASURES)].mean().round(3).to_string())
