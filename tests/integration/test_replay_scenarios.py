"""Tests that sessions with profiles and several people replay to the byte."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest
from tests.bridge.pipeline.test_user_models import write as write_user_model

from sentio_bridge.affect.personal.profile import Baseline, Profile, encode
from sentio_bridge.protocol import codec
from sentio_bridge.recording.session_streams import LABELS
from sentio_bridge.replay.engine import frames, saved_state
from sentio_recording.recording import Recording

from .in_process import Request, body, details_of, of_kind, running, until

CONFIGURATION = """
subjects = {subjects}
profiles = "{folder}/profiles"
[recording]
folder = "{folder}/recordings"
start = {start}
[consent]
eeg = {consent}
body = {consent}
headset = {consent}
"""

SOURCE = """
[[source]]
type = "simulate"
subject = "{subject}"
scenario = "{scenario}"
sensors = ["eeg", "body"]
roles = ["eeg", "ppg", "eda"]
"""

RAW = '["adapt", "record", "record_raw"]'

FAST = [
    (1, True, False, "demo"),
    (2, True, True, "stress"),
]
"""People, profiles, recorded from the middle, scenario of the first person."""

MORE = [
    (1, False, False, "rest"),
    (1, False, True, "stress"),
    (1, True, False, "frustration"),
    (1, True, True, "demo"),
    (2, True, True, "frustration"),
]

OTHERS = [
    case
    for case in product(
        (1, 2), (False, True), (False, True), ("demo", "stress", "frustration", "rest")
    )
    if case not in FAST + MORE and (case[0] == 1 or case[1:3] == (True, True))
]
"""With the others twenty."""


def around(mean: float, sd: float) -> Baseline:
    return Baseline(mean=mean, sd=sd, weight=20.0, low=mean - 2 * sd, high=mean + 2 * sd)


def store_profiles(folder: Path, subjects: list[str]) -> None:
    """Store profiles with baselines that the EEG and body models read."""
    (folder / "profiles").mkdir()
    for index, subject in enumerate(subjects):
        shift = 0.3 * index
        means = {"ln_engagement": -1.8, "ln_relaxation": -0.7, "ln_focus": -0.9}
        eeg = {name: around(mean + shift, 0.3) for name, mean in means.items()}
        heart = {"hr": around(66.0 + 10.0 * shift, 4.0)}
        profile = Profile(subject=subject, created="", baselines={"eeg": eeg, "body": heart})
        (folder / "profiles" / f"{subject}.profile.json").write_bytes(encode(profile))


def wait_for_known(sent: list[bytes], subjects: list[str], after: float = 0.0) -> None:
    """Wait until each subject has EEG and heart in a frame after ``after``."""
    for subject in subjects:
        until(
            sent,
            lambda d: (
                d["sent"] > after
                and "heart_rate" in d["values"]
                and d["modalities"]["eeg"]["state"] == "ok"
            ),
            f"detail/{subject}".encode(),
        )


def steer(request: Request, subject: str) -> None:
    """Send requests of each kind that changes a session."""
    assert request("marker", name="boss", data={"wave": 2}, subject=subject)["ok"]
    assert request("label", name="stress", value=0.7, subject=subject)["ok"]
    assert request("adaptation", what="music", value=0.4, why="tense", subject=subject)["ok"]
    assert request("override", values={"dominance": 0.5}, seconds=1, subject=subject)["ok"]
    visor = {"stream": "visor", "role": "face", "channels": ["jawOpen", "mouthSmileLeft"]}
    assert request("input", **visor, values=[0.4, 0.6], subject=subject)["ok"]


@pytest.mark.parametrize(
    ("people", "profiles", "late", "scenario"),
    [
        *FAST,
        *(pytest.param(*case, marks=pytest.mark.slow) for case in MORE),
        *(pytest.param(*case, marks=pytest.mark.figure) for case in OTHERS),
    ],
)
def test_replay_gives_the_same_bytes(
    tmp_path: Path, people: int, profiles: bool, late: bool, scenario: str
) -> None:
    subjects = ["ana", "ben"][:people]
    if profiles:
        store_profiles(tmp_path, subjects)
    text = CONFIGURATION.format(
        subjects=str(subjects).replace("'", '"'),
        folder=tmp_path,
        start=str(not late).lower(),
        consent=RAW,
    )
    for subject, kind in zip(subjects, (scenario, "rest"), strict=False):
        text += SOURCE.format(subject=subject, scenario=kind)
    with running(text) as (request, sent):
        wait_for_known(sent, subjects)
        if late:
            steer(request, subjects[0])
            assert request("record", action="start", raw=["eeg", "body"])["recording"]["active"]
        began = request("time")["time"]
        for subject in subjects:
            steer(request, subject)
        wait_for_known(sent, subjects, after=began + 2.0)
        assert request("record", action="stop")["ok"]
    (folder,) = (tmp_path / "recordings").iterdir()
    with Recording(folder) as recording:
        assert recording.manifest is not None
        assert recording.manifest.complete_start is not late
        assert (saved_state(recording) is not None) is late
        assert len(recording.texts(LABELS)) == people
        replayed = [outgoing.message for outgoing in frames(recording)]
    for kind in (b"affect/", b"event/"):
        again = of_kind(kind, replayed)
        assert len(again) >= people
        first = sent.index(again[0])
        live = of_kind(kind, sent[first:])
        assert again == live[: len(again)]
    times = {d["sent"] for d in details_of(replayed)}
    assert details_of(replayed) == [d for d in details_of(sent) if d["sent"] in times]
    known = codec.decode_affect(of_kind(b"affect/", replayed)[-1])
    assert known.get("engagement") is not None


def test_state_is_not_stored_without_consent_to_record_what_it_contains(tmp_path: Path) -> None:
    text = CONFIGURATION.format(
        subjects='["ana"]', folder=tmp_path, start="false", consent='["adapt"]'
    )
    text += SOURCE.format(subject="ana", scenario="rest")
    with running(text) as (request, sent):
        wait_for_known(sent, ["ana"])
        assert request("record", action="start")["ok"]
        assert request("record", action="stop")["ok"]
    (folder,) = (tmp_path / "recordings").iterdir()
    with Recording(folder) as recording:
        assert saved_state(recording) is None
        assert body(frames_of(recording)[-1])


def test_recording_of_a_user_model_replays_where_the_model_is_missing(tmp_path: Path) -> None:
    pytest.importorskip("onnx")
    model = write_user_model(tmp_path)
    text = CONFIGURATION.format(subjects='["ana"]', folder=tmp_path, start="true", consent=RAW)
    text += f'[models]\nown = ["{model}"]\n'
    text += SOURCE.format(subject="ana", scenario="stress").replace('"ppg", "eda"', '"ppg"')
    with running(text) as (request, sent):
        until(sent, lambda d: "stress" in d["values"])
        assert request("record", action="stop")["ok"]
    (folder,) = (tmp_path / "recordings").iterdir()
    with Recording(folder) as recording:
        with_model = frames_of(recording)
    model.unlink()
    with Recording(folder) as recording:
        without_model = frames_of(recording)
    assert (
        of_kind(b"affect/", with_model)
        == of_kind(b"affect/", sent)[: len(of_kind(b"affect/", with_model))]
    )
    assert with_model == without_model


def frames_of(recording: Recording) -> list[bytes]:
    """Return the messages of a replay."""
    return [outgoing.message for outgoing in frames(recording)]
