"""Picture files to upright RGB pages, decoded by Pillow within bounds."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

from PIL import Image, ImageFile, ImageOps, Jpeg2KImagePlugin, TiffImagePlugin, WebPImagePlugin  # noqa: F401 - decoders register themselves

from extractors.refusal import Refused

FORMATS = ("JPEG", "PNG", "TIFF", "GIF", "BMP", "WEBP", "JPEG2000", "PPM")
MAX_DECODED = 400_000_000  # bytes of one decoded frame
KEPT_PIXELS = 16_000_000  # larger frames are made smaller: an A4 page at 400 dpi
PAGED = ("TIFF",)  # formats whose frames are pages; of the others (animations) the first frame counts
# What Pillow's decoders raise on hostile files:
BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    AssertionError,
    RuntimeError,
    struct.error,
    zlib.error,
)

Image.MAX_IMAGE_PIXELS = None  # the limit is MAX_DECODED, which also counts bytes per pixel


def open_picture(path: Path | str) -> Image.Image:
    """The picture file, nothing decoded yet. Raises Refused."""
    try:
        return Image.open(path, formats=FORMATS)
    except BROKEN as error:
        raise Refused("unreadable") from error


def frame_count(picture: Image.Image) -> int:
    """How many pages the picture has; 1 for animations."""
    if picture.format not in PAGED:
        return 1
    try:
        return max(int(getattr(picture, "n_frames", 1)), 1)
    except BROKEN:
        return 1


def frames(picture: Image.Image, numbers: list[int]) -> Iterator[tuple[int, Image.Image, bool]]:
    """Number (from 1), page image and whether the frame was complete. Raises Refused at the first damaged frame."""
    for number in numbers:
        try:
            if number > 1:
                picture.seek(number - 1)
        except BROKEN as error:
            raise Refused("unreadable", f"The picture is damaged from page {number} on.") from error
        _check_size(picture)
        complete = _decode(picture)
        yield number, _plain(picture), complete


def _check_size(picture: Image.Image) -> None:
    wide, high = picture.size
    if wide < 1 or high < 1:
        raise Refused("unreadable")
    if picture.format in ("JPEG", "MPO") and wide * high > 2 * KEPT_PIXELS:
        picture.draft("RGB", (wide // 2, high // 2))  # the decoder itself skips what is not needed
        wide, high = picture.size
    depth = 4 if picture.mode in ("RGB", "RGBA", "CMYK", "I", "F", "YCbCr", "LAB") else 2
    if wide * high * depth > MAX_DECODED:
        raise Refused("too_large", f"The picture says it has {wide} x {high} pixels, more than is read.")


def _decode(picture: Image.Image) -> bool:
    """Decodes the current frame; False where it is cut off and the rest stayed empty. Raises Refused."""
    try:
        picture.load()
        return True
    except BROKEN:
        ImageFile.LOAD_TRUNCATED_IMAGES = True
    try:
        picture.load()
    except BROKEN as error:
        raise Refused("unreadable") from error
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = False
    return False


def _plain(picture: Image.Image) -> Image.Image:
    """Turned as the camera says, transparent parts white, RGB, not larger than is of use."""
    try:
        image = ImageOps.exif_transpose(picture)
    except BROKEN:  # broken EXIF: the picture itself is fine
        image = picture.copy()
    try:
        shrink = (image.width * image.height / KEPT_PIXELS) ** 0.5
        if shrink > 1 and image.mode not in ("P", "PA", "1"):
            image = image.reduce(max(int(shrink + 0.999), 1))
        return _rgb(image)
    except BROKEN as error:
        raise Refused("unreadable") from error


def _rgb(image: Image.Image) -> Image.Image:
    if image.mode in ("I;16", "I;16B", "I;16L", "I", "F"):
        low, high = image.convert("F").getextrema()
        span = (float(high) - float(low)) or 1.0  # type: ignore[arg-type]  # one band: two numbers
        image = image.convert("F").point(lambda v: v * (255.0 / span) - float(low) * (255.0 / span)).convert("L")  # type: ignore[arg-type]
    if "transparency" in image.info or image.mode in ("RGBA", "LA", "PA", "La", "RGBa"):
        image = image.convert("RGBA")
        paper = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(paper, image).convert("RGB")
    return image if image.mode == "RGB" else image.convert("RGB")
