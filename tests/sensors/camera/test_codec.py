"""Tests of the JPEG decoder with damaged and hostile pictures."""

import gc
import io
import struct
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("av")
from sentio_sensors import AbsentError, FormatError  # noqa: E402
from sentio_sensors.camera import exif  # noqa: E402
from sentio_sensors.camera.codec import (  # noqa: E402
    Converter,
    JpegDecoder,
    VideoInput,
    explain,
    image,
    upright,
)


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_damaged_jpegs_never_crash_the_decoder(
    data: st.DataObject, jpeg: Callable[[int], bytes]
) -> None:
    whole = bytearray(jpeg(2))
    for _ in range(data.draw(st.integers(1, 8))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    picture = DECODER.decode(bytes(whole[: data.draw(st.integers(0, len(whole)))]))
    assert picture is None or (picture.ndim == 3 and max(picture.shape) <= MAX_SIDE)


MAX_SIDE = 1280
DECODER = JpegDecoder(MAX_SIDE)


def test_picture_with_huge_dimensions_is_refused(jpeg: Callable[[int], bytes]) -> None:
    data = bytearray(jpeg(0))
    frame = data.index(b"\xff\xc0")
    data[frame + 5 : frame + 9] = b"\xff\xff\xff\xff"  # height and width
    assert DECODER.decode(bytes(data)) is None
    assert DECODER.decode(jpeg(0)) is not None


def test_large_pictures_are_scaled_with_their_aspect_ratio(jpeg: Callable[[int], bytes]) -> None:
    picture = JpegDecoder(32).decode(jpeg(0))
    assert picture is not None
    assert picture.shape == (24, 32, 3)


TURNS = {  # display matrix a, b, c, d, and what it does to a picture
    (1, 0, 0, 1): lambda p: p,
    (0, 1, -1, 0): lambda p: np.rot90(p, -1),
    (-1, 0, 0, -1): lambda p: np.rot90(p, 2),
    (0, -1, 1, 0): np.rot90,
    (-1, 0, 0, 1): np.fliplr,
    (1, 0, 0, -1): np.flipud,
    (0, 1, 1, 0): lambda p: p.transpose(1, 0, 2),
}


@pytest.mark.parametrize("turn", TURNS)
def test_pictures_are_turned_upright(turn: tuple[int, int, int, int]) -> None:
    picture = np.arange(4 * 6 * 3, dtype=np.uint8).reshape(4, 6, 3)
    assert np.array_equal(upright(picture, turn), TURNS[turn](picture))


@pytest.mark.parametrize("turn", TURNS)
def test_rotation_mark_of_a_phones_video_is_followed(
    tmp_path: Path, turn: tuple[int, int, int, int]
) -> None:
    av = pytest.importorskip("av")
    stored = np.zeros((48, 96, 3), np.uint8)
    stored[:24, :48], stored[24:, 48:], stored[:24, 48:] = (200, 30, 30), (30, 30, 200), 90
    path = tmp_path / "clip.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 96, 48, "yuv420p"
        for _ in range(3):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(stored, format="rgb24")))
        container.mux(stream.encode(None))
    data = bytearray(path.read_bytes())
    at = data.index(b"tkhd") + 4 + 4 + 20 + 16  # version 0: the matrix of the track's header
    a, b, c, d = (v << 16 for v in turn)
    data[at : at + 36] = struct.pack(">9i", a, b, 0, c, d, 0, 0, 0, 1 << 30)
    path.write_bytes(data)
    video = VideoInput(str(path))
    frame = next(frame for _, frame in video.frames())
    picture = Converter(640).rgb(frame).astype(int)
    video.close()
    expected = TURNS[turn](stored).astype(int)
    assert picture.shape == expected.shape
    assert np.abs(picture - expected).mean() < 8


