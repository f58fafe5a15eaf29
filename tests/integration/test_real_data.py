"""Real recordings as input of the sidecar: LSL, images and sound."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from tests.needs_mediapipe import needs_mediapipe

from .conftest import DEADLINE, Sidecar

Run = Callable[..., Sidecar]


def test_played_e4_recording_gives_a_plausible_heart_rate(
    run: Run, data_dir: Path, tmp_path: Path
) -> None:
    pytest.importorskip("pylsl", exc_type=ImportError)
    source = data_dir / "physio_stress_predict" / "S08.npz"
    start = 120.0
    with np.load(source) as data:
        offset = int(start + data["BVP_t0"] - data["HR_t0"])
        device = float(np.median(data["HR"][offset + 10 : offset + 60]))
    # A copy with a unique name: other programs on this machine may also play S08.
    copy = tmp_path / f"e4-{os.getpid()}.npz"
    copy.write_bytes(source.read_bytes())
    player = subprocess.Popen(
        [sys.executable, "-m", "sentio_bridge", "play", str(copy), "--from", str(start)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    streams = "".join(
        f'[[source]]\ntype = "lsl"\nstream_name = "{copy.stem}/{name}"\nsensors = ["body"]\n'
        for name in ("bvp", "eda", "temp", "acc")
    )
    try:
        sidecar = run('[consent]\nbody = ["adapt"]\n' + streams)
        detail = sidecar.until(
            b"detail/",
            lambda d: {"heart_rate", "scl", "arousal"} <= set(d["values"]),
        )
    finally:
        player.terminate()
        player.wait(DEADLINE)
    values = detail["values"]
    assert abs(values["heart_rate"] - device) < 12
    assert 0 < values["scl"] < 60
    assert -1 <= values["arousal"] <= 1
    assert detail["modalities"]["body"]["state"] == "ok"


def test_photograph_of_a_face_gives_face_estimates(
    run: Run, landmarker: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    needs_mediapipe()
    data = pytest.importorskip("skimage.data", exc_type=ImportError)
    from PIL import Image

    Image.fromarray(data.astronaut()).save(tmp_path / "astronaut.png")
    monkeypatch.setenv("SENTIO_MODELS", str(landmarker.parent))
    sidecar = run(
        '[consent]\ncamera = ["adapt"]\n[[source]]\ntype = "camera"\n'
        f'images = "{tmp_path}"\nfps = 10\n'
    )
    detail = sidecar.until(b"detail/", lambda d: "p_happiness" in d["values"])
    assert detail["modalities"]["face"]["state"] == "ok"
    assert detail["emotions"][0][0] == "happiness"
    assert detail["values"]["valence"] > 0.2


def test_missing_landmarker_is_reported(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    needs_mediapipe()
    from PIL import Image

    Image.new("RGB", (64, 64)).save(tmp_path / "black.png")
    monkeypatch.setenv("SENTIO_MODELS", str(tmp_path / "nowhere"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "empty"))
    sidecar = run(
        '[consent]\ncamera = ["adapt"]\n[[source]]\ntype = "camera"\n'
        f'images = "{tmp_path}"\nfps = 10\n'
    )
    detail = sidecar.until(
        b"detail/", lambda d: d["modalities"].get("face", {}).get("state") == "absent"
    )
    assert "sentio models pull" in detail["modalities"]["face"]["fix"]


def test_recorded_speech_gives_voice_estimates(run: Run, data_dir: Path) -> None:
    soundfile = data_dir / "voice_emodb"
    angry = sorted(soundfile.rglob("*W*.flac"))[0]
    sidecar = run(
        '[consent]\nmicrophone = ["adapt"]\n[[source]]\ntype = "microphone"\n'
        f'file = "{angry}"\nloop = true\n'
    )
    detail = sidecar.until(b"detail/", lambda d: "arousal" in d["values"])
    assert detail["modalities"]["voice"]["state"] == "ok"
    assert detail["modalities"]["voice"]["quality"] > 0.3
