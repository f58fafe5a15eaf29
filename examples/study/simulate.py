"""Write recordings of simulated participants.

Usage: ``python simulate.py plan.csv recordings``.

Each participant is a simulator with a face and a wristband, whose affect follows the phases of
`procedure.py`. People differ in their level, and the control condition is more stressful by
`EFFECT`: the analysis must find this back. No real person behaves so regularly.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import plan
import procedure

from sentio_recording.manifest import Clocks, Manifest
from sentio_recording.storage import Storage
from sentio_recording.xdf.headers import StreamInfo, info_of
from sentio_sensors import Channel, ManualClock, Role
from sentio_sensors.simulated import Segment, SimulatedSource, SimulateSettings

ROLES = (Role.PPG, Role.EDA, Role.TEMP, Role.ACCEL, Role.FACE)

EFFECT = {"adapted": (0.3, -0.1), "control": (-0.4, 0.5)}
"""Mean valence and arousal of the simulated conditions."""

BETWEEN, WITHIN = 0.15, 0.1
"""Deviations between people, and between the conditions of one person."""


def script(row: plan.Row, seconds: int) -> tuple[Segment, ...]:
    """Return the affect of a simulated participant in each phase."""
    draw = np.random.default_rng([row.seed, int(row.participant)])
    person = draw.normal(0.0, BETWEEN, 2)
    segments = []
    for phase in procedure.phases(row.order, seconds):
        mean = np.array(EFFECT.get(phase.name, (0.1, -0.4)))
        valence, arousal = np.clip(mean + person + draw.normal(0.0, WITHIN, 2), -1, 1)
        segments.append(
            Segment(
                name=phase.name, seconds=phase.seconds, valence=float(valence),
                arousal=float(arousal), talking=0.0, moving=0.05,
            )
        )  # fmt: skip
    return tuple(segments)


def record(row: plan.Row, folder: Path, seconds: int) -> Path:
    """Write one participant's recording, without waiting; return its folder."""
    begin = 1000.0
    clock = ManualClock(begin)
    settings = SimulateSettings(
        roles=ROLES, seed=int(row.participant), scenario=script(row, seconds)
    )
    source = SimulatedSource(settings, clock)
    target = folder / f"sub-{row.participant}"
    manifest = Manifest(
        id=target.name, subjects=[row.participant], clocks=Clocks(monotonic=begin, wall="")
    )
    storage = Storage(target, manifest, begin, reserved=0)
    for spec in source.open():
        storage.open(spec.id, info_of(spec), begin)
    markers = StreamInfo("markers", "Markers", (Channel("name", ""),), 0.0, "string", "study")
    storage.open("markers", markers, begin)
    at = begin
    for phase in procedure.phases(row.order, seconds):
        for name, time in ((procedure.start(phase.name), at),
                           (procedure.end(phase.name), at + phase.seconds)):  # fmt: skip
            storage.samples("markers", np.array([time]), np.array([[name]], object))
        at += phase.seconds
    while clock.now() < at:
        for chunk in source.read(0.25):
            if len(chunk):
                storage.samples(chunk.stream, chunk.times, chunk.values)
        clock.sleep(0.25)
    storage.end(clock.now(), "stopped", {})
    return target


def main(rows: list[plan.Row], folder: Path, seconds: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for row in rows:
        print(f"simulated {record(row, folder, seconds)}")


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("plan", type=Path)
    options.add_argument("folder", type=Path)
    options.add_argument("--seconds", type=int, default=60, help="length of a condition")
    chosen = options.parse_args()
    main(plan.read(chosen.plan), chosen.folder, chosen.seconds)
