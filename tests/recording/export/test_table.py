"""Tests of streams as tables."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from sentio_recording.export import table
from sentio_recording.recording import Recording
from sentio_recording.xdf.headers import StreamInfo
from sentio_recording.xdf.writer import XdfWriter
from sentio_sensors.stream import Channel


def test_a_text_of_many_megabytes_is_cut_and_states_it(tmp_path: Path) -> None:
    texts = ["boss", "ü" * (table.LONGEST + 1), "x" * 100_000]
    info = StreamInfo("game", "Markers", (Channel("marker", ""),), 0.0, "string", "m")
    writer = XdfWriter("", "t")
    pieces = writer.begin()
    number, header = writer.stream(info, 0.0)
    piece = writer.samples(number, np.arange(3.0), np.array(texts, object)[:, None])
    writer.confirm(piece)
    path = tmp_path / "game.xdf"
    ended = [*pieces, *header, piece, *writer.end(3.0)]
    path.write_bytes(b"".join(each.data for each in ended))
    with Recording(path) as recording:
        (found,) = table.tables(recording)
        assert recording.whole(number).values[1, 0] == texts[1]
    short, cut, long = found.values[:, 0]
    assert (short, long) == (texts[0], texts[2])
    end = f"... (cut: {table.LONGEST + 1} characters, whole in the recording)"
    assert cut == "ü" * table.KEPT + end
