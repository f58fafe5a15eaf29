"""Receipts on the disk: kept across restarts; damage never grants."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sentio_bridge.privacy.consent_book import ConsentBook, Receipt, ShownText
from sentio_bridge.privacy.private_folder import PrivacyError
from sentio_bridge.privacy.receipt_store import ReceiptStore
from sentio_bridge.protocol.vocabulary import SENSORS

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def receipt(granted: bool, purposes: tuple[str, ...] = ("adapt",), subject: str = "ana") -> Receipt:
    text = ShownText(sha256="ab", name="game", version="1", language="en")
    return Receipt(
        id="1", subject=subject, sensor="eeg", granted=granted, purposes=purposes, at=NOW, text=text
    )


def test_receipts_return_as_they_were(tmp_path: Path) -> None:
    kept = [receipt(True), receipt(True, ("adapt", "record")), receipt(False)]
    for each in kept:
        ReceiptStore(tmp_path).keep([each], "the text")
    store = ReceiptStore(tmp_path)
    assert store.load("ana") == kept
    assert store.load("ben") == []
    assert list(store.subjects()) == ["ana"]
    (text,) = (tmp_path / "texts").iterdir()
    assert store.text(text.stem) == "the text"
    assert store.text("missing") == ""
    assert (tmp_path / "receipts").stat().st_mode & 0o077 == 0


def test_strange_pseudonyms_are_kept_apart(tmp_path: Path) -> None:
    store = ReceiptStore(tmp_path)
    names = ["a/../b", "A", "a", "x" * 200, "ü "]
    for name in names:
        store.keep([receipt(True, subject=name)])
    assert all(store.load(name) == [receipt(True, subject=name)] for name in names)


def test_erased_receipts_are_gone(tmp_path: Path) -> None:
    store = ReceiptStore(tmp_path)
    store.keep([receipt(True)])
    assert store.erase("ana")
    assert not store.erase("ana")
    assert store.load("ana") == []


def test_texts_that_only_an_erased_person_saw_are_erased(tmp_path: Path) -> None:
    store = ReceiptStore(tmp_path)
    for subject, body in (("ana", "for ana"), ("ana", "for all"), ("ben", "for all")):
        sha256 = hashlib.sha256(body.encode()).hexdigest()
        made = msgspec.structs.replace(
            receipt(True, subject=subject), text=ShownText(sha256=sha256)
        )
        store.keep([made], body)
    store.erase("ana")
    assert [path.read_text() for path in (tmp_path / "texts").iterdir()] == ["for all"]


def test_a_withdrawal_on_a_full_disk_ends_the_grants_before_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = ReceiptStore(tmp_path)
    store.keep([receipt(True)])

    def full(path: Path, data: bytes) -> None:
        raise PrivacyError("the disk is full")

    monkeypatch.setattr("sentio_bridge.privacy.receipt_store.append", full)
    with pytest.raises(PrivacyError):
        store.keep([receipt(True, ("record",))])
    assert ConsentBook(store.load("ana")).standing(NOW)  # a grant that fails changes nothing
    with pytest.raises(PrivacyError):
        store.keep([receipt(False)])
    assert ConsentBook(ReceiptStore(tmp_path).load("ana")).standing(NOW) == {}


def test_changes_of_another_program_are_noticed(tmp_path: Path) -> None:
    ours, other = ReceiptStore(tmp_path), ReceiptStore(tmp_path)
    assert ours.load("ana") == []
    ours.keep([receipt(True)])
    assert not ours.changed("ana")
    other.keep([receipt(False)])
    assert ours.changed("ana")
    ours.keep([receipt(True)])  # a write of our own does not hide the other one
    assert ours.changed("ana")
    ours.load("ana")
    assert not ours.changed("ana")
    other.erase("ana")
    assert ours.changed("ana")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    st.lists(
        st.tuples(st.booleans(), st.sampled_from(["adapt", "record"])), min_size=1, max_size=8
    ),
    st.data(),
)
def test_a_damaged_line_ends_every_grant_before_it(
    tmp_path: Path, decisions: list[tuple[bool, str]], data: st.DataObject
) -> None:
    made = [receipt(granted, (purpose,)) for granted, purpose in decisions]
    store = ReceiptStore(tmp_path)
    store.erase("ana")
    store.keep(made)
    (path,) = (tmp_path / "receipts").iterdir()
    lines = path.read_bytes().splitlines(keepends=True)
    hit = data.draw(st.integers(0, len(lines) - 1))
    position = data.draw(st.integers(0, len(lines[hit]) - 2))
    damaged = bytearray(lines[hit])
    damaged[position] ^= data.draw(st.sampled_from([0x01, 0x04, 0x20, 0x40]))
    path.write_bytes(b"".join([*lines[:hit], bytes(damaged), *lines[hit + 1 :]]))
    found = ConsentBook(store.load("ana")).standing(NOW)
    assert found == ConsentBook(made[hit + 1 :]).standing(NOW)


def test_a_receipt_after_a_crash_begins_a_new_line(tmp_path: Path) -> None:
    store = ReceiptStore(tmp_path)
    store.keep([receipt(True)])
    (path,) = (tmp_path / "receipts").iterdir()
    path.write_bytes(path.read_bytes() + b'{"id":"')
    store.keep([receipt(False)])
    first, *damage, last = store.load("ana")
    assert (first, last) == (receipt(True), receipt(False))
    assert {(r.how, r.granted) for r in damage} == {("damage", False)}
    assert {r.sensor for r in damage} == set(SENSORS)


def test_a_folder_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(PrivacyError, match="cannot use"):
        ReceiptStore(tmp_path / "file").keep([receipt(True)])
