"""Record without blocking the callers: a bounded queue and one writing thread."""

from __future__ import annotations

import logging
import threading
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from sentio_recording.disk import Appender, AppendFile, FullError
from sentio_recording.errors import RecordingError
from sentio_recording.items import ChunkItem, Item, Open, Samples, Text, named, size_of
from sentio_recording.manifest import Manifest, device
from sentio_recording.media.store import MediaSettings, MediaWriter
from sentio_recording.sealed.data_keys import COMMON, DataKeys
from sentio_recording.storage import DROPS, Storage
from sentio_recording.xdf.headers import StreamInfo
from sentio_sensors.clock import Clock
from sentio_sensors.errors import SensorError
from sentio_sensors.stream import Chunk, StreamKey, StreamSpec

log = logging.getLogger(__name__)

PERIOD = 0.05
"""Seconds between two rounds of the writer: the longest loss by a crash of the program. Waking it
for each chunk would cost the live path a thread switch each time."""

QUEUE_BYTES = 64 << 20
"""Limit of the queue, bytes: half a minute of everything except video."""

QUEUE_ITEMS = 65_536
"""Limit of the queue, items: each costs additional memory."""

STOP_TIMEOUT = 10.0
"""Seconds that ``stop`` waits for a disk that does not respond."""


@dataclass(frozen=True, slots=True)
class RecorderStatus:
    """State of a recording.

    Attributes:
        active: Whether it accepts samples.
        folder: Its folder.
        seconds: Seconds since its start.
        bytes: Bytes written to ``data.xdf``.
        dropped: Total number of samples that could not be written.
        waiting: Bytes in the queue.
        reason: Reason of its end, or empty while it runs.
    """

    active: bool
    folder: str
    seconds: float
    bytes: int
    dropped: int
    waiting: int
    reason: str


