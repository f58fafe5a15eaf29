"""Two subjects in one sidecar: their data never mixes."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from sentio_bridge.affect.personal.profile import Baseline, Profile
from sentio_bridge.batch.runner import analyse
from sentio_bridge.cli.app import application
from sentio_bridge.config.loader import Sidecar as Ports
from sentio_bridge.core.outgoing import DetailMessage, FrameMessage, Outgoing
from sentio_bridge.profiles.store import ProfileStore
from sentio_bridge.replay.engine import frames
from sentio_bridge.replay.server import native, publish
from sentio_bridge.transport.ports import bind
from sentio_recording.recorded import sensor_spec
from sentio_recording.recording import Recording
from sentio_recording.summary import summarise
from sentio_sensors import MonotonicClock

from .conftest import DEADLINE
from .in_process import Request, serving

CONFIGURATION = """
subjects = ["ann", "ben"]
profiles = "{folder}/profiles"
[recording]
folder = "{folder}/recordings"
start = true
[consent]
body = ["adapt", "record", "record_raw"]
headset = ["adapt", "record"]
[[source]]
type = "simulate"
subject = "ann"
name = "left"
sensors = ["body"]
roles = ["ppg"]
[[source]]
type = "simulate"
subject = "ann"
name = "right"
sensors = ["body"]
roles = ["ppg"]
[[source]]
type = "simulate"
subject = "ben"
name = "left"
sensors = ["body"]
roles = ["ppg"]
"""

VALUES = {"ann": 0.125, "ben": 0.875}
INPUTS = 40


class Collected:
    """Output that collects every message."""

    leaves_machine = False

    def __init__(self) -> None:
        self.sent: list[Outgoing] = []

    def publish(self, messages: Sequence[Outgoing]) -> None:
        self.sent.extend(messages)

    def close(self) -> None:
        pass

    def frames(self, subject: str) -> int:
        return sum(isinstance(m, FrameMessage) and m.key == subject for m in list(self.sent))

    def details(self, subject: str) -> list[Any]:
        return [
            m.body for m in list(self.sent) if isinstance(m, DetailMessage) and m.key == subject
        ]


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + DEADLINE
    while not condition():
        assert time.monotonic() < end, "never fulfilled"
        time.sleep(0.02)


def state(collected: Collected, subject: str) -> str:
    streams = collected.details(subject)
    return streams[-1].sensors["body"].state if streams and "body" in streams[-1].sensors else ""


def runs(request: Request, estimator: str) -> list[int]:
    """Return the number of runs of each subject's estimator."""
    models = request("status", subject="ann")["health"]["models"]
    return [models[f"{subject}/{estimator}"]["runs"] for subject in VALUES]


class Session:
    """Results of one live session of both subjects."""

    def __init__(self, folder: Path) -> None:
        store = ProfileStore(folder / "profiles")
        for subject, mean in (("ann", 60.0), ("ben", 90.0)):
            norm = Baseline(mean=mean, sd=4.0, weight=20.0, low=mean - 9, high=mean + 9)
            known = Profile(subject=subject, baselines={"body": {"heart_rate": norm}})
            store.save(f"of-{subject}", known)
        collected = Collected()
        with serving(CONFIGURATION.format(folder=folder), collected) as request:
            until(lambda: state(collected, "ann") == "on" and state(collected, "ben") == "on")
            self.profiles = [
                request("profile", action="use", name=name, subject=subject)["ok"]
                for name, subject in (("of-ann", "ben"), ("of-ben", "ann"), ("of-ann", "ann"))
            ]
            self.accepted = defaultdict(int)
            for number in range(INPUTS):
                now = request("time")["time"]
                for subject, value in VALUES.items():
                    reply = request(
                        "input",
                        subject=subject,
                        stream="visor",
                        role="face",
                        channels=["jawOpen"],
                        values=[value],
                        time=now,
                    )
                    self.accepted[subject] += reply["accepted"]
                if number == 0:  # the models load with the first sample
                    for subject in VALUES:
                        request("marker", subject=subject, name=f"{subject}s-boss")
                    until(lambda: min(runs(request, "headset")) >= 1)
            until(lambda: min(runs(request, "body")) >= 12)
            self.health = request("status", subject="ann")["health"]
            self.streams = {s: request("status", subject=s)["detail"]["sensors"] for s in VALUES}
            before = len(collected.details("ben"))
            self.withdrawn = request("time")["time"]
            assert request("consent", subject="ann", action="withdraw", sensor="body")["ok"]
            until(lambda: state(collected, "ann") == "withdrawn")
            until(lambda: len(collected.details("ben")) > before + 8)
            until(lambda: min(map(collected.frames, VALUES)) > 60)  # the tests below need them
            self.ben_after = state(collected, "ben")
            self.consent = {s: request("consent", subject=s, action="status") for s in VALUES}
            assert request("record", action="stop")["ok"]
        self.sent = collected.sent
        (self.folder,) = (folder / "recordings").iterdir()

    def samples(self) -> dict[tuple[str, str], tuple[np.ndarray, np.ndarray]]:
        """Return times and values of each sensor's stream by subject and id."""
        streams = {}
        with Recording(self.folder) as recording:
            for number, info in recording.streams.items():
                spec = sensor_spec(info)
                if spec is not None:
                    key = spec.meta["subject"], spec.id
                    assert key not in streams
                    streams[key] = recording.samples(number)
        return streams


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    return Session(tmp_path_factory.mktemp("two"))


