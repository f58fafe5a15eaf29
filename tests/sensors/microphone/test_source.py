"""Tests with sound files, and with sound through PulseAudio, ALSA and PortAudio."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sentio_sensors import (
    AbsentError,
    Chunk,
    DisconnectedError,
    EndOfSource,
    FormatError,
    ManualClock,
    MonotonicClock,
    Role,
)
from sentio_sensors.microphone.portaudio import MicrophoneInfo, find
from sentio_sensors.microphone.source import (
    MicrophoneSettings,
    MicrophoneSource,
    list_microphones,
)
from sentio_sensors.microphone.stored import SoundFile

soundfile = pytest.importorskip("soundfile")
DEADLINE_S = 30.0


def write(path: Path, rate: int, channels: int = 1, seconds: float = 1.0) -> Path:
    t = np.arange(int(rate * seconds)) / rate
    tone = 0.4 * np.sin(2 * np.pi * 440 * t)
    soundfile.write(path, np.stack([tone] * channels, axis=1), rate)
    return path


def to_the_end(source: MicrophoneSource) -> list[Chunk]:
    chunks: list[Chunk] = []
    while True:
        try:
            chunks += source.read(0.1)
        except EndOfSource:
            return chunks


@pytest.mark.parametrize(("rate", "channels"), [(16000, 1), (22050, 1), (44100, 2), (48000, 6)])
def test_any_file_is_played_as_16_khz_mono(tmp_path: Path, rate: int, channels: int) -> None:
    path = write(tmp_path / "tone.wav", rate, channels)
    clock = ManualClock(50.0)
    source = MicrophoneSource(MicrophoneSettings(file=str(path), loop=False), clock)
    (spec,) = source.open()
    assert (spec.role, spec.rate_hz, len(spec.channels)) == (Role.AUDIO, 16000, 1)
    chunks = to_the_end(source)
    times = np.concatenate([chunk.times for chunk in chunks])
    values = np.concatenate([chunk.values for chunk in chunks])
    assert values.dtype == np.float32
    assert values.shape == (len(times), 1)
    assert len(times) == pytest.approx(16000, abs=60)
    assert np.allclose(np.diff(times), 1 / 16000)
    expected = 0.4 * np.sin(2 * np.pi * 440 * (times - 50.0))
    assert np.abs(values[:, 0] - expected)[300:-300].max() < 0.01
    assert all(chunk.quality == 1.0 for chunk in chunks)


def level(path: Path) -> float:
    sound = SoundFile(path)
    try:
        return float(np.sqrt(np.mean(sound.read(10**6) ** 2)))
    finally:
        sound.close()


@pytest.mark.parametrize(
    "gains", [(1,), (1, 1), (1, -1), (1, 0), (0, 0, 0, 1, 0, 0, 0, 0), (1, -0.8, 0.9), (-1, 1, 1)]
)
def test_a_voice_keeps_its_level_on_any_channels(tmp_path: Path, gains: tuple[float, ...]) -> None:
    t = np.arange(16000) / 16000
    tone = 0.4 * np.sin(2 * np.pi * 440 * t)
    rng = np.random.default_rng(1)
    sound = tone[:, None] * np.array(gains) + 1e-4 * rng.normal(size=(16000, len(gains)))
    soundfile.write(tmp_path / "a.wav", sound, 16000)
    assert level(tmp_path / "a.wav") == pytest.approx(0.4 / np.sqrt(2), rel=0.12)


def test_channels_of_different_people_are_mixed(tmp_path: Path) -> None:
    t = np.arange(16000) / 16000
    people = np.stack([0.3 * np.sin(2 * np.pi * f * t) for f in (300, 470)], axis=1)
    soundfile.write(tmp_path / "a.wav", people, 16000)
    sound = SoundFile(tmp_path / "a.wav")
    assert sound.read(16000) == pytest.approx(people.mean(axis=1), abs=1e-4)
    sound.close()


@pytest.mark.parametrize("rate", [7999, 11127, 12345, 44056, 96001])
def test_odd_rates_keep_pitch_and_length(tmp_path: Path, rate: int) -> None:
    path = write(tmp_path / "tone.wav", rate)
    source = MicrophoneSource(MicrophoneSettings(file=str(path), loop=False), ManualClock(50.0))
    source.open()
    chunks = to_the_end(source)
    times = np.concatenate([chunk.times for chunk in chunks])
    values = np.concatenate([chunk.values for chunk in chunks])[:, 0]
    assert len(times) == pytest.approx(16000, abs=60)
    expected = 0.4 * np.sin(2 * np.pi * 440 * (times - 50.0))
    assert np.abs(values - expected)[300:-300].max() < 0.02


@pytest.mark.parametrize("rate", [1, 8, 3_000_000])
def test_impossible_rates_are_refused(tmp_path: Path, rate: int) -> None:
    soundfile.write(tmp_path / "a.wav", np.ones(100) * 0.1, rate)
    with pytest.raises(FormatError, match=rf"states {rate} Hz.*ffmpeg"):
        SoundFile(tmp_path / "a.wav")


@pytest.mark.parametrize("stated", [0, 0xFFFFFFFF, 0x7FFFFFFF])
@pytest.mark.parametrize("subtype", ["PCM_16", "PCM_24", "FLOAT"])
def test_length_that_a_pipe_could_not_state_is_found(
    tmp_path: Path, stated: int, subtype: str
) -> None:
    path = write(tmp_path / "whole.wav", 44100, 2)
    data, rate = soundfile.read(path)
    soundfile.write(path, data, rate, subtype=subtype)
    header = bytearray(path.read_bytes())
    at = header.index(b"data")
    header[at + 4 : at + 8] = header[4:8] = stated.to_bytes(4, "little")
    (tmp_path / "pipe.wav").write_bytes(header)
    sound = SoundFile(tmp_path / "pipe.wav")
    assert len(sound.read(10**6)) == 44100
    sound.rewind()
    assert sound.read(44100) == pytest.approx(data[:, 0], abs=2e-4)
    sound.close()


def test_file_is_paced_and_loops_without_gap(tmp_path: Path) -> None:
    path = write(tmp_path / "tone.wav", 22050, seconds=0.5)
    clock = ManualClock()
    source = MicrophoneSource(MicrophoneSettings(file=str(path)), clock)
    source.open()
    chunks = []
    while clock.now() < 1003.0:
        for chunk in source.read(0.1):
            assert -1e-6 < clock.now() - chunk.times[-1] < 0.01
            chunks.append(chunk)
    times = np.concatenate([chunk.times for chunk in chunks])
    assert np.allclose(np.diff(times), 1 / 16000, atol=1e-9)


def test_long_pause_is_counted_as_lost(tmp_path: Path) -> None:
    path = write(tmp_path / "tone.wav", 16000)
    clock = ManualClock()
    source = MicrophoneSource(MicrophoneSettings(file=str(path)), clock)
    source.open()
    source.read(0.1)
    clock.sleep(3600.0)
    (chunk,) = source.read(0.1)
    assert chunk.lost == pytest.approx(3599 * 16000, rel=1e-3)
    assert len(chunk) <= 16000
    assert 0 <= clock.now() - chunk.times[-1] < 0.05


def test_files_without_sound_are_refused(tmp_path: Path) -> None:
    def attempt(path: Path) -> None:
        MicrophoneSource(MicrophoneSettings(file=str(path)), ManualClock()).open()

    with pytest.raises(AbsentError, match="does not exist"):
        attempt(tmp_path / "no.wav")
    (tmp_path / "junk.wav").write_bytes(b"RIFF\0\0\0\0WAVEjunk" * 9)
    with pytest.raises(FormatError):
        attempt(tmp_path / "junk.wav")
    soundfile.write(tmp_path / "empty.wav", np.empty((0, 1)), 16000)
    with pytest.raises(FormatError, match="contains no sound"):
        attempt(tmp_path / "empty.wav")


def level_of(path: Path) -> float:
    """Return the effective value of the last two seconds of a file as mono."""
    file = SoundFile(path)
    blocks = []
    while len(block := file.read(file.rate)):
        blocks.append(block)
    rate = file.rate
    file.close()
    return float(np.std(np.concatenate(blocks)[-2 * rate :]))


def tone(rate: int, seconds: float = 3.0) -> np.ndarray:
    return (0.3 * np.sin(2 * np.pi * 220 * np.arange(int(rate * seconds)) / rate)).astype("f4")


def test_inverted_channels_after_a_long_silence_keep_the_voice(tmp_path: Path) -> None:
    voice = np.column_stack([tone(8000), -tone(8000)])
    soundfile.write(tmp_path / "a.wav", np.r_[np.zeros((8000 * 90, 2), "f4"), voice], 8000)
    assert level_of(tmp_path / "a.wav") == pytest.approx(0.3 / np.sqrt(2), rel=0.02)


def test_a_channel_that_changes_its_polarity_is_left_out(tmp_path: Path) -> None:
    voice = np.column_stack([tone(8000), 0.9 * tone(8000)])
    other = voice * np.array([1, -1], "f4")
    soundfile.write(tmp_path / "a.wav", np.r_[voice, other, voice, other], 8000)
    assert level_of(tmp_path / "a.wav") == pytest.approx(0.3 / np.sqrt(2), rel=0.02)


def test_flac_of_a_pipe_is_read(tmp_path: Path) -> None:
    pytest.importorskip("av")
    soundfile.write(tmp_path / "a.flac", tone(48000), 48000)
    data = bytearray((tmp_path / "a.flac").read_bytes())
    data[21] &= 0xF0
    data[22:26] = bytes(4)  # the number of samples
    (tmp_path / "a.flac").write_bytes(data)
    assert level_of(tmp_path / "a.flac") == pytest.approx(0.3 / np.sqrt(2), rel=0.02)


@pytest.mark.parametrize(("name", "codec"), [("a.m4a", "aac"), ("a.webm", "libopus")])
def test_sound_of_phones_and_browsers_is_read(tmp_path: Path, name: str, codec: str) -> None:
    av = pytest.importorskip("av")
    sound = tone(48000)
    with av.open(str(tmp_path / name), "w") as out:
        stream = out.add_stream(codec, rate=48000)
        stream.layout = "mono"
        for at in range(0, len(sound) - 1024, 1024):
            frame = av.AudioFrame.from_ndarray(sound[None, at : at + 1024], "fltp", "mono")
            frame.sample_rate, frame.pts = 48000, at
            for packet in stream.encode(frame):
                out.mux(packet)
        for packet in stream.encode():
            out.mux(packet)
    assert level_of(tmp_path / name) == pytest.approx(0.3 / np.sqrt(2), rel=0.05)
    (tmp_path / "text.m4a").write_text("no sound here\n" * 99)
    with pytest.raises(FormatError, match="ffmpeg -i text.m4a"):
        SoundFile(tmp_path / "text.m4a")


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_damaged_files_give_sound_or_typed_error(data: st.DataObject, tmp_path: Path) -> None:
    path = write(tmp_path / "tone.flac", 22050, seconds=0.2)
    whole = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 5))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(whole[: data.draw(st.integers(0, len(whole)))])
    source = MicrophoneSource(MicrophoneSettings(file=str(path), loop=False), ManualClock())
    try:
        source.open()
        for _ in range(200):
            for chunk in source.read(0.1):
                assert np.isfinite(chunk.values).all()
    except (FormatError, EndOfSource):
        pass
    source.close()


def test_nan_is_reported_and_replaced(tmp_path: Path) -> None:
    sound = np.full(8000, 0.1, np.float32)
    sound[::7] = np.nan
    soundfile.write(tmp_path / "nan.wav", sound, 16000, subtype="FLOAT")
    settings = MicrophoneSettings(file=str(tmp_path / "nan.wav"))
    source = MicrophoneSource(settings, ManualClock())
    source.open()
    (chunk,) = source.read(0.1)
    assert np.isfinite(chunk.values).all()
    assert chunk.quality == 0.0
    assert "not_finite" in chunk.reasons


def info(index: int, name: str, *, default: bool = False) -> MicrophoneInfo:
    return MicrophoneInfo(index, name, "ALSA", 48000.0, 2, default)


def test_microphones_are_found_by_name_part_or_index() -> None:
    there = [info(0, "Monitor"), info(3, "USB Mic 2"), info(4, "USB Mic", default=True)]
    assert find("", there).index == 4
    assert find("USB Mic", there).index == 4
    assert find("usb mic 2", there).index == 3
    assert find("0", there).index == 0
    with pytest.raises(AbsentError, match="found: Monitor, USB Mic 2, USB Mic"):
        find("Blue Yeti", there)
    with pytest.raises(AbsentError, match="found: none"):
        find("", [])


@pytest.mark.parametrize(
    ("text", "expected"),
    [('device = "a"\nfile = "b"', "keep one"), ("block_ms = 1.0", "block_ms"), ("x = 1", "x")],
)
def test_invalid_settings_are_refused(text: str, expected: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=expected):
        msgspec.toml.decode(text, type=MicrophoneSettings)


# Through the real path


def record(source: MicrophoneSource, enough: Callable[[list[Chunk]], bool]) -> list[Chunk]:
    chunks: list[Chunk] = []
    end = time.monotonic() + DEADLINE_S
    while not enough(chunks):
        assert time.monotonic() < end, f"only {len(chunks)} blocks came"
        chunks += source.read(0.2)
    return chunks


def envelope(sound: np.ndarray) -> np.ndarray:
    usable = sound[: len(sound) // 160 * 160].reshape(-1, 160)
    return np.sqrt((usable.astype(np.float64) ** 2).mean(axis=1))


def test_recording_passes_through_portaudio(microphone: Any, data_dir: Path) -> None:
    pytest.importorskip("sounddevice")
    assert microphone.name in [m.name for m in list_microphones()]
    path = data_dir / "voice_emodb" / "03a01Wa.flac"
    file = MicrophoneSource(MicrophoneSettings(file=str(path), loop=False), ManualClock())
    file.open()
    speech = np.concatenate([chunk.values[:, 0] for chunk in to_the_end(file)])

    clock = MonotonicClock()
    source = MicrophoneSource(MicrophoneSettings(device=microphone.name, block_ms=10), clock)
    (spec,) = source.open()
    assert spec.rate_hz == 16000
    record(source, lambda chunks: len(chunks) > 5)
    microphone.play(speech)
    chunks = record(source, lambda chunks: sum(map(len, chunks)) > len(speech) + 16000)
    source.close()
    times = np.concatenate([chunk.times for chunk in chunks])
    recorded = np.concatenate([chunk.values[:, 0] for chunk in chunks])
    assert (np.diff(times) > 0).all()
    assert times[-1] <= clock.now()
    assert all(chunk.quality == 1.0 for chunk in chunks)
    # Exactly the samples that were played are found, at one position.
    match = np.correlate(recorded, speech[8000:16000], "valid")
    at = int(match.argmax())
    found = recorded[at : at + 8000]
    assert np.corrcoef(found, speech[8000:16000])[0, 1] > 0.999
    assert np.corrcoef(envelope(found), envelope(speech[8000:16000]))[0, 1] > 0.999


def test_device_without_16_khz_is_resampled(
    microphone: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    sounddevice = pytest.importorskip("sounddevice")
    real = sounddevice.check_input_settings

    def only_44100(device: int, channels: int, samplerate: int) -> None:
        if samplerate != 44100:
            raise sounddevice.PortAudioError("Invalid sample rate")
        real(device, channels=channels, samplerate=samplerate)

    monkeypatch.setattr(sounddevice, "check_input_settings", only_44100)
    source = MicrophoneSource(MicrophoneSettings(device=microphone.name), MonotonicClock())
    source.open()
    t = np.arange(32000) / 16000
    microphone.play((0.5 * np.sin(2 * np.pi * 1000 * t)).astype(np.float32))
    loud = record(source, lambda c: sum(np.abs(x.values).max() > 0.3 for x in c) > 40)
    source.close()
    sound = np.concatenate([chunk.values[:, 0] for chunk in loud])[-8000:]
    peak = np.abs(np.fft.rfft(sound * np.hanning(8000))).argmax() * 2
    assert peak == pytest.approx(1000, abs=4)


def test_slow_reader_gets_newest_second_and_lost_count(microphone: Any) -> None:
    pytest.importorskip("sounddevice")
    clock = MonotonicClock()
    source = MicrophoneSource(MicrophoneSettings(device=microphone.name), clock)
    source.open()
    first = record(source, bool)
    behind = clock.now() + 2.0
    while clock.now() < behind:
        time.sleep(0.05)
    second = record(source, bool)
    source.close()
    assert len(second[0]) <= 17000
    gap = second[0].times[0] - first[-1].times[-1]
    assert second[0].lost == pytest.approx(gap * 16000, rel=0.1)


def test_ended_server_disconnects_and_is_then_absent(microphone: Any) -> None:
    pytest.importorskip("sounddevice")
    source = MicrophoneSource(MicrophoneSettings(device=microphone.name), MonotonicClock())
    source.open()
    record(source, bool)
    microphone.server.terminate()
    microphone.server.wait()
    with pytest.raises(DisconnectedError):
        record(source, lambda chunks: False)
    source.close()
    source.close()
    with pytest.raises(AbsentError):
        source.open()