class Recorder:
    """One recording, from ``start`` to ``stop``.

    All methods except ``start`` and ``stop`` return at once and may be called from any thread. If
    the disk is too slow, new data is dropped and counted; if it is full, the recording ends with
    valid files and ``on_end`` gets the reason.

    Attributes:
        manifest: Description of the recording; may be replaced until ``start``.
        keys: Encrypt with them; may be set until ``start``.

    Args:
        folder: Created by ``start``; must not exist, or be empty.
        manifest: Description of the recording.
        clock: The LSL clock.
        media: Formats of video and sound.
        on_end: Called with the reason if it ends by itself, on the writing thread.
        open_file: Opens the files.
        queue_bytes: Limit of the queue, bytes.
        on_defect: Called with an exception that should not happen, on the writing thread. By
            default it is logged.
    """

    def __init__(
        self,
        folder: Path,
        manifest: Manifest,
        clock: Clock,
        *,
        media: MediaSettings | None = None,
        on_end: Callable[[str], None] = lambda _: None,
        open_file: Callable[[Path], Appender] = AppendFile,
        queue_bytes: int = QUEUE_BYTES,
        on_defect: Callable[[Exception], None] = lambda error: log.error(
            "recording failed", exc_info=error
        ),
    ) -> None:
        self._folder = folder
        self.manifest = manifest
        self.keys: DataKeys | None = None
        self._clock = clock
        self._media = MediaWriter(folder, media or MediaSettings(), open_file)
        self._on_end = on_end
        self._on_defect = on_defect
        self._open_file = open_file
        self._limit = queue_bytes
        self._queue: deque[Item] = deque()
        self._waiting = 0
        self._lock = threading.Lock()
        self._dropped: Counter[StreamKey | str] = Counter()
        self._reported: Counter[StreamKey | str] = Counter()
        self._stopping = threading.Event()
        self._wake = threading.Event()
        self._unwritten: list[Callable[[], None]] = []
        self._thread = threading.Thread(target=self._run, name="sentio-recorder", daemon=True)
        self._storage: Storage | None = None
        self._began = 0.0
        self._ended: float | None = None
        self._reason = ""

    def start(self) -> None:
        """Create the folder and start; a second call does nothing.

        Raises:
            FullError: The folder cannot be created or written.
        """
        if self._storage is not None:
            return
        self._began = self._clock.now()
        self._media.keys = self.keys
        self._storage = Storage(
            self._folder, self.manifest, self._began, open_file=self._open_file, keys=self.keys
        )
        self._thread.start()
        log.info("recording to %s", self._folder)

    def stop(self) -> RecorderStatus:
        """Write the queue, footers and manifest; a second call does nothing."""
        self._stopping.set()
        self._wake.set()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join(STOP_TIMEOUT)
        return self.status

    def stream(self, spec: StreamSpec) -> None:
        """Add a sensor's stream; a second call after a reconnection adds a new stream.

        Its subject is ``spec.meta["subject"]``, if present.
        """
        key = StreamKey(spec.meta.get("subject", ""), spec.id)
        self._put(Open(key, self._media.info(key, spec), spec, self._clock.now()), 0)

    def open(self, info: StreamInfo) -> None:
        """Add another stream by its name; ``samples`` records its rows."""
        self._put(Open(info.name, info, None, self._clock.now()), 0)

    def chunk(self, chunk: Chunk, subject: str = "") -> None:
        """Record a sensor's chunk as one chunk; its arrays must not change afterwards."""
        key = StreamKey(subject, chunk.stream)
        self._put(ChunkItem(key, chunk), size_of(chunk), key, len(chunk))

    def samples(self, name: str, times: NDArray[np.float64], values: NDArray[Any]) -> None:
        """Record rows of a stream that was added with ``open``."""
        self._put(Samples(name, times, values), values.nbytes, name, len(times))

    def record(
        self,
        kind: str,
        time: float,
        payload: bytes,
        *,
        ordered: bool = False,
        owner: str = COMMON,
    ) -> None:
        """Record a text.

        Args:
            kind: Name of the stream, which is created if it is new.
            time: LSL clock, seconds.
            payload: UTF-8.
            ordered: Keep its position among the chunks; otherwise it is written with others of its
                kind, which is cheaper.
            owner: Whose it is: in an encrypted recording of several persons it gets their key.
        """
        self._put(Text(kind, time, payload, ordered, owner), len(payload), kind)

    def written(self, callback: Callable[[], None]) -> None:
        """Call ``callback`` once all that was recorded so far is in the files.

        A kill of the process then loses none of it; a power failure may, up to a second. The
        writer is woken for it. At once if the recording has ended; also if its disk is full.

        Args:
            callback: Called on the writing thread, or on this one; must return at once.
        """
        with self._lock:
            waits = self._ended is None
            if waits:
                self._unwritten.append(callback)
        if waits:
            self._wake.set()
        else:
            callback()

    @property
    def status(self) -> RecorderStatus:
        """Return the state; callable from any thread."""
        storage = self._storage
        active = storage is not None and self._ended is None and not self._stopping.is_set()
        end = self._clock.now() if self._ended is None else self._ended
        return RecorderStatus(
            active,
            str(self._folder),
            end - self._began if storage is not None else 0.0,
            storage.size if storage is not None else 0,
            sum(self._dropped.values()),
            self._waiting,
            self._reason,
        )

    def _put(self, item: Item, size: int, key: StreamKey | str = "", count: int = 1) -> None:
        with self._lock:
            if self._stopping.is_set() or self._ended is not None:
                return
            if size and (self._waiting + size > self._limit or len(self._queue) >= QUEUE_ITEMS):
                self._dropped[key] += count
                return
            self._waiting += size
            self._queue.append(item)

    def _take(self) -> tuple[list[Item], list[Callable[[], None]]]:
        """Return what waits, and the callbacks for when it is written."""
        with self._lock:
            items, callbacks = list(self._queue), self._unwritten
            self._queue.clear()
            self._unwritten = []
            return items, callbacks

    def _called(self, callbacks: list[Callable[[], None]]) -> None:
        for callback in callbacks:
            try:
                callback()
            except Exception as error:  # a defect of a caller does not end the recording
                self._on_defect(error)

    def _run(self) -> None:
        storage = self._storage
        if storage is None:
            return
        reason = "stopped"
        try:
            while not self._stopping.is_set():
                if self._wake.wait(PERIOD):
                    self._wake.clear()
                self._round(storage)
            self._round(storage)
            for key in self._media.open_streams():
                self._settle(storage, key)
        except FullError as error:
            reason = error.what
        except Exception as error:  # a defect here must still leave a readable file
            self._on_defect(error)
            reason = f"{type(error).__name__}: {error}"
        with self._lock:
            self._ended = self._clock.now()
            self._reason = reason
            self._queue.clear()
            self._waiting = 0
            self._dropped.update(self._media.abandon())
        problem = storage.end(self._ended, reason, named(self._dropped))
        self._called(self._take()[1])
        log.info("recording ended: %s: %s", self._folder, problem or reason)
        if reason == "stopped" and problem:
            reason = self._reason = problem
        if reason != "stopped":
            self._on_end(reason)

    def _round(self, storage: Storage) -> None:
        items, callbacks = self._take()
        try:
            self._write(storage, items)
        finally:
            self._called(callbacks)
        storage.sync(self._clock.now())

    def _write(self, storage: Storage, items: list[Item]) -> None:
        texts: dict[str, list[Text]] = {}
        for item in items:
            if isinstance(item, Open):
                self._opened(storage, item)
                continue
            if isinstance(item, Text):
                size = len(item.payload)
                if item.ordered:
                    storage.text(item.key, [(item.time, item.payload)], self._owner(item))
                else:
                    texts.setdefault(item.key, []).append(item)
            else:
                if isinstance(item, ChunkItem):
                    size = size_of(item.chunk)
                else:
                    size = item.values.nbytes
                self._samples(storage, item)
            with self._lock:
                self._waiting -= size
        for key, rows in texts.items():
            for owner, run in groupby(rows, self._owner):
                storage.text(key, [(item.time, item.payload) for item in run], owner)
        now = self._clock.now()
        if self._dropped != self._reported:
            with self._lock:
                self._reported = self._dropped.copy()
            storage.text(DROPS, [(now, msgspec.json.encode(named(self._reported)))])
        self._media.sync(now)
        storage.upkeep(now)

    def _owner(self, item: Text) -> str:
        """Return whose key a text gets: texts of one person need no chunks of their own."""
        shared = self.keys is not None and self.keys.is_shared
        return item.owner if shared else COMMON

    def _opened(self, storage: Storage, item: Open) -> None:
        if isinstance(item.key, StreamKey):
            self._settle(storage, item.key)
        storage.open(item.key, item.info, item.time)
        if item.spec is not None:
            found = device(item.spec)
            if found not in storage.manifest.devices:
                devices = [*storage.manifest.devices, found]
                storage.describe(replace(storage.manifest, devices=devices))

    def _settle(self, storage: Storage, key: StreamKey) -> None:
        """End a stream's media file, if it has one."""
        for row in self._media.close_stream(key):
            storage.samples(key, *row)

    def _samples(self, storage: Storage, item: ChunkItem | Samples) -> None:
        """Write one chunk; if that fails, count its samples and continue."""
        try:
            if isinstance(item, ChunkItem):
                rows = list(self._media.write(item.key, item.chunk))
                stamps = item.chunk.stamps
                for times, values, details in rows:
                    paired = stamps is not None and len(stamps.original) == len(times)
                    storage.samples(item.key, times, values, details, stamps if paired else None)
            else:
                storage.samples(item.key, item.times, item.values)
        except FullError:
            raise
        except (RecordingError, SensorError) as error:
            log.warning("not recorded: %s", error)
            with self._lock:
                count = len(item.chunk) if isinstance(item, ChunkItem) else len(item.times)
                self._dropped[item.key] += count
