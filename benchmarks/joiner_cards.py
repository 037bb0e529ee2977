# ruff: noqa: E501 - tables of words and places stay whole; chance is no secret
"""Draws specimen identity papers: the printed part in several layouts and languages, the zone below."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from benchmarks.joiner_papers import Specimen

SIZES = {
    "TD1": (85.6, 54.0),
    "TD2": (105.0, 74.0),
    "TD3": (125.0, 88.0),
    "MRV-A": (120.0, 80.0),
    "MRV-B": (105.0, 74.0),
    "FRA": (105.0, 74.0),
}
PITCH, FROM_EDGE = 2.54, {"TD1": 4.2, "FRA": 4.5}  # mm
SANS = (
    "DejaVuSans.ttf",
    "LiberationSans-Regular.ttf",
    "LiberationSerif-Regular.ttf",
    "LiberationSansNarrow-Regular.ttf",
    "DejaVuSans-Bold.ttf",
)
MONO = ("DejaVuSansMono.ttf", "LiberationMono-Regular.ttf", "LiberationMono-Bold.ttf", "DejaVuSansMono-Bold.ttf")
TITLES = {
    "P": ("REISEPASS  PASSPORT  PASSEPORT", "PASSPORT", "PASSEPORT / PASSPORT", "PASAPORTE PASSPORT"),
    "V": ("VISA", "VISUM VISA", "RESIDENCE PERMIT / AUFENTHALTSTITEL"),
    "I": ("PERSONALAUSWEIS  IDENTITY CARD", "IDENTITY CARD", "CARTE NATIONALE D'IDENTITÉ", "NATIONAL IDENTITY CARD", "CARTE D'IDENTITÉ IDENTITEITSKAART"),
}  # fmt: skip
LABELS = (
    (
        "Surname",
        "Given names",
        "Nationality",
        "Date of birth",
        "Document No.",
        "Date of expiry",
        "Sex",
        "Place of birth",
    ),
    (
        "Name / Surname",
        "Vornamen / Given names",
        "Staatsangehörigkeit / Nationality",
        "Geburtstag / Date of birth",
        "Ausweisnummer / Document no.",
        "Gültig bis / Date of expiry",
        "Geschlecht / Sex",
        "Geburtsort / Place of birth",
    ),
    (
        "Nom / Surname",
        "Prénoms / Given names",
        "Nationalité / Nationality",
        "Date de naissance / Date of birth",
        "Passeport N° / Passport No.",
        "Date d'expiration / Date of expiry",
        "Sexe / Sex",
        "Lieu de naissance / Place of birth",
    ),
    (
        "Apellidos",
        "Nombre",
        "Nacionalidad",
        "Fecha de nacimiento",
        "Núm. documento",
        "Válido hasta",
        "Sexo",
        "Lugar de nacimiento",
    ),
)
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")


def fonts_of(folder: Path | None) -> tuple[list[str], list[str]]:
    """Fonts of machine-readable zones: the ones that papers use (more often), and others."""
    found = (
        sorted(str(p) for p in folder.rglob("*.[ot]tf") if "Oblique" not in p.name and "Italic" not in p.name)
        if folder
        else []
    )
    ocr = [p for p in found if "OCRB" in p and not any(s in p for s in ("OCRBS", "OCRBX"))]
    others = [p for p in found if "OCR" not in p and ("Mono" in p or "Courier" in p or "Inconsolata" in p)]
    return ocr, [*MONO, *others]


def drawn(
    one: Specimen, random: Random, folder: Path | None, dots: float | None = None
) -> tuple[Image.Image, dict[str, Any]]:
    """The paper seen from straight above, and how it was made."""
    dots = dots or random.choice([200, 240, 300, 300, 400]) / 25.4  # pixels of a millimetre
    wide, high = (round(side * dots) for side in SIZES[one.shape.name])
    ocr, others = fonts_of(folder)
    font = random.choice(ocr) if ocr and random.random() < 0.75 else random.choice(others)
    card = _background(random, wide, high)
    pen = ImageDraw.Draw(card)
    step = 4.23 if one.shape.name == "TD1" else random.choice([5.3, 6.35, 6.35])
    top = high - (FROM_EDGE.get(one.shape.name, 5.0) + step * (len(one.lines) - 1) + 3.0) * dots
    if random.random() < 0.6:
        pen.rectangle(
            (0, top - 2.5 * dots, wide, high), fill=random.choice([(255, 255, 255), (244, 244, 240), (236, 240, 246)])
        )
    _printed(one, random, pen, (wide, top / dots, dots))
    _zone(one, pen, font, (wide, top, step * dots, dots))
    return card, {"font": Path(font).stem}


def _background(random: Random, wide: int, high: int) -> Image.Image:
    tint = random.choice([(235, 240, 245), (250, 250, 250), (225, 235, 225), (245, 230, 235), (232, 226, 205)])
    card = Image.new("RGB", (wide, high), tint)
    pen = ImageDraw.Draw(card)
    if random.random() < 0.75:
        shade = tuple(c - random.randint(8, 34) for c in tint)
        step = random.randint(5, 16)
        for y in range(-wide, high + wide, step):
            ends = (
                random.choice([(0, y, wide, y + wide // 3), (0, y, wide, y - wide // 4)])
                if random.random() < 0.2
                else (0, y, wide, y + wide // 3)
            )
            pen.line(ends, fill=shade, width=random.choice([1, 1, 2]))
        card = card.filter(ImageFilter.GaussianBlur(random.choice([0.0, 0.7])))
    return card


def _zone(one: Specimen, pen: ImageDraw.ImageDraw, font: str, place: tuple[int, float, float, float]) -> None:
    wide, top, step, dots = place
    pitch = PITCH * dots
    face = ImageFont.truetype(font, 100)
    face = ImageFont.truetype(font, 100 * pitch / face.getlength("0"))
    left = max((wide - pitch * one.shape.width) / 2, 1.0 * dots)
    for n, line in enumerate(one.lines):
        for i, character in enumerate(line):
            pen.text(
                (left + i * pitch, top + n * step + 2.4 * dots), character, font=face, fill=(25, 25, 28), anchor="ls"
            )


def _printed(one: Specimen, random: Random, pen: ImageDraw.ImageDraw, place: tuple[int, float, float]) -> None:
    wide, room, dots = place
    face = random.choice(SANS)
    title = random.choice(TITLES["I" if one.lines[0][0] not in "PV" else one.lines[0][0]])
    small, usual = (ImageFont.truetype(face, round(size * dots)) for size in (1.6, 2.6))
    pen.text((3 * dots, 2 * dots), title, font=ImageFont.truetype(face, round(3.2 * dots)), fill=(20, 30, 80))
    pen.rectangle((3 * dots, 9 * dots, 3 * dots + 0.24 * wide, min(9 + 32, room - 2) * dots), fill=(150, 150, 160))
    labels = random.choice(LABELS)
    day = random.choice(["{0:%d.%m.%Y}", "{0:%d} {1} {0:%Y}", "{0:%d %m %Y}", "{0:%d/%m/%Y}"])
    born, expires = (day.format(d, MONTHS[d.month - 1]) for d in (one.born, one.expires))
    upper = random.random() < 0.7
    names = [one.surname.upper() if upper else one.surname, one.given.upper() if upper else one.given]
    values = [
        *names,
        one.state,
        born,
        one.number,
        expires,
        one.sex.replace("<", "X"),
        random.choice(["BERLIN", "LYON", "ZENITH", "KÖLN"]),
    ]
    step = max((room - 11) / 6, 3.6)
    for n, (label, value) in enumerate(zip(labels, values, strict=True)):
        x, y = 3 * dots + 0.28 * wide, (8 + n * step) * dots
        if n >= 6 or y > (room - 4) * dots:
            x, y = 3 * dots + 0.68 * wide, (8 + (n - 4) * step) * dots
            if y > (room - 4) * dots:
                continue
        pen.text((x, y), label, font=small, fill=(60, 60, 90))
        pen.text((x, y + 1.9 * dots), value, font=usual, fill=(15, 15, 15))
