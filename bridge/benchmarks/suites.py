"""Suites of ``sentio bench`` by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import (
    appraisal,
    attacks,
    felt,
    fusion,
    latency,
    load,
    lsl_return,
    mjpeg,
    recording,
    responses,
    soak,
)
from benchmarks.faults import suite as faults
from benchmarks.processes import machine

Suite = Callable[[], dict[str, Any]]
"""Runs one suite and returns its figures."""

QUICK = ("eeg", "microphone", "startup", "demo", "subscribers")
"""Suites that run by default."""

__all__ = ["QUICK", "Campaign", "Suite", "machine", "suites"]


@dataclass(frozen=True, slots=True)
class Campaign:
    """Options of the suites ``faults`` and ``soak``.

    Attributes:
        rows: Rows of the fault table; empty for all.
        hours: Length of the soak on the sidecar's clock.
        speed: Speed of that clock.
        page: Markdown page to write.
    """

    rows: Sequence[str] = ()
    hours: float = 2.0
    speed: float = 1.0
    page: Path | None = None


def suites(
    seconds: float, data: Path | None, face: Path | None, campaign: Campaign = Campaign()
) -> dict[str, Suite]:
    """Return every suite by name.

    Args:
        seconds: Length of each measurement.
        data: Folder of labelled data, for suites that need it.
        face: Image of a face, for the camera suites.
        campaign: Options of ``faults`` and ``soak``.

    Raises:
        BridgeError: ``face`` is not a picture: a suite would run without a face.
    """
    if face is not None:
        mjpeg.picture(face)
    return {
        "eeg": lambda: latency.eeg(seconds),
        "camera": lambda: latency.camera(seconds, face),
        "microphone": lambda: latency.microphone(seconds, data),
        "lsl-return": lsl_return.run,
        "startup": load.startup,
        "demo": lambda: load.everything(None, seconds),
        "everything": lambda: load.everything_live(seconds, face),
        "subscribers": load.subscribers,
        "fusion": lambda: fusion.run(data),
        "felt": felt.run,
        "recording": recording.run,
        "responses": responses.run,
        "attacks": lambda: attacks.run(seconds=min(seconds, 5.0)),
        "hostile": _hostile,
        "faults": lambda: faults.run(campaign.rows, campaign.page),
        "soak": lambda: soak.run(campaign.hours, campaign.speed, face, campaign.page),
        "appraisal": lambda: appraisal.run(_required(data)),
    }


def _hostile() -> dict[str, Any]:
    from benchmarks.hostile import connections, endpoints  # they need PyNaCl

    return {"messages": endpoints.run(), "connections": connections.run()}


def _required(data: Path | None) -> Path:
    if data is None:
        raise ValueError("this suite needs labelled data; use --data DIR")
    return data
