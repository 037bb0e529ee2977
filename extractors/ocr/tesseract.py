"""Tesseract, the program, for machines on which it is installed."""

from __future__ import annotations

import os
import subprocess
from functools import cache
from typing import TYPE_CHECKING

from extractors.ocr.shape import is_strip
from extractors.refusal import Refused
from workitems.errors import TryLater
from workitems.items import Page, Word

if TYPE_CHECKING:
    from PIL.Image import Image

WANTED = ("eng", "deu", "fra")
CODES = {"en": "eng", "de": "deu", "fr": "fra", "it": "ita", "es": "spa", "nl": "nld"}
SECONDS = 25  # a page takes about one
# Page segmentation, by measurement: columns of text for sheets (94% of the words of 10 invoices; one block: 74%), one
# block for the strips of tills.
SHEET, STRIP = 4, 6
LEAST_SIDE = 2000  # smaller images are made larger: Tesseract wants capitals of 30 pixels


class TesseractMissing(TryLater):
    """The program is not installed; the message says how to get it. No document is to blame for it."""

    def __init__(self, message: str) -> None:
        super().__init__("ocr_missing", message)


class TesseractEngine:
    """Reads words. Uses all of English, German and French that are installed unless one language is asked for."""

    name = "tesseract"

    def __init__(self) -> None:
        """Raises TesseractMissing."""
        os.environ.setdefault("OMP_THREAD_LIMIT", "1")  # its threads cost more than they bring
        self._languages = installed_languages()
        if not self._languages:
            raise TesseractMissing(
                "Tesseract is not installed (Debian: apt-get install tesseract-ocr tesseract-ocr-deu)."
            )

    def read(self, image: Image, number: int, language: str | None = None) -> Page:
        """The words of the page. Raises Refused (timeout)."""
        import pytesseract

        scale = max(1.0, min(LEAST_SIDE / max(image.size), 2.0))
        large = image.convert("L")
        if scale > 1:
            large = large.resize((round(image.width * scale), round(image.height * scale)))
        try:
            table = pytesseract.image_to_data(
                large,
                lang=self._choice(language),
                config=f"--psm {STRIP if is_strip(image) else SHEET}",
                timeout=SECONDS,
                output_type=pytesseract.Output.DICT,
            )
        except pytesseract.TesseractNotFoundError as error:
            raise TesseractMissing("Tesseract was removed while it was in use.") from error
        except pytesseract.TesseractError as error:
            raise Refused("unreadable", f"Page {number} cannot be recognised.") from error
        except RuntimeError as error:  # pytesseract's word for a timeout
            raise Refused("timeout") from error
        words = [_word(row, large.size) for row in zip(*(table[k] for k in _COLUMNS), strict=True) if _is_word(row)]
        return Page(
            number=number, width=image.width, height=image.height, words=tuple(words), source="ocr", engine=self.name
        )

    def _choice(self, language: str | None) -> str:
        code = CODES.get(language or "")
        if code in self._languages:
            return str(code)
        return "+".join(code for code in WANTED if code in self._languages) or sorted(self._languages)[0]


_COLUMNS = ("text", "conf", "left", "top", "width", "height")
_Row = tuple[str, float, int, int, int, int]


def _is_word(row: _Row) -> bool:
    return bool(row[0].strip()) and float(row[1]) >= 0


def _word(row: _Row, size: tuple[int, int]) -> Word:
    text, sure, left, top, wide, high = row
    box = (left / size[0], top / size[1], min((left + wide) / size[0], 1.0), min((top + high) / size[1], 1.0))
    return Word(text=text.strip(), box=box, confidence=round(float(sure) / 100, 4))


@cache
def installed_languages() -> frozenset[str]:
    """The languages that Tesseract can read on this machine; empty where it is not installed."""
    try:
        told = subprocess.run(["tesseract", "--list-langs"], capture_output=True, text=True, timeout=20, check=True)
    except (OSError, subprocess.SubprocessError):
        return frozenset()
    return frozenset(told.stdout.split("\n")[1:]) - {"", "osd"}
