"""Encoding and decoding of the command log."""

from __future__ import annotations

import numpy as np
import pytest

from sentio_bridge.affect.personal.profile import Profile
from sentio_bridge.core import command_log
from sentio_bridge.core import commands as cmd
from sentio_bridge.core.command_log import EstimateUsed, LogError, Polled
from sentio_bridge.core.sensor_status import SensorStatus
from sentio_bridge.protocol.bodies import RecordingBody
from sentio_models import Estimate

LOGGED = [
    cmd.SensorChanged("p", "body", "strap", SensorStatus("gap", ("no_samples",), "", ("a/ppg",))),
    cmd.ModelChanged("p", "eeg", "absent", "no model", "install it"),
    cmd.MarkerReceived("p", "böss\n", 0.1 + 0.2, {"level": [1, {"a": None}]}),
    cmd.ConsentGranted("p", "body", ("adapt", "record"), "config"),
    cmd.ConsentWithdrawn("p", "body", "p"),
    cmd.Freeze("p", "menu"),
    cmd.Unfreeze("p"),
    cmd.Override("p", {"arousal": 0.5, "valence": None}, 3.0),
    cmd.RateChanged(29.97),
    cmd.CalibrationStarted("p", "rest", 60.0, "mine"),
    cmd.CalibrationStopped("p"),
    cmd.CalibrationChecked(),
    cmd.LabelGiven("p", "stress", 0.25, 7.5),
    cmd.SelfReported("p", "arousal", -0.25, 7.5),
    cmd.AdaptationReported("p", "music", 0.4, "tense", 8.5),
    cmd.ProfileUsed("p", Profile(subject="p", created="2026")),
    cmd.ProfileProblem("p", "not_saved", "disk full"),
    cmd.RecordingChanged("p", "ended", reason="disk full"),
]


@pytest.mark.parametrize("command", LOGGED, ids=lambda c: type(c).__name__)
def test_command_is_unchanged_after_encode_and_decode(command: cmd.Command) -> None:
    entry = command_log.entry_of(command)
    assert entry is not None
    assert command_log.decode(command_log.encode(entry)) == command


def test_all_commands_are_logged_except_recorder_reports() -> None:
    logged = {type(command) for command in LOGGED}
    assert logged == set(cmd.Command.__args__) - {cmd.EstimateReceived, cmd.RecordingReported}  # type: ignore[attr-defined]
    assert command_log.entry_of(cmd.RecordingReported(RecordingBody())) is None


def test_estimate_is_logged_by_reference_with_plain_numbers() -> None:
    used = cmd.EstimateReceived("p", "body", np.float64(1.5), Estimate("body"))
    entry = command_log.entry_of(used)
    assert entry is not None
    assert command_log.encode(entry) == b'["estimate","p","body",1.5]'
    assert command_log.decode('["estimate","p","body",1.5]') == EstimateUsed("p", "body", 1.5)
    assert command_log.decode(command_log.encode(Polled())) == Polled()


@pytest.mark.parametrize("text", ["", "[]", '["z"]', "{}", '["estimate","a"]', "[1,2"])
def test_invalid_entry_is_refused(text: str) -> None:
    with pytest.raises(LogError):
        command_log.decode(text)
