"""What is fused is recorded only with consent for all of its sensors."""

from __future__ import annotations

from pathlib import Path

import msgspec

from sentio_bridge.affect.subject_model import SubjectModel
from sentio_bridge.cli.consent_lines import frames_not_recorded
from sentio_bridge.config.loader import parse
from sentio_bridge.core import commands as cmd
from sentio_bridge.core.consent import ConsentLedger
from sentio_bridge.core.frame_pacer import FramePacer
from sentio_bridge.core.hub import Hub
from sentio_bridge.core.outgoing import EventMessage, FrameMessage
from sentio_bridge.core.subject_state import SubjectState
from sentio_bridge.protocol.bodies import ChangeData, EventBody
from sentio_bridge.recording.affect_streams import VECTOR
from sentio_bridge.recording.beginning import Beginnings
from sentio_bridge.recording.fused_permission import FusedPermission
from sentio_bridge.recording.permission import Permission
from sentio_bridge.recording.session_recorder import SessionRecorder
from sentio_models import Estimate, Reading
from sentio_recording.absent_frames import absent_frames
from sentio_recording.recording import Recording
from sentio_sensors import Channel, ManualClock, Role, StreamSpec


def estimate(modality: str) -> Estimate:
    return Estimate(modality, {"arousal": Reading(0.3, 0.02)}, quality=1.0)


def test_frames_are_recorded_while_every_sensor_in_them_may_be(tmp_path: Path) -> None:
    ledger, clock = ConsentLedger(), ManualClock()
    ledger.grant("camera", ("adapt", "record"), "test", 0.0)
    ledger.grant("body", ("adapt",), "test", 0.0)
    config = parse(f'[recording]\nfolder = "{tmp_path}"\n')
    session = SessionRecorder(
        Beginnings(config.recording, clock, {"p": ledger}, configuration="", epoch=1)
    )
    state = SubjectState(SubjectModel("p"), ledger, FramePacer(30.0))
    hub = Hub(1, {"p": state}, observers=(session,))
    start = clock.now()
    session.start()

    def at(second: int, *commands: cmd.Command) -> list[float]:
        """Apply commands; return when a frame was sent after them."""
        now = start + second
        for command in (cmd.MarkerReceived("p", f"m{second}", now, {}), *commands):
            hub.apply(command, now)
        return [m.body.sent for m in hub.poll(now) if isinstance(m, FrameMessage)]

    def used(modality: str, second: int) -> cmd.EstimateReceived:
        return cmd.EstimateReceived("p", modality, start + second, estimate(modality))

    only_face = at(1, used("face", 1))
    assert at(2, used("body", 2))
    assert at(3, used("face", 3))
    withdrawn = at(4, cmd.ConsentWithdrawn("p", "body", "test"))
    assert at(5, cmd.ConsentWithdrawn("p", "camera", "test", ("record",)))
    assert at(6, cmd.ConsentGranted("p", "body", ("adapt", "record"), "test"))
    again = at(7, cmd.ConsentGranted("p", "camera", ("adapt", "record"), "test"))
    folder = Path(session.stop().folder)
    with Recording(folder) as recording:
        (vector,) = (n for n, i in recording.streams.items() if i.name == f"{VECTOR}/p")
        assert list(recording.samples(vector)[0]) == [*only_face, *withdrawn, *again]
        assert len(recording.texts("markers")) == 7
        kinds = [text for _, text in recording.texts("events")]
    assert sum('"consent"' in text for text in kinds) == 4


