"""Cost of fusion: one update, one snapshot, and ten people in one hub."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from sentio_bridge.affect.subject_model import SubjectModel
from sentio_bridge.core.commands import EstimateReceived
from sentio_bridge.core.consent import ConsentLedger
from sentio_bridge.core.frame_pacer import FramePacer
from sentio_bridge.core.hub import Hub
from sentio_bridge.core.subject_state import SubjectState
from sentio_bridge.protocol.vocabulary import SENSORS
from sentio_models import AFFECT, EMOTIONS, MODALITIES, Estimate, Reading

LATE = 0.1
"""Share of estimates that arrive out of order, by 25 ms."""

PEOPLE, UPDATES, FRAMES = 10, 50.0, 30.0
"""People in one hub; updates and frames per second for each."""


def estimates(count: int, rng: np.random.Generator) -> list[Estimate]:
    """Return estimates of all eight modalities in turn."""
    return [
        Estimate(
            MODALITIES[i % len(MODALITIES)],
            {name: Reading(float(rng.uniform(-0.5, 0.5)), 0.1) for name in AFFECT},
            dict.fromkeys(EMOTIONS, 1 / len(EMOTIONS)),
            quality=0.9,
            features={"heart_rate": float(rng.normal(70, 3))},
        )
        for i in range(count)
    ]


def cost(updates: int = 4000, chunk: int = 40) -> dict[str, float]:
    """Measure updates and snapshots of one person, and the share of ten people.

    CPU time, in chunks: the median is the expected time here, the minimum the time of the machine
    without disturbed caches.

    Returns:
        Microseconds per update and per snapshot, and the share of a core for ten people.
    """
    rng = np.random.default_rng(0)
    inputs, late = estimates(updates, rng), rng.uniform(size=updates) < LATE
    person = SubjectModel("timed")

    def update(i: int) -> None:
        now = 1000.0 + i * 0.01
        person.estimate(inputs[i], now - (0.025 if late[i] else 0.0), now)

    taken = _chunks(update, updates, chunk)
    end = 1000.0 + updates * 0.01
    snapshots = _chunks(lambda i: person.snapshot(end + i * 0.001), 1000, chunk)
    ten = hub_share()
    return {
        "update_us": round(float(np.median(taken)), 1),
        "update_us_least": round(min(taken), 1),
        "snapshot_us": round(float(np.median(snapshots)), 1),
        "snapshot_us_least": round(min(snapshots), 1),
        "ten_people_core_share": round(float(np.median(ten)), 4),
        "ten_people_core_share_least": round(min(ten), 4),
    }


def hub_share(seconds: int = 20) -> list[float]:
    """Return the share of a core of a hub with ten people, for each second.

    Includes fusion, mood, responses, appraisal, and the encoding of messages. Each person has
    eight modalities; the first second is excluded as warm-up.
    """
    rng = np.random.default_rng(1)
    names = [f"p{k}" for k in range(PEOPLE)]
    hub = Hub(1, {n: SubjectState(SubjectModel(n), _consent(), FramePacer(FRAMES)) for n in names})
    inputs = estimates(int(UPDATES) * 8, rng)
    shares = []
    for second in range(seconds + 1):
        start = time.process_time()
        for i in range(int(UPDATES)):
            for k, name in enumerate(names):
                now = 1000.0 + second + (i + k / PEOPLE) / UPDATES
                estimate = inputs[(i + second * int(UPDATES)) % len(inputs)]
                hub.apply(EstimateReceived(name, estimate.modality, now, estimate), now)
                if k % (PEOPLE // 2) == 0:
                    for message in hub.poll(now):  # 100 times a second
                        assert message.encoded
        shares.append(time.process_time() - start)
    return shares[1:]


def _consent() -> ConsentLedger:
    ledger = ConsentLedger()
    for sensor in SENSORS:
        ledger.grant(sensor, ("adapt",), "bench", 0.0)
    return ledger


def _chunks(call: Callable[[int], object], count: int, chunk: int) -> list[float]:
    taken = []
    for begin in range(0, count, chunk):
        start = time.process_time()
        for i in range(begin, begin + chunk):
            call(i)
        taken.append((time.process_time() - start) / chunk * 1e6)
    return taken