def test_each_subject_has_separate_streams_models_and_inputs(session: Session) -> None:
    assert session.accepted == {"ann": INPUTS, "ben": INPUTS}
    assert {key: model["subject"] for key, model in session.health["models"].items()} == {
        f"{subject}/{model}": subject for subject in VALUES for model in ("body", "headset")
    }
    assert {key: source["subject"] for key, source in session.health["sources"].items()} == {
        "ann/left-body": "ann",
        "ann/right-body": "ann",
        "ben/left-body": "ben",
    }
    (of_ben,) = session.streams["ben"]["body"]["streams"]
    assert of_ben in session.streams["ann"]["body"]["streams"]
    assert len(session.streams["ann"]["body"]["streams"]) == 2
    for subject in VALUES:
        assert session.streams[subject]["headset"]["streams"] == ["engine:visor"]
        own = [m.body for m in session.sent if isinstance(m, FrameMessage) and m.key == subject]
        assert [frame.seq for frame in own] == list(range(len(own)))


def test_recording_separates_all_streams(session: Session) -> None:
    streams = session.samples()
    assert sorted(subject for subject, _ in streams) == ["ann", "ann", "ann", "ben", "ben"]
    for subject, value in VALUES.items():
        times, values = streams[subject, "engine:visor"]
        assert len(times) == INPUTS
        assert set(values.ravel().tolist()) == {value}
    for (_, stream), (times, _) in streams.items():
        if stream != "engine:visor":
            assert len(times) > 64
            # 64 Hz of one device; mixed with another device steps would be shorter. A busy machine
            # may drop chunks.
            assert np.diff(times).min() == pytest.approx(1 / 64, abs=1e-6)
    with Recording(session.folder) as recording:
        summary = summarise(recording)
    names = [stream.name for stream in summary.streams]
    assert len(names) == len(set(names))  # two streams of one name are shown with their subject


def test_consent_applies_to_one_subject(session: Session) -> None:
    streams = session.samples()
    assert session.consent["ann"]["consent"]["body"] == []
    assert session.consent["ben"]["consent"]["body"] == ["adapt", "record", "record_raw"]
    assert session.ben_after == "on"
    last = {
        subject: max(t[-1] for (s, id_), (t, _) in streams.items() if s == subject and "ppg" in id_)
        for subject in VALUES
    }
    assert last["ann"] <= session.withdrawn + 0.5
    assert last["ben"] > session.withdrawn + 1.0


def test_profile_is_used_only_for_its_subject(session: Session) -> None:
    assert session.profiles == [False, False, True]
    with Recording(session.folder) as recording:
        used = [text for _, text in recording.texts("hub") if text.startswith('["profile"')]
        assert [text.startswith('["profile","ann"') for text in used] == [True]
        personalised = [t for _, t in recording.texts("sentio/order") if "personalise" in t]
    assert personalised
    assert all('"ann"' in text and '"ben"' not in text for text in personalised)


def test_replay_gives_the_same_bytes_for_each_subject(session: Session) -> None:
    with Recording(session.folder) as recording:
        replayed = [m.message for m in frames(recording) if m.message.startswith(b"affect/")]
    live = [m.encoded for m in session.sent if m.kind == "affect"]
    assert len(replayed) > 100
    assert replayed == live[: len(replayed)]


