"""Targets of fuzzing: each decodes bytes and may raise only its own typed errors.

Seeds are of our own making: encoded by the same code, or written here.
"""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

Decode = Callable[[bytes], None]


@dataclass(frozen=True, slots=True)
class Target:
    """One decoder.

    Attributes:
        decode: Decodes; any exception that leaves it is a fault.
        seeds: Returns valid inputs.
    """

    decode: Decode
    seeds: Callable[[], Sequence[bytes]]


def _wire(data: bytes) -> None:
    from sentio_bridge.errors import WireError
    from sentio_bridge.protocol import codec

    for decode in (codec.decode_affect, codec.split_message, codec.decode_map):
        with contextlib.suppress(WireError):
            decode(data)


def _wire_seeds() -> Sequence[bytes]:
    from sentio_bridge.protocol import codec
    from sentio_bridge.protocol.frame import AffectFrame, State, pack

    mask, vector = pack({"valence": 0.5, "arousal": -0.5, "confidence": 0.9})
    frame = AffectFrame("player", 1, 2, 3.0, 3.1, State.OK, mask, vector)
    body = codec.encode_body({"id": 1, "op": "marker", "name": "door", "data": {"a": [1, 2.5]}})
    return [codec.encode_affect(frame), body]


def _request(data: bytes) -> None:
    from sentio_bridge.control.dispatcher import Dispatcher
    from sentio_bridge.defects import DefectLog
    from sentio_bridge.protocol.roles import Client, Grant, Role

    defects = DefectLog()
    replies: list[bytes] = []
    client = Client("fuzz", Grant(Role.OPERATOR))
    Dispatcher({}, defects=defects).handle(data, client, 0.0, replies.append)
    assert len(replies) == 1
    assert not defects.count


def _zmtp(data: bytes) -> None:
    from sentio_bridge.transport.zmtp import ServerConnection, ZmtpError

    for kind in ("ROUTER", "XPUB"):
        connection = ServerConnection(kind, 65_536, lambda token: token in ("", "a token"))
        with contextlib.suppress(ZmtpError):
            for start in range(0, len(data), 61):
                for _ in connection.feed(data[start : start + 61]):
                    pass


def _zmtp_seeds() -> Sequence[bytes]:
    from benchmarks.faults.attacker import handshake

    return [
        handshake(kind, token) + b"\x00\x03\x01ab\x02" + (300).to_bytes(8, "big") + bytes(300)
        for kind in ("SUB", "DEALER")
        for token in ("", "a token")
    ]


def _multipart(data: bytes) -> None:
    from sentio_sensors import FormatError
    from sentio_sensors.camera.multipart import MultipartParser, boundary_of

    with contextlib.suppress(FormatError, UnicodeDecodeError):
        boundary_of(data[:100].decode("latin-1"))
    parser = MultipartParser("frame")
    with contextlib.suppress(FormatError):
        for start in range(0, len(data), 113):
            parser.feed(data[start : start + 113], 0.0)


def _multipart_seeds() -> Sequence[bytes]:
    picture = b"\xff\xd8" + bytes(40) + b"\xff\xd9"
    head = b"--frame\r\nContent-Type: image/jpeg\r\n"
    return [
        (head + b"Content-Length: %d\r\n\r\n" % len(picture) + picture + b"\r\n") * 2,
        (head + b"\r\n" + picture + b"\r\n") * 2 + b"--frame--\r\n",
    ]


def _xdf(data: bytes) -> None:
    from sentio_recording.errors import RecordingError
    from sentio_recording.xdf.reader import read

    with contextlib.suppress(RecordingError):
        for _ in read(data):
            pass


def _xdf_seeds() -> Sequence[bytes]:
    from benchmarks.recording_scene import small

    with tempfile.TemporaryDirectory() as folder:
        return [(small(Path(folder) / "rec") / "data.xdf").read_bytes()]


def _profile(data: bytes) -> None:
    from sentio_bridge.affect.personal.profile import ProfileError, decode

    with contextlib.suppress(ProfileError):
        decode(data)


def _profile_seeds() -> Sequence[bytes]:
    from sentio_bridge.affect.personal.profile import Profile, encode

    return [encode(Profile(subject="ann", created="2026-01-01T00:00:00Z"))]


def _state(data: bytes) -> None:
    import base64
    import zlib

    import msgspec

    from sentio_bridge.core.saved_state import StateError, decode

    with contextlib.suppress(StateError):
        decode(data, "a")
    # The same bytes as the inner state, so that its decoder is reached.
    inner = base64.b64encode(zlib.compress(data)).decode()
    with contextlib.suppress(StateError):
        decode(msgspec.json.encode({"sources": "a", "state": inner}), "a")


