from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sentio_recording.disk import AppendFile, FullError
from sentio_recording.errors import NotARecordingError
from sentio_recording.sealed.data_keys import DataKeys
from sentio_recording.sealed.reader import SealedStream, Unsealed, unseal
from sentio_recording.sealed.segments import HEAD, MOST, Segment, walk
from sentio_recording.sealed.writer import SealedFile, sealed

KEYS = DataKeys("ab" * 16, ("", "alice", "bob"), {n: bytes([n + 1]) * 32 for n in range(3)})
OWNERS = ("", "alice", "bob")
PARTS = [(OWNERS[n % 3], bytes([n]) * (20 + 13 * n)) for n in range(12)]


def opened(raw: bytes, keys: DataKeys = KEYS) -> Unsealed:
    return unseal(raw, "file", lambda _: keys)


def cuts(raw: bytes) -> list[Segment]:
    return [found for found in walk(memoryview(raw)) if isinstance(found, Segment)]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(OWNERS), st.binary(max_size=300)), max_size=20))
def test_whatever_is_written_is_read(parts: list[tuple[str, bytes]]) -> None:
    found = opened(sealed(parts, KEYS))
    assert bytes(found.data) == b"".join(data for _, data in parts)
    assert found.ended
    assert not found.unreadable
    at = 0
    for owner, data in parts:
        if data:
            assert found.owner(at) == owner
        at += len(data)


def test_no_content_is_readable_and_no_two_files_are_alike() -> None:
    first, second = (sealed([("alice", b"heartbeat" * 9)], KEYS) for _ in range(2))
    assert b"heart" not in first
    assert first[HEAD:] != second[HEAD:]


def test_large_content_is_divided() -> None:
    data = random.Random(1).randbytes(3 * MOST + 5)
    raw = sealed([("bob", data)], KEYS)
    assert bytes(opened(raw).data) == data
    assert max(segment.length for segment in cuts(raw)) == MOST


def test_every_changed_byte_is_found() -> None:
    raw = sealed(PARTS, KEYS)
    whole = bytes(opened(raw).data)
    for at in range(len(raw)):
        for bit in (0, 7):
            changed = bytearray(raw)
            changed[at] ^= 1 << bit
            try:
                found = opened(bytes(changed))
            except NotARecordingError:
                continue
            assert found.unreadable or not found.ended, at
            data = bytes(found.data)
            for offset, byte in enumerate(data[: len(whole)]):  # never another value
                assert byte in (0, whole[offset])


def test_every_cut_is_found() -> None:
    raw = sealed(PARTS, KEYS)
    for length in range(HEAD, len(raw)):
        assert not opened(raw[:length]).ended, length


@pytest.mark.parametrize("seed", range(300))
def test_moved_repeated_and_removed_segments_are_found(seed: int) -> None:
    rng = random.Random(seed)
    raw = sealed(PARTS, KEYS)
    pieces = [raw[segment.at : segment.end] for segment in cuts(raw)]
    kind = seed % 3
    first, second = rng.sample(range(len(pieces)), 2)
    if kind == 0:
        pieces[first], pieces[second] = pieces[second], pieces[first]
    elif kind == 1:
        pieces.insert(first, pieces[second])
    else:
        del pieces[first]
    found = opened(raw[:HEAD] + b"".join(pieces))
    assert found.unreadable or not found.ended


def test_segment_of_another_file_is_found() -> None:
    first, second = sealed(PARTS, KEYS), sealed(PARTS, KEYS)
    at = cuts(first)[3]
    mixed = first[: at.at] + second[at.at : at.end] + first[at.end :]
    assert [part.offset for part in opened(mixed).unreadable] == [at.offset]


def test_damage_affects_only_its_segment() -> None:
    raw = bytearray(sealed(PARTS, KEYS))
    hit = cuts(bytes(raw))[4]
    raw[hit.at + 5] ^= 1  # the length: the next segment is found by its mark
    found = opened(bytes(raw))
    data, whole = bytes(found.data), b"".join(data for _, data in PARTS)
    assert data[: hit.offset] == whole[: hit.offset]
    assert data[hit.offset + hit.length :] == whole[hit.offset + hit.length :]
    assert not any(data[hit.offset : hit.offset + hit.length])


def test_hostile_positions_allocate_nothing() -> None:
    raw = sealed([("", b"x")], KEYS)
    first = cuts(raw)[0]
    far = replace(first, index=1, offset=1 << 60)
    found = opened(raw[: first.end] + far.encode() + bytes(first.length + 16))
    assert len(found.data) == 1


def test_destroyed_key_leaves_the_others_readable() -> None:
    raw = sealed(PARTS, KEYS)
    gone = replace(KEYS, owners=("", "", "bob"), keys={0: KEYS.keys[0], 2: KEYS.keys[2]})
    found = opened(raw, gone)
    data, at = bytes(found.data), 0
    for owner, content in PARTS:
        part = data[at : at + len(content)]
        assert part == (bytes(len(content)) if owner == "alice" else content)
        assert found.is_erased(at) == (owner == "alice")
        at += len(content)
    assert not found.unreadable


def test_failed_write_uses_no_nonce_twice(tmp_path: Path) -> None:
    class Failing(AppendFile):
        fails = False
        attempts: list[bytes] = []

        def append(self, data: bytes) -> None:
            self.attempts.append(data)
            if self.fails:
                raise FullError("full")
            super().append(data)

    path = tmp_path / "file"
    disk = Failing(path)
    file = SealedFile(disk, KEYS)
    file.append(b"first")
    disk.fails = True
    with pytest.raises(FullError):
        file.append(b"second")
    disk.fails = False
    file.append(b"third!")
    file.end()
    assert bytes(opened(path.read_bytes()).data) == b"firstthird!"
    head = disk.attempts[0]
    nonces = [cuts(head + attempt)[0].nonce for attempt in disk.attempts[1:]]
    assert len(set(nonces)) == len(nonces) == 4


def test_stream_reads_any_part(tmp_path: Path) -> None:
    path = tmp_path / "file"
    data = random.Random(2).randbytes(MOST + 5000)
    path.write_bytes(sealed([("alice", data[:5000]), ("", data[5000:])], KEYS))
    rng = random.Random(3)
    with SealedStream(path, lambda _: KEYS) as stream:
        assert stream.read() == data
        for _ in range(100):
            at, count = rng.randrange(len(data)), rng.randrange(200)
            stream.seek(at)
            part = stream.read(count)
            assert part == data[at : at + len(part)]
            assert part or not count
        stream.seek(0, 2)
        assert stream.tell() == len(data)
        assert stream.read(10) == b""
