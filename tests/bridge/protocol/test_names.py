"""Names of recordings and profiles chosen by clients are never paths."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentio_bridge.affect.subject_model import SubjectModel
from sentio_bridge.config.loader import parse
from sentio_bridge.control.dispatcher import Later
from sentio_bridge.control.profile_handlers import ProfileHandlers
from sentio_bridge.core.consent import ConsentLedger
from sentio_bridge.core.frame_pacer import FramePacer
from sentio_bridge.core.hub import Hub
from sentio_bridge.core.subject_state import SubjectState
from sentio_bridge.errors import RequestError
from sentio_bridge.profiles.store import ProfileStore
from sentio_bridge.protocol import names
from sentio_bridge.protocol import requests as rq
from sentio_bridge.recording.beginning import Beginnings
from sentio_bridge.recording.handlers import RecordingHandlers
from sentio_bridge.recording.new_folder import new_folder
from sentio_bridge.recording.session_recorder import SessionRecorder
from sentio_sensors import ManualClock, SensorError

INVALID = [
    "", " ", ".", "..", "...", "../x", "x/../y", "/tmp/x", "x/y", "x/", "a\\b", "..\\x",
    "\\\\host\\share", "C:", "C:x", "c:\\x", "x:stream", "~", "~/x", ".hidden", "-x", "x.", "x ",
    " x", "a b", "a\nb", "a\n", "a\0", "a\x1b[2J", "\u202eevil", "caf\u00e9", "\uff0e\uff0e", "*",
    "x?", "%2e%2e", "$HOME", "con", "NUL", "nul.txt", "Aux.tar.gz", "COM1", "lpt9.x", "prn",
]  # fmt: skip
VALID = ["a", "7", "session-1", "2026-11-23_ana.v2", "console", "com10", "a..b", "x" * 64]


def subject_state() -> SubjectState:
    return SubjectState(SubjectModel("ana"), ConsentLedger(), FramePacer(30.0))


@pytest.fixture
def record(tmp_path: Path) -> Callable[..., dict[str, object]]:
    """Return a function that requests recordings in ``tmp_path / "recordings"``."""
    config = parse(f'[recording]\nfolder = "{tmp_path / "recordings"}"\n')
    state = subject_state()
    session = SessionRecorder(
        Beginnings(
            config.recording, ManualClock(), {"ana": state.consent}, configuration="", epoch=1
        )
    )
    recordings = RecordingHandlers(Hub(1, {"ana": state}, (session,)), session, lambda: None)

    def send(action: str, folder: str | None = None) -> dict[str, object]:
        request = rq.Record(action=action, folder=folder)  # type: ignore[arg-type]
        answer = recordings.record(request, 0.0)
        if isinstance(answer, Later):
            answer = answer.finish(answer.work(), 0.0)
        body: dict[str, object] = answer["recording"]
        return body

    return send


@pytest.mark.parametrize("name", [*INVALID, "x" * 129])
def test_recording_name_must_be_valid(
    record: Callable[..., dict[str, object]], tmp_path: Path, name: str
) -> None:
    for action in ("start", "stop", "status"):
        with pytest.raises(RequestError, match="expected a name below") as refused:
            record(action, name)
        assert refused.value.code == "bad_argument"
        assert repr(name[:80]) in refused.value.what
        assert "omit folder" in refused.value.fix
    assert not list(tmp_path.iterdir())
    assert record("status")["active"] is False


@pytest.mark.parametrize("name", [*VALID, "x" * 128])
def test_valid_recording_name_is_used(
    record: Callable[..., dict[str, object]], tmp_path: Path, name: str
) -> None:
    folder = tmp_path / "recordings" / name
    assert record("start", name)["folder"] == str(folder)
    assert record("start", name)["folder"] == str(folder)  # a second start changes nothing
    record("stop")
    assert (folder / "data.xdf").is_file()
    with pytest.raises(RequestError, match="already exists"):
        record("start", name)


def test_default_recording_name_is_the_time(
    record: Callable[..., dict[str, object]], tmp_path: Path
) -> None:
    folder = Path(str(record("start")["folder"]))
    record("stop")
    assert folder.parent == tmp_path / "recordings"


def test_existing_paths_are_never_used(tmp_path: Path) -> None:
    below, elsewhere = tmp_path / "recordings", tmp_path / "elsewhere"
    below.mkdir()
    elsewhere.mkdir()
    (below / "link").symlink_to(elsewhere)
    (below / "dangling").symlink_to(tmp_path / "nowhere")
    (below / "file").touch()
    (below / "folder").mkdir()
    for name in ("link", "dangling", "file", "folder"):
        with pytest.raises(RequestError, match="already exists"):
            new_folder(str(below), name)
    assert not list(elsewhere.iterdir())
    assert not (tmp_path / "nowhere").exists()


def test_configured_folder_may_be_a_link_to_a_folder(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert new_folder(str(tmp_path / "link"), "a") == tmp_path / "real" / "a"
    (tmp_path / "file").touch()
    for below in ("file", "file/x"):
        with pytest.raises(SensorError, match="file"):
            new_folder(str(tmp_path / below), "a")


@given(st.text(max_size=140))
def test_any_valid_name_is_one_path_component(text: str) -> None:
    if not names.problem(text, 128):
        for parts in (text.split("/"), text.split("\\"), text.split(":")):
            assert parts == [text]
        assert text.isascii()
        assert text.isprintable()
        assert text.strip(" .") == text
        assert (Path("/base") / text).parent == Path("/base")


@pytest.mark.parametrize("name", [*(invalid for invalid in INVALID), "x" * 65])
def test_profile_name_must_be_valid(tmp_path: Path, name: str) -> None:
    outside = tmp_path / "x.profile.json"
    outside.write_bytes(b"{}")
    store = ProfileStore(tmp_path / "profiles")
    hub = Hub(1, {"ana": subject_state()})
    handlers = ProfileHandlers(hub, store)
    for action in ("use", "delete", "train"):
        with pytest.raises(RequestError) as refused:
            handlers.profile(rq.Profile(action=action, name=name), 0.0)  # type: ignore[arg-type]
        assert refused.value.code == "bad_argument"
        assert "not a valid profile name" in refused.value.what
    if name:  # a calibration without a name is stored under the subject's
        with pytest.raises(RequestError, match="not a valid profile name"):
            handlers.calibrate(rq.Calibrate(action="start", profile=name), 0.0)
    (status,) = handlers.calibrate(rq.Calibrate(action="status"), 0.0).values()
    assert status["state"] == "none"
    assert list(tmp_path.iterdir()) == [outside]