def _state_seeds() -> Sequence[bytes]:
    from sentio_bridge.affect.subject_model import SubjectModel
    from sentio_bridge.core.consent import ConsentLedger
    from sentio_bridge.core.frame_pacer import FramePacer
    from sentio_bridge.core.hub import Hub
    from sentio_bridge.core.saved_state import encode, save
    from sentio_bridge.core.subject_state import SubjectState

    subject = SubjectState(SubjectModel("ann"), ConsentLedger(), FramePacer(60.0))
    state = save(Hub(7, {"ann": subject}))
    return [encode(state, "a"), state]


def _frames(data: bytes) -> None:
    from sentio_bridge.errors import WireError
    from sentio_bridge.protocol.frame_file import decode

    with contextlib.suppress(WireError):
        decode(data)


def _frames_seeds() -> Sequence[bytes]:
    from sentio_bridge.protocol.frame_file import encode
    from sentio_bridge.protocol.timed_message import TimedMessage

    blob = _wire_seeds()[0]
    messages = [TimedMessage(0.1 * number, blob) for number in range(3)]
    return [b"".join(encode(messages))]


def _commands(data: bytes) -> None:
    from sentio_bridge.core.command_log import LogError, decode

    with contextlib.suppress(LogError):
        decode(data)


def _table(data: bytes) -> None:
    from sentio_sensors import SensorError
    from sentio_sensors.files.reader import read

    with tempfile.TemporaryDirectory(dir=_memory()) as folder:
        path = Path(folder) / "a.csv"
        path.write_bytes(data)
        with contextlib.suppress(SensorError):
            read(path)


def _table_seeds() -> Sequence[bytes]:
    times = np.arange(40) / 64
    rows = "".join(f"{t:.4f},{np.sin(t):.4f},{2 * t:.3f}\n" for t in times)
    return [
        ("time,ppg,eda\n" + rows).encode(),
        ("Zeit;PPG (mV)\n" + rows.replace(",", ";").replace(".", ",")).encode("latin-1"),
        b"1700000000\n64\n" + b"".join(b"%.2f\n" % t for t in times),
    ]


def _onnx(data: bytes) -> None:
    from sentio_models.errors import ModelRefusedError
    from sentio_models.user_models.onnx_inspector import inspect

    with contextlib.suppress(ModelRefusedError):
        inspect(data)


def _onnx_seeds() -> Sequence[bytes]:
    from sentio_models.runtime.manifest import WEIGHTS

    return [(WEIGHTS / "game_input.onnx").read_bytes()]


def _video(data: bytes) -> None:
    """Read the first picture of a file whose checksum fits."""
    from zlib import crc32

    from sentio_recording.media.video_file import Coded, VideoReader
    from sentio_sensors import SensorError

    start = max(data.find(b"\xff\xd8"), min(400, len(data) // 2))
    with tempfile.TemporaryDirectory(dir=_memory()) as folder:
        path = Path(folder) / "a.mkv"
        path.write_bytes(data)
        with contextlib.suppress(SensorError):
            reader = VideoReader(path)
            try:
                reader.picture(Coded(start, len(data) - start, crc32(data)), True)
            finally:
                reader.close()


def _video_seeds() -> Sequence[bytes]:
    from sentio_recording.media.video_file import VideoWriter

    made = []
    with tempfile.TemporaryDirectory() as folder:
        for lossless in (False, True):
            path = Path(folder) / f"{lossless}.mkv"
            writer = VideoWriter(path, (24, 32), lossless)
            writer.frame(0.0, np.zeros((24, 32, 3), np.uint8))
            writer.close()
            made.append(path.read_bytes())
    return made


def _memory() -> str | None:
    return "/dev/shm" if Path("/dev/shm").is_dir() else None


TARGETS: dict[str, Target] = {
    "wire": Target(_wire, _wire_seeds),
    "request": Target(_request, _wire_seeds),
    "zmtp": Target(_zmtp, _zmtp_seeds),
    "multipart": Target(_multipart, _multipart_seeds),
    "xdf": Target(_xdf, _xdf_seeds),
    "profile": Target(_profile, _profile_seeds),
    "state": Target(_state, _state_seeds),
    "frames": Target(_frames, _frames_seeds),
    "commands": Target(_commands, lambda: [b'["poll",1.5]', b'["estimate","ann","body",1,[]]']),
    "table": Target(_table, _table_seeds),
    "onnx": Target(_onnx, _onnx_seeds),
    "matroska": Target(_video, _video_seeds),
}
"""All decoders by name."""
