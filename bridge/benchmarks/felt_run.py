"""Plays a simulated person's estimates into a hub and keeps what a game would get."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.felt_sessions import START, FeltSession
from sentio_bridge.affect.subject_model import SubjectModel
from sentio_bridge.core import commands as cmd
from sentio_bridge.core.consent import ConsentLedger
from sentio_bridge.core.frame_pacer import FramePacer
from sentio_bridge.core.hub import Hub
from sentio_bridge.core.outgoing import EventMessage, FrameMessage
from sentio_bridge.core.subject_state import SubjectState
from sentio_bridge.protocol.frame import LAYOUT
from sentio_bridge.protocol.vocabulary import SENSORS
from sentio_sensors.simulated.body import simulate_body

Floats = NDArray[np.float64]

EVERY = 0.25
"""Seconds between two rows; frames go out more often, a game sees every one."""

RATE_HZ = 20.0
"""Frames a second."""


@dataclass(frozen=True, slots=True)
class Felt:
    """Course of one person, as a game received it.

    Attributes:
        session: Who and what.
        times: Seconds from the session's start, ascending.
        values: By entry; NaN where it was unknown.
        truth: Of the entries whose truth the simulator knows, as ``times``.
        changes: Events of kind ``change``: when they came, the dimension, and whether it rose.
    """

    session: FeltSession
    times: Floats
    values: Mapping[str, Floats]
    truth: Mapping[str, Floats]
    changes: tuple[tuple[float, str, bool], ...]


def felt(session: FeltSession, only: Collection[str] | None = None) -> Felt:
    """Run a session through a hub.

    Args:
        session: Estimates of a simulated person.
        only: Modalities that are there; None for all.
    """
    ledger = ConsentLedger()
    for sensor in SENSORS:
        ledger.grant(sensor, ["adapt"], "bench", START)
    state = SubjectState(SubjectModel("player"), ledger, FramePacer(RATE_HZ))
    hub = Hub(1, {"player": state})
    arrivals = iter(session.arrived)
    arrival = next(arrivals, None)
    times = np.arange(EVERY, session.seconds, EVERY)
    rows = np.full((len(times), len(LAYOUT)), np.nan)
    changes: list[tuple[float, str, bool]] = []
    due: dict[str, float] = {}
    for index, time in enumerate(times.tolist()):
        for now in (START + time - EVERY / 2, START + time):
            while arrival is not None and arrival.now <= now:
                made = arrival.estimate
                # A face at 30 Hz and a voice at 50 give fusion the same at 10.
                wanted = only is None or made.modality in only
                if wanted and arrival.now >= due.get(arrival.estimator, 0.0):
                    due[arrival.estimator] = arrival.now + 0.095
                    hub.apply(
                        cmd.EstimateReceived("player", arrival.estimator, arrival.captured, made),
                        arrival.now,
                    )
                arrival = next(arrivals, None)
            for message in hub.poll(now):
                if isinstance(message, FrameMessage):
                    frame = message.body
                    known = [bool(frame.mask >> i & 1) for i in range(len(LAYOUT))]
                    rows[index] = np.where(known, frame.vector, np.nan)
                elif isinstance(message, EventMessage) and message.body.kind == "change":
                    data: Any = message.body.data
                    changes.append((now - START, message.body.name, data.direction == "up"))
    columns = {name: rows[:, i] for i, name in enumerate(LAYOUT)}
    return Felt(session, times, columns, _truth(session, times), tuple(changes))


def _truth(session: FeltSession, times: Floats) -> dict[str, Floats]:
    """Return the truth of each entry that the simulator knows."""
    scenario = session.scenario()
    scripted = scenario.truth(times)
    body = simulate_body(scenario, session.seed)
    names = ("valence", "arousal", "stress", "engagement", "relaxation")
    truth: dict[str, Floats] = {name: np.asarray(getattr(scripted, name)) for name in names}
    looped = np.mod(times, scenario.seconds)
    # What is published is the rate of the newest beats, so it is compared with just that.
    truth["heart_rate"] = (body.beat.at(times) - body.beat.at(times - 5.0)) * 12.0
    truth["breathing_rate"] = body.curve("breathing_rate", looped)
    return truth
