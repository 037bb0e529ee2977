# ruff: noqa: S311 - chance is no secret
"""Identity papers drawn otherwise than those that the reader of zones was fitted to, and what befalls them.

    python -m benchmarks.joiner_strangers DIR --fonts FOLDER [--count 40] [--seed N] [--photos]

Whole data pages and cards with a portrait, wavy security print under the zone and fonts that were not fitted; scanned
or photographed, then befallen by one thing in turn: nothing, a streak of light over the zone, a screen's moire,
perspective, a zone cut at the edge, front and back of a card on one sheet, a quarter or half turn. Labels as
benchmarks.joiner_papers writes them, with `befell`.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import Any

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from benchmarks.joiner_cards import FROM_EDGE, PITCH, SIZES, _printed
from benchmarks.joiner_papers import Specimen, specimen
from benchmarks.joiner_photos import photographed, scanned
from extractors.joiner.mrz import FORMATS

UNSEEN = ("OCRBS", "OCRBX", "Courier Prime Code", "Courier Prime Sans", "FreeMonoBold")
CARDS = ("TD1", "TD2", "FRA")
Befalls = Callable[[Image.Image, Random], Image.Image]


def strange(one: Specimen, random: Random, fonts: Path) -> tuple[Image.Image, Image.Image, str]:
    """Front and back of a paper (one and the same where the zone is on the front), and the zone's font."""
    dots = random.choice([240, 300, 400]) / 25.4
    wide, high = (round(side * dots) for side in SIZES[one.shape.name])
    files = [p for p in sorted(fonts.rglob("*.[ot]tf")) if p.stem in UNSEEN]
    font = random.choice(files)
    back = _waves(random, wide, high)
    step = 4.23 if one.shape.name == "TD1" else 6.35
    top = high - (FROM_EDGE.get(one.shape.name, 5.0) + step * (len(one.lines) - 1) + 3.0) * dots
    front = back if one.shape.name != "TD1" else _waves(random, wide, high)
    pen = ImageDraw.Draw(front)
    _portrait(
        pen,
        random,
        (3 * dots, 9 * dots, 3 * dots + 0.24 * wide, min(0.75 * high, (top if front is back else high) - 2 * dots)),
    )
    _printed(one, random, pen, (wide, (top if front is back else high) / dots, dots))
    _portrait(
        pen,
        random,
        (3 * dots, 9 * dots, 3 * dots + 0.24 * wide, min(0.75 * high, (top if front is back else high) - 2 * dots)),
    )
    pen = ImageDraw.Draw(back)
    face = ImageFont.truetype(str(font), 100)
    face = ImageFont.truetype(str(font), 100 * PITCH * dots / face.getlength("0"))
    left = max((wide - PITCH * dots * one.shape.width) / 2, 1.0 * dots)
    ink = random.choice([(20, 20, 24), (45, 45, 50), (30, 30, 70)])
    for n, line in enumerate(one.lines):
        for i, c in enumerate(line):
            pen.text((left + i * PITCH * dots, top + n * step * dots + 2.4 * dots), c, font=face, fill=ink, anchor="ls")
    return front, back, font.stem


def _waves(random: Random, wide: int, high: int) -> Image.Image:
    """Security print: families of crossing waves in pale colours, over the whole paper."""
    card = np.full((high, wide, 3), [random.randint(225, 250) for _ in range(3)], np.uint8)
    x = np.arange(0, wide, 3)
    for _ in range(random.randint(2, 4)):
        colour = [random.randint(140, 225) for _ in range(3)]
        swing, length, phase = random.uniform(6, 40), random.uniform(60, 400), random.uniform(0, 6)
        for n, y in enumerate(range(-60, high + 60, random.randint(7, 18))):
            ys = y + swing * np.sin(x / length * 6.28 + phase + n * 0.12) + 0.3 * swing * np.sin(x / 23)
            cv2.polylines(card, [np.stack([x, ys], 1).astype(np.int32)], False, colour, 1, cv2.LINE_AA)
    return Image.fromarray(card)


def _portrait(pen: ImageDraw.ImageDraw, random: Random, box: tuple[float, float, float, float]) -> None:
    x0, y0, x1, y1 = box
    if y1 - y0 < 10:
        return
    pen.rectangle(box, fill=(205, 208, 212))
    tone = random.choice([(224, 188, 160), (150, 110, 85), (240, 205, 185), (95, 68, 55)])
    middle, wide = (x0 + x1) / 2, x1 - x0
    pen.pieslice((x0, y1 - 0.35 * (y1 - y0), x1, y1 + 0.3 * (y1 - y0)), 180, 360, fill=(40, 50, 80))
    pen.rectangle((x0, y1, x1, y1 + 1), fill=(205, 208, 212))
    pen.ellipse((middle - 0.25 * wide, y0 + 0.15 * (y1 - y0), middle + 0.25 * wide, y0 + 0.7 * (y1 - y0)), fill=tone)
    pen.pieslice(
        (middle - 0.27 * wide, y0 + 0.1 * (y1 - y0), middle + 0.27 * wide, y0 + 0.55 * (y1 - y0)),
        180,
        360,
        fill=(50, 35, 25),
    )


