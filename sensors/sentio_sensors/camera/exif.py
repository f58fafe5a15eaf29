"""Read the orientation of a JPEG picture (EXIF 2.32, tag 0x0112)."""

from __future__ import annotations

Orientation = tuple[int, int, int, int]

TURNS: dict[int, Orientation] = {
    1: (1, 0, 0, 1), 2: (-1, 0, 0, 1), 3: (-1, 0, 0, -1), 4: (1, 0, 0, -1),
    5: (0, 1, 1, 0), 6: (0, 1, -1, 0), 7: (0, -1, -1, 0), 8: (0, -1, 1, 0),
}  # fmt: skip
"""Display matrix a, b, c, d of each orientation; 2, 4, 5 and 7 are mirror images."""

_ORIENTATION = 0x0112


def orientation_of_jpeg(jpeg: bytes) -> Orientation | None:
    """Return the display matrix of a picture; None if it is no JPEG or states none.

    Args:
        jpeg: The beginning of the file; at most 64 kB before the picture are read.
    """
    if jpeg[:2] != b"\xff\xd8":
        return None
    at = 2
    while at + 4 <= len(jpeg) and jpeg[at] == 0xFF and jpeg[at + 1] not in (0xDA, 0xD9):
        length = int.from_bytes(jpeg[at + 2 : at + 4], "big")
        if jpeg[at + 1] == 0xE1 and jpeg[at + 4 : at + 10] == b"Exif\0\0":
            return _of_tiff(jpeg[at + 10 : at + 2 + length])
        at += 2 + max(2, length)
    return None


def _of_tiff(data: bytes) -> Orientation | None:
    order = {b"II": "little", b"MM": "big"}.get(data[:2])
    if order is None:
        return None

    def number(at: int, size: int) -> int:
        return int.from_bytes(data[at : at + size], "little" if order == "little" else "big")

    first = number(4, 4)
    for entry in range(first + 2, first + 2 + 12 * min(number(first, 2), 200), 12):
        if entry + 12 > len(data):
            return None
        if number(entry, 2) == _ORIENTATION:
            return TURNS.get(number(entry + 8, 2))
    return None
