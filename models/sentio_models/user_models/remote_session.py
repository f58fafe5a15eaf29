"""Session of a user's model in a process of its own, which may hang or crash."""

from __future__ import annotations

import signal
import struct
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

from sentio_models.errors import ModelEndedError, ModelFailedError, ModelRefusedError
from sentio_models.runtime.manifest import Manifest
from sentio_models.user_models import model_process
from sentio_models.user_models.confinement import HEADROOM

POLL = 0.1
"""Period of the watchdog, seconds."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What the process of a user's model may do.

    Attributes:
        seconds: Time of one run, after which the process is killed.
        start: Time of its start; Python and onnxruntime take about one second.
        memory: Bytes of address space beyond those of Python and onnxruntime.
        restarts: How often it is started again.
        forgiven: Runs in a row after which earlier ends no longer count.
    """

    seconds: float = 2.0
    start: float = 20.0
    memory: int = HEADROOM
    restarts: int = 3
    forgiven: int = 1000


LIMITS = Limits()


class RemoteSession:
    """Session that runs in a process of its own; as ``OnnxSession``.

    A process that hangs is killed; one that has ended is started again by the next ``run``, a
    limited number of times. The caller chooses the pauses in between.

    Args:
        manifest: Checked manifest.
        folder: Folder of the model's two files.
        name: File name without suffix.
        gpu: Use the GPU provider; the process then has no limits but that of time.
        limits: What the process may do.

    Raises:
        ModelRefusedError: It cannot be loaded there.
        ModelEndedError: The process ended at its start.
    """

    def __init__(
        self,
        manifest: Manifest,
        folder: Path,
        name: str,
        *,
        gpu: bool = False,
        limits: Limits = LIMITS,
    ) -> None:
        self.manifest = manifest
        self._command = [
            sys.executable, "-m", model_process.__name__, str(folder), name, manifest.sha256,
            "gpu" if gpu else "cpu", str(limits.memory),
        ]  # fmt: skip
        self._limits = limits
        self._ends = 0
        self._good = 0
        self._process: _Process | None = None
        self._start()

    @property
    def pid(self) -> int:
        """Number of the process; 0 if none is running."""
        return self._process.pid if self._process is not None else 0

    def run(self, inputs: Mapping[str, NDArray[np.generic]]) -> dict[str, NDArray[np.float32]]:
        """Compute all outputs, by name.

        Raises:
            ModelFailedError: An input or an output is not finite, or the runtime failed.
            ModelEndedError: The process hung, crashed, or has ended too often.
        """
        if self._process is None:
            self._start()
        assert self._process is not None
        request = model_process.packed(self.manifest.inputs, inputs)
        try:
            data = self._process.exchange(
                request, model_process.size(self.manifest.outputs), self._limits.seconds
            )
        except _EndedError as error:
            raise self._ended(str(error)) from None
        except _RefusedError as error:
            raise ModelFailedError(f"{self.manifest.name}: {error}") from None
        outputs = model_process.unpacked(self.manifest.outputs, data)
        # The process may be in the hands of the model: nothing that it says is trusted.
        if not all(np.isfinite(value).all() for value in outputs.values()):
            raise ModelFailedError(f"{self.manifest.name}: an output is not finite")
        self._good += 1
        if self._good >= self._limits.forgiven:
            self._ends = 0
        return outputs

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.close()
            self._process = None

    def _start(self) -> None:
        if self._ends > self._limits.restarts:
            raise ModelEndedError(
                f"{self.manifest.name}: its process has ended {self._ends} times and is not "
                "started again",
                "check the model with: sentio models verify, then restart the sidecar",
            )
        self._process = _Process(self._command)
        try:
            self._process.exchange(b"", 0, self._limits.start)
        except _RefusedError as error:
            self.close()
            raise ModelRefusedError(f"{self.manifest.name}: {error}") from None
        except _EndedError as error:
            raise self._ended(str(error)) from None

    def _ended(self, why: str) -> ModelEndedError:
        self.close()
        self._ends += 1
        self._good = 0
        return ModelEndedError(f"{self.manifest.name}: its process {why}")


class _EndedError(Exception):
    """The process hung or has ended."""


class _RefusedError(Exception):
    """The process reported an error."""


class _Process:
    """One process with its watchdog.

    Args:
        command: Command line.
    """

    def __init__(self, command: list[str]) -> None:
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            bufsize=0,
        )  # fmt: skip
        self.pid = self._process.pid
        self._watchdog = _Watchdog(self._process)
        self._finalizer = weakref.finalize(self, _end, self._process, self._watchdog)

    def exchange(self, request: bytes, size: int, seconds: float) -> bytes:
        """Send a request and return ``size`` bytes of the answer.

        Raises:
            _EndedError: The process hung, or has ended.
            _RefusedError: It reported an error.
        """
        self._watchdog.deadline = time.monotonic() + seconds
        try:
            _write(self._process.stdin, request)
            status = _read(self._process.stdout, 1)
            if status == model_process.FAILED:
                (length,) = struct.unpack("<I", _read(self._process.stdout, 4))
                text = _read(self._process.stdout, min(length, model_process.MAX_TEXT))
                raise _RefusedError(text.decode(errors="replace"))
            return _read(self._process.stdout, size)
        except (EOFError, OSError):
            raise _EndedError(self._why(seconds)) from None
        finally:
            self._watchdog.deadline = None

    def close(self) -> None:
        """Kill the process."""
        self._finalizer()

    def _why(self, seconds: float) -> str:
        try:
            code = self._process.wait(5.0)
        except subprocess.TimeoutExpired:
            return "closed its output"
        if self._watchdog.has_killed:
            return f"did not answer within {seconds:g} s and was killed"
        if code < 0:
            return f"crashed ({signal.Signals(-code).name})"
        return f"ended with code {code}"


class _Watchdog:
    """Thread that kills a process which does not answer in time.

    Attributes:
        deadline: When the answer is due; None while nothing is due.
        has_killed: Whether it has killed the process.
    """

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.deadline: float | None = None
        self.has_killed = False
        self._process = process
        self._stop = threading.Event()
        threading.Thread(target=self._run, name="sentio-model-watchdog", daemon=True).start()

    def stop(self) -> None:
        """End the thread."""
        self._stop.set()

    def _run(self) -> None:
        while not self._stop.wait(POLL):
            deadline = self.deadline
            if deadline is not None and time.monotonic() > deadline:
                self.has_killed = True
                self._process.kill()
                return


def _read(pipe: IO[bytes] | None, count: int) -> bytes:
    """Read exactly ``count`` bytes.

    Raises:
        EOFError: The process has closed its end.
    """
    assert pipe is not None
    data = bytearray()
    while len(data) < count:
        part = pipe.read(count - len(data))
        if not part:
            raise EOFError
        data += part
    return bytes(data)


def _write(pipe: IO[bytes] | None, data: bytes) -> None:
    assert pipe is not None
    view = memoryview(data)
    while view:
        view = view[pipe.write(view) :]


def _end(process: subprocess.Popen[bytes], watchdog: _Watchdog) -> None:
    watchdog.stop()
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
