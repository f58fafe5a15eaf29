"""Tests of a recording whose device connects, disconnects and returns."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from sentio_recording.recording import Recording
from sentio_recording.repair import verify

from .conftest import Sidecar

pytest.importorskip("pylsl", exc_type=ImportError)
from .test_lsl_return import Sender  # noqa: E402


def test_device_connects_disconnects_and_returns(
    run: Callable[..., Sidecar], tmp_path: Path
) -> None:
    name = f"late-{os.getpid()}"
    sidecar = run(
        f'[recording]\nfolder = "{tmp_path}/recordings"\nstart = true\n'
        '[consent]\neeg = ["adapt", "record", "record_raw"]\n'
        f'[[source]]\ntype = "lsl"\nsensors = ["eeg"]\nstream_name = "{name}"\n'
    )

    def is_on(detail: dict[str, dict[str, dict[str, object]]]) -> bool:
        return detail["sensors"].get("eeg", {}).get("state") == "on"

    sidecar.until(b"detail/", lambda d: d["recording"]["active"] and not is_on(d))
    for _ in range(2):
        sender = Sender(name, "cap-7")
        try:
            sidecar.until(b"detail/", is_on)
            sidecar.until(b"detail/", lambda d: d["modalities"]["eeg"]["quality"] > 0)
        finally:
            sender.stop()
        sidecar.until(b"detail/", lambda d: not is_on(d))
    sidecar.until(b"health", lambda h: any(s["reconnects"] for s in h["sources"].values()))
    folder = Path(sidecar.request("record", action="stop")["recording"]["folder"])
    assert verify(folder).ok
    with Recording(folder) as recording:
        (first, second) = (n for n, i in recording.streams.items() if i.meta.get("role") == "eeg")
        before, after = recording.samples(first)[0], recording.samples(second)[0]
        assert len(before) >= 100
        assert len(after) >= 100
        assert np.all(np.diff(np.concatenate([before, after])) > 0)
        assert recording.streams[first].source_id == recording.streams[second].source_id
        assert recording.streams[first].channels == recording.streams[second].channels
        assert recording.manifest is not None
        assert len(recording.manifest.devices) == 1
        assert '"reconnects":1' in recording.texts("sentio/counters")[-1][1]
