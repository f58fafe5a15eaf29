"""Tests of the journal's entries: positions, checksums, chain, damage."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentio_recording.errors import NotARecordingError
from sentio_recording.integrity.journal import (
    MAGIC,
    MANIFEST,
    SIZE,
    BadEntry,
    Entry,
    Journal,
    chained,
    entries,
)

CHUNKS = st.lists(
    st.tuples(st.integers(1, 6), st.integers(0, 2**32 - 1), st.binary(max_size=40)), max_size=8
)


def written(chunks: list[tuple[int, int, bytes]]) -> bytes:
    journal = Journal()
    return MAGIC + b"".join(journal.add(tag, stream, data) for tag, stream, data in chunks)


@given(CHUNKS)
def test_entries_have_position_kind_stream_and_checksum_of_their_chunks(
    chunks: list[tuple[int, int, bytes]],
) -> None:
    at, chain = 0, b""
    read = list(entries(written(chunks)))
    assert len(read) == len(chunks)
    for entry, (tag, stream, data) in zip(read, chunks, strict=True):
        assert isinstance(entry, Entry)
        assert (entry.offset, entry.length, entry.tag, entry.stream) == (at, len(data), tag, stream)
        assert entry.matches(data)
        assert not entry.matches(data + b"x")
        assert entry.chain == chained(chain, data)
        at, chain = at + len(data), entry.chain


@given(CHUNKS, st.integers(0, SIZE - 1))
def test_a_truncated_last_entry_is_omitted(chunks: list[tuple[int, int, bytes]], rest: int) -> None:
    journal = written(chunks)
    longer = written([*chunks, (3, 1, b"more")])
    assert list(entries(longer[: len(journal) + rest])) == list(entries(journal))


@given(CHUNKS.filter(bool), st.data())
def test_a_flipped_bit_damages_its_entry_only(
    chunks: list[tuple[int, int, bytes]], data: st.DataObject
) -> None:
    journal = bytearray(written(chunks))
    before = list(entries(bytes(journal)))
    bit = data.draw(st.integers(8 * len(MAGIC), 8 * len(journal) - 1))
    journal[bit // 8] ^= 1 << bit % 8
    victim = (bit // 8 - len(MAGIC)) // SIZE
    after = list(entries(bytes(journal)))
    assert after[victim] == BadEntry(len(MAGIC) + victim * SIZE)
    assert after[:victim] + after[victim + 1 :] == before[:victim] + before[victim + 1 :]


def test_a_journal_goes_on_after_a_restart() -> None:
    first, second = Journal(), Journal()
    head = first.add(1, 0, b"one")
    assert second.add(1, 0, b"one") == head
    (entry,) = entries(MAGIC + head)
    assert isinstance(entry, Entry)
    assert Journal(3, entry.chain).add(2, 1, b"two") == second.add(2, 1, b"two")


def test_the_seal_is_the_manifests_checksum() -> None:
    journal = Journal()
    seal = journal.add(1, 0, b"data") + journal.seal(b"{}")
    _, entry = entries(MAGIC + seal)
    assert isinstance(entry, Entry)
    assert (entry.tag, entry.offset) == (MANIFEST, 0)
    assert entry.matches(b"{}")


@pytest.mark.parametrize("start", [b"", b"SENTIO-JOURNAL-2", MAGIC[:-1]])
def test_another_file_is_refused(start: bytes) -> None:
    with pytest.raises(NotARecordingError):
        list(entries(start))
