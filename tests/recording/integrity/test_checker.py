"""Tests of comparing a data file with its journal, without a disk."""

from __future__ import annotations

import pytest

from sentio_recording.integrity.checker import Verification
from sentio_recording.integrity.journal import MAGIC, SIZE, Journal
from sentio_recording.xdf import chunks as xdf
from sentio_recording.xdf import headers, reader

START = xdf.MAGIC + xdf.chunk(1, headers.file_header("2026-01-01T00:00:00Z"))
CHUNKS = [xdf.clock_offset(1, float(time), 0.001 * time) for time in range(4)]
PIECES = [START, *CHUNKS]


def journal_of(pieces: list[bytes], manifest: bytes = b"") -> bytes:
    journal = Journal()
    made = MAGIC + b"".join(journal.add(0, 0, piece) for piece in pieces)
    return made + (journal.seal(manifest) if manifest else b"")


def damages(found: list[xdf.Frame | reader.Damage]) -> list[tuple[int, str]]:
    return [(one.offset, one.why) for one in found if isinstance(one, reader.Damage)]


def test_unchanged_data_has_no_damage() -> None:
    check = Verification(b"".join(PIECES), journal_of(PIECES, b"{}"))
    found = list(check.frames())
    assert (len(found), damages(found), check.journal_damages) == (5, [], [])
    assert (check.unverified, check.broken) == (0, [])
    assert check.seal is not None


@pytest.mark.parametrize("victim", range(1, 5))
def test_a_changed_chunk_is_located(victim: int) -> None:
    offset = sum(map(len, PIECES[:victim]))
    data = bytearray(b"".join(PIECES))
    data[offset + len(PIECES[victim]) - 1] ^= 1
    check = Verification(bytes(data), journal_of(PIECES))
    found = list(check.frames())
    assert damages(found) == [(offset, "changed since written")]
    assert len(found) == 5


def test_a_chunk_changed_with_its_entry_breaks_the_chain() -> None:
    other = xdf.clock_offset(1, 9.0, 9.0)
    forged = [START, CHUNKS[0], other, *CHUNKS[2:]]
    journal = bytearray(journal_of(PIECES))
    at = len(MAGIC) + 2 * SIZE
    journal[at : at + SIZE] = journal_of(forged)[at : at + SIZE]
    check = Verification(b"".join(forged), bytes(journal))
    assert damages(list(check.frames())) == []
    assert check.broken == [len(START) + len(CHUNKS[0]) + len(other)]


def test_chunks_after_the_journal_are_read_unverified() -> None:
    check = Verification(b"".join(PIECES), journal_of(PIECES[:3]))
    assert len(list(check.frames())) == 5
    assert check.unverified == 2


def test_a_file_that_ends_early_is_a_damage() -> None:
    data = b"".join(PIECES)[:-3]
    check = Verification(data, journal_of(PIECES))
    assert damages(list(check.frames())) == [
        (len(data) + 3 - len(CHUNKS[3]), "the file ends before it")
    ]


def test_a_damaged_entry_leaves_its_chunk_readable() -> None:
    journal = bytearray(journal_of(PIECES))
    at = len(MAGIC) + 2 * SIZE
    journal[at] ^= 1
    check = Verification(b"".join(PIECES), bytes(journal))
    found = list(check.frames())
    assert (len(found), damages(found)) == (5, [])
    assert (check.journal_damages, check.unverified) == ([at], 1)


def test_without_a_journal_everything_is_read_unverified() -> None:
    check = Verification(b"".join(PIECES), b"")
    assert len(list(check.frames())) == 5
    assert (check.journal_damages, check.unverified) == ([0], 5)
