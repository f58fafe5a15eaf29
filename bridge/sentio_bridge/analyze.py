"""Runs models and fusion again over many recordings, on all cores or on a Dask cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from html import escape
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from sentio_bridge import wire
from sentio_bridge.errors import BridgeError
from sentio_bridge.frame import LAYOUT, State
from sentio_bridge.replay import ReplayError, frames, recorded_frames
from sentio_sensors import AbsentError, SensorError
from sentio_sensors.recording.recording import Recording
from sentio_sensors.recording.storage import DATA

SHOWN = ("valence", "arousal", "stress", "engagement", "relaxation", "heart_rate", "confidence")
"""Entries whose means the summary shows."""


@dataclass(frozen=True, slots=True)
class Analysed:
    """What became of one recording.

    Attributes:
        recording: Its folder's name.
        file: The Parquet file, or empty where it could not be analysed.
        frames: How many.
        seconds: From the first to the last.
        means: Of the entries that were known at all.
        how: ``replayed``, or ``recorded`` where only its frames were there.
        problem: Why it could not be analysed.
    """

    recording: str
    file: str = ""
    frames: int = 0
    seconds: float = 0.0
    means: dict[str, float] | None = None
    how: str = ""
    problem: str = ""


def find(folders: Sequence[Path]) -> list[Path]:
    """Return the recordings in and below ``folders``, sorted."""
    return sorted({path.parent for folder in folders for path in folder.rglob(DATA)})


def one(path: str, out: str) -> Analysed:
    """Analyse one recording; runs in another process, so it takes and gives plain values."""
    folder = Path(path)
    try:
        with Recording(folder) as recording:
            try:
                messages = [s.message for s in frames(recording)]
                how = "replayed"
            except ReplayError:
                messages = [s.message for s in recorded_frames(recording)]
                how = "recorded"
        return _written(folder, Path(out), messages, how)
    except (BridgeError, SensorError, OSError) as error:
        return Analysed(folder.name, problem=str(error))


def analyse(
    recordings: Sequence[Path],
    out: Path,
    *,
    jobs: int = 1,
    dask: str = "",
    progress: Callable[[int, int], None] = lambda *_: None,
) -> list[Analysed]:
    """Analyse recordings into a Parquet dataset, ``out/recording=NAME/frames.parquet``.

    Args:
        recordings: Folders.
        out: Made where it is not there; must be visible to all workers.
        jobs: Processes on this machine.
        dask: Address of a Dask scheduler to use instead; ``local`` starts one here.
        progress: Told how many are done, and of how many.

    Raises:
        AbsentError: Dask was asked for and is not installed, or its scheduler is not there.
    """
    out.mkdir(parents=True, exist_ok=True)
    tasks = [(str(path), str(out)) for path in recordings]
    done: list[Analysed] = []
    for result in _on_dask(tasks, dask) if dask else _here(tasks, jobs):
        done.append(result)
        progress(len(done), len(tasks))
    done.sort(key=lambda result: result.recording)
    (out / "summary.html").write_text(summary(done), encoding="utf-8")
    return done


def summary(done: Sequence[Analysed]) -> str:
    """Return the HTML page that tells of all recordings."""
    head = ("recording", "how", "frames", "seconds", *SHOWN, "problem")
    rows = "".join(
        "<tr>"
        + "".join(
            f"<td>{escape(str(cell))}</td>"
            for cell in (
                r.recording,
                r.how,
                r.frames,
                f"{r.seconds:.1f}",
                *(f"{r.means[n]:.3f}" if r.means and n in r.means else "" for n in SHOWN),
                r.problem,
            )
        )
        + "</tr>"
        for r in done
    )
    return (
        "<!doctype html><html lang='en'><head><meta charset='utf-8'><title>Sentio analysis</title>"
        "<style>body{font:15px sans-serif;margin:2em}td,th{padding:.2em .8em;text-align:right;"
        "border-bottom:1px solid #ddd}</style></head><body><h1>Recordings</h1>"
        f"<p>{sum(not r.problem for r in done)} of {len(done)} analysed. Means over the time in "
        "which a value was known; these are estimates, not what anybody felt.</p>"
        f"<table><tr>{''.join(f'<th>{h}</th>' for h in head)}</tr>{rows}</table></body></html>"
    )


def _here(tasks: Sequence[tuple[str, str]], jobs: int) -> Iterator[Analysed]:
    if jobs <= 1:
        yield from (one(*task) for task in tasks)
        return
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        for future in as_completed([pool.submit(one, *task) for task in tasks]):
            yield future.result()


def _on_dask(tasks: Sequence[tuple[str, str]], address: str) -> Iterator[Analysed]:
    try:
        import distributed
    except ImportError:
        raise AbsentError("Dask is not there", "pip install 'sentio[dask]'") from None
    try:
        client = distributed.Client(None if address == "local" else address, timeout="10s")
    except (OSError, ValueError) as error:
        raise AbsentError(f"no Dask scheduler at {address}: {error}", "check the address") from None
    with client:
        futures = [client.submit(one, *task, pure=False) for task in tasks]
        for future in distributed.as_completed(futures):
            yield future.result()


def _written(folder: Path, out: Path, messages: Sequence[bytes], how: str) -> Analysed:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise AbsentError("pyarrow is not there", "pip install 'sentio[recording]'") from None
    found = [wire.decode_affect(m) for m in messages if m.startswith(b"affect/")]
    if not found:
        return Analysed(folder.name, problem="it holds no frames")
    known = np.array([[bool(f.mask >> i & 1) for i in range(len(LAYOUT))] for f in found])
    vectors = np.where(known, np.stack([f.vector for f in found]), np.float32("nan"))
    columns: dict[str, Any] = {
        "subject": [f.subject for f in found],
        "sent": [f.sent for f in found],
        "captured": [f.captured for f in found],
        "state": [State(f.state).label for f in found],
        # Unknown is null, as everywhere: not a number that could be averaged.
        **{n: pyarrow.array(vectors[:, i], from_pandas=True) for i, n in enumerate(LAYOUT)},
    }
    file = out / f"recording={folder.name}" / "frames.parquet"
    file.parent.mkdir(parents=True, exist_ok=True)
    pyarrow.parquet.write_table(pyarrow.table(columns), file)
    means = {
        name: float(np.nanmean(vectors[:, i].astype(float)))
        for i, name in enumerate(LAYOUT)
        if known[:, i].any()
    }
    return Analysed(folder.name, str(file), len(found), found[-1].sent - found[0].sent, means, how)