def _streak(card: Image.Image, random: Random) -> Image.Image:
    """Light on plastic: a soft slanting band that leaves the zone pale."""
    pixels = np.asarray(card, np.float32)
    high, wide = pixels.shape[:2]
    x, y = np.meshgrid(np.arange(wide), np.arange(high))
    at = random.uniform(0.2, 0.8) * wide + (y - high / 2) * random.uniform(-1.2, 1.2)
    light = np.exp(-(((x - at) / (wide * random.uniform(0.03, 0.09))) ** 2))[..., None] * random.uniform(0.4, 0.8)
    return Image.fromarray((pixels * (1 - light) + 255 * light).astype(np.uint8))


def _moire(card: Image.Image, random: Random) -> Image.Image:
    """A photograph of a screen: its grid of coloured dots, taken at another pitch."""
    size = (round(card.width * 1.9), round(card.height * 1.9))
    pixels = np.asarray(card.resize(size, Image.Resampling.BICUBIC), np.float32)
    pixels[:, :, 0] *= np.where(np.arange(size[0]) % 3 == 0, 1.0, 0.72)[None, :]
    pixels[:, :, 1] *= np.where(np.arange(size[0]) % 3 == 1, 1.0, 0.72)[None, :]
    pixels[:, :, 2] *= np.where(np.arange(size[0]) % 3 == 2, 1.0, 0.72)[None, :]
    pixels = pixels * np.where(np.arange(size[1]) % 3 == 0, 0.75, 1.0)[:, None, None]
    turn: Any = cv2.getRotationMatrix2D((size[0] / 2, size[1] / 2), random.uniform(-3, 3), random.uniform(0.5, 0.62))
    turn[:, 2] += np.array([card.width - size[0], card.height - size[1]]) / 2
    seen = cv2.warpAffine(pixels, turn, card.size, flags=cv2.INTER_LINEAR, borderValue=(12, 12, 14))
    return Image.fromarray(np.clip(seen * 1.2 + 8, 0, 255).astype(np.uint8))


def _perspective(card: Image.Image, random: Random) -> Image.Image:
    wide, high = card.size
    corners = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)
    seen = corners + np.array(
        [
            [random.uniform(0, 0.09) * wide * (1, -1, -1, 1)[n], random.uniform(0, 0.09) * high * (1, 1, -1, -1)[n]]
            for n in range(4)
        ],
        np.float32,
    )
    matrix = cv2.getPerspectiveTransform(corners, seen)
    return Image.fromarray(cv2.warpPerspective(np.asarray(card), matrix, (wide, high), borderValue=(70, 60, 50)))


def _cut(card: Image.Image, random: Random) -> Image.Image:
    """The zone is not whole: some characters at an end, or half the last line, are off the picture."""
    if random.random() < 0.6:
        return card.crop((0, 0, round(card.width * random.uniform(0.9, 0.96)), card.height))
    return card.crop((0, 0, card.width, round(card.height * random.uniform(0.9, 0.94))))


BEFALLS: dict[str, Befalls] = {
    "nothing": lambda card, _: card, "streak": _streak, "moire": _moire, "perspective": _perspective,
    "quarter": lambda card, r: card.rotate(r.choice([90, 270]), expand=True),
    "half": lambda card, _: card.rotate(180, expand=True), "both sides": lambda card, _: card, "cut": _cut,
}  # fmt: skip


def sheet_of(front: Image.Image, back: Image.Image) -> Image.Image:
    """Both sides of a card below each other, as copiers do."""
    sheet = Image.new("RGB", (round(front.width * 1.8), round(front.width * 2.5)), (252, 252, 250))
    for n, side in enumerate((front, back)):
        sheet.paste(side, ((sheet.width - side.width) // 2, round(sheet.height * (0.08 + 0.42 * n))))
    return sheet


def made(number: int, told: argparse.Namespace) -> dict[str, Any]:
    """Draws and keeps one paper; its label."""
    random = Random(f"strange {told.seed} {number} {told.photos}")
    befell = list(BEFALLS)[number % len(BEFALLS)]
    shapes = [s for s in FORMATS if s.name in CARDS] if befell == "both sides" else None
    one = specimen(random, random.choice(shapes) if shapes else None)
    front, back, font = strange(one, random, told.fonts)
    card = sheet_of(front, back) if befell == "both sides" else BEFALLS[befell](back, random)
    about: dict[str, Any] = {}
    name = f"{number:04d}.{'jpg' if told.photos else 'png'}"
    if told.photos:
        card = photographed(card, random, about)
    elif befell not in ("quarter", "half", "moire", "cut"):
        card = scanned(card, random, about)
    card.convert("RGB").save(told.folder / name, quality=random.randint(50, 92))
    return {"file": name, "format": one.shape.name, "truth": one.truth(), "font": font, "befell": befell, **about}


def main(argv: Sequence[str]) -> int:
    """Writes papers and labels."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.joiner_strangers", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=40)
    parser.add_argument("--photos", action="store_true")
    parser.add_argument("--fonts", type=Path, required=True)
    parser.add_argument("--seed", default="1")
    told = parser.parse_args(argv)
    told.folder.mkdir(parents=True, exist_ok=True)
    rows = [made(n, told) for n in range(told.count)]
    (told.folder / "labels.jsonl").write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
