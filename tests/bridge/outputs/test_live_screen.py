"""Screen of the live view."""

from __future__ import annotations

import io

from rich.console import Console

from sentio_bridge.outputs.live_screen import WIDTH, screen
from sentio_bridge.protocol.bodies import DetailBody

DETAIL = DetailBody(
    epoch=1,
    seq=0,
    sent=1.0,
    state="ok",
    why="",
    values={
        f"{axis}{more}": value
        for axis in ("valence", "arousal", "dominance")
        for more, value in (("", -0.25), ("_sd", 0.44))
    },
    emotions=(),
    modalities={},
    sensors={},
    calibration=None,
    recording=None,
    frozen=False,
    overrides={},
)


def test_screen_fits_into_80_columns() -> None:
    console = Console(width=80, record=True, file=io.StringIO())
    console.print(screen({"player": DETAIL}, None))
    lines = console.export_text().splitlines()
    assert all(len(line) <= 80 for line in lines)
    for axis, right in (("valence", "pleasant"), ("arousal", "excited"), ("dominance", "control")):
        (line,) = (line for line in lines if axis in line)
        assert "…" not in line
        assert f"{right}" in line
        assert "-0.25 ± 0.44" in line
        assert sum(sign in "·│━●" for sign in line.strip("│")) == WIDTH
