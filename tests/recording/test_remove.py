"""Tests of removing streams and texts: the rest is unchanged."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sentio_recording.errors import DamagedError
from sentio_recording.recorded import Recorded
from sentio_recording.recording import Recording
from sentio_recording.remove import Removal, remove
from sentio_recording.repair import verify
from sentio_sensors import Chunk

NOTHING = Removal(lambda _: False, lambda *_: False, lambda manifest: manifest)


def chunks(folder: Path) -> list[tuple[object, ...]]:
    def content(c: Chunk) -> tuple[object, ...]:
        values = repr(c.values.tolist())
        return c.stream, c.times.tobytes(), values, c.quality, c.reasons, c.lost

    with Recording(folder) as recording:
        items: list[Recorded] = list(recording.sensors())
        return [content(item) for _, item in items if isinstance(item, Chunk)]


def test_what_stays_is_unchanged(make: Callable[..., Path]) -> None:
    folder = make()
    before = chunks(folder)
    (folder / "page.html").write_text("amp/eeg")
    remove(folder, Removal(lambda info: info.name == "amp/eeg", lambda *_: False, lambda m: m))
    assert chunks(folder) == [chunk for chunk in before if chunk[0] != "amp/eeg"]
    assert verify(folder).ok
    assert not any(b"amp/eeg" in path.read_bytes() for path in folder.iterdir())
    assert sorted(path.name for path in folder.parent.iterdir()) == [folder.name]


def test_single_texts_can_be_removed(make: Callable[..., Path]) -> None:
    folder = make()
    remove(folder, Removal(lambda _: False, lambda n, t, _: n == "hub" and t < 101, lambda m: m))
    with Recording(folder) as recording:
        assert recording.texts("hub") == [(101.0, '["t"]')]
    assert verify(folder).ok


def test_nothing_removed_is_the_same_recording(make: Callable[..., Path]) -> None:
    folder = make()
    before = chunks(folder)
    remove(folder, NOTHING)
    assert chunks(folder) == before


def test_an_unfinished_recording_can_be_written_again(make: Callable[..., Path]) -> None:
    folder = make(end=False)
    before = chunks(folder)
    remove(folder, NOTHING)
    assert chunks(folder) == before
    assert verify(folder).ok


def test_a_recording_without_a_manifest_is_refused_and_unchanged(
    make: Callable[..., Path],
) -> None:
    folder = make()
    (folder / "manifest.json").unlink()
    before = chunks(folder)
    with pytest.raises(DamagedError):
        remove(folder, NOTHING)
    assert chunks(folder) == before
