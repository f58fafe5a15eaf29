"""Affect messages in a real JavaScript engine, whose numbers are exact up to 2^53."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sentio_bridge import AffectFrame, State, encode_affect
from sentio_bridge.protocol.frame import LAYOUT, pack

READER = Path(__file__).with_name("read_frames.mjs")
MESSAGES = Path(__file__).parents[2] / "vectors/messages"
ABOVE_2_53 = LAYOUT[53:60]
"""Entries whose bits in the mask of version 1.0 are above 2^52."""


def read(files: list[Path]) -> list[dict[str, Any]]:
    """Read messages with node.

    Integers become numbers, as in the usual decoders of msgpack.
    """
    node = shutil.which("node")
    if node is None:
        pytest.skip("no JavaScript engine: nodejs")
    command = [node, str(READER), ",".join(LAYOUT), *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def test_every_vector_is_read_with_its_known_entries() -> None:
    files = [p for p in sorted(MESSAGES.glob("affect_*.bin")) if p.with_suffix(".json").exists()]
    assert len(files) > 8
    for file, found in zip(files, read(files), strict=True):
        expected = json.loads(file.with_suffix(".json").read_text())
        assert found["known"] == pytest.approx(expected["known"]), file.name
        assert (found["epoch"], found["seq"]) == (expected["epoch"], expected["seq"])


def test_entries_above_the_exact_numbers_are_known_by_their_words(tmp_path: Path) -> None:
    """Known entries are drawn at random; a rounded mask would name other ones."""
    random = np.random.default_rng(5)
    files, expected = [], []
    for number in range(60):
        # Bit 59 makes the mask large, bits below 6 are those that rounding loses.
        drawn = random.random(len(LAYOUT)) < random.choice([0.1, 0.5, 0.9])
        names = [name for name, known in zip(LAYOUT, drawn, strict=True) if known]
        names = sorted({*names, LAYOUT[0], LAYOUT[59], str(random.choice(ABOVE_2_53))})
        values = {name: LAYOUT.index(name) / 128 for name in names}
        mask, vector = pack(values)
        frame = AffectFrame("player", 2**31 - 1, 2**40 + number, None, 1.0, State.OK, mask, vector)
        path = tmp_path / f"{number}.bin"
        path.write_bytes(encode_affect(frame))
        files.append(path)
        expected.append(values)
    found = read(files)
    assert [one["known"] for one in found] == [pytest.approx(values) for values in expected]
    assert all(one["words"] for one in found)
    assert any(one["rounded"] for one in found), "the mask alone would have been read wrongly"
    assert found[-1]["seq"] == 2**40 + 59
