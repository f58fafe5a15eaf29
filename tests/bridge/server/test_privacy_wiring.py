"""Tests of what a sidecar reads of consent when it starts."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from sentio_bridge.affect.subject_model import SubjectModel
from sentio_bridge.config.loader import load
from sentio_bridge.config.schema import Config
from sentio_bridge.core.frame_pacer import FramePacer
from sentio_bridge.core.hub import Hub
from sentio_bridge.core.subject_state import SubjectState
from sentio_bridge.defects import DefectLog
from sentio_bridge.errors import RequestError
from sentio_bridge.privacy.audit import Audit
from sentio_bridge.privacy.private_folder import PrivacyError
from sentio_bridge.privacy.receipt_store import ReceiptStore
from sentio_bridge.privacy.salted_ids import SaltedIds
from sentio_bridge.server.data_rights import DataRights
from sentio_bridge.server.offline_consent import decide
from sentio_bridge.server.privacy_wiring import PrivacyWiring


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Config:
    monkeypatch.setenv("SENTIO_KEYS", str(tmp_path / "keys"))
    state = tmp_path / "state"
    file = tmp_path / "sentio.toml"
    file.write_text(f"[privacy]\nfolder = '{state.as_posix()}'\n", encoding="utf-8")
    return load(file)


def standing(config: Config) -> dict[str, tuple[str, ...]]:
    folder = Path(config.privacy.folder)
    wiring = PrivacyWiring(config, folder, lambda _: None, lambda _: None, DefectLog())
    wiring.end(offline=True)
    return dict(wiring.keeper.standing(config.subjects[0]))


@pytest.mark.parametrize("restored", [["state"], ["state", "keys"]])
def test_an_older_copy_of_the_folder_grants_nothing(
    config: Config, tmp_path: Path, restored: list[str]
) -> None:
    decide(config, None, action="grant", sensor="eeg")
    assert standing(config) == {"eeg": ("adapt",)}
    state = tmp_path / "state"
    for name in restored:
        shutil.copytree(tmp_path / name, tmp_path / "copy" / name)
    decide(config, None, action="withdraw")
    for name in restored:
        shutil.rmtree(tmp_path / name)
        shutil.copytree(tmp_path / "copy" / name, tmp_path / name)
    assert standing(config) == {}
    assert "removed" in Audit(state).verify().problem
    decide(config, None, action="grant", sensor="eeg")  # from here on as before
    assert standing(config) == {"eeg": ("adapt",)}


def test_a_grant_that_expired_before_a_start_is_withdrawn_permanently(config: Config) -> None:
    decide(config, None, action="grant", sensor="eeg")
    store = ReceiptStore(Path(config.privacy.folder))
    (grant,) = store.load(config.subjects[0])
    at, expires = datetime(2020, 1, 1, tzinfo=UTC), datetime(2020, 2, 1, tzinfo=UTC)
    old = replace(grant, id="old", sensor="body", at=at, expires=expires)
    store.keep([old])
    assert standing(config) == {"eeg": ("adapt",)}
    end = store.load(config.subjects[0])[-1]
    assert (end.sensor, end.granted, end.how, end.at) == ("body", False, "expiry", expires)
    assert standing(config) == {"eeg": ("adapt",)}
    assert len(store.load(config.subjects[0])) == 3


def test_a_profile_that_another_configuration_uses_is_not_erased(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "marks"))
    configs = []
    for name in ("one", "two"):
        file = tmp_path / name / "sentio.toml"
        file.parent.mkdir()
        file.write_text(
            "subjects = ['anna']\n"
            f"profiles = '{(tmp_path / 'profiles').as_posix()}'\n"
            f"[recording]\nfolder = '{(tmp_path / name / 'recordings').as_posix()}'\n"
            f"[privacy]\nfolder = '{(tmp_path / name / 'state').as_posix()}'\n",
            encoding="utf-8",
        )
        configs.append(load(file))
    one, two = configs
    folder = Path(one.privacy.folder)
    wiring = PrivacyWiring(one, folder, lambda _: None, lambda _: None, DefectLog())
    state = SubjectState(SubjectModel("anna"), wiring.ledger("anna", 0.0), FramePacer(1.0))
    wiring.begin(Hub(1, {"anna": state}), dict)
    with pytest.raises(PrivacyError, match="running sidecar"):
        DataRights(two).erase("anna")
    with pytest.raises(RequestError, match="berta"):
        DataRights(two).erase("berta")  # nobody's data: no sidecar is in the way
    wiring.end()
    with pytest.raises(RequestError, match="anna"):
        DataRights(two).erase("anna")


def test_an_erasure_that_a_crash_ended_is_finished_when_it_is_repeated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "marks"))
    file, state = tmp_path / "sentio.toml", tmp_path / "state"
    file.write_text(
        f"subjects = ['anna']\n[privacy]\nfolder = '{state.as_posix()}'\n"
        f"[recording]\nfolder = '{(tmp_path / 'recordings').as_posix()}'\n",
        encoding="utf-8",
    )
    config = load(file)
    decide(config, "anna", action="grant", sensor="eeg", by="anna")

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(SaltedIds, "erase", killed)
        with pytest.raises(KeyboardInterrupt):
            DataRights(config).erase("anna")
    DataRights(config).erase("anna")
    left = [path for path in state.rglob("*") if path.is_file() and b"anna" in path.read_bytes()]
    assert left == []
    lines = [entry for entry in Audit(state).entries() if entry.kind == "erasure"]
    assert [line.data.get("begun") for line in lines] == [True, True, None]
    with pytest.raises(RequestError, match="nothing is kept"):
        DataRights(config).erase("anna")
