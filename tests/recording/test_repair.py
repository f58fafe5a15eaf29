from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import pyxdf

from sentio_recording.errors import NotARecordingError
from sentio_recording.integrity import journal as log
from sentio_recording.recording import Recording
from sentio_recording.repair import repair, verify
from sentio_sensors import AbsentError

Samples = dict[str, tuple[list[float], list[list[object]]]]


def content(folder: Path) -> Samples:
    """Return the content of a recording as read by pyxdf, an independent reader."""
    streams, _ = pyxdf.load_xdf(
        str(folder / "data.xdf"), synchronize_clocks=False, dejitter_timestamps=False
    )
    return {
        s["info"]["name"][0]: (
            list(s["time_stamps"]),
            [list(row) for row in s["time_series"]],
        )
        for s in streams
    }


def is_part_of(got: Samples, whole: Samples) -> bool:
    """Return whether all samples in ``got`` are in ``whole``, stamp for stamp."""
    for name, (times, rows) in got.items():
        known = dict(zip(whole[name][0], whole[name][1], strict=True))
        if any(known.get(time) != row for time, row in zip(times, rows, strict=True)):
            return False
    return True


def test_valid_recording_is_not_changed(make: Callable[..., Path]) -> None:
    folder = make()
    before = (folder / "data.xdf").read_bytes(), (folder / "data.journal").read_bytes()
    report = repair(folder)
    assert report.ok
    assert report.repaired is None
    assert report.manifest == "sealed"
    assert before == ((folder / "data.xdf").read_bytes(), (folder / "data.journal").read_bytes())


def test_unfinished_recording_gets_footers(make: Callable[..., Path]) -> None:
    folder = make(end=False)
    assert not verify(folder).finished
    report = repair(folder)
    assert report.repaired is not None
    assert not report.losses
    assert verify(folder).ok
    with Recording(folder) as recording:
        assert recording.stated == {1: 60, 2: 12, 3: 3, 4: 3, 5: 2}
    modes = {path.stat().st_mode & 0o777 for path in folder.iterdir()}
    assert modes == {0o600}


def test_truncation_anywhere_gives_no_wrong_value(
    make: Callable[..., Path], tmp_path: Path
) -> None:
    folder = make(seconds=1)
    whole, data = content(folder), (folder / "data.xdf").read_bytes()
    at = tmp_path / "cut"
    for cut in [*range(0, 60), *range(60, len(data), 31)]:  # the benchmark takes every byte
        shutil.copytree(folder, at)
        (at / "data.xdf").write_bytes(data[:cut])
        report = repair(at)
        assert report.damages
        assert verify(at).ok
        assert is_part_of(content(at), whole)
        shutil.rmtree(at)


def test_truncated_single_file_is_repaired(make: Callable[..., Path], tmp_path: Path) -> None:
    folder = make(seconds=1)
    whole, data = content(folder), (folder / "data.xdf").read_bytes()
    for cut in range(0, len(data), 31):
        bare = tmp_path / f"bare{cut}.xdf"
        bare.write_bytes(data[:cut])
        report = repair(bare)
        assert report.repaired is not None
        place = tmp_path / f"judge{cut}"
        place.mkdir()
        shutil.copy(report.repaired, place / "data.xdf")
        assert is_part_of(content(place), whole)


def test_every_flipped_bit_is_found_and_located(make: Callable[..., Path]) -> None:
    folder = make(seconds=2)
    path = folder / "data.xdf"
    data = path.read_bytes()
    rng = random.Random(5)
    for _ in range(150):
        at = rng.randrange(len(data))
        changed = bytearray(data)
        changed[at] ^= 1 << rng.randrange(8)
        path.write_bytes(changed)
        report = verify(folder)
        assert not report.ok
        assert any(d.offset <= at < d.offset + d.length for d in report.damages)
        assert sum(d.length for d in report.damages) < 5000


