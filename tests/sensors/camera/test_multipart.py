"""Tests of the MJPEG parser: any split of the bytes, dialects, hostile input."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentio_sensors import FormatError
from sentio_sensors.camera import multipart
from sentio_sensors.camera.multipart import MultipartParser, boundary_of

JPEGS = [
    b"\xff\xd8" + bytes([i]) * (20 * i + 5) + b"--not\r\n\r\nit" + b"\xff\xd9" for i in range(4)
]


def stream(jpegs: list[bytes], *, length: bool, newline: bytes = b"\r\n") -> bytes:
    out = b"preamble" + newline
    for jpeg in jpegs:
        out += b"--frame" + newline + b"Content-Type: image/jpeg" + newline
        if length:
            out += b"content-LENGTH: %d" % len(jpeg) + newline
        out += newline + jpeg + newline
    return out + b"--frame--" + newline


def parse(data: bytes, cuts: list[int], boundary: str = "frame") -> list[bytes]:
    parser = MultipartParser(boundary)
    edges = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    return [
        part.body
        for start, end in zip(edges, edges[1:], strict=False)
        for part in parser.feed(data[start:end], 0.0)
    ]


@given(
    st.lists(st.integers(0, 10_000), max_size=30), st.booleans(), st.sampled_from([b"\r\n", b"\n"])
)
def test_any_split_gives_the_same_pictures(cuts: list[int], length: bool, newline: bytes) -> None:
    assert parse(stream(JPEGS, length=length, newline=newline), cuts) == JPEGS


@given(st.binary(max_size=400), st.lists(st.integers(0, 1000), max_size=10))
def test_arbitrary_bytes_never_crash_the_parser(data: bytes, cuts: list[int]) -> None:
    mixed = b"--frame\r\n" + data + stream(JPEGS[:1], length=True)
    try:
        pictures = parse(mixed, cuts)
    except FormatError:
        return
    assert sum(map(len, pictures)) <= len(mixed)


@given(st.text(max_size=80))
def test_any_content_type_gives_boundary_or_typed_error(text: str) -> None:
    try:
        boundary = boundary_of(text)
    except FormatError:
        return
    assert boundary.strip("-")


@pytest.mark.parametrize(
    ("header", "boundary"),
    [
        ("multipart/x-mixed-replace; boundary=frame", "frame"),
        ('Multipart/X-Mixed-Replace;charset=utf-8; Boundary="a b"', "a b"),
        ("multipart/x-mixed-replace;boundary=--BoundaryString", "--BoundaryString"),
    ],
)
def test_boundary_is_read_from_content_type(header: str, boundary: str) -> None:
    assert boundary_of(header) == boundary
    core = boundary.lstrip("-").encode()
    data = b"--" + core + b"\r\nContent-Length: 3\r\n\r\nabc\r\n"
    assert parse(data, [], boundary) == [b"abc"]


def test_picture_is_complete_with_its_last_byte() -> None:
    for length in (True, False):
        data = stream(JPEGS[:1], length=length)
        end = data.index(b"\xff\xd9") + 2
        assert parse(data[:end], []) == JPEGS[:1]


def test_picture_is_stamped_when_its_first_byte_arrives() -> None:
    parser = MultipartParser("frame")
    data = stream(JPEGS[:2], length=True)
    body = data.index(b"\xff\xd8")
    assert parser.feed(data[:body], 1.0) == []
    assert parser.feed(data[body : body + 3], 2.0) == []
    parts = parser.feed(data[body + 3 :], 3.0)
    assert [part.time for part in parts] == [2.0, 3.0]


@pytest.mark.parametrize(
    "data",
    [
        b"--frame\r\nContent-Length: 99999999999\r\n\r\n",
        b"--frame\r\n" + b"x" * (multipart.MAX_HEADER + 1),
    ],
)
def test_oversized_parts_are_refused(data: bytes) -> None:
    with pytest.raises(FormatError):
        MultipartParser("frame").feed(data, 0.0)


@pytest.mark.parametrize("head", [b"", b"--frame\r\n\r\n"])
def test_endless_bytes_are_refused(head: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(multipart, "MAX_PART", 100_000)
    parser = MultipartParser("frame")
    parser.feed(head, 0.0)

    def pour() -> None:
        for _ in range(40):
            parser.feed(b"z" * 4096, 0.0)

    with pytest.raises(FormatError):
        pour()
