"""Tesseract: in this process where tesserocr installs, else the program, called by pytesseract."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

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
SHEET, STRIP, LINE = 4, 6, 7
LEAST_SIDE = 2000  # smaller images are made larger: Tesseract wants capitals of 30 pixels
FOLDERS = (
    "/usr/share/tesseract-ocr/5/tessdata",
    "/usr/share/tesseract-ocr/4.00/tessdata",
    "/usr/share/tessdata",
    "/usr/local/share/tessdata",
    "/opt/homebrew/share/tessdata",
    "C:/Program Files/Tesseract-OCR/tessdata",
)


class TesseractMissing(TryLater):
    """The program is not installed; the message says how to get it. No document is to blame for it."""

    def __init__(self, message: str) -> None:
        super().__init__("ocr_missing", message)


class Found(NamedTuple):
    """A word as Tesseract reports it: in pixels, its confidence from 0 to 100."""

    text: str
    sure: float
    left: int
    top: int
    right: int
    bottom: int


class TesseractEngine:
    """Reads words. Uses all of English, German and French that are installed unless one language is asked for."""

    name = "tesseract"

    def __init__(self) -> None:
        """Raises TesseractMissing."""
        os.environ.setdefault("OMP_THREAD_LIMIT", "1")  # its threads cost more than they bring
        self._inside = find_spec("tesserocr") is not None and bool(data_folder())
        self._languages = languages_of(data_folder()) if self._inside else installed_languages()
        if not self._languages:
            raise TesseractMissing(
                "Tesseract is not installed (Debian: apt-get install tesseract-ocr tesseract-ocr-deu)."
            )

    def read(self, image: Image, number: int, language: str | None = None) -> Page:
        """The words of the page. Raises Refused (timeout)."""
        scale = max(1.0, min(LEAST_SIDE / max(image.size), 2.0))
        large = _enlarged(image, scale)
        mode = STRIP if is_strip(image) else SHEET
        words = tuple(_word(found, large.size) for found in self._found(large, mode, language, number))
        return Page(number=number, width=image.width, height=image.height, words=words, source="ocr", engine=self.name)

    def read_line(self, image: Image, language: str | None = None) -> list[Word]:
        """The words on an image of one line, larger if it is small. Raises Refused (timeout)."""
        large = _enlarged(image, max(1.0, min(60 / image.height, 4.0)))
        return [_word(found, large.size) for found in self._found(large, LINE, language, 1)]

    def _found(self, image: Image, mode: int, language: str | None, number: int) -> list[Found]:
        choice = self._choice(language)
        words = _found_inside(image, mode, choice) if self._inside else _found_by_program(image, mode, choice, number)
        return [word for word in words if word.text.strip() and word.sure >= 0]

    def _choice(self, language: str | None) -> str:
        code = CODES.get(language or "")
        if code in self._languages:
            return str(code)
        return "+".join(code for code in WANTED if code in self._languages) or sorted(self._languages)[0]


def _enlarged(image: Image, scale: float) -> Image:
    grey = image.convert("L")
    return grey.resize((round(image.width * scale), round(image.height * scale))) if scale > 1 else grey


def _word(found: Found, size: tuple[int, int]) -> Word:
    box = (
        max(found.left / size[0], 0.0),
        max(found.top / size[1], 0.0),
        min(found.right / size[0], 1.0),
        min(found.bottom / size[1], 1.0),
    )
    return Word(text=found.text.strip(), box=box, confidence=round(found.sure / 100, 4))


@cache
def _inside(language: str) -> Any:
    """One Tesseract in this process for each choice of languages: loading takes 0.2 s."""
    from tesserocr import PyTessBaseAPI

    return PyTessBaseAPI(path=str(data_folder()), lang=language)


def _found_inside(image: Image, mode: int, language: str) -> Iterator[Found]:
    from tesserocr import RIL, iterate_level

    tesseract = _inside(language)
    tesseract.SetPageSegMode(mode)
    tesseract.SetImage(image)
    tesseract.SetSourceResolution(300)  # images that say nothing or nonsense about it
    try:
        if not tesseract.Recognize(SECONDS * 1000):
            raise Refused("timeout")
        for at in iterate_level(tesseract.GetIterator(), RIL.WORD):
            if not at.Empty(RIL.WORD):
                yield Found(at.GetUTF8Text(RIL.WORD), at.Confidence(RIL.WORD), *at.BoundingBox(RIL.WORD))
    except RuntimeError:  # tesserocr's word for "nothing was recognised"
        return
    finally:
        tesseract.Clear()


def _found_by_program(image: Image, mode: int, language: str, number: int) -> Iterator[Found]:
    import pytesseract

    try:
        table = pytesseract.image_to_data(
            image, lang=language, config=f"--psm {mode}", timeout=SECONDS, output_type=pytesseract.Output.DICT
        )
    except pytesseract.TesseractNotFoundError as error:
        raise TesseractMissing("Tesseract was removed while it was in use.") from error
    except pytesseract.TesseractError as error:
        raise Refused("unreadable", f"Page {number} cannot be recognised.") from error
    except RuntimeError as error:  # pytesseract's word for a timeout
        raise Refused("timeout") from error
    columns = ("text", "conf", "left", "top", "width", "height")
    for text, sure, left, top, wide, high in zip(*(table[name] for name in columns), strict=True):
        yield Found(text, float(sure), left, top, left + wide, top + high)


@cache
def data_folder() -> Path | None:
    """Where Tesseract's languages lie on this machine: TESSDATA_PREFIX, else the usual places."""
    named = os.environ.get("TESSDATA_PREFIX")
    places = [Path(place) for place in ((named, f"{named}/tessdata") if named else ()) + FOLDERS]
    return next((place for place in places if any(place.glob("*.traineddata"))), None)


def languages_of(folder: Path | None) -> frozenset[str]:
    """The languages in a folder of Tesseract's data."""
    return frozenset(file.stem for file in folder.glob("*.traineddata")) - {"osd"} if folder else frozenset()


@cache
def installed_languages() -> frozenset[str]:
    """The languages that the program Tesseract can read on this machine; empty where it is not installed."""
    try:
        told = subprocess.run(["tesseract", "--list-langs"], capture_output=True, text=True, timeout=20, check=True)
    except (OSError, subprocess.SubprocessError):
        return frozenset()
    return frozenset(told.stdout.split("\n")[1:]) - {"", "osd"}
