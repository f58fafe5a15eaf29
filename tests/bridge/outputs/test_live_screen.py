"""Screen of the live view."""

from __future__ import annotations

import io

import pytest
from msgspec.structs import replace
from rich.console import Console

from sentio_bridge.outputs.live_screen import WIDTH, captured, screen
from sentio_bridge.protocol.bodies import DetailBody, ModalityBody, RecordingBody, SensorBody

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


def test_bars_of_indices_body_and_emotions_are_complete_in_80_columns() -> None:
    values = dict.fromkeys(("stress", "engagement", "relaxation", "focus", "entropy"), 0.5)
    vitals = {"heart_rate": 160.0, "rmssd": 120.0, "breathing_rate": 30.0, "scl": 12.5}
    detail = replace(
        DETAIL,
        values={**DETAIL.values, **values, **vitals},
        emotions=(("happiness", 0.5), ("contempt", 0.5)),
    )
    console = Console(width=80, record=True, file=io.StringIO())
    console.print(screen({"player": detail}, None))
    text = console.export_text()
    assert "…" not in text
    assert text.count("█████░░░░░") == 7


def test_the_screen_shows_captured_sensors_with_purpose_start_and_recording() -> None:
    detail = replace(
        DETAIL,
        sent=200.0,
        sensors={
            "camera": SensorBody("on", (), "", ("cam",), ("adapt", "record"), 75.0),
            "eeg": SensorBody("on", (), "", ("eeg",), ("adapt",), 190.0),
            "body": SensorBody("withdrawn", (), "", (), ()),
        },
        recording=RecordingBody(active=True, sensors={"camera": "features"}),
    )
    assert captured(detail).plain.splitlines() == [
        "● camera for adapt, record, 2:05 min, recorded (features)",
        "● eeg for adapt, 0:10 min, not recorded",
    ]
    assert captured(DETAIL).plain == "nothing is captured"


@pytest.mark.parametrize(
    "name", ["[/red]", "[link=x]", "a" * 300, "../../etc", "[bold", "100 % \\[x]", "\x1b[2J\a"]
)
def test_names_of_streams_are_only_text(name: str) -> None:
    share = ModalityBody("absent", 0.0, 0.0, None, (f"no LSL stream with name {name!r}",), "", name)
    detail = replace(DETAIL, modalities={"eeg": share}, why=name)
    console = Console(width=400, record=True, file=io.StringIO())
    console.print(screen({name: detail}, None))
    shown = console.export_text()
    if name.isprintable() and len(name) < 100:
        assert shown.count(name) >= 3
