"""Labels become personal models that are stored and used; sessions add up in a profile."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sentio_bridge.affect.mood import SessionSummary
from sentio_bridge.affect.personal.profile import (
    MOST_SESSIONS,
    SHORTEST_SESSION,
    Profile,
    decode,
    with_session,
)
from sentio_bridge.affect.subject_model import SubjectModel
from sentio_bridge.control.dispatcher import Later
from sentio_bridge.control.profile_handlers import ProfileHandlers
from sentio_bridge.core.consent import ConsentLedger
from sentio_bridge.core.frame_pacer import FramePacer
from sentio_bridge.core.hub import Hub
from sentio_bridge.core.subject_state import SubjectState
from sentio_bridge.errors import RequestError
from sentio_bridge.profiles.store import ProfileStore
from sentio_bridge.protocol import requests as rq
from sentio_bridge.protocol.vocabulary import SENSORS
from sentio_models import Estimate, Reading

STEP = 20.0


def sidecar(folder: Path) -> tuple[ProfileHandlers, SubjectState]:
    """Return what a sidecar has of one person, without sockets."""
    ledger = ConsentLedger()
    for sensor in SENSORS:
        ledger.grant(sensor, ("adapt",), "test", 0.0)
    subject_state = SubjectState(SubjectModel("ana"), ledger, FramePacer(30.0))
    hub = Hub(1, {"ana": subject_state})
    people = ProfileHandlers(hub, ProfileStore(folder), today=lambda: "2026-11-23T12:00:00")
    people.begin(0.0)
    return people, subject_state


def live(
    people: ProfileHandlers, subject_state: SubjectState, *, turned: bool, count: int = 96
) -> list[float]:
    """Let a person feel, be measured and label; return what the body was taken to say.

    Where ``turned``, the generic model has the person the wrong way round: their heart goes
    slower when they are roused.
    """
    rng = np.random.default_rng(4)
    felt = np.repeat(rng.uniform(-0.7, 0.7, count // 6 + 1), 6)[:count]
    arousal = []
    for i, value in enumerate(felt):
        now = 1000.0 + i * STEP
        generic = float(np.clip((-value if turned else value) + rng.normal(0, 0.05), -1, 1))
        features = {"heart_rate": float(70 + 15 * generic + rng.normal(0, 1))}
        said = Estimate("body", {"arousal": Reading(generic, 0.02)}, quality=1.0, features=features)
        subject_state.estimate(said, now, now)
        arousal.append(subject_state.person.snapshot(now).values["arousal"])
        subject_state.person.label("arousal", float(value), now, now)
    return arousal


def train(people: ProfileHandlers) -> list[dict[str, object]]:
    later = people.profile(rq.Profile(action="train", name="ana"), 9000.0)
    assert isinstance(later, Later)
    found: list[dict[str, object]] = later.finish(later.work(), 9000.0)["trained"]
    return found


def test_a_person_who_is_the_other_way_round_gets_a_model_of_their_own(tmp_path: Path) -> None:
    people, subject_state = sidecar(tmp_path)
    live(people, subject_state, turned=True)
    (outcome,) = train(people)
    assert outcome["accepted"]
    assert outcome["labels"] == 96
    assert 0.3 < float(str(outcome["gain_low"])) <= float(str(outcome["gain"]))
    stored = decode((tmp_path / "ana.profile.json").read_bytes(), "ana")
    assert stored.created == "2026-11-23T12:00:00"
    assert [(m.modality, m.dimension) for m in stored.personal] == [("body", "arousal")]

    # Next time: the same body is read by the person's own model, from the first estimate on.
    _, again = sidecar(tmp_path)
    _, nobody = sidecar(tmp_path / "empty")
    said = Estimate(
        "body", {"arousal": Reading(0.6, 0.02)}, quality=1.0, features={"heart_rate": 79.0}
    )
    for one in (again, nobody):
        one.estimate(said, 100.0, 100.0)
    assert again.person.snapshot(100.0).values["arousal"] < -0.2
    assert nobody.person.snapshot(100.0).values["arousal"] > 0.2


def test_a_person_as_the_generic_model_expects_keeps_it(tmp_path: Path) -> None:
    people, subject_state = sidecar(tmp_path)
    live(people, subject_state, turned=False)
    (outcome,) = train(people)
    assert not outcome["accepted"]
    assert "no sure gain" in str(outcome["reason"])
    assert not (tmp_path / "ana.profile.json").exists()


def test_training_without_labels_is_refused_with_what_to_do(tmp_path: Path) -> None:
    people, _ = sidecar(tmp_path)
    with pytest.raises(RequestError, match="no labels") as refused:
        train(people)
    assert "label" in refused.value.fix


def test_sessions_add_up_in_the_profile_of_who_has_one(tmp_path: Path) -> None:
    ProfileStore(tmp_path).save("ana", Profile(subject="ana", created="2026-01-01"))
    for count in (1, 2):
        people, subject_state = sidecar(tmp_path)
        for i in range(120):
            subject_state.analysis.mood.update(float(i), {"valence": 0.3, "valence_sd": 0.1})
        people.end()
        assert len(ProfileStore(tmp_path).load("ana").sessions) == count
    kept = ProfileStore(tmp_path).load("ana")
    assert kept.created == "2026-01-01"
    assert kept.sessions[0].mean["valence"] == pytest.approx(0.3)

    people, subject_state = sidecar(tmp_path)  # too short to tell anything
    subject_state.analysis.mood.update(1.0, {"valence": 0.3})
    people.end()
    assert len(ProfileStore(tmp_path).load("ana").sessions) == 2


def test_nothing_is_written_of_who_has_no_profile(tmp_path: Path) -> None:
    people, subject_state = sidecar(tmp_path)
    for i in range(120):
        subject_state.analysis.mood.update(float(i), {"valence": 0.3})
    people.end()
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
