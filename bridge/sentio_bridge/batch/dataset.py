"""Frames of one recording in a Parquet dataset, and their summary."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sentio_bridge.core.outgoing import FrameMessage, Outgoing
from sentio_bridge.protocol.frame import LAYOUT, AffectFrame, State
from sentio_recording.summary import stretches
from sentio_sensors import AbsentError

Floats = NDArray[np.float64]

ROWS = 10_000
"""Frames per write."""

COURSE = ("arousal", "stress")
"""Entries whose course over time is part of the summary."""


@dataclass(frozen=True, slots=True)
class AnalyzedRecording:
    """Summary of one person in an analysed recording.

    Attributes:
        recording: Name of the recording.
        file: Path of the Parquet file; empty if the analysis failed.
        frames: Number of frames.
        seconds: Time from the first to the last frame.
        means: Mean of each entry that was known at any time.
        course: Means of ``COURSE`` in equal parts of the time; None where unknown.
        how: ``replayed``; ``computed`` from another program's samples; or ``recorded`` if only
            frames were recorded.
        problem: Why the analysis failed; empty if it succeeded.
        subject: The person; empty if the recording has only one.
        note: Why nothing is known of it; empty if that is not known.
    """

    recording: str
    file: str = ""
    frames: int = 0
    seconds: float = 0.0
    means: dict[str, float] = field(default_factory=dict)
    course: dict[str, list[float | None]] = field(default_factory=dict)
    how: str = ""
    problem: str = ""
    subject: str = ""
    note: str = ""


@dataclass(slots=True)
class _Sums:
    """Frames of one person so far."""

    first: float
    last: float = 0.0
    frames: int = 0
    sums: Floats = field(default_factory=lambda: np.zeros(len(LAYOUT)))
    counts: Floats = field(default_factory=lambda: np.zeros(len(LAYOUT)))

    def add(self, sent: float, vectors: NDArray[np.float32]) -> None:
        """Add frames; ``sent`` is the time of the last one."""
        self.last = sent
        self.frames += len(vectors)
        self.sums += np.nansum(vectors, axis=0, dtype=float)
        self.counts += np.isfinite(vectors).sum(axis=0)

    def means(self) -> dict[str, float]:
        """Return the mean of each entry that was known at any time."""
        each = zip(LAYOUT, self.sums, self.counts, strict=True)
        return {entry: float(s / n) for entry, s, n in each if n}


def write(name: str, out: Path, messages: Iterable[Outgoing], how: str) -> list[AnalyzedRecording]:
    """Write a recording's frames in batches, with bounded memory.

    Args:
        name: Name of the recording.
        out: Folder of the dataset.
        messages: Messages of the session; all except affect frames are ignored.
        how: How the frames were obtained, see ``AnalyzedRecording``.

    Returns:
        One summary for each person.

    Raises:
        AbsentError: pyarrow is not installed.
    """
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise AbsentError(
            "pyarrow is not installed", "pip install 'sentio-affect[recording]'"
        ) from None
    affect_frames = (m.body for m in messages if isinstance(m, FrameMessage))
    file = out / f"recording={name}" / "frames.parquet"
    file.parent.mkdir(parents=True, exist_ok=True)
    partial_file = file.with_suffix(".new")
    people: dict[str, _Sums] = {}
    writer = None
    try:
        while rows := list(islice(affect_frames, ROWS)):
            table, vectors = _table(pyarrow, rows)
            writer = writer or pyarrow.parquet.ParquetWriter(partial_file, table.schema)
            writer.write_table(table)
            of: dict[str, list[int]] = {}
            for index, frame in enumerate(rows):
                of.setdefault(frame.subject, []).append(index)
            for subject, own in of.items():
                sums = people.setdefault(subject, _Sums(rows[own[0]].sent))
                sums.add(rows[own[-1]].sent, vectors[own])
    finally:
        if writer is not None:
            writer.close()
    if not people:
        return [AnalyzedRecording(name, problem="it contains no frames")]
    partial_file.replace(file)
    return [
        AnalyzedRecording(
            name, str(file), sums.frames, sums.last - sums.first, sums.means(),
            _course(pyarrow, file, subject, sums), how,
            subject=subject if len(people) > 1 else "",
        )
        for subject, sums in people.items()
    ]  # fmt: skip


def _course(pyarrow: Any, file: Path, subject: str, sums: _Sums) -> dict[str, list[float | None]]:
    table = pyarrow.parquet.read_table(
        file, columns=["sent", *COURSE], filters=[("subject", "=", subject)]
    )
    times = (table["sent"].to_numpy() - sums.first).tolist()
    return {
        entry: stretches(
            ((t, v) for t, v in zip(times, table[entry].to_pylist(), strict=True) if v is not None),
            sums.last - sums.first,
            fmean,
        )
        for entry in COURSE
    }


def _table(pyarrow: Any, frames: Sequence[AffectFrame]) -> tuple[Any, NDArray[np.float32]]:
    known = np.array([[bool(f.mask >> i & 1) for i in range(len(LAYOUT))] for f in frames])
    vectors = np.where(known, np.stack([f.vector for f in frames]), np.float32("nan"))
    columns: dict[str, Any] = {
        "subject": [f.subject for f in frames],
        "sent": pyarrow.array([f.sent for f in frames], pyarrow.float64()),
        "captured": pyarrow.array([f.captured for f in frames], pyarrow.float64()),
        "state": [State(f.state).label for f in frames],
        # Unknown is null: it must not count in an average.
        **{n: pyarrow.array(vectors[:, i], from_pandas=True) for i, n in enumerate(LAYOUT)},
    }
    return pyarrow.table(columns), vectors
