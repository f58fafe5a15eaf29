"""Tests of configured consent after erasures and damage of the receipts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sentio_bridge.privacy.consent_keeper import Circumstances, ConsentKeeper
from sentio_bridge.privacy.private_folder import PrivacyError
from sentio_bridge.privacy.receipt_store import ERASED, ReceiptStore

TABLE = {"eeg": ["adapt", "record"]}
WRITTEN = datetime.now(UTC) - timedelta(hours=1)
LATER = timedelta(hours=2)


def started(
    folder: Path, dated: datetime = WRITTEN, subject: str = "ana", others: tuple[str, ...] = ()
) -> ConsentKeeper:
    """Return the keeper of a sidecar that starts with a configuration of a date."""
    now = max(datetime.now(UTC), dated + timedelta(seconds=1))
    keeper = ConsentKeeper([subject, *others], ReceiptStore(folder), clock=lambda: now)
    keeper.store.keep(keeper.configure(subject, TABLE, dated))
    return keeper


def withdrawn(folder: Path) -> Path:
    """Withdraw what a configuration granted; return the file of the receipts."""
    keeper = started(folder)
    keeper.store.keep(keeper.withdraw("ana", ["eeg"], None, Circumstances()))
    return ReceiptStore(folder).path("ana")


def test_an_older_configuration_grants_nothing_after_an_erasure(tmp_path: Path) -> None:
    withdrawn(tmp_path)
    assert ReceiptStore(tmp_path).erase("ana")
    assert started(tmp_path).standing("ana") == {}
    assert started(tmp_path, WRITTEN + LATER).standing("ana") == {"eeg": ("adapt", "record")}


def test_an_erasure_leaves_the_consent_of_others(tmp_path: Path) -> None:
    withdrawn(tmp_path)
    started(tmp_path, subject="ben", others=("ana",))
    ReceiptStore(tmp_path).erase("ana")
    assert started(tmp_path, subject="ben").standing("ben") == {"eeg": ("adapt", "record")}


def test_an_older_configuration_grants_nothing_to_a_person_with_a_new_pseudonym(
    tmp_path: Path,
) -> None:
    withdrawn(tmp_path)  # the list of pseudonyms is lost: the same person has another one now
    assert started(tmp_path, subject="pana2").standing("pana2") == {}
    later = started(tmp_path, WRITTEN + LATER, "pana3")
    assert later.standing("pana3") == {"eeg": ("adapt", "record")}


def test_a_person_who_did_not_withdraw_keeps_the_consent_with_a_new_pseudonym(
    tmp_path: Path,
) -> None:
    started(tmp_path)
    assert started(tmp_path, subject="pana2").standing("pana2") == {"eeg": ("adapt", "record")}


@pytest.mark.parametrize("line", [0, 1])
def test_an_older_configuration_grants_nothing_after_damage(tmp_path: Path, line: int) -> None:
    file = withdrawn(tmp_path)
    lines = file.read_bytes().splitlines()
    lines[line] = lines[line].replace(b"eeg", b"\xff\x00g")
    file.write_bytes(b"\n".join(lines))
    assert started(tmp_path).standing("ana") == {}
    assert started(tmp_path, WRITTEN + LATER).standing("ana") == {"eeg": ("adapt", "record")}


def test_nothing_starts_without_the_time_of_the_last_erasure(tmp_path: Path) -> None:
    withdrawn(tmp_path)
    ReceiptStore(tmp_path).erase("ana")
    (tmp_path / ERASED).write_bytes(b"{")
    with pytest.raises(PrivacyError, match="grant the consent again"):
        started(tmp_path)


@pytest.mark.parametrize("guardian", ["", "parent-1"])
def test_a_person_who_is_named_as_a_child_later_has_no_consent_without_the_guardian(
    tmp_path: Path, guardian: str
) -> None:
    own = started(tmp_path)
    assert own.standing("ana")
    store = ReceiptStore(tmp_path)
    child = ConsentKeeper(["ana"], store, children={"ana": guardian})
    assert child.standing("ana") == {}
    assert child.withdrawn("ana") == ["eeg"]
    if guardian:
        agreed = child.grant("ana", "eeg", ["adapt"], Circumstances(guardian=guardian))
        store.keep(agreed)
        again = ConsentKeeper(["ana"], store, children={"ana": guardian})
        assert again.standing("ana") == {"eeg": ("adapt",)}
        assert ConsentKeeper(["ana"], store, children={"ana": "parent-2"}).standing("ana") == {}
