"""Recompute many recordings in local processes or on a Dask cluster."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path

from sentio_bridge.batch.dataset import AnalyzedRecording, write
from sentio_bridge.batch.page import page
from sentio_bridge.core import command_log
from sentio_bridge.core.outgoing import Outgoing
from sentio_bridge.errors import BridgeError
from sentio_bridge.replay.engine import frames, recorded_frames
from sentio_bridge.replay.foreign import ForeignReplay
from sentio_recording.recording import Recording
from sentio_recording.repair import ORIGINAL
from sentio_recording.storage import DATA
from sentio_sensors import AbsentError, Role, SensorError

logger = logging.getLogger(__name__)

Task = tuple[str, str, str, dict[str, str]]
"""Arguments of ``one``."""


def find(folders: Sequence[Path]) -> list[Path]:
    """Return the recordings and foreign XDF files in and below ``folders``, sorted.

    Raises:
        AbsentError: No recording was paths.
    """
    files = {file for path in folders for file in ([path] if path.is_file() else _below(path))}
    if not files:
        where = ", ".join(str(path) for path in folders)
        raise AbsentError(f"no recording in or below {where}", "name folders or .xdf files")
    return sorted(file.parent if file.name == DATA else file for file in files)


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
    name: str, path: str, out: str, roles: Mapping[str, str] | None = None
) -> AnalyzedRecording:
    """Analyse one recording; may run in another process, so all values are plain."""
    try:
        with Recording(Path(path)) as recording:
            channel_roles = {pattern: Role(role) for pattern, role in (roles or {}).items()}
            messages, how = _messages(recording, channel_roles)
            return write(name, Path(out), messages, how)
    except (BridgeError, SensorError, OSError) as error:
        return AnalyzedRecording(name, problem=str(error))
    except Exception as error:  # a defect costs this recording
        logger.exception("%s was not analysed", name)
        return AnalyzedRecording(name, problem=f"{type(error).__name__}: {error}")


def analyse(
    recordings: Sequence[Path],
    out: Path,
    *,
    jobs: int = 1,
    dask: str = "",
    roles: Mapping[str, str] | None = None,
    progress: Callable[[int, int], None] = lambda *_: None,
) -> list[AnalyzedRecording]:
    """Analyse recordings into a Parquet dataset, ``out/frames``.

    Args:
        recordings: Folders or files of the recordings.
        out: Folder, created if missing; must be visible to all workers. ``summary.html`` is
            written beside the dataset.
        jobs: Number of local processes.
        dask: Address of a Dask scheduler to use instead; ``local`` starts one.
        roles: Patterns of other programs' streams and channels, with their role.
        progress: Called with the number of finished recordings and the total.

    Raises:
        AbsentError: Dask is not installed, or its scheduler cannot be reached.
    """
    dataset = out / "frames"
    dataset.mkdir(parents=True, exist_ok=True)
    tasks: list[Task] = [
        (name, str(path.absolute()), str(dataset.absolute()), dict(roles or {}))
        for name, path in named(recordings).items()
    ]
    done: list[AnalyzedRecording] = []
    for result in _on_dask(tasks, dask) if dask else _on_processes(tasks, jobs):
        done.append(result)
        progress(len(done), len(tasks))
    done.sort(key=lambda result: result.recording)
    (out / "summary.html").write_text(page(done), encoding="utf-8")
    return done


def _on_processes(tasks: Sequence[Task], jobs: int) -> Iterator[AnalyzedRecording]:
    if jobs <= 1:
        yield from (one(*task) for task in tasks)
        return
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        for future in as_completed([pool.submit(one, *task) for task in tasks]):
            yield future.result()


def _on_dask(tasks: Sequence[Task], address: str) -> Iterator[AnalyzedRecording]:
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
    for file in folder.rglob("*.xdf"):
        if file.name != ORIGINAL:
            yield file


def _messages(recording: Recording, roles: Mapping[str, Role]) -> tuple[Iterator[Outgoing], str]:
    """Return the messages of a recording by the best possible way, and its name."""
    if recording.manifest is not None and recording.numbers(command_log.STREAM):
        return (sent.outgoing for sent in frames(recording)), "replayed"
    if any(info.kind == "Affect" for info in recording.streams.values()):
        return (sent.outgoing for sent in recorded_frames(recording)), "recorded"
    return (sent.outgoing for sent in ForeignReplay(recording, roles).messages()), "computed"
