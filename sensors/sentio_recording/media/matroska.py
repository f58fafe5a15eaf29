"""Encode Matroska files of independent pictures; no I/O.

A file is a header and one cluster for each picture, so that it stays readable wherever writing
ends. Matroska: RFC 9559; FFV1 in it: RFC 9043.
"""

from __future__ import annotations

CLUSTER_HEAD = 35
"""Bytes of a cluster before its picture: four elements with lengths of fixed size."""

_UNKNOWN = b"\x01" + b"\xff" * 7
_KEYFRAME = 0x80


def head(codec: str, private: bytes, size: tuple[int, int]) -> bytes:
    """Return the header of a file.

    Args:
        codec: Matroska's name of the codec, such as ``V_FFV1``.
        private: Initialisation data of the decoder.
        size: Height and width, pixels.
    """
    height, width = size
    kind = _element(
        0x1A45DFA3,
        _number(0x4286, 1),  # version of EBML, and the version a reader needs
        _number(0x42F7, 1),
        _number(0x42F2, 4),  # longest identifier and length
        _number(0x42F3, 8),
        _element(0x4282, b"matroska"),
        _number(0x4287, 4),
        _number(0x4285, 2),
    )
    about = _element(
        0x1549A966,
        _number(0x2AD7B1, 1_000_000),  # nanoseconds of a tick
        _element(0x4D80, b"sentio"),
        _element(0x5741, b"sentio"),
    )
    track = _element(
        0xAE,
        _number(0xD7, 1),  # number, identifier, video, no lacing
        _number(0x73C5, 1),
        _number(0x83, 1),
        _number(0x9C, 0),
        _element(0x86, codec.encode()),
        _element(0x63A2, private) if private else b"",
        _element(0xE0, _number(0xB0, width), _number(0xBA, height)),
    )
    return kind + b"\x18\x53\x80\x67" + _UNKNOWN + about + _element(0x1654AE6B, track)


def cluster(ticks: int, picture: bytes) -> bytes:
    """Return a cluster with one coded picture.

    Args:
        ticks: Milliseconds since the first picture.
        picture: Encoded picture, a keyframe.
    """
    block = b"\x81\x00\x00" + bytes([_KEYFRAME]) + picture
    return _long(0x1F43B675, b"\xe7\x88" + ticks.to_bytes(8, "big") + _long(0xA3, block))


def _element(tag: int, *parts: bytes) -> bytes:
    """Return an element whose length is coded in two bytes."""
    content = b"".join(parts)
    return _tag(tag) + (0x4000 | len(content)).to_bytes(2, "big") + content


def _long(tag: int, content: bytes) -> bytes:
    """Return an element whose length is coded in eight bytes."""
    return _tag(tag) + (1 << 56 | len(content)).to_bytes(8, "big") + content


def _number(tag: int, value: int) -> bytes:
    return _element(tag, value.to_bytes(max(1, (value.bit_length() + 7) // 8), "big"))


def _tag(tag: int) -> bytes:
    return tag.to_bytes((tag.bit_length() + 7) // 8, "big")
