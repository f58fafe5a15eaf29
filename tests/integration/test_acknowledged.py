"""What a sidecar has acknowledged is in the recording, however soon that ends."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import zmq

from sentio_bridge.client import Requester
from sentio_bridge.protocol import codec
from sentio_bridge.recording.session_streams import ADAPTATIONS, EVENTS, LABELS, MARKERS
from sentio_bridge.transport.tokens import find
from sentio_recording.recording import Recording

from .conftest import DEADLINE, Sidecar

CONFIGURATION = """
[recording]
folder = "{folder}"
start = {start}
[consent]
body = ["adapt", "record"]
[[source]]
type = "simulate"
sensors = ["body"]
roles = ["ppg"]
"""

LAST = (
    {"op": "marker", "name": "end of block", "data": {"score": 3}},
    {"op": "label", "name": "arousal", "value": 0.25},
    {"op": "adaptation", "what": "music", "value": 0.5, "why": "calm"},
)


def contents(folder: Path) -> dict[str, list[str]]:
    """Return the texts of a recording, by stream."""
    with Recording(folder) as recording:
        return {
            name: [text for _, text in recording.texts(name)]
            for name in (MARKERS, EVENTS, LABELS, ADAPTATIONS)
        }


def assert_complete(folder: Path) -> None:
    found = contents(folder)
    assert found[MARKERS] == ["end of block"]
    assert any('"score":3' in text for text in found[EVENTS])
    assert any("0.25" in text for text in found[LABELS])
    assert any('"music"' in text for text in found[ADAPTATIONS])


@pytest.mark.parametrize("wait_for_reply", [False, True])
def test_last_requests_before_the_stop_are_recorded(
    run: Callable[..., Sidecar], tmp_path: Path, wait_for_reply: bool
) -> None:
    sidecar = run(CONFIGURATION.format(folder=tmp_path / "rec", start="false"))
    with zmq.Context() as context, context.socket(zmq.DEALER) as dealer:
        dealer.setsockopt(zmq.LINGER, 0)
        dealer.setsockopt(zmq.RCVTIMEO, int(DEADLINE * 1000))
        dealer.setsockopt_string(zmq.PLAIN_USERNAME, "sentio")
        dealer.setsockopt_string(zmq.PLAIN_PASSWORD, find(sidecar.control))
        dealer.connect(sidecar.control)

        def send(index: int, **fields: object) -> None:
            dealer.send(codec.encode_body({"v": 1, "id": index, **fields}))

        def receive(count: int) -> list[dict[str, object]]:
            replies = [codec.decode_map(dealer.recv_multipart()[-1]) for _ in range(count)]
            assert all(reply["ok"] for reply in replies), replies
            return replies

        for attempt in range(5):
            send(0, op="record", action="start", folder=f"attempt{attempt}")
            receive(1)
            for index, request in enumerate(LAST):
                send(index, **request)
                if wait_for_reply:
                    receive(1)
            send(9, op="record", action="stop")
            receive(1 if wait_for_reply else len(LAST) + 1)
            assert_complete(tmp_path / "rec" / f"attempt{attempt}")


def test_last_requests_before_the_end_of_the_sidecar_are_recorded(
    run: Callable[..., Sidecar], tmp_path: Path
) -> None:
    sidecar = run(CONFIGURATION.format(folder=tmp_path / "rec", start="true"))
    with Requester(sidecar.control, timeout=DEADLINE) as requester:
        for request in LAST:
            assert requester.try_call(**request)["ok"]
    code, output = sidecar.end()
    assert code == 0, output
    (folder,) = (tmp_path / "rec").iterdir()
    assert_complete(folder)
