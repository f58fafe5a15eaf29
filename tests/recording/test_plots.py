"""Tests of a recording's page: streams, markers and damages."""

from __future__ import annotations

from pathlib import Path

import pytest

from sentio_recording import plots
from sentio_recording.recording import Recording
from sentio_recording.summary import summarise

EXAMPLE = Path(__file__).parents[2] / "examples" / "recordings" / "simulated"


def test_page_of_example_recording_is_complete() -> None:
    pytest.importorskip("matplotlib")
    with Recording(EXAMPLE) as recording:
        summary = summarise(recording)
        page = plots.page(recording, summary)
    assert page.count("<tr>") == 1 + len(summary.streams) + 1 + len(summary.markers)
    assert "data:image/png;base64,iVBOR" in page
    for stream in summary.streams:
        assert f"<td>{stream.name}</td>" in page
    assert "ended: stopped" in page
    assert "<p>None.</p>" in page
