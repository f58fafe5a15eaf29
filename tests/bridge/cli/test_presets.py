"""Presets of `sentio run`: nothing is read before the person has agreed."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from sentio_bridge.cli.app import application
from sentio_bridge.config.loader import parse
from sentio_bridge.config.presets import WEBCAM


def test_the_webcam_preset_is_one_camera_without_consent() -> None:
    config = parse(WEBCAM, "webcam")
    assert [source.kind.name for source in config.sources] == ["camera"]
    assert not any(config.consent.values())


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--demo", "--webcam"], "--demo and --webcam cannot be combined"),
        (["--webcam", "--config", "x.toml"], "--webcam and --config cannot be combined"),
        (["--demo", "--config", "x.toml"], "--demo and --config cannot be combined"),
    ],
)
def test_presets_and_configurations_are_not_combined(options: list[str], words: str) -> None:
    done = CliRunner().invoke(application("run"), ["run", *options])
    assert done.exit_code != 0
    assert words in " ".join(done.output.split())
