"""Profile handlers: personal models from labels, and sessions in a profile."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sentio_bridge.affect.mood import SessionSummary
from sentio_bridge.affect.personal.profile import (
    MOST_SESSIONS,
    SHORTEST_SESSION,
    Profile,
    ProfileError,
    decode,
    with_session,
)
from sentio_bridge.affect.subject_model import SubjectModel
from sentio_bridge.control.dispatcher import Later
from sentio_bridge.control.profile_handlers import ProfileHandlers
from sentio_bridge.core.consent import ConsentLedger
from sentio_bridge.core.frame_pacer import FramePacer
from sentio_bridge.core.hub import Hub
from sentio_bridge.core.outgoing import EventMessage
from sentio_bridge.core.subject_state import SubjectState
from sentio_bridge.defects import DefectLog
from sentio_bridge.errors import RequestError
from sentio_bridge.privacy.ended import ended_by
from sentio_bridge.profiles.store import ProfileStore
from sentio_bridge.protocol import requests as rq
from sentio_bridge.protocol.vocabulary import PURPOSES, SENSORS
from sentio_models import Estimate, Reading

STEP = 20.0


def sidecar(folder: Path) -> tuple[ProfileHandlers, SubjectState]:
    """Return profile handlers and the state of one subject."""
    ledger = ConsentLedger()
    for sensor in SENSORS:
        ledger.grant(sensor, ("adapt", "personal_model"), "test", 0.0)
    subject_state = SubjectState(SubjectModel("ana"), ledger, FramePacer(30.0))
    hub = Hub(1, {"ana": subject_state})
    handlers = ProfileHandlers(hub, ProfileStore(folder), today=lambda: "2026-11-23T12:00:00")
    handlers.begin(0.0)
    return handlers, subject_state


def live(
    handlers: ProfileHandlers, subject_state: SubjectState, *, inverted: bool, count: int = 96
) -> list[float]:
    """Simulate estimates and labels of a person; return the fused arousal.

    If ``inverted``, the generic model has the wrong sign for this person: the heart rate falls
    with arousal.
    """
    rng = np.random.default_rng(4)
    truth = np.repeat(rng.uniform(-0.7, 0.7, count // 6 + 1), 6)[:count]
    arousal = []
    for i, value in enumerate(truth):
        now = 1000.0 + i * STEP
        predicted = float(np.clip((-value if inverted else value) + rng.normal(0, 0.05), -1, 1))
        features = {"heart_rate": float(70 + 15 * predicted + rng.normal(0, 1))}
        estimate = Estimate(
            "body", {"arousal": Reading(predicted, 0.02)}, quality=1.0, features=features
        )
        subject_state.estimate(estimate, now, now)
        arousal.append(subject_state.person.snapshot(now).values["arousal"])
        subject_state.person.label("arousal", float(value), now, now)
    return arousal


def train(handlers: ProfileHandlers) -> list[dict[str, object]]:
    later = handlers.profile(rq.Profile(action="train", name="ana"), 9000.0)
    assert isinstance(later, Later)
    trained: list[dict[str, object]] = later.finish(later.work(), 9000.0)["trained"]
    return trained


def test_inverted_person_gets_a_personal_model(tmp_path: Path) -> None:
    handlers, subject_state = sidecar(tmp_path)
    live(handlers, subject_state, inverted=True)
    (outcome,) = train(handlers)
    assert outcome["accepted"]
    assert outcome["labels"] == 96
    assert 0.3 < float(str(outcome["gain_low"])) <= float(str(outcome["gain"]))
    stored = decode((tmp_path / "ana.profile.json").read_bytes(), "ana")
    assert stored.created == "2026-11-23T12:00:00"
    assert [(m.modality, m.dimension) for m in stored.personal] == [("body", "arousal")]

    # In the next session the personal model is used from the first estimate on.
    _, with_profile = sidecar(tmp_path)
    _, without_profile = sidecar(tmp_path / "empty")
    estimate = Estimate(
        "body", {"arousal": Reading(0.6, 0.02)}, quality=1.0, features={"heart_rate": 79.0}
    )
    for state in (with_profile, without_profile):
        state.estimate(estimate, 100.0, 100.0)
    assert with_profile.person.snapshot(100.0).values["arousal"] < -0.2
    assert without_profile.person.snapshot(100.0).values["arousal"] > 0.2


def test_a_personal_model_is_not_used_without_consent_for_it(tmp_path: Path) -> None:
    handlers, subject_state = sidecar(tmp_path)
    live(handlers, subject_state, inverted=True)
    train(handlers)
    estimate = Estimate(
        "body", {"arousal": Reading(0.6, 0.02)}, quality=1.0, features={"heart_rate": 79.0}
    )

    def arousal(*withdrawn: str) -> float:
        """Return the arousal in the next session."""
        _, state = sidecar(tmp_path)
        for sensor in withdrawn:
            state.consent.withdraw(sensor, "ana", 1.0, ["personal_model"])
        state.estimate(estimate, 100.0, 100.0)
        return state.person.snapshot(100.0).values["arousal"]

    assert arousal() < -0.2  # inverted, as trained
    assert arousal("camera") < -0.2
    assert arousal("body") > 0.2
    assert decode((tmp_path / "ana.profile.json").read_bytes()).personal  # kept until erased


@pytest.mark.parametrize("erased", [None, ("personal_model",), PURPOSES])
def test_a_withdrawal_while_a_model_is_trained_keeps_nothing_of_it(
    tmp_path: Path, erased: tuple[str, ...] | None
) -> None:
    handlers, subject_state = sidecar(tmp_path)
    live(handlers, subject_state, inverted=True)
    later = handlers.profile(rq.Profile(action="train", name="ana"), 9000.0)
    assert isinstance(later, Later)
    trained = later.work()
    subject_state.consent.withdraw("body", "ana", 9000.0, ["personal_model"])
    if erased:
        standing = subject_state.consent.status()["body"]
        handlers.forget("ana", [ended_by("body", erased, standing)], 9000.0)
    later.finish(trained, 9001.0)
    assert subject_state.person.profile is not None
    assert subject_state.person.profile.personal == []
    assert decode((tmp_path / "ana.profile.json").read_bytes(), "ana").personal == []


def test_typical_person_keeps_the_generic_model(tmp_path: Path) -> None:
    handlers, subject_state = sidecar(tmp_path)
    live(handlers, subject_state, inverted=False)
    (outcome,) = train(handlers)
    assert not outcome["accepted"]
    assert "no clear gain" in str(outcome["reason"])
    assert not (tmp_path / "ana.profile.json").exists()


def test_training_without_labels_is_refused_with_a_fix(tmp_path: Path) -> None:
    handlers, _ = sidecar(tmp_path)
    with pytest.raises(RequestError, match="no labels") as refused:
        train(handlers)
    assert "label" in refused.value.fix


def test_nothing_is_trained_without_consent_for_a_personal_model(tmp_path: Path) -> None:
    handlers, subject_state = sidecar(tmp_path)
    live(handlers, subject_state, inverted=True)
    subject_state.consent.withdraw("body", "ana", 1.0, ("personal_model",))
    with pytest.raises(RequestError, match="personal_model"):
        train(handlers)
    assert not (tmp_path / "ana.profile.json").exists()


def test_sessions_are_appended_to_an_existing_profile(tmp_path: Path) -> None:
    ProfileStore(tmp_path).save("ana", Profile(subject="ana", created="2026-01-01"))
    for count in (1, 2):
        handlers, subject_state = sidecar(tmp_path)
        for i in range(120):
            subject_state.analysis.mood.update(float(i), {"valence": 0.3, "valence_sd": 0.1})
        handlers.end()
        assert len(ProfileStore(tmp_path).load("ana").sessions) == count
    stored = ProfileStore(tmp_path).load("ana")
    assert stored.created == "2026-01-01"
    assert stored.sessions[0].mean["valence"] == pytest.approx(0.3)

    handlers, subject_state = sidecar(tmp_path)  # too short for a summary
    subject_state.analysis.mood.update(1.0, {"valence": 0.3})
    handlers.end()
    assert len(ProfileStore(tmp_path).load("ana").sessions) == 2


def test_no_profile_is_created_without_calibration(tmp_path: Path) -> None:
    handlers, subject_state = sidecar(tmp_path)
    for i in range(120):
        subject_state.analysis.mood.update(float(i), {"valence": 0.3})
    handlers.end()
    assert not list(tmp_path.iterdir())


def test_sessions_are_bounded() -> None:
    profile = Profile(subject="ana")
    for i in range(MOST_SESSIONS + 3):
        summary = SessionSummary(
            seconds=SHORTEST_SESSION + i, mean={"valence": 0.0}, sd={}, zones={}
        )
        profile = with_session(profile, summary, {})
    assert len(profile.sessions) == MOST_SESSIONS
    assert profile.sessions[-1].seconds == SHORTEST_SESSION + MOST_SESSIONS + 2


def answer(later: object) -> dict[str, object]:
    """Do the work of an answer that comes later, and return it."""
    assert isinstance(later, Later)
    return dict(later.finish(later.work(), 1000.0))


def test_profiles_are_listed_used_and_deleted(tmp_path: Path) -> None:
    store = ProfileStore(tmp_path)
    store.save("mine", Profile(subject="ana"))
    people, subject_state = sidecar(tmp_path)
    assert answer(people.profile(rq.Profile(action="list"), 1.0)) == {"profiles": ["mine"]}
    assert answer(people.profile(rq.Profile(action="use", name="mine"), 1.0))["profiles"]
    assert subject_state.person.profile == Profile(subject="ana")
    assert answer(people.profile(rq.Profile(action="delete", name="mine"), 1.0)) == {"profiles": []}
    people.end()
    assert store.names() == []  # what was deleted is not written again


@pytest.mark.parametrize("subject", ["ana", None])
def test_another_persons_profile_is_not_named_used_or_deleted(
    tmp_path: Path, subject: str | None
) -> None:
    """The folder is the user's: it also has the profiles of other games' players."""
    store = ProfileStore(tmp_path)
    store.save("ben", Profile(subject="ben"))
    store.save("mine", Profile(subject="ana"))
    people, _ = sidecar(tmp_path)
    listed = people.profile(rq.Profile(action="list", subject=subject), 1.0)
    assert answer(listed) == {"profiles": ["mine"]}
    for action in ("use", "delete"):
        request = rq.Profile(action=action, name="ben", subject=subject)  # type: ignore[arg-type]
        with pytest.raises(RequestError) as refused:
            answer(people.profile(request, 1.0))
        assert refused.value.what == "no profile 'ben' of this subject; known: mine"
    assert store.load("ben", "ben")


@pytest.mark.parametrize(
    ("action", "name", "code"),
    [
        ("use", None, "bad_argument"),
        ("use", "../mine", "bad_argument"),
        ("use", "nobody", "refused"),
        ("delete", "nobody", "refused"),
    ],
)
def test_what_cannot_be_done_with_a_profile_is_refused(
    tmp_path: Path, action: str, name: str | None, code: str
) -> None:
    people, _ = sidecar(tmp_path)
    request = rq.Profile(action=action, name=name)  # type: ignore[arg-type]
    with pytest.raises(RequestError) as refused:
        answer(people.profile(request, 1.0))
    assert refused.value.code == code


def test_anothers_profile_is_refused(tmp_path: Path) -> None:
    ProfileStore(tmp_path).save("ben", Profile(subject="ben"))
    people, subject_state = sidecar(tmp_path)
    with pytest.raises(RequestError):
        answer(people.profile(rq.Profile(action="use", name="ben"), 1.0))
    assert subject_state.person.profile is None


def test_a_profile_that_cannot_be_read_is_reported_and_not_used(tmp_path: Path) -> None:
    ProfileStore(tmp_path).save("ana", Profile(subject="ana"))
    (file,) = tmp_path.iterdir()
    file.write_text("{")
    people, subject_state = sidecar(tmp_path)
    assert subject_state.person.profile is None
    events = [m.body for m in people._hub.poll(1.0) if isinstance(m, EventMessage)]  # noqa: SLF001
    assert [(e.kind, e.name) for e in events] == [("calibration", "unusable")]


def test_a_calibration_starts_stops_and_checks_its_name_first(tmp_path: Path) -> None:
    people, _ = sidecar(tmp_path)
    with pytest.raises(RequestError, match="name"):
        people.calibrate(rq.Calibrate(action="start", profile="../x"), 1.0)
    started = people.calibrate(rq.Calibrate(action="start", seconds=30.0), 1.0)
    assert started["calibration"]["state"] == "running"
    assert people.calibrate(rq.Calibrate(action="status"), 2.0)["calibration"]["state"] == "running"
    stopped = people.calibrate(rq.Calibrate(action="stop"), 3.0)
    assert stopped["calibration"]["state"] != "running"


class Busy:
    """Jobs of which none is taken."""

    def submit(self, work: object, done: object) -> None:
        raise RequestError("busy", "16 jobs wait already")


@pytest.mark.parametrize(
    ("problem", "jobs", "reason"),
    [
        (ProfileError("the disk is full"), None, "the disk is full"),
        (ZeroDivisionError("a defect"), None, "ZeroDivisionError: a defect"),
        (None, Busy(), "16 jobs wait already"),
    ],
)
def test_a_calibrated_profile_that_is_not_written_is_in_use_and_reported(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    problem: Exception | None,
    jobs: Busy | None,
    reason: str,
) -> None:
    def fails(*_: object) -> None:
        assert problem is not None
        raise problem

    _, subject_state = sidecar(tmp_path)
    hub, defects = Hub(1, {"ana": subject_state}), DefectLog()
    people = ProfileHandlers(hub, ProfileStore(tmp_path), jobs, defects=defects)
    made = Profile(subject="ana")
    monkeypatch.setattr(hub, "take_calibrated", lambda: [("ana", "mine", made)])
    monkeypatch.setattr(ProfileStore, "save", fails)
    people.keep_calibrated(1.0)
    assert subject_state.person.profile is not None
    events = [m.body for m in hub.poll(1.0) if isinstance(m, EventMessage)]
    assert [(e.name, e.data.reasons) for e in events if e.kind == "calibration"] == [
        ("not_saved", [reason])
    ]
    assert defects.count == isinstance(problem, ZeroDivisionError)


def test_a_full_disk_at_the_end_is_logged_and_stops_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_: object) -> None:
        raise ProfileError("the disk is full")

    ProfileStore(tmp_path).save("ana", Profile(subject="ana"))
    people, subject_state = sidecar(tmp_path)
    for i in range(120):
        subject_state.analysis.mood.update(float(i), {"valence": 0.3, "valence_sd": 0.1})
    monkeypatch.setattr(ProfileStore, "save", full)
    people.end()
    assert "the session was not added to the profile: the disk is full" in caplog.messages
