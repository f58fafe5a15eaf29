"""Recording on a full file system: live frames continue, and the file is valid."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sentio_recording.recording import Recording
from sentio_recording.repair import verify
from sentio_recording.storage import RESERVED
from sentio_recording.tracks import tracks
from sentio_sensors import Role

from .conftest import Sidecar

SIZE = 4 << 20
SPACE = 256 << 10
"""Bytes left for samples: a few seconds of sound."""

RAW = ["microphone", "body"]

CONFIG = """
[recording]
folder = "{folder}/recordings"
media = {{ sound = "{sound}" }}
[consent]
microphone = ["adapt", "record", "record_raw"]
body = ["adapt", "record", "record_raw"]
[[source]]
type = "simulate"
sensors = ["microphone", "body"]
roles = ["audio", "ppg", "eda", "accel"]
"""


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """Mount a file system in memory with little more space than the reserve."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("only root can mount a small file system")
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(place)]
    done = subprocess.run(mount, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"a small file system cannot be mounted here: {done.stderr.strip()}")
    try:
        (place / "ballast").write_bytes(bytes(SIZE - RESERVED - SPACE))
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


@pytest.mark.parametrize("sound", ["xdf", "flac"])
def test_live_frames_continue_and_the_file_is_valid(
    run: Callable[..., Sidecar], disk: Path, sound: str
) -> None:
    sidecar = run(CONFIG.format(folder=disk, sound=sound))
    sidecar.until(b"detail/", lambda d: d["sensors"].get("microphone", {}).get("state") == "on")
    started = sidecar.request("record", action="start", purpose="a full disk", raw=RAW)
    assert started["ok"]
    folder = Path(started["recording"]["folder"])
    status = sidecar.until(
        b"detail/", lambda d: not d["recording"]["active"] and d["recording"]["reason"]
    )["recording"]
    assert status["folder"] == str(folder)
    assert any(name in status["reason"] for name in ("data.xdf", "data.journal", "microphone.flac"))
    assert sum(file.stat().st_size for file in folder.iterdir()) > SPACE // 2
    # Live frames continue.
    before, *after = sidecar.frames(30)
    assert {frame.epoch for frame in after} == {before.epoch}
    assert after[-1].seq > before.seq
    assert len(after) == 29
    assert sidecar.request("status")["ok"]
    # The file is complete, with footers and the reason.
    report = verify(folder)
    assert report.ok, report.damages
    with Recording(folder) as recording:
        assert recording.manifest is not None
        assert recording.manifest.ending is not None
        assert recording.manifest.ending.reason == status["reason"]
        number = next(n for n, i in recording.streams.items() if i.meta.get("role") == "audio")
        assert len(recording.samples(number)[0]) == recording.stated[number]
        (audio,) = (t for t in tracks(recording) if t.spec.role is Role.AUDIO)
        assert len(audio.times) > 8000
        assert recording.damages == []
    # With free space a new recording can start.
    (disk / "ballast").unlink()
    restarted = sidecar.request("record", action="start", raw=RAW)
    assert restarted["ok"]
    assert restarted["recording"]["folder"] != str(folder)
    assert sidecar.request("record", action="stop")["ok"]
    assert verify(Path(restarted["recording"]["folder"])).ok


def test_recording_on_a_disk_without_space_is_refused(
    run: Callable[..., Sidecar], disk: Path
) -> None:
    with (disk / "more").open("wb", buffering=0) as file:
        block = bytes(4096)
        try:
            while file.write(block) == len(block):
                pass
        except OSError:
            pass  # no page is left
    sidecar = run(CONFIG.format(folder=disk, sound="xdf"))
    sidecar.until(b"detail/", lambda d: d["sensors"].get("microphone", {}).get("state") == "on")
    refused = sidecar.request("record", action="start")
    assert not refused["ok"]
    assert refused["error"]["code"] == "failed"
    assert refused["error"]["fix"]
    assert len(sidecar.frames(5)) == 5
