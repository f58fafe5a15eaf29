"""List microphones and record from one with PortAudio.

``sounddevice`` is imported here, when the first microphone opens, and nowhere else.
"""

from __future__ import annotations

import atexit
import logging
import threading
from collections import deque
from dataclasses import dataclass
from types import ModuleType
from typing import Any, ClassVar

import numpy as np

from sentio_sensors.clock import Clock
from sentio_sensors.errors import AbsentError, DisconnectedError
from sentio_sensors.microphone.resample import Mono

logger = logging.getLogger(__name__)

QUEUE_S = 1.0
"""Length of the queue, seconds; older sound is dropped and counted."""

SILENT_S = 1.0
"""Seconds without a callback that count as a lost device."""

CLOSE_S = 1.0
"""Time limit of stopping a device, seconds; it takes a few milliseconds."""

MAX_LATENCY_S = 0.5
"""Largest age of a capture stamp, seconds; older or future stamps are ignored."""


@dataclass(frozen=True, slots=True)
class MicrophoneInfo:
    """A sound input.

    Attributes:
        index: PortAudio's number; changes when devices come and go.
        name: Readable name; a part of it can be given as ``device``.
        api: The host interface: ALSA, Core Audio, WASAPI, ...
        rate_hz: Native rate, samples a second.
        channels: Number of channels.
        default: Whether it is the default input.
    """

    index: int
    name: str
    api: str
    rate_hz: float
    channels: int
    default: bool


@dataclass(frozen=True, slots=True)
class Block:
    """The data of one callback.

    Attributes:
        time: Capture time of the first sample, seconds of the LSL clock.
        samples: Mono, -1..1.
        overflow: PortAudio reports samples lost before this block.
    """

    time: float
    samples: Mono
    overflow: bool


class _Host:
    """State of PortAudio, which all threads of the process share.

    PortAudio can search for new devices only while no stream is open.
    """

    lock: ClassVar[threading.RLock] = threading.RLock()
    streams: ClassVar[int] = 0


def load() -> ModuleType:
    """Import sounddevice.

    Raises:
        AbsentError: It, or the PortAudio library on Linux, is not installed.
    """
    try:
        import sounddevice
    except ImportError as error:
        fix = "pip install 'sentio-affect[microphone]'"
        raise AbsentError(f"microphones need sounddevice: {error}", fix) from error
    except OSError as error:
        fix = "sudo apt-get install libportaudio2"
        raise AbsentError(f"microphones need the PortAudio library: {error}", fix) from error
    module: ModuleType = sounddevice
    return module


def list_microphones() -> list[MicrophoneInfo]:
    """Return the sound inputs of this machine; may be empty.

    Inputs that were plugged in since the first search are found while no stream is open.

    Raises:
        AbsentError: sounddevice or PortAudio is missing.
    """
    sd = load()
    with _Host.lock:
        if _Host.streams == 0:
            sd._terminate()  # noqa: SLF001 - there is no public way
            sd._initialize()  # noqa: SLF001
        return _inputs(sd)


def _inputs(sd: ModuleType) -> list[MicrophoneInfo]:
    apis = sd.query_hostapis()
    default = sd.default.device[0]
    if default is None or default < 0:
        default = next((api["default_input_device"] for api in apis), -1)
    return [
        MicrophoneInfo(
            index,
            device["name"],
            apis[device["hostapi"]]["name"],
            device["default_samplerate"],
            device["max_input_channels"],
            index == default,
        )
        for index, device in enumerate(sd.query_devices())
        if device["max_input_channels"] > 0
    ]


def find(device: str, microphones: list[MicrophoneInfo]) -> MicrophoneInfo:
    """Return the input named by ``device``: name, part of a name, or index.

    An empty ``device`` gives the default input.

    Raises:
        AbsentError: No input matches.
    """
    if not device:
        chosen = [m for m in microphones if m.default] or microphones[:1]
    else:
        chosen = (
            [m for m in microphones if device == m.name]
            or [m for m in microphones if device == str(m.index)]
            or [m for m in microphones if device.lower() in m.name.lower()]
        )
    if chosen:
        return chosen[0]
    there = ", ".join(m.name for m in microphones) or "none"
    wanted = f"microphone {device!r}" if device else "a microphone"
    raise AbsentError(
        f"{wanted} not found (found: {there})",
        "plug it in, or choose one from: sentio devices",
    )


