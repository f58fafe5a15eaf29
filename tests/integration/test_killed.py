"""Tests that a killed sidecar loses nothing that it has acknowledged."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from sentio_bridge.client import Requester
from sentio_bridge.recording.session_streams import ADAPTATIONS, EVENTS, LABELS, MARKERS
from sentio_recording.recording import Recording
from sentio_recording.repair import repair

from .conftest import DEADLINE, Sidecar

CONFIGURATION = """
[recording]
folder = "{folder}"
start = true
[consent]
body = ["adapt", "record", "record_raw"]
[[source]]
type = "simulate"
sensors = ["body"]
roles = ["ppg", "eda"]
"""

KINDS = ("marker", "label", "adaptation", "override", "freeze")


def send(requester: Requester, kind: str, number: int) -> None:
    """Send one request that names its number, and wait for its acknowledgement."""
    fields: dict[str, dict[str, object]] = {
        "marker": {"name": f"step {number}", "data": {"score": number}},
        "label": {"name": "arousal", "value": number / 1000},
        "adaptation": {"what": f"music {number}", "value": 0.5, "why": "calm"},
        "override": {"values": {"stress": number / 1000}, "seconds": 5, "by": f"lab {number}"},
        "freeze": {"reason": f"pause {number}"},
    }
    requester.call(kind, **fields[kind])


def recorded(folder: Path) -> dict[str, list[int]]:
    """Return the numbers of the requests in a recording, by kind."""
    with Recording(folder) as recording:
        texts = {
            name: [text for _, text in recording.texts(name)]
            for name in (MARKERS, EVENTS, LABELS, ADAPTATIONS)
        }
    events = [json.loads(text) for text in texts[EVENTS]]
    return {
        "marker": [int(text.split()[1]) for text in texts[MARKERS]],
        "label": [round(json.loads(text)["value"] * 1000) for text in texts[LABELS]],
        "adaptation": [int(json.loads(text)["name"].split()[1]) for text in texts[ADAPTATIONS]],
        "override": [int(e["data"]["by"].split()[1]) for e in events if e["kind"] == "override"],
        "freeze": [
            int(e["data"]["reason"].split()[1])
            for e in events
            if e["kind"] == "frozen" and "pause" in e["data"].get("reason", "")
        ],
    }


def kill_after_acknowledgement(
    run: Callable[..., Sidecar], folder: Path, rng: random.Random
) -> None:
    sidecar = run(CONFIGURATION.format(folder=folder))
    acknowledged: dict[str, list[int]] = {kind: [] for kind in KINDS}
    with Requester(sidecar.control, timeout=DEADLINE) as requester:
        for number in range(rng.randint(1, 40)):
            kind = rng.choice(KINDS)
            send(requester, kind, number)
            acknowledged[kind].append(number)
            if rng.random() < 0.2:
                time.sleep(rng.uniform(0, 0.06))  # another phase of the writer's rounds
        sidecar.process.kill()
    sidecar.process.wait(DEADLINE)
    (recording,) = folder.iterdir()
    repair(recording)
    assert recorded(recording) == acknowledged


@pytest.mark.parametrize("seed", range(2))
def test_nothing_acknowledged_is_lost_when_the_sidecar_is_killed(
    run: Callable[..., Sidecar], tmp_path: Path, seed: int
) -> None:
    kill_after_acknowledgement(run, tmp_path / "rec", random.Random(seed))


@pytest.mark.timeout(1200)
@pytest.mark.parametrize(
    "count", [pytest.param(15, marks=pytest.mark.slow), pytest.param(50, marks=pytest.mark.figure)]
)
def test_nothing_acknowledged_is_lost_in_many_kills(
    run: Callable[..., Sidecar], tmp_path: Path, count: int
) -> None:
    for seed in range(100, 100 + count):
        kill_after_acknowledgement(run, tmp_path / f"rec{seed}", random.Random(seed))
