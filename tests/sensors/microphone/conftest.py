"""A private PulseAudio server whose microphone is a pipe: no sound card needed."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

DEADLINE_S = 15.0
BLOCK = 160


class PipeMicrophone:
    """Player of sounds into the pipe in real time, with silence in between.

    Args:
        pipe: PulseAudio reads signed 16-bit mono at 16 kHz from it.
        server: The PulseAudio process.
    """

    name = "pulse"

    def __init__(self, pipe: Path, server: subprocess.Popen[bytes]) -> None:
        self.server = server
        self._pipe = pipe
        self._ready = threading.Lock()
        self._sound = np.empty(0, np.float32)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="pipe-microphone")
        self._thread.start()

    def play(self, sound: NDArray[np.float32]) -> None:
        with self._ready:
            self._sound = np.concatenate([self._sound, sound])

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        pipe = os.open(self._pipe, os.O_WRONLY | os.O_NONBLOCK)
        due, noise = time.monotonic(), np.random.default_rng(5)
        try:
            while not self._stop.is_set():
                with self._ready:
                    block, self._sound = self._sound[:BLOCK], self._sound[BLOCK:]
                quiet = noise.normal(0, 0.001, BLOCK)
                quiet[: len(block)] = block
                os.write(pipe, np.round(quiet * 32767).astype("<i2").tobytes())
                due += BLOCK / 16000
                self._stop.wait(max(0.0, due - time.monotonic()))
        except (BrokenPipeError, BlockingIOError):
            pass  # the server has ended, or no reader is connected
        finally:
            os.close(pipe)


def _look_again() -> None:
    """Restart PortAudio: it lists devices only once, at its first use."""
    try:
        import sounddevice
    except (ImportError, OSError):
        return
    sounddevice._terminate()  # noqa: SLF001 - there is no public way
    sounddevice._initialize()  # noqa: SLF001


@pytest.fixture
def microphone(monkeypatch: pytest.MonkeyPatch) -> Iterator[PipeMicrophone]:
    if shutil.which("pulseaudio") is None:
        pytest.skip("pulseaudio is not installed: apt-get install pulseaudio libasound2-plugins")
    # Socket paths are limited in length: pytest's folders are too deep.
    folder = Path(tempfile.mkdtemp(prefix="sentio-"))
    socket, pipe, log = folder / "native", folder / "microphone", folder / "log"
    surroundings = {"HOME": folder, "XDG_RUNTIME_DIR": folder, "PULSE_RUNTIME_PATH": folder}
    for name, value in surroundings.items():
        monkeypatch.setenv(name, str(value))
    options = "--daemonize=no --exit-idle-time=-1 --use-pid-file=no --log-level=error"
    with log.open("wb") as out:
        server = subprocess.Popen(
            [
                "pulseaudio",
                "-n",
                *options.split(),
                "-L",
                f"module-native-protocol-unix socket={socket} auth-anonymous=1",
                "-L",
                f"module-pipe-source source_name=sentio file={pipe} format=s16le rate=16000 "
                "channels=1",
            ],
            stdout=out,
            stderr=out,
        )
    try:
        end = time.monotonic() + DEADLINE_S
        while not (socket.exists() and pipe.exists()):
            assert server.poll() is None, log.read_text()
            assert time.monotonic() < end, log.read_text()
            time.sleep(0.01)
        monkeypatch.setenv("PULSE_SERVER", f"unix:{socket}")
        monkeypatch.setenv("PULSE_SOURCE", "sentio")
        _look_again()
        pipe_microphone = PipeMicrophone(pipe, server)
        try:
            yield pipe_microphone
        finally:
            pipe_microphone.stop()
    finally:
        server.terminate()
        server.wait()
        shutil.rmtree(folder, ignore_errors=True)