def test_served_replay_numbers_frames_of_each_subject_from_0(session: Session) -> None:
    collected = Collected()
    with Recording(session.folder) as recording:
        played = native(recording, compute=False)
        sockets = bind(Ports(state_port=0, control_port=0))
        publish(played, sockets, MonotonicClock(), threading.Event(), speed=0, outputs=[collected])
    last: dict[str, int] = {}
    count = dict.fromkeys(VALUES, 0)
    for message in collected.sent:
        if isinstance(message, FrameMessage):
            assert message.body.seq == count[message.key]
            last[message.key] = message.body.seq
            count[message.key] += 1
        elif isinstance(message, DetailMessage):
            assert message.body.seq == last[message.key]
    assert min(count.values()) > 50


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_export_separates_subjects(session: Session, tmp_path: Path, form: str) -> None:
    if form == "parquet":
        pytest.importorskip("pyarrow", exc_type=ImportError)
    out = tmp_path / form
    done = CliRunner().invoke(
        application("export"), ["export", str(session.folder), "--to", form, "--out", str(out)]
    )
    assert done.exit_code == 0, done.output
    streams = defaultdict(set)
    for path in out.rglob(f"*visor*.{form}"):
        if form == "csv":
            rows = np.loadtxt(path, delimiter=",", skiprows=1, ndmin=2)[:, -1]
        else:
            import pyarrow.parquet

            rows = pyarrow.parquet.read_table(path).to_pandas()["jawOpen"].to_numpy()
        streams[path.name].update(np.round(rows, 6).tolist())
        owner = next(subject for subject in VALUES if subject in path.name)
        assert streams[path.name] == {VALUES[owner]}
    assert len(streams) == 2


def test_bids_and_edf_have_files_of_one_person_each(session: Session, tmp_path: Path) -> None:
    edfio = pytest.importorskip("edfio", exc_type=ImportError)
    bids, edf = tmp_path / "bids", tmp_path / "a.edf"
    for form, out in (("bids", bids), ("edf", edf)):
        done = CliRunner().invoke(
            application("export"), ["export", str(session.folder), "--to", form, "--out", str(out)]
        )
        assert done.exit_code == 0, done.output
    sources = {"ann": 2, "ben": 1}
    for subject, other in (("ann", "ben"), ("ben", "ann")):
        (events,) = bids.glob(f"sub-{subject}/ses-01/eeg/*_events.tsv")
        assert f"{subject}s-boss" in events.read_text()
        assert f"{other}s-boss" not in events.read_text()
        assert len([*events.parent.glob("*ppg*_physio.tsv.gz")]) == sources[subject]
        file = edfio.read_edf(tmp_path / f"a_sub-{subject}.edf")
        assert len([s for s in file.signals if s.sampling_frequency == 64]) == sources[subject]
        assert not [a for a in file.annotations if other in a.text]
    assert not edf.exists()


def test_analysis_summarises_each_person(session: Session, tmp_path: Path) -> None:
    pytest.importorskip("pyarrow", exc_type=ImportError)
    done = analyse([session.folder], tmp_path)
    rows = {result.subject: result for result in done}
    assert set(rows) == set(VALUES), done
    for subject, result in rows.items():
        own = [m.body for m in session.sent if isinstance(m, FrameMessage) and m.key == subject]
        own = own[: result.frames]  # frames go on after the recording has ended
        known = [v["heart_rate"] for f in own if "heart_rate" in (v := f.known_values())]
        assert result.means["heart_rate"] == pytest.approx(np.mean(known), abs=1e-3)
    page = (tmp_path / "summary.html").read_text()
    assert "1 of 1 analysed" in page
    assert f"{session.folder.name}, ben" in page


def test_report_contains_one_subject(session: Session, tmp_path: Path) -> None:
    for subject, other in (("ann", "ben"), ("ben", "ann")):
        page = tmp_path / f"{subject}.html"
        arguments = ["report", str(session.folder), "--subject", subject, "--out", str(page)]
        done = CliRunner().invoke(application(arguments[0]), arguments)
        assert done.exit_code == 0, done.output
        text = page.read_text()
        assert f"{subject}s-boss" in text
        assert f"{other}s-boss" not in text
