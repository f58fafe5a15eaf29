"""Suites of ``sentio bench`` by name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks import appraisal, fusion, latency, load, lsl_return, recording, responses
from benchmarks.processes import machine

Suite = Callable[[], dict[str, Any]]
"""Runs one suite and returns its figures."""

QUICK = ("eeg", "microphone", "startup", "demo", "subscribers")
"""Suites that run by default."""

__all__ = ["QUICK", "Suite", "machine", "suites"]


def suites(seconds: float, data: Path | None, face: Path | None) -> dict[str, Suite]:
    """Return every suite by name.

    Args:
        seconds: Length of each measurement.
        data: Folder of labelled data, for suites that need it.
        face: Image of a face, for the camera suites.
    """
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
        "recording": recording.run,
        "responses": responses.run,
        "appraisal": lambda: appraisal.run(_required(data)),
    }


def _required(data: Path | None) -> Path:
    if data is None:
        raise ValueError("this suite needs labelled data; use --data DIR")
    return data
