"""Paper as scanners and telephones see it: skewed, grey, noisy, photographed at an angle under a lamp."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

import cv2
import numpy as np
import pypdfium2
from numpy.typing import NDArray
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

Picture = NDArray[np.uint8]


@dataclass(frozen=True)
class Scanner:
    """How a scan comes out. `skew` in degrees, `noise` and `shade` in grey levels, `blur` as sigma in pixels."""

    dpi: int = 200
    skew: float = 0.0
    noise: float = 6.0
    shade: float = 12.0
    blur: float = 0.5
    quality: int = 62
    colour: bool = False
    seed: int = 1


def pages_of(document: bytes, dpi: int) -> list[Picture]:
    """The pages of a PDF as pictures."""
    pdf = pypdfium2.PdfDocument(document)
    found = [np.asarray(page.render(scale=dpi / 72).to_pil().convert("RGB")).copy() for page in pdf]
    pdf.close()
    return found


def scanned(document: bytes, scanner: Scanner) -> bytes:
    """The document printed and scanned: a PDF of pictures alone."""
    out = BytesIO()
    canvas = Canvas(out, invariant=1)
    for number, page in enumerate(pages_of(document, scanner.dpi)):
        jpeg = _jpeg(_worn(page, scanner, number), scanner)
        with Image.open(BytesIO(jpeg)) as image:
            size = (image.width * 72 / scanner.dpi, image.height * 72 / scanner.dpi)
        canvas.setPageSize(size)
        canvas.drawImage(ImageReader(BytesIO(jpeg)), 0, 0, *size)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _worn(page: Picture, scanner: Scanner, number: int) -> Picture:
    random = np.random.default_rng(scanner.seed + number)
    height, width = page.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), scanner.skew * (1 if number % 2 == 0 else -0.6), 1.0)
    flat = cv2.warpAffine(page, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=(246, 246, 244))
    if scanner.blur:
        flat = cv2.GaussianBlur(flat, (0, 0), scanner.blur)
    ramp = (
        np.linspace(0, scanner.shade, width)[None, :, None] + np.linspace(0, scanner.shade / 2, height)[:, None, None]
    )
    grain = random.normal(0, scanner.noise, (height, width, 1))
    worn = flat.astype(np.float32) * 0.97 - ramp + grain
    for _ in range(40):  # specks of dust
        x, y = int(random.integers(width)), int(random.integers(height))
        worn[y : y + 2, x : x + 2] = random.integers(60, 160)
    return np.clip(worn, 0, 255).astype(np.uint8)


def _jpeg(picture: Picture, scanner: Scanner) -> bytes:
    image = Image.fromarray(picture)
    out = BytesIO()
    shown = image if scanner.colour else image.convert("L")
    shown.save(out, "JPEG", quality=scanner.quality, dpi=(scanner.dpi, scanner.dpi))
    return out.getvalue()


def photographed(document: bytes, scanner: Scanner) -> bytes:
    """The first page on a desk, taken by a telephone at an angle: a colour JPEG."""
    page = pages_of(document, scanner.dpi)[0]
    height, width = page.shape[:2]
    random = np.random.default_rng(scanner.seed)
    size = (int(width * 1.16), int(height * 1.12))
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    seen = np.array(
        [
            [size[0] * 0.075, size[1] * 0.045],
            [size[0] * 0.915, size[1] * 0.060],
            [size[0] * 0.955, size[1] * 0.955],
            [size[0] * 0.045, size[1] * 0.940],
        ],
        np.float32,
    )
    matrix = cv2.getPerspectiveTransform(corners, seen)
    desk = _desk(size, random)
    paper = cv2.warpPerspective(page, matrix, size, flags=cv2.INTER_AREA)
    mask = cv2.warpPerspective(np.full((height, width), 255, np.uint8), matrix, size)[:, :, None] / 255.0
    shot = paper * mask + desk * (1 - mask)
    x, y = np.meshgrid(np.linspace(-1, 1, size[0]), np.linspace(-1, 1, size[1]))
    lamp = 1.04 - 0.20 * ((x - 0.35) ** 2 + (y + 0.4) ** 2) / 2
    warm = np.array([1.0, 0.975, 0.93])
    shot = cv2.GaussianBlur(shot * lamp[:, :, None] * warm, (0, 0), max(scanner.blur, 0.1))
    shot = shot + random.normal(0, scanner.noise, (size[1], size[0], 1))
    return _jpeg(np.clip(shot, 0, 255).astype(np.uint8), scanner)


def _desk(size: tuple[int, int], random: np.random.Generator) -> NDArray[np.float64]:
    grain = cv2.GaussianBlur(random.normal(0, 30, (size[1], size[0])), (0, 0), 1.2)
    streaks = cv2.blur(grain, (61, 3))
    return np.array([118.0, 84.0, 58.0]) + (streaks + grain * 0.2)[:, :, None]


def holiday_picture(seed: int = 5) -> bytes:
    """A picture that is no document: hills at sunset."""
    random = np.random.default_rng(seed)
    height, width = 720, 1080
    sky = np.linspace(0, 1, height)[:, None, None] * np.array([-90, -60, 40]) + np.array([245, 190, 120])
    picture = np.repeat(sky, width, axis=1)
    x = np.arange(width)
    for level, colour in ((0.55, (96, 74, 92)), (0.68, (62, 58, 70)), (0.82, (34, 40, 44))):
        ridge = level * height + 30 * np.sin(x / 130 + level * 9) + 14 * np.sin(x / 41 + level * 20)
        picture[np.arange(height)[:, None] > ridge[None, :]] = colour
    cv2.circle(picture, (740, 300), 46, (255, 236, 190), -1)
    picture = cv2.GaussianBlur(picture + random.normal(0, 5, (height, width, 1)), (0, 0), 1.0)
    return _jpeg(np.clip(picture, 0, 255).astype(np.uint8), Scanner(colour=True, quality=70))