def test_loss_by_flipped_bit_is_reported_by_stream_and_time(make: Callable[..., Path]) -> None:
    folder = make(seconds=3)
    whole = content(folder)
    data = bytearray((folder / "data.xdf").read_bytes())
    with Recording(folder) as recording:
        second = list(recording.chunks([2]))[1]
    data[second.frame.content + 20] ^= 1
    (folder / "data.xdf").write_bytes(data)
    report = repair(folder)
    (loss,) = report.losses
    assert (loss.stream, loss.after, loss.before) == ("band/eda", 100.75, 102.0)
    assert (folder / "data.damaged.xdf").read_bytes() == bytes(data)
    assert verify(folder).ok
    assert is_part_of(content(folder), whole)
    assert len(content(folder)["amp/eeg"][0]) == 60


def test_damaged_journal_loses_no_sample(make: Callable[..., Path]) -> None:
    folder = make()
    whole = content(folder)
    journal = (folder / "data.journal").read_bytes()
    rng = random.Random(6)
    for _ in range(60):
        changed = bytearray(journal)
        changed[rng.randrange(len(journal))] ^= 1 << rng.randrange(8)
        (folder / "data.journal").write_bytes(changed)
        report = verify(folder)
        assert report.journal_damages
        assert report.samples == {"amp/eeg": 60, "band/eda": 12, "game/marker": 3, "hub": 2,
                                  "sentio/chunks": 3}  # fmt: skip
    repair(folder)
    assert verify(folder).ok
    assert content(folder) == whole


def test_truncated_or_missing_journal_loses_no_sample(make: Callable[..., Path]) -> None:
    folder = make()
    whole = content(folder)
    journal = (folder / "data.journal").read_bytes()
    for cut in (0, 10, 16, 40, 16 + 3 * log.SIZE + 5):
        (folder / "data.journal").write_bytes(journal[:cut])
        repair(folder)
        assert content(folder) == whole
    (folder / "data.journal").unlink()
    assert verify(folder).samples["amp/eeg"] == 60


def test_changed_chunk_with_matching_checksum_breaks_the_chain(
    make: Callable[..., Path],
) -> None:
    folder = make()
    data = bytearray((folder / "data.xdf").read_bytes())
    journal = (folder / "data.journal").read_bytes()
    entries = [e for e in log.entries(journal) if isinstance(e, log.Entry)]
    victim = next(n for n, e in enumerate(entries) if e.tag == 3)
    entry = entries[victim]
    data[entry.offset + 30] ^= 1
    forged = log.Journal(entry.offset, entries[victim - 1].chain)
    raw = forged.add(3, entry.stream, bytes(data[entry.offset : entry.offset + entry.length]))
    at = len(log.MAGIC) + victim * log.SIZE
    (folder / "data.xdf").write_bytes(data)
    (folder / "data.journal").write_bytes(journal[:at] + raw + journal[at + log.SIZE :])
    assert not verify(folder).ok


def test_changed_manifest_is_reported(make: Callable[..., Path]) -> None:
    folder = make()
    path = folder / "manifest.json"
    path.write_bytes(path.read_bytes().replace(b'"test"', b'"fake"'))
    report = verify(folder)
    assert (report.manifest, report.ok) == ("changed", False)
    with Recording(folder) as recording:
        assert [d.why for d in recording.damages] == ["manifest.json was changed since the end"]


def test_invalid_file_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "a.xdf"
    other.write_bytes(b"RIFF1234WAVE")
    with pytest.raises(NotARecordingError):
        repair(other)
    with pytest.raises(AbsentError):
        repair(tmp_path)
    with pytest.raises(AbsentError):
        verify(tmp_path / "nothing.xdf")


def test_stamps_and_values_are_repaired_bit_for_bit(make: Callable[..., Path]) -> None:
    with Recording(make()) as recording:
        times, values = recording.samples(1)
    expected = content(recording.path)["amp/eeg"]
    assert times.tobytes() == np.array(expected[0]).tobytes()
    assert values.tobytes() == np.array(expected[1], np.float32).tobytes()
