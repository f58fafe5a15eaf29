"""The demo's stages are played to their ends in a real Godot."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import sidecars
from .godot_stages import project
from .test_godot import DEADLINE, check_tests

__all__ = ["project"]

pytestmark = pytest.mark.engine


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    "about", ["arena", "garden", "character", "felt", "felt_recorded", "manners"]
)
def test_a_stage_passes_its_play_tests(about: str, project: Path) -> None:
    """A stage is won, lost, tense and bored, with and without affect."""
    check_tests(f"tests/play/test_{about}.gd", deadline=2 * DEADLINE, project=project)


ALTERNATING = """\
subjects = ["player"]

[consent]
camera = ["adapt"]
microphone = ["adapt"]
eeg = ["adapt"]
body = ["adapt"]

[[source]]
type = "simulate"
scenario = [
    { name = "calm", seconds = 40, valence = 0.2, arousal = -0.6, engagement = 0.3 },
    { name = "tense", seconds = 40, valence = -0.6, arousal = 0.8, engagement = 0.8 },
]
"""
"""A person who is calm and tense in turn; each segment begins with a marker of its name."""


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_demos_follow_the_person_of_a_running_sidecar(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four demos at once, each with adaptation and without, in real time."""
    with sidecars(tmp_path) as start:
        state, control = start(ALTERNATING).ports
        monkeypatch.setenv("SENTIO_PORTS", f"{state},{control}")
        check_tests("tests/play/test_felt_live.gd", deadline=2 * DEADLINE, project=project)
