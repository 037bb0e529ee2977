# ruff: noqa: RUF005 - tables of words and places stay whole; chance is no secret
"""What becomes of a paper between the desk and the mailbox: scans, and photographs with all that goes wrong in them."""

from __future__ import annotations

import io
from random import Random
from typing import Any

import cv2
import numpy as np
from PIL import Image


def scanned(card: Image.Image, random: Random, about: dict[str, Any]) -> Image.Image:
    """A clean scan: the paper alone, or on a sheet, hardly skewed; sometimes grey, sometimes on its side."""
    image = card
    if random.random() < 0.5:
        side = round(210 / 125 * max(card.size)) if random.random() < 0.5 else round(1.3 * max(card.size))
        sheet = Image.new("RGB", (side, round(1.414 * side)), (253, 253, 252))
        sheet.paste(card, ((side - card.width) // 2, random.randint(40, max(sheet.height - card.height - 40, 41))))
        image = sheet
    image = image.rotate(random.uniform(-1.5, 1.5), Image.Resampling.BICUBIC, fillcolor=(250, 250, 250))
    turn = random.choice([0, 0, 0, 0, 90, 180, 270])
    image = image.rotate(turn, expand=True)
    if random.random() < 0.3:
        image = image.convert("L").convert("RGB")
    grain = np.asarray(image, np.float32) + np.random.default_rng(random.randrange(10**6)).normal(
        0, 3, (image.height, image.width, 1)
    )
    about["turn"] = turn
    return Image.fromarray(np.clip(grain, 0, 255).astype(np.uint8))


def photographed(card: Image.Image, random: Random, about: dict[str, Any]) -> Image.Image:
    """A photograph of the paper on a desk, in a hand or on a screen."""
    chance = np.random.default_rng(random.randrange(10**6))
    pixels = _on_desk(np.asarray(card), random, chance)
    done = []
    for name, share, change in CHANGES:
        if random.random() < share:
            pixels = change(pixels, random, chance)
            done.append(name)
    turn = random.choice([0, 0, 0, 0, 0, 90, 180, 270])
    image = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)).rotate(turn, expand=True)
    about |= {"turn": turn, "changes": done}
    store = io.BytesIO()
    image.save(store, "JPEG", quality=random.randint(30, 85))
    return Image.open(store)


def _on_desk(card: Any, random: Random, chance: Any) -> Any:
    """The paper in perspective, partly turned, on a background."""
    high, wide = card.shape[:2]
    across = random.randint(1300, 2300)
    scale = across * random.uniform(0.72, 0.93) / wide
    size = (across, round(across * random.choice([0.75, 0.75, 0.66, 1.2])))
    middle = np.array([size[0] / 2, size[1] / 2]) + [
        random.uniform(-0.02, 0.02) * across,
        random.uniform(-0.04, 0.04) * across,
    ]
    corners = (np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32) - [wide / 2, high / 2]) * scale
    angle = np.deg2rad(random.choice([random.uniform(-3, 3), random.uniform(-9, 9)]))
    corners = corners @ np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]]) + middle
    corners += chance.uniform(-0.025, 0.025, (4, 2)) * across * random.choice([0.3, 1, 1])
    matrix = cv2.getPerspectiveTransform(
        np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32), corners.astype(np.float32)
    )
    ground = np.empty((size[1], size[0], 3), np.float32)
    ground[:] = random.choice([(92, 70, 52), (40, 42, 46), (150, 150, 148), (215, 212, 205), (70, 90, 110)])
    rough = cv2.resize(
        chance.normal(0, 14, (size[1] // 8, size[0] // 24, 1)).astype(np.float32), size, interpolation=cv2.INTER_CUBIC
    )
    ground += rough[..., None] if rough.ndim == 2 else rough
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    small = cv2.GaussianBlur(card, (0, 0), 0.4 / scale) if scale < 0.8 else card
    warped = cv2.warpPerspective(small, matrix, size, flags=cv2.INTER_LINEAR if way else way)
    mask = cv2.warpPerspective(np.full((high, wide), 255, np.uint8), matrix, size)[..., None] / 255
    return warped * mask + ground * (1 - mask)


def _blur(pixels: Any, random: Random, _: Any) -> Any:
    return cv2.GaussianBlur(pixels, (0, 0), random.uniform(0.7, 1.0 + pixels.shape[1] / 2300))


def _shake(pixels: Any, random: Random, _: Any) -> Any:
    length = random.randint(3, 7)
    kernel = np.zeros((length, length), np.float32)
    cv2.line(kernel, (0, random.randrange(length)), (length - 1, random.randrange(length)), 1, 1)
    return cv2.filter2D(pixels, -1, kernel / kernel.sum())


def _glare(pixels: Any, random: Random, _: Any) -> Any:
    high, wide = pixels.shape[:2]
    light = np.zeros((high, wide), np.float32)
    for _n in range(random.randint(1, 2)):
        place = (random.randrange(wide), random.randrange(high))
        cv2.ellipse(
            light,
            place,
            (random.randint(wide // 20, wide // 6), random.randint(wide // 30, wide // 10)),
            random.randint(0, 180),
            0,
            360,
            1.0,
            -1,
        )
    light = cv2.GaussianBlur(light, (0, 0), wide / 30)[..., None] * random.uniform(0.4, 0.85)
    return pixels * (1 - light) + 255 * light


def _shadow(pixels: Any, random: Random, _: Any) -> Any:
    high, wide = pixels.shape[:2]
    edge = random.uniform(0.2, 0.8) * wide + random.uniform(-1, 1) * np.arange(high)[:, None]
    dark = 1 / (1 + np.exp((np.arange(wide)[None, :] - edge) / random.uniform(10, 120)))
    return pixels * (1 - random.uniform(0.25, 0.55) * dark[..., None])


def _dim(pixels: Any, random: Random, chance: Any) -> Any:
    return pixels * random.uniform(0.3, 0.6) + chance.normal(0, random.uniform(3, 9), pixels.shape)


def _grain(pixels: Any, random: Random, chance: Any) -> Any:
    return pixels + chance.normal(0, random.uniform(3, 14), pixels.shape)


def _screen(pixels: Any, random: Random, _: Any) -> Any:
    """The stripes of a photographed screen."""
    high, wide = pixels.shape[:2]
    x, y = np.meshgrid(np.arange(wide), np.arange(high))
    waves = np.sin(x * random.uniform(0.6, 1.6) + y * random.uniform(-0.3, 0.3)) + np.sin(y * random.uniform(0.6, 1.6))
    return pixels * (1 + random.uniform(0.02, 0.07) * waves[..., None])


CHANGES = (
    ("blur", 0.45, _blur), ("shake", 0.25, _shake), ("glare", 0.3, _glare), ("shadow", 0.35, _shadow),
    ("screen", 0.1, _screen), ("dim", 0.25, _dim), ("grain", 0.5, _grain),
)  # fmt: skip
