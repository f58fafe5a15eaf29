"""Tests of the repository's recording and of the script that reads it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from sentio_bridge.replay.engine import frames
from sentio_models.runtime.shipped import shipped
from sentio_recording.recording import Recording
from sentio_recording.repair import verify

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "examples/recordings/simulated"


def run(*words: str) -> str:
    done = subprocess.run(
        [sys.executable, *words], cwd=ROOT, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_example_recording_is_small_and_as_it_was_written() -> None:
    assert sum(path.stat().st_size for path in EXAMPLE.iterdir()) < 2_000_000
    assert verify(EXAMPLE).ok


def test_old_keys_in_a_recorded_configuration_are_read(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = shutil.copytree(EXAMPLE, tmp_path / "old")
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["configuration"] += "[fusion]\nliars = 0.05\n[[source]]\ntype = 'of another day'\n"
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with Recording(EXAMPLE) as ours, Recording(folder) as old:
        expected = [sent.message for sent in islice(frames(ours, compute=False), 50)]
        assert [sent.message for sent in islice(frames(old, compute=False), 50)] == expected
    assert "'liars' is the old name of 'inverted_prior'" in caplog.text


def test_the_example_recording_was_made_by_the_models_that_ship() -> None:
    with Recording(EXAMPLE) as recording:
        assert recording.manifest is not None
        made_by = recording.manifest.models
    now = {model.name: model.sha256 for model in shipped()}
    assert {name: made_by.get(name) for name in now} == now, "python examples/recordings/make.py"


@pytest.mark.slow
def test_the_script_loads_it_into_pandas_and_mne() -> None:
    pytest.importorskip("mne", exc_type=ImportError)
    pytest.importorskip("pandas", exc_type=ImportError)
    output = run("examples/analyse_recording.py", str(EXAMPLE))
    assert "arousal" in output.splitlines()[0]
    assert "EEG 12.0 s, alpha" in output
    assert "marker boss at 6.0" in output


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_one_command_plays_it() -> None:
    ports = ("--port", "0", "--control-port", "0")
    output = run("-m", "sentio_bridge", "replay", str(EXAMPLE), "--speed", "max", *ports)
    assert int(output.split()[-2]) > 400


def test_mne_opens_it_with_nothing_but_pyxdf() -> None:
    mne = pytest.importorskip("mne", exc_type=ImportError)
    pyxdf = pytest.importorskip("pyxdf", exc_type=ImportError)
    streams, _ = pyxdf.load_xdf(str(EXAMPLE / "data.xdf"))
    eeg = next(s for s in streams if s["info"]["type"] == ["EEG"])
    channels = eeg["info"]["desc"][0]["channels"][0]["channel"]
    assert {c["unit"][0] for c in channels} == {"uV"}
    info = mne.create_info(
        [c["label"][0] for c in channels],
        float(eeg["info"]["nominal_srate"][0]),
        [c["type"][0].lower() for c in channels],
    )
    raw = mne.io.RawArray(eeg["time_series"].T * 1e-6, info, verbose="error")
    with Recording(EXAMPLE) as recording:
        times, values = recording.samples(recording.numbers("sim7/eeg")[0])
    assert np.array_equal(eeg["time_stamps"], times)
    assert np.allclose(raw.get_data(units="uV").T, values, atol=1e-9)