def test_frames_that_consent_left_out_are_named(tmp_path: Path) -> None:
    ledger, clock = ConsentLedger(), ManualClock()
    ledger.grant("body", ("research", "share"), "test", 0.0)
    ledger.grant("camera", ("adapt", "record"), "test", 0.0)
    config = parse(f'[recording]\nfolder = "{tmp_path}"\n')
    session = SessionRecorder(
        Beginnings(config.recording, clock, {"p": ledger}, configuration="", epoch=1)
    )
    hub = Hub(
        1,
        {"p": SubjectState(SubjectModel("p"), ledger, FramePacer(30.0))},
        observers=(session,),
    )

    def recorded(*changes: cmd.Command, first: int = 0) -> tuple[list[str], list[str]]:
        """Record 8 s with changes after 4 s; return the live lines, and those of the file.

        Args:
            changes: Commands.
            first: Second from which on frames are sent.
        """
        session.start()
        lines = list(frames_not_recorded(msgspec.to_builtins(session.body())))
        for second in range(8):
            clock.sleep(1.0)
            hub.apply(cmd.EstimateReceived("p", "body", clock.now(), estimate("body")), clock.now())
            for change in changes if second == 4 else ():
                hub.apply(change, clock.now())
            if second >= first:
                hub.poll(clock.now())
        folder = Path(session.stop().folder)
        with Recording(folder) as recording:
            return lines, absent_frames(recording)

    assert list(frames_not_recorded({})) == []
    session.consumed("p", "body", StreamSpec("m", Role.MARKER, 0.0, (Channel("m"),)))
    session.consumed("p", "face", StreamSpec("f", Role.FACE, 30.0, (Channel("f"),)))
    assert recorded()[0] == []  # neither has body yet
    command = "sentio consent grant body --for research --for share --for record"
    (line,), (sentence,) = recorded()
    assert line.startswith("no fused frames of p are recorded: body without")
    assert line.endswith(command.replace("body", "body --subject p"))
    assert sentence.startswith("no fused frames of p: they are recorded only while every sensor")
    assert sentence.endswith(command)
    both = ("research", "record")
    assert (
        "no fused frames of p for 5 of 8 s"
        in recorded(cmd.ConsentGranted("p", "body", both, "test"))[1][0]
    )
    assert recorded() == ([], [])
    ledger.grant("text", ("adapt",), "test", 0.0)
    assert recorded(first=4) == ([], []), "a slow start has another cause, text has no source"
    assert "p for 4 of 8 s" in recorded(cmd.ConsentGranted("p", "body", ("adapt",), "test"))[1][0]


def test_only_events_that_are_measured_need_consent() -> None:
    ledger = ConsentLedger()
    ledger.grant("body", ("adapt",), "test", 0.0)
    fused = FusedPermission(Permission({"p": ledger}))
    change = EventMessage(
        "p", EventBody(1, 0, 1.0, "change", "arousal", ChangeData("up", 0.0, 0.5, 0.9, 1.0))
    )
    marker = EventMessage("p", EventBody(1, 1, 1.0, "marker", "boss", {}))
    assert fused.allows(change)
    fused.applied(cmd.EstimateReceived("p", "body", 1.0, estimate("body")))
    assert not fused.allows(change)
    assert fused.allows(marker)
    ledger.grant("body", ("adapt", "record"), "test", 2.0)
    assert fused.allows(change)
    ledger.grant("body", ("research",), "test", 3.0)
    assert not fused.allows(change)
    ledger.grant("body", ("record",), "test", 4.0)
    assert fused.allows(change), "it may not be read any more"


def test_sensors_of_one_person_do_not_keep_frames_of_another() -> None:
    ann, ben = ConsentLedger(), ConsentLedger()
    for ledger, purposes in ((ann, ("adapt",)), (ben, ("adapt", "record"))):
        ledger.grant("body", purposes, "test", 0.0)
    ben.grant("camera", ("adapt",), "test", 0.0)
    fused = FusedPermission(Permission({"ann": ann, "ben": ben}))
    fused.applied(cmd.EstimateReceived("ann", "face", 1.0, estimate("face")))
    for subject in ("ann", "ben"):
        fused.applied(cmd.EstimateReceived(subject, "body", 1.0, estimate("body")))
    event = EventBody(1, 0, 1.0, "state", "ok", {})
    assert [fused.allows(EventMessage(subject, event)) for subject in ("ann", "ben")] == [
        False,
        True,
    ]
    assert fused.lacking() == {"ann": {"body": ["adapt"]}}
