"""Tells the logo in a signature from a photographed receipt."""

from __future__ import annotations

import struct

_TINY = 100  # pixels: nothing of this size can be read
_LEGIBLE_SIDE = 300
_LEGIBLE_AREA = 250_000
_BANNER = 2.2  # wider than this in relation to its height is no page
_UNMEASURED_BYTES = 60_000


def is_decoration(data: bytes, media_type: str, shown_in_body: bool) -> bool:
    """Whether an image is part of the letterhead rather than a document.

    `shown_in_body`: the HTML body shows it as an image. A picture of a page that was pasted into the body counts as
    a document: it is large enough to read, and not a banner.
    """
    size = pixel_size(data, media_type)
    if size is None:
        return shown_in_body and len(data) < _UNMEASURED_BYTES
    width, height = size
    if max(width, height) <= _TINY:
        return True
    legible = min(size) >= _LEGIBLE_SIDE and width * height >= _LEGIBLE_AREA and width <= _BANNER * height
    return shown_in_body and not legible


def pixel_size(data: bytes, media_type: str) -> tuple[int, int] | None:
    """Width and height as the header of a PNG, GIF, BMP or JPEG states them; None when it does not."""
    try:
        if media_type == "image/png":
            return struct.unpack_from(">II", data, 16)
        if media_type == "image/gif":
            return struct.unpack_from("<HH", data, 6)
        if media_type == "image/bmp":
            width, height = struct.unpack_from("<ii", data, 18)
            return abs(width), abs(height)
        if media_type == "image/jpeg":
            return _jpeg_size(data)
    except struct.error:
        pass
    return None


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    """Walks from marker to marker until the frame header."""
    at = 2
    for _ in range(500):
        while data[at : at + 1] == b"\xff" and data[at + 1 : at + 2] == b"\xff":
            at += 1
        marker, length = struct.unpack_from(">HH", data, at)
        if 0xFFC0 <= marker <= 0xFFCF and marker not in (0xFFC4, 0xFFC8, 0xFFCC):
            height, width = struct.unpack_from(">HH", data, at + 5)
            return width, height
        if marker < 0xFF00 or length < 2:
            return None
        at += 2 + length
    return None
