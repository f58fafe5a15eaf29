"""Source of 16 kHz mono audio from a microphone or a sound file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from sentio_sensors.clock import Clock
from sentio_sensors.errors import AbsentError, DisconnectedError, FormatError
from sentio_sensors.microphone.portaudio import (
    SILENT_S,
    MicrophoneInfo,
    PortAudioInput,
    finite,
    list_microphones,
)
from sentio_sensors.microphone.quality import SoundQuality
from sentio_sensors.microphone.resample import Mono, Resampler
from sentio_sensors.microphone.stamped import StampedResampler
from sentio_sensors.microphone.stored import SoundFile
from sentio_sensors.source import EndOfSource
from sentio_sensors.stream import Channel, Chunk, Role, StreamSpec

__all__ = [
    "MicrophoneInfo",
    "MicrophoneSettings",
    "MicrophoneSource",
    "list_microphones",
]

RATE = 16000
"""Samples a second of every audio stream: the rate of the voice models."""

MAX_BACKLOG_S = 1.0
"""Largest backlog of a file, seconds. After a longer pause, such as system sleep, the file
continues where it stopped; the time in between is counted as lost, as with a device."""


class MicrophoneSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Settings of a microphone.

    Attributes:
        device: A part of the name that ``sentio devices`` shows; empty for the default input.
        file: A sound file that is played in real time instead of a device.
        block_ms: Length of a block, milliseconds; the voice model runs 30 times a second
            and gains nothing from shorter blocks.
        loop: Whether a file is repeated.
    """

    device: str = ""
    file: str = ""
    block_ms: float = 32.0
    loop: bool = True

    def __post_init__(self) -> None:
        """Validate the settings."""
        if self.device and self.file:
            raise ValueError("device and file are set; keep one of them")
        if not 5 <= self.block_ms <= 200:
            raise ValueError(f"block_ms is {self.block_ms}; use 5..200")


