"""Recompute many recordings in local processes or on a Dask cluster."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

from sentio_bridge.batch.dataset import AnalyzedRecording, write
from sentio_bridge.batch.page import page
from sentio_bridge.core import command_log
from sentio_bridge.core.outgoing import TimedOutgoing
from sentio_bridge.errors import BridgeError
from sentio_bridge.replay.engine import frames, recorded_frames
from sentio_bridge.replay.foreign import ForeignReplay
from sentio_models import AFFECT
from sentio_recording.absent_frames import absent_frames
from sentio_recording.recording import Recording
from sentio_recording.repair import ORIGINAL
from sentio_recording.storage import DATA
from sentio_sensors import AbsentError, Role, SensorError
from sentio_sensors.files import Hints
from sentio_sensors.files.reader import recognised

SUMMARY = "summary.html"
"""Name of the page about all recordings."""

logger = logging.getLogger(__name__)

Task = tuple[str, str, str, dict[str, str], Hints]
"""Arguments of ``one``."""


def find(folders: Sequence[Path]) -> list[Path]:
    """Return the recordings, also of other programs, in and below ``folders``, sorted.

    Raises:
        AbsentError: No recording was found.
    """
    found = {each for path in folders for each in (_below(path) if path.is_dir() else [path])}
    if not found:
        where = ", ".join(str(path) for path in folders)
        raise AbsentError(
            f"no recording in or below {where}", "name a file: sentio analyze FILE --out FOLDER"
        )
    return sorted(found)


def named(recordings: Sequence[Path]) -> dict[str, Path]:
    """Return unique names, prefixed with the folder where two are equal."""
    paths: dict[str, Path] = {}
    base_names = [path.stem if path.is_file() else path.name for path in recordings]
    for path, name in zip(recordings, base_names, strict=True):
        folders = list(path.absolute().parents)
        while name in paths or (base_names.count(name) > 1 and folders):
            name = f"{folders.pop(0).name}-{name}"
        paths[name] = path
    return paths


def one(
    name: str,
    path: str,
    out: str,
    roles: Mapping[str, str] | None = None,
    hints: Hints | None = None,
) -> list[AnalyzedRecording]:
    """Analyse one recording; may run in another process, so all values are plain.

    Returns:
        One summary for each person.
    """
    try:
        with Recording(Path(path), hints) as recording:
            channel_roles = {pattern: Role(role) for pattern, role in (roles or {}).items()}
            messages, how = messages_of(recording, channel_roles)
            done = write(name, Path(out), (sent.outgoing for sent in messages), how)
            if any(not result.means.keys().isdisjoint(AFFECT) for result in done):
                return done
            note = "; ".join(absent_frames(recording))
            return [replace(result, note=note) for result in done]
    except (BridgeError, SensorError, OSError) as error:
        return [AnalyzedRecording(name, problem=str(error))]
    except Exception as error:  # a defect costs this recording
        logger.exception("%s was not analysed", name)
        return [AnalyzedRecording(name, problem=f"{type(error).__name__}: {error}")]


def analyse(
    recordings: Sequence[Path],
    out: Path,
    *,
    jobs: int = 1,
    dask: str = "",
    roles: Mapping[str, str] | None = None,
    hints: Hints | None = None,
    progress: Callable[[int, int], None] = lambda *_: None,
) -> list[AnalyzedRecording]:
    """Analyse recordings into a Parquet dataset; return a summary of each person.

    Args:
        recordings: Folders or files of the recordings.
        out: Folder, created if missing; must be visible to all workers. The dataset is
            ``frames`` in it, ``summary.html`` beside.
        jobs: Number of local processes.
        dask: Address of a Dask scheduler to use instead; ``local`` starts one.
        roles: Patterns of other programs' streams and channels, with their role.
        hints: What the user states about other programs' files.
        progress: Called with the number of finished recordings and the total.

    Raises:
        AbsentError: Dask is not installed, or its scheduler cannot be reached.
    """
    dataset = out / "frames"
    dataset.mkdir(parents=True, exist_ok=True)
    tasks: list[Task] = [
        (name, str(path.absolute()), str(dataset.absolute()), dict(roles or {}), hints or Hints())
        for name, path in named(recordings).items()
    ]
    done: list[AnalyzedRecording] = []
    results = _on_dask(tasks, dask) if dask else _on_processes(tasks, jobs)
    for finished, people in enumerate(results, 1):
        done += people
        progress(finished, len(tasks))
    done.sort(key=lambda result: (result.recording, result.subject))
    (out / SUMMARY).write_text(page(done), encoding="utf-8")
    return done


def _on_processes(tasks: Sequence[Task], jobs: int) -> Iterator[list[AnalyzedRecording]]:
    if jobs <= 1:
        yield from (one(*task) for task in tasks)
        return
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        for future in as_completed([pool.submit(one, *task) for task in tasks]):
            yield future.result()


def _on_dask(tasks: Sequence[Task], address: str) -> Iterator[list[AnalyzedRecording]]:
    try:
        import distributed
    except ImportError:
        raise AbsentError("Dask is not installed", "pip install 'sentio-affect[dask]'") from None
    try:
        client = distributed.Client(None if address == "local" else address, timeout="10s")
    except (OSError, ValueError) as error:
        raise AbsentError(f"no Dask scheduler at {address}: {error}", "check the address") from None
    with client:
        futures = [client.submit(one, *task, pure=False) for task in tasks]
        for future in distributed.as_completed(futures):
            yield future.result()


def _below(folder: Path) -> Iterator[Path]:
    """Yield the recordings in and below a folder; a recording that is a folder is one."""
    if (folder / DATA).exists() or recognised(folder):
        yield folder
        return
    for entry in sorted(folder.iterdir()):
        if entry.is_dir():
            yield from _below(entry)
        elif entry.is_file() and entry.name != ORIGINAL and _is_recording(entry):
            yield entry


def _is_recording(file: Path) -> bool:
    return file.name.lower().endswith((".xdf", ".xdfz", ".xdf.gz")) or recognised(file)


def messages_of(
    recording: Recording, roles: Mapping[str, Role]
) -> tuple[Iterator[TimedOutgoing], str]:
    """Return the messages of a recording by the best possible way, and its name."""
    if recording.manifest is not None and recording.numbers(command_log.STREAM):
        return frames(recording), "replayed"
    if any(info.kind == "Affect" for info in recording.streams.values()):
        return recorded_frames(recording), "recorded"
    return ForeignReplay(recording, roles).messages(), "computed"
