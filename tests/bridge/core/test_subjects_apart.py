"""Each command of one subject changes it and leaves the other as it was."""

from __future__ import annotations

import pickle

import pytest
from msgspec.structs import replace
from tests.bridge.core.test_command_log import LOGGED

from sentio_bridge.affect.personal.profile import Profile
from sentio_bridge.affect.subject_model import SubjectModel
from sentio_bridge.core import commands as cmd
from sentio_bridge.core.consent import ConsentLedger
from sentio_bridge.core.frame_pacer import FramePacer
from sentio_bridge.core.hub import Hub
from sentio_bridge.core.outgoing import EventMessage
from sentio_bridge.core.subject_state import SubjectState
from sentio_models import Estimate, Reading

SUBJECTS = ("ann", "ben")
ESTIMATE = Estimate("body", {"arousal": Reading(0.5, 0.05)}, quality=0.9)
COMMANDS = [
    *(command for command in LOGGED if hasattr(command, "subject")),
    cmd.EstimateReceived("p", "body", 8.0, ESTIMATE),
]


def make_hub() -> Hub:
    """Return a hub of two subjects with the same estimates, during a session."""
    states = {}
    for subject in SUBJECTS:
        consent = ConsentLedger()
        consent.grant("body", ("adapt",), "test", 0.0)
        states[subject] = SubjectState(SubjectModel(subject), consent, FramePacer(60.0))
    hub = Hub(7, states)
    for at in (7.0, 7.5):
        for subject in SUBJECTS:
            hub.apply(cmd.EstimateReceived(subject, "body", at, ESTIMATE), at)
        hub.poll(at)
    return hub


def of(subject: str, command: cmd.Command) -> cmd.Command:
    """Return the command for another subject."""
    if isinstance(command, cmd.ProfileUsed):
        return cmd.ProfileUsed(subject, Profile(subject=subject, created="2026"))
    return replace(command, subject=subject)


def kept(hub: Hub, subject: str) -> bytes:
    return pickle.dumps(hub.subjects[subject])


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: type(command).__name__)
@pytest.mark.parametrize(("subject", "other"), [SUBJECTS, SUBJECTS[::-1]])
def test_command_changes_its_subject_alone(command: cmd.Command, subject: str, other: str) -> None:
    hub = make_hub()
    if isinstance(command, cmd.CalibrationStopped):
        hub.apply(cmd.CalibrationStarted(subject, "rest", 60.0, ""), 7.6)
        hub.poll(7.7)
    if isinstance(command, cmd.Unfreeze):
        hub.apply(cmd.Freeze(subject, "menu"), 7.6)
        hub.poll(7.7)
    before, of_other = kept(hub, subject), kept(hub, other)
    hub.apply(of(subject, command), 8.5)
    assert kept(hub, other) == of_other
    changed = kept(hub, subject) != before
    events = [message for message in hub.poll(8.5) if isinstance(message, EventMessage)]
    assert changed or events
    assert {message.key for message in events} <= {subject}


def test_every_command_of_a_subject_is_tried() -> None:
    of_subjects = {kind for kind in cmd.Command.__args__ if "subject" in kind.__struct_fields__}  # type: ignore[attr-defined]
    assert {type(command) for command in COMMANDS} == of_subjects
