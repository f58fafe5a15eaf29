"""Recordings with the first version of the command log replay to the same bytes.

The two recordings and the digests of their messages were made by the earlier code: one starts with
its session, the other later. When models or fusion change, the digests may be recomputed.
"""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from sentio_bridge.core import commands as cmd
from sentio_bridge.core.command_log import LogError
from sentio_bridge.replay.command_log_v1 import entries, is_old
from sentio_bridge.replay.engine import frames
from sentio_recording.recording import Recording

DATA = Path(__file__).parent / "data"


@pytest.mark.parametrize("name", ["commands_v1_whole", "commands_v1_late"])
def test_old_recording_replays_to_the_same_bytes(name: str) -> None:
    digest = sha256()
    with Recording(DATA / name) as recording:
        assert all(is_old(text) for _, text in recording.texts("hub"))
        for sent in frames(recording):
            digest.update(len(sent.message).to_bytes(4, "little") + sent.message)
    assert digest.hexdigest() == (DATA / name / "replay.sha256").read_text().strip()


def test_refused_request_gives_no_command() -> None:
    two = ("ann", "ben")
    for request in (
        '{"op":"marker","name":"no subject"}',
        '{"op":"rate","hz":0}',
        '{"op":"marker","subject":"ann","name":"long ago","time":1.0}',
        '{"op":"hello"}',
        '{"op":"nonsense"}',
    ):
        assert list(entries(f'["r","",{request}]', 100.0, two)) == []
    marker = '["r","",{"op":"marker","name":"boss"}]'
    assert list(entries(marker, 100.0, ("ann",))) == [
        (cmd.MarkerReceived("ann", "boss", 100.0), 100.0)
    ]


@pytest.mark.parametrize("text", ["", "[]", '["z"]', "{}", '["m","a"]', "[1,2"])
def test_invalid_entry_is_refused(text: str) -> None:
    with pytest.raises(LogError):
        list(entries(text, 1.0, ("p",)))