@pytest.mark.parametrize("suffix", ["svg", "png", "jpg", "webp"])
def test_drawing_is_refused_as_a_picture(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a.{suffix}"
    path.write_text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')
    with pytest.raises(FormatError, match=rf"a\.{suffix}"):
        image(path, Converter(640))


def test_decoded_pictures_are_freed_without_the_garbage_collector(
    jpeg: Callable[[int], bytes],
) -> None:
    blobs = [jpeg(n) for n in range(3)]
    for blob in blobs:
        DECODER.decode(blob)
    gc.collect()
    gc.disable()
    try:
        sizes = [getattr(DECODER.decode(blob), "size", 0) for blob in blobs]
        left = [type(o).__name__ for o in gc.get_objects(0) if type(o).__name__ == "VideoFrame"]
    finally:
        gc.enable()
    assert min(sizes) > 0
    assert len(left) <= 1  # the decoder keeps one for the next picture


def test_orientation_of_a_jpeg_is_read_where_exif_has_one() -> None:
    image_module = pytest.importorskip("PIL.Image")
    picture = np.zeros((16, 32, 3), np.uint8)
    picture[:, :16] = 255
    marks = image_module.Exif()
    marks[0x0112] = 6  # to be turned by a quarter, clockwise
    turned, plain = io.BytesIO(), io.BytesIO()
    image_module.fromarray(picture).save(turned, "JPEG", exif=marks)
    image_module.fromarray(picture).save(plain, "JPEG")
    decoder = JpegDecoder(640)
    shapes = []
    for blob in (plain, turned, turned, plain):
        decoded = decoder.decode(blob.getvalue())
        assert decoded is not None
        shapes.append(decoded.shape)
    assert shapes == [(16, 32, 3), (32, 16, 3), (32, 16, 3), (16, 32, 3)]


@pytest.mark.parametrize(
    ("platform", "words"),
    [("linux", "usermod -aG video"), ("darwin", "System Settings"), ("win32", "desktop apps")],
)
def test_refused_camera_names_the_switch_of_its_system(
    monkeypatch: pytest.MonkeyPatch, platform: str, words: str
) -> None:
    monkeypatch.setattr("sys.platform", platform)
    error = explain(PermissionError(13, "Permission denied"), "/dev/video0")
    assert isinstance(error, AbsentError)
    assert words in error.fix


def test_orientation_of_pictures_is_followed(tmp_path: Path, jpeg: Callable[[int], bytes]) -> None:
    """The orientation of a JPEG file may be a mirror image too, as of a selfie."""
    plain = jpeg(0)
    (tmp_path / "plain.jpg").write_bytes(plain)
    expected = image(tmp_path / "plain.jpg", Converter(640))
    for order, mark in (("<", b"II*\0"), (">", b"MM\0*")):
        for value, turn in exif.TURNS.items():
            entry = struct.pack(order + "IHHHIHH", 8, 1, 0x0112, 3, 1, value, 0)
            body = b"Exif\0\0" + mark + entry + bytes(4)
            segment = b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body
            path = tmp_path / f"{value}.jpg"
            path.write_bytes(plain[:2] + segment + plain[2:])
            found = image(path, Converter(640))
            assert np.array_equal(found, upright(expected, turn)), value


@given(st.binary(max_size=200))
def test_damaged_orientation_is_none_or_a_turn(data: bytes) -> None:
    for head in (b"", b"\xff\xd8\xff\xe1\0\x80Exif\0\0", b"\xff\xd8\xff\xe1\0\x80Exif\0\0II*\0"):
        assert exif.orientation_of_jpeg(head + data) in (None, *exif.TURNS.values())


@pytest.mark.parametrize(("shape", "size"), [((2, 1), (48, 128)), ((1, 2), (96, 64))])
def test_pixels_that_are_not_square(
    tmp_path: Path, shape: tuple[int, int], size: tuple[int, int]
) -> None:
    import av

    path = tmp_path / "a.mkv"
    with av.open(str(path), "w") as out:
        stream = out.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        stream.codec_context.sample_aspect_ratio = Fraction(*shape)
        frame = av.VideoFrame.from_ndarray(np.zeros((48, 64, 3), np.uint8), "rgb24")
        for packet in [*stream.encode(frame), *stream.encode()]:
            out.mux(packet)
    source = VideoInput(str(path))
    _, found = next(source.frames())
    assert Converter(640, source.aspect).rgb(found).shape[:2] == size
    source.close()
