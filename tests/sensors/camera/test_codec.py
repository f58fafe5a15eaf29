"""Tests of the JPEG decoder with damaged and hostile pictures."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("av")
from sentio_sensors.camera.codec import JpegDecoder  # noqa: E402


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
