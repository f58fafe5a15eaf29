"""The page on many recordings shows results and problems."""

from __future__ import annotations

from sentio_bridge.batch.dataset import AnalyzedRecording
from sentio_bridge.batch.page import page

GOOD = AnalyzedRecording(
    "ana <1>",
    "a.parquet",
    1000,
    60.54,
    {"valence": 0.25, "heart_rate": 71.2},
    {"arousal": [0.0, None, 0.5], "stress": []},
    "replayed",
)


def test_page_shows_means_and_plots_and_escapes_names() -> None:
    text = page([GOOD, AnalyzedRecording("<b>bad</b>", problem="byte 12: <cut off>")])
    assert "1 of 2 analysed" in text
    cells = "<td>ana &lt;1&gt;</td><td>replayed</td><td>1000</td><td>60.5</td>"
    assert cells in text
    assert "<td>0.250</td><td></td>" in text
    assert text.count("<path") == 1  # stress has no value to draw
    assert "<td>&lt;b&gt;bad&lt;/b&gt;</td><td>byte 12: &lt;cut off&gt;</td>" in text


def test_page_without_recordings_has_no_empty_sections() -> None:
    text = page([])
    assert "0 of 0 analysed" in text
    assert "<section>" not in text
