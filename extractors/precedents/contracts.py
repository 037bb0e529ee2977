"""Contracts cut into their sections, as clauses that can be indexed. Runs in a bounded child, like every reading."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from extractors import media
from extractors.cascade import WITHOUT_LAYOUT
from extractors.contract.document import ContractText
from extractors.paging import Reader, read_pdf, read_picture
from extractors.precedents.clauses import Clause
from extractors.refusal import Refused
from extractors.settings import ReadingSettings
from workitems.items import Page

WORDS_MIN = 8
"""What is shorter is a title, a list's end or a signature."""
CHARACTERS_MAX = 6_000
"""A longer section is cut between sentences: nobody looks for so much at once."""


def read_clauses(path: str, name: str, settings: ReadingSettings | None = None) -> list[Clause] | str:
    """The sections of a contract with their headings, in order; a sentence where the file cannot be read.

    Ids are the name and the section's number in it: the same file gives the same ids, so that indexing it again
    corrects and does not double.
    """
    try:
        pages = _pages(Path(path), name, settings or ReadingSettings())
    except Refused as refused:
        return refused.doubt.message
    except OSError:
        return "The file cannot be opened."
    found = [
        Clause(id=f"{name}#{number}", text=text, heading=heading, document=name)
        for number, (heading, text) in enumerate(sections(pages), start=1)
    ]
    return found or "There are no clauses in the file."


def sections(pages: Sequence[Page]) -> Iterator[tuple[str, str]]:
    """Headings and texts of a contract's sections; a section is what stands under one heading."""
    contract = ContractText(pages)
    start, end, under = 0, 0, None
    for sentence in contract.sentences:
        if end and (sentence.heading != under or sentence.end - start > CHARACTERS_MAX):
            yield from _section(contract, start, end, under)
            end = 0
        if not end:
            start, under = sentence.start, sentence.heading
        end = sentence.end
    if end:
        yield from _section(contract, start, end, under)


def _section(contract: ContractText, start: int, end: int, under: int | None) -> Iterator[tuple[str, str]]:
    text = contract.text[start:end].strip()
    if len(text.split()) >= WORDS_MIN:
        yield ("" if under is None else contract.headings[under].title), text


def _pages(path: Path, name: str, settings: ReadingSettings) -> list[Page]:
    if path.stat().st_size == 0:
        raise Refused("empty_file")
    if path.stat().st_size > settings.max_bytes:
        raise Refused("too_large")
    media_type = media.media_type_of(path, name)
    if media_type in (media.OLE, media.OFFICE) and media.is_locked_office(path):
        raise Refused("encrypted")
    if media_type in WITHOUT_LAYOUT:
        return WITHOUT_LAYOUT[media_type](path).pages
    reader = Reader(settings)
    if media_type == media.PDF:
        with reader.open_pdf(path) as pdf:
            return read_pdf(pdf, reader.text_layers(pdf), reader).pages
    if media_type.startswith("image/"):
        return read_picture(path, reader).pages
    raise Refused("unsupported_type", media.why_not(media_type))
