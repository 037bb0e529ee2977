"""Documents looked at once more because a person answered: for a lesson, and for rows of training.

Runs in a bounded child, like the reading itself.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from extractors import media
from extractors.cascade import FIELD_READERS, INVOICE, WITHOUT_LAYOUT
from extractors.invoice.memory import Lesson, learn
from extractors.paging import Reader, read_pdf, read_picture
from extractors.refusal import Refused
from extractors.settings import ReadingSettings
from workitems.items import Kind, Noun, Page


class Studied(Noun):
    """A document whose right values are known: its pages, and what it teaches about its supplier."""

    pages: tuple[Page, ...]
    signs: tuple[str, ...] = ()
    lesson: Lesson | None = None


class Known(Noun):
    """What a person said of a document."""

    item: str
    at: datetime
    kind: Kind
    truth: dict[str, str]
    language: str | None = None


def study(path: str, filename: str, known: Known, settings: ReadingSettings | None = None) -> Studied | None:
    """The document's pages and its lesson; None for a file that gives no pages."""
    try:
        pages = pages_of(Path(path), filename, settings or ReadingSettings())
    except (Refused, OSError):
        return None
    if FIELD_READERS.get(known.kind) != INVOICE or not any(page.words for page in pages):
        return Studied(pages=tuple(pages))
    from extractors.invoice import candidates_of
    from extractors.invoice.signs import signs_of

    context, candidates = candidates_of(pages, known.kind, known.language)
    lesson = learn(context, candidates, known.truth, known.item, known.at)
    return Studied(pages=tuple(pages), signs=signs_of(context, candidates), lesson=lesson)


def pages_of(path: Path, filename: str, settings: ReadingSettings) -> list[Page]:
    """The pages of words of a file; none for one that has no words. Raises Refused, OSError."""
    kind = media.media_type_of(path, filename)
    if path.stat().st_size > settings.max_bytes:
        return []
    if kind == media.PDF:
        reader = Reader(settings)
        with reader.open_pdf(path) as pdf:
            return list(read_pdf(pdf, reader.text_layers(pdf), reader).pages)
    if kind in WITHOUT_LAYOUT:
        return WITHOUT_LAYOUT[kind](path).pages
    return list(read_picture(path, Reader(settings)).pages) if kind.startswith("image/") else []
