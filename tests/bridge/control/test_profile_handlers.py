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
    """Return profile handlers and the state of one subject."""
    ledger = ConsentLedger()
    for sensor in SENSORS:
        ledger.grant(sensor, ("adapt",), "test", 0.0)
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


def test_typical_person_keeps_the_generic_model(tmp_path: Path) -> None:
    handlers, subject_state = sidecar(tmp_path)
    live(handlers, subject_state, inverted=False)
    (outcome,) = train(handlers)
    assert not outcome["accepted"]
    assert "no sure gain" in str(outcome["reason"])
    assert not (tmp_path / "ana.profile.json").exists()


def test_training_without_labels_is_refused_with_a_fix(tmp_path: Path) -> None:
    handlers, _ = sidecar(tmp_path)
    with pytest.raises(RequestError, match="no labels") as refused:
        train(handlers)
    assert "label" in refused.value.fix


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
        profile = with_session(profile, summary)
    assert len(profile.sessions) == MOST_SESSIONS
    assert profile.sessions[-1].seconds == SHORTEST_SESSION + MOST_SESSIONS + 2
