"""Run the models over all recordings, and average each phase.

Usage: ``python analyse.py plan.csv recordings out``.

The recordings are analysed with Dask if it is installed (`--dask local`, or the address of a
scheduler), else one after another in this process. Unknown values are left out of the means; their
share is a column of its own. What cannot be used is named and left out: a recording that is not in
the plan or was not analysed, and a condition that was not finished.
"""

from __future__ import annotations

import argparse
import importlib.util
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Session:
    """An analysed recording of a planned participant.

    Attributes:
        name: Name of the recording.
        participant: As in the plan.
        visit: Number of the session.
        order: The conditions, first and second.
        frames: What the models gave, a row for each frame.
        times: Time of each marker.
    """

    name: str
    participant: str
    visit: str
    order: tuple[str, ...]
    frames: pd.DataFrame
    times: dict[str, float]

    def phase(self, name: str, settling: float = SETTLING) -> pd.DataFrame | None:
        """Return the frames of a phase; None if it was not begun or not finished."""
        begin = self.times.get(procedure.start(name))
        end = self.times.get(procedure.end(name))
        if begin is None or end is None:
            return None
        begin += min(settling, (end - begin) / 4)
        sent = self.frames["sent"]
        return self.frames[(sent >= begin) & (sent < end)]


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
    analysed = {result.recording for result in done if not result.problem}
    print(f"analysed {len(analysed)} of {len(found)}: {out}/summary.html")
    return found


def markers(path: Path) -> dict[str, float]:
    """Return the time of each marker of a recording."""
    with Recording(path) as recording:
        return {name: time for time, name in recording.texts("markers")}


def usable(found: list[Path], rows: list[plan.Row], out: Path) -> list[Session]:
    """Return the analysed recordings of planned participants; name the others."""
    orders = {row.participant: row.order for row in rows}
    sessions = []
    for name, path in named(found).items():
        participant = name.removeprefix("sub-").partition("_")[0]
        visit = name.partition("_ses-")[2].partition("_")[0] or "1"
        table = out / "frames" / f"recording={name}" / "frames.parquet"
        if participant not in orders:
            print(f"{name} is left out: participant {participant} is not in the plan")
        elif not table.exists():
            print(f"{name} is left out: it was not analysed")
        else:
            frames = pd.read_parquet(table)
            if frames["subject"].nunique() > 1:
                print(f"{name} is left out: it has several people, the plan one")
                continue
            order = orders[participant]
            sessions.append(Session(name, participant, visit, order, frames, markers(path)))
    return sessions


def measures(sessions: list[Session]) -> pd.DataFrame:
    """Return the mean of each measure by participant, visit and condition."""
    collected = []
    for session in sessions:
        rest = session.phase(procedure.REST)
        for position, condition in enumerate(session.order):
            part = session.phase(condition)
            if part is None:
                print(f"{session.name}: {condition} is left out: it has no start or no end")
                continue
            values = {m: part[m].mean() for m in MEASURES}
            baseline = np.nan if rest is None else rest["heart_rate"].mean()
            collected.append({
                "participant": session.participant, "visit": session.visit,
                "condition": condition, "position": position + 1,
                **values, "heart_rate_change": values["heart_rate"] - baseline,
                "known": part["stress"].notna().mean(), "frames": len(part),
            })  # fmt: skip
    by = ["participant", "visit", "position"]
    return pd.DataFrame(collected).sort_values(by, ignore_index=True)


def course(sessions: list[Session], measure: str) -> pd.DataFrame:
    """Return a measure over the seconds of each condition, a row for each participant."""
    parts = []
    for session in sessions:
        for condition in plan.CONDITIONS:
            part = session.phase(condition, settling=0.0)
            if part is None:
                continue
            begin = session.times[procedure.start(condition)]
            second = np.floor(part["sent"] - begin).astype(int)
            mean = part[measure].groupby(second).mean().rename_axis("second").reset_index()
            parts.append(mean.assign(participant=session.participant, condition=condition))
    return pd.concat(parts, ignore_index=True)


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("plan", type=Path)
    options.add_argument("recordings", type=Path)
    options.add_argument("out", type=Path)
    options.add_argument("--dask", default="local", help="local, a scheduler's address, or empty")
    chosen = options.parse_args()
    recordings = frames(chosen.recordings, chosen.out, chosen.dask)
    result = measures(usable(recordings, plan.read(chosen.plan), chosen.out))
    result.to_csv(chosen.out / "measures.csv", index=False)
    print(result.groupby("condition")[list(MEASURES)].mean().round(3).to_string())
