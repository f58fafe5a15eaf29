"""Personal models are trained on the labels of recordings."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from sentio_bridge.affect.personal.profile import decode
from sentio_bridge.affect.subject_model import SubjectModel
from sentio_bridge.cli.app import application
from sentio_bridge.config.loader import parse
from sentio_bridge.core import commands as cmd
from sentio_bridge.core.consent import ConsentLedger
from sentio_bridge.core.frame_pacer import FramePacer
from sentio_bridge.core.hub import Hub
from sentio_bridge.core.subject_state import SubjectState
from sentio_bridge.errors import BridgeError
from sentio_bridge.privacy.consent_keeper import Circumstances, ConsentKeeper
from sentio_bridge.privacy.receipt_store import ReceiptStore
from sentio_bridge.recording.beginning import Beginnings
from sentio_bridge.recording.session_recorder import SessionRecorder
from sentio_bridge.replay.labels import labelled_moments
from sentio_models import Estimate, Reading
from sentio_sensors import ManualClock

STEP = 30.0
"""Seconds between two labels."""


def record(
    tmp_path: Path,
    name: str,
    subjects: tuple[str, ...],
    seed: int,
    count: int,
    purposes: tuple[str, ...] = ("adapt", "record", "personal_model"),
) -> Path:
    """Record a person with labels whose heart rate falls with arousal."""
    config = parse(f'[recording]\nfolder = "{tmp_path / "recordings"}"\n')
    ledgers = {subject: ConsentLedger() for subject in subjects}
    for ledger in ledgers.values():
        ledger.grant("body", purposes, "test", 0.0)
    clock = ManualClock()
    session = SessionRecorder(
        Beginnings(config.recording, clock, ledgers, configuration="", epoch=1)
    )
    states = {
        subject: SubjectState(SubjectModel(subject), ledger, FramePacer(30.0))
        for subject, ledger in ledgers.items()
    }
    hub = Hub(1, states, observers=(session,))
    session.start(name=name)
    rng = np.random.default_rng(seed)
    truth = np.repeat(rng.uniform(-0.7, 0.7, count // 6 + 1), 6)[:count]
    start = clock.now()
    hub.poll(start)
    for i, value in enumerate(truth.tolist()):
        now = start + (i + 1) * STEP
        predicted = float(np.clip(-value + rng.normal(0, 0.05), -1, 1))
        features = {"heart_rate": float(70 + 15 * predicted + rng.normal(0, 1))}
        estimate = Estimate(
            "body", {"arousal": Reading(predicted, 0.02)}, quality=1.0, features=features
        )
        hub.apply(cmd.EstimateReceived(subjects[0], "body", now, estimate), now)
        hub.poll(now)
        hub.apply(cmd.LabelGiven(subjects[0], "arousal", value, now), now)
    return Path(session.stop().folder)


def train(tmp_path: Path, *folders: Path) -> Result:
    command = ["profile", "train", "ana", "--folder", str(tmp_path / "profiles")]
    for folder in folders:
        command += ["--from", str(folder)]
    return CliRunner().invoke(application(command[0]), command)


def test_profile_is_trained_on_two_recordings(tmp_path: Path) -> None:
    folders = [record(tmp_path, f"s{seed}", ("ana",), seed, 48) for seed in (4, 5)]
    moments = labelled_moments(folders)
    assert len(moments) == 96
    assert moments[0].features["body"]["heart_rate"] > 40
    result = train(tmp_path, *folders)
    assert result.exit_code == 0, result.output
    assert "body -> arousal, 96 labels" in result.output
    stored = decode((tmp_path / "profiles" / "ana.profile.json").read_bytes(), "ana")
    assert [(m.modality, m.dimension) for m in stored.personal] == [("body", "arousal")]


def test_recording_without_labels_is_refused(tmp_path: Path) -> None:
    result = train(tmp_path, record(tmp_path, "empty", ("ana",), 4, 0))
    assert result.exit_code == 1
    assert "no labels" in result.output
    assert not (tmp_path / "profiles").exists()


def test_subject_is_required_where_there_are_several(tmp_path: Path) -> None:
    folder = record(tmp_path, "two", ("ana", "ben"), 4, 12)
    with pytest.raises(BridgeError, match="ana, ben"):
        labelled_moments([folder])
    with pytest.raises(BridgeError, match="no subject 'eve'"):
        labelled_moments([folder], "eve")
    assert labelled_moments([folder], "ben") == []
    assert len(labelled_moments([folder], "ana")) == 12


def test_nothing_is_trained_on_a_recording_without_consent_for_a_personal_model(
    tmp_path: Path,
) -> None:
    result = train(tmp_path, record(tmp_path, "without", ("ana",), 4, 48, ("adapt", "record")))
    assert result.exit_code == 1
    assert "no sensor that was labelled has consent for personal_model" in result.output
    assert not (tmp_path / "profiles").exists()


def test_a_later_withdrawal_counts_for_earlier_recordings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The configuration in the working folder names receipts and profiles."""
    monkeypatch.chdir(tmp_path)
    folder = record(tmp_path, "before", ("ana",), 4, 48)
    Path("sentio.toml").write_text(
        'subjects = ["ana"]\n[privacy]\nfolder = "state"\n[profiles]\nfolder = "kept"\n'
    )
    keeper = ConsentKeeper(["ana"], ReceiptStore(tmp_path / "state"))

    def trained() -> Result:
        command = ["profile", "train", "ana", "--from", str(folder)]
        return CliRunner().invoke(application(command[0]), command)

    assert trained().exit_code == 0
    assert decode((tmp_path / "kept" / "ana.profile.json").read_bytes(), "ana").personal
    keeper.store.keep(keeper.withdraw("ana", ["body"], None, Circumstances()))
    assert "has consent for personal_model" in trained().output