class PortAudioInput:
    """Recorder of mono blocks from one device, on PortAudio's thread.

    Args:
        device: As for ``find``.
        rate: Requested samples a second; the attribute ``rate`` is the actual value.
        block_ms: Length of a block, milliseconds.
        clock: Gives the time stamps.
    """

    def __init__(self, device: str, rate: int, block_ms: float, clock: Clock) -> None:
        self._device = device
        self.rate = rate
        self._block_ms = block_ms
        self._clock = clock
        self._stream: Any = None
        self._ready = threading.Condition()
        self._blocks: deque[Block] = deque()
        self._waiting = 0
        self._dropped = 0

    def open(self) -> str:
        """Start recording; return the device's name.

        Raises:
            AbsentError: The input is missing or busy, or access is denied.
        """
        with _Host.lock:
            return self._start(load())

    def _start(self, sd: ModuleType) -> str:
        microphone = find(self._device, list_microphones())
        self.rate = self._accepted_rate(sd, microphone, self.rate)
        # Mono of two channels is their mean; with more channels the first two carry the voice.
        channels = min(2, microphone.channels) if microphone.channels <= 2 else 1
        try:
            self._stream = sd.InputStream(
                device=microphone.index,
                samplerate=self.rate,
                channels=channels,
                dtype="float32",
                blocksize=max(1, round(self.rate * self._block_ms / 1000)),
                latency="low",
                callback=self._callback,
            )
            _Host.streams += 1
            self._stream.start()
        except sd.PortAudioError as error:
            self.close()
            raise AbsentError(
                f"{microphone.name} cannot be opened: {error}",
                "close other programs that use it, and allow access to the microphone",
            ) from error
        return microphone.name

    def take(self, timeout: float) -> tuple[list[Block], int]:
        """Wait for blocks; return them, oldest first, and the dropped samples' count.

        Raises:
            DisconnectedError: The device is lost.
        """
        if self._stream is None:
            raise DisconnectedError("the microphone was not opened", "call open first")
        with self._ready:
            if not self._blocks:
                self._ready.wait(timeout)
            blocks, dropped = list(self._blocks), self._dropped
            self._blocks.clear()
            self._waiting, self._dropped = 0, 0
        if not blocks and not self._stream.active:
            raise DisconnectedError("the microphone stopped")
        return blocks, dropped

    def close(self) -> None:
        """Stop recording and clear the queue."""
        if self._stream is not None:
            stream, self._stream = self._stream, None
            # ALSA's PulseAudio plugin waits forever for a server that died, and PortAudio waits
            # for the plugin. Closing must not block, so such a stream is abandoned.
            ending = threading.Thread(target=_end, args=(stream,), name="microphone", daemon=True)
            ending.start()
            ending.join(CLOSE_S)
            if ending.is_alive():
                atexit.unregister(load()._exit_handler)  # noqa: SLF001 - it would block as well
            else:
                with _Host.lock:
                    _Host.streams -= 1
        with self._ready:
            self._blocks.clear()
            self._waiting = self._dropped = 0

    def _callback(self, data: Any, frames: int, times: Any, status: Any) -> None:
        now = self._clock.now()
        # PortAudio reads the stream's clock just before the callback: the difference maps its
        # stamps to the LSL clock, whatever clock it uses.
        age = times.currentTime - times.inputBufferAdcTime
        # The first sample is at least as old as the block is long.
        age = max(frames / self.rate, age if age <= MAX_LATENCY_S else 0.0)
        samples: Mono = data.mean(axis=1) if data.shape[1] > 1 else data[:, 0].copy()
        block = Block(now - age, samples, bool(status.input_overflow))
        with self._ready:
            self._blocks.append(block)
            self._waiting += frames
            while self._waiting > QUEUE_S * self.rate and len(self._blocks) > 1:
                oldest = len(self._blocks.popleft().samples)
                self._waiting -= oldest
                self._dropped += oldest
            self._ready.notify()

    @staticmethod
    def _accepted_rate(sd: ModuleType, microphone: MicrophoneInfo, wanted: int) -> int:
        for rate in (wanted, int(microphone.rate_hz), 48000, 44100):
            try:
                sd.check_input_settings(microphone.index, channels=1, samplerate=rate)
            except (sd.PortAudioError, ValueError):
                continue
            return rate
        # It refuses even its native rate: no device is connected under this name.
        raise AbsentError(
            f"{microphone.name} refuses {wanted} Hz and its native {microphone.rate_hz:g} Hz",
            "check that it is plugged in and that the sound server runs, or choose another",
        )


def _end(stream: Any) -> None:
    for step in (stream.abort, stream.close):
        try:
            step()
        except Exception:  # a stream that cannot be closed is lost anyway
            logger.debug("a stream was not closed", exc_info=True)


def finite(samples: Mono) -> Mono:
    """Return ``samples`` with values that are not finite replaced by zero."""
    return np.nan_to_num(samples, nan=0.0, posinf=0.0, neginf=0.0)