class MicrophoneSource:
    """Source of one audio stream: float32 -1..1, 16 kHz, mono.

    Clipping, silence and a constant offset lower the quality of a chunk; samples that the
    driver or a slow reader lost are counted in ``Chunk.lost``.

    Args:
        settings: Which device or file to read.
        clock: Gives the time stamps and paces files.
    """

    def __init__(self, settings: MicrophoneSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._input: _Device | _File | None = None
        name = Path(settings.file).name if settings.file else settings.device or "default"
        self._stream = f"microphone:{name}/audio"
        self._quality = SoundQuality(RATE)

    def open(self) -> Sequence[StreamSpec]:
        """Start recording.

        Raises:
            AbsentError: The input, the file, PortAudio or a permission is missing.
            FormatError: The input cannot be used.
        """
        self.close()
        self._quality = SoundQuality(RATE)
        self._input = (
            _File(self._settings, self._clock)
            if self._settings.file
            else _Device(self._settings, self._clock)
        )
        channels = (Channel("mono", "1"),)
        return [StreamSpec(self._stream, Role.AUDIO, RATE, channels, device=self._input.name)]

    def read(self, timeout: float) -> Sequence[Chunk]:
        """Wait for the next block; return everything since the last call as one chunk.

        Raises:
            DisconnectedError: The device is lost.
            EndOfSource: A file has been played and does not loop.
        """
        if self._input is None:
            raise DisconnectedError("the microphone was not opened", "call open first")
        times, samples, lost = self._input.read(timeout)
        if not len(samples):
            return []
        whole = bool(np.isfinite(samples).all())
        good = samples if whole else finite(samples)
        quality, reasons = self._quality.assess(good)
        if not whole:
            quality, reasons = 0.0, (*reasons, "not_finite")
        values = np.clip(good, -1, 1)[:, None]
        return [Chunk(self._stream, times, values, quality, reasons, lost)]

    def close(self) -> None:
        """Close the device and discard unread samples."""
        if self._input is not None:
            self._input.close()
            self._input = None


_Samples = tuple[NDArray[np.float64], Mono, int]
_NOTHING: _Samples = (np.empty(0), np.empty(0, np.float32), 0)


class _Device:
    """Live input: PortAudio blocks with smoothed stamps at one rate."""

    def __init__(self, settings: MicrophoneSettings, clock: Clock) -> None:
        self._clock = clock
        self._input = PortAudioInput(settings.device, RATE, settings.block_ms, clock)
        self.name = self._input.open()
        self._rate = self._input.rate
        try:
            self._stamped = StampedResampler(self._rate, RATE)
        except ValueError as error:
            self._input.close()
            raise FormatError(f"{self.name}: {error}", "choose another microphone") from error
        except AbsentError:
            self._input.close()
            raise
        self._lost = 0
        self._last_block = clock.now()

    def read(self, timeout: float) -> _Samples:
        blocks, dropped = self._input.take(timeout)
        now = self._clock.now()
        if not blocks:
            if now - self._last_block > SILENT_S:
                raise DisconnectedError(f"{self.name} sent nothing for {SILENT_S:g} s")
            return _NOTHING
        self._last_block = now
        lost, times, samples = dropped, [], []
        for block in blocks:
            stamps, out, missing = self._stamped.block(block.time, block.samples)
            # An overflow without a gap in the stamps counts as one sample; samples that the queue
            # dropped leave a gap too, and are counted once.
            lost = max(lost, missing) if block is blocks[0] else lost + missing
            lost += block.overflow and not missing
            times.append(stamps)
            samples.append(out)
        self._lost += round(lost * RATE / self._rate)
        joined = np.concatenate(samples)
        if not len(joined):
            return _NOTHING
        missing, self._lost = self._lost, 0
        return np.concatenate(times), joined, missing

    def close(self) -> None:
        self._input.close()


class _File:
    """Sound file, paced in real time."""

    def __init__(self, settings: MicrophoneSettings, clock: Clock) -> None:
        self._clock = clock
        self._file = SoundFile(Path(settings.file).expanduser())
        self.name = Path(settings.file).name
        self._loop = settings.loop
        try:
            self._resampler = Resampler(self._file.rate, RATE)
        except ValueError as error:
            self._file.close()
            raise FormatError(f"{self.name}: {error}", "convert it to 48 kHz") from error
        except AbsentError:
            self._file.close()
            raise
        self._block = max(1, round(RATE * settings.block_ms / 1000))
        self._start = clock.now()
        self._count = 0
        self._ended = False
        self._decoded: Mono = np.empty(0, np.float32)

    def read(self, timeout: float) -> _Samples:
        self._decode(self._block)  # before it is due, so that decoding adds no delay
        size = min(self._block, len(self._decoded))
        if not size:
            raise EndOfSource(f"{self.name} has been played")
        due = self._start + (self._count + size) / RATE
        self._clock.sleep(min(timeout, due - self._clock.now()))
        ready = int((self._clock.now() - self._start) * RATE + 1e-6) - self._count
        if ready < size:
            return _NOTHING
        late = max(0, ready - int(MAX_BACKLOG_S * RATE))
        # The file pauses during a long delay; a microphone would not.
        self._start += late / RATE
        size = max(size, (ready - late) // self._block * self._block)
        self._decode(size)
        block, self._decoded = self._decoded[:size], self._decoded[size:]
        times = self._start + (self._count + np.arange(len(block))) / RATE
        self._count += len(block)
        return times, block, late

    def _decode(self, wanted: int) -> None:
        """Decode until ``wanted`` samples are ready, or to the end of the file."""
        parts, count = [self._decoded], len(self._decoded)
        while count < wanted and not self._ended:
            part = self._file.read(max(1, self._block * self._file.rate // RATE))
            if not len(part) and self._loop:
                self._file.rewind()
                continue
            self._ended = not len(part)
            out, _ = self._resampler.flush() if self._ended else self._resampler.push(part)
            parts.append(out)
            count += len(out)
        self._decoded = np.concatenate(parts)

    def close(self) -> None:
        self._file.close()
