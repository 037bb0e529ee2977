"""A file that holds several documents becomes one item for each; a person says where they begin if that is doubtful."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from pathlib import PurePath

from bots.invoices.codes import doubt
from workitems.items import Document, DocumentItem, Doubt
from workitems.work import Output, Work

Range = tuple[int, int]
Cut = Callable[[str, Sequence[Range]], list[bytes]]
"""`cut(path, ranges)`: a PDF for each range of pages; [] where the file cannot be cut."""

PDF = "application/pdf"
_RANGE = re.compile(r"(\d{1,4})(?:\s*[-–]\s*(\d{1,4}))?")


def ranges_of(item: DocumentItem) -> tuple[list[Range], Doubt | None]:
    """The documents of the file: as a person said, else as the reader is sure; [] where it stays one.

    A doubt says that the person's answer was not understood.
    """
    paper = item.paper
    said = next((a.value for a in reversed(item.answers) if a.field == "split" and a.value.strip()), None)
    if paper is None:
        return [], None
    if said is not None:
        found = _parsed(said, paper.pages)
        if found is None:
            return [], doubt("bad_answer", f"The pages must be named as 1-2, 3-{paper.pages}, each once.", "split")
        return (found if len(found) > 1 else []), None
    sure = bool(paper.parts) and all(part.paper is not None for part in paper.parts)
    return ([(p.first, p.last) for p in paper.parts] if sure else []), None


def _parsed(said: str, pages: int) -> list[Range] | None:
    """Ranges that hold every page once, in order."""
    found: list[Range] = []
    for text in re.split(r"[,;]", said):
        match = _RANGE.fullmatch(text.strip())
        if match is None:
            return None
        found.append((int(match[1]), int(match[2] or match[1])))
    starts = [1, *(last + 1 for _, last in found)]
    fits = all(first == start and last >= first for (first, last), start in zip(found, starts, strict=False))
    return found if fits and starts[-1] == pages + 1 else None


def parts_of(work: Work, item: DocumentItem, ranges: Sequence[Range], cut: Cut) -> tuple[Output, ...]:
    """An item for each document, with its own file. () where the file cannot be cut."""
    about = item.document
    made = cut(str(work.path(about.filename)), ranges)
    return tuple(_part(about, pages, content) for pages, content in zip(ranges, made, strict=True)) if made else ()


def _part(about: Document, pages: Range, content: bytes) -> Output:
    first, last = pages
    name = f"page {first}" if first == last else f"pages {first}-{last}"
    filename = f"{PurePath(about.filename).stem[:80]}-{name.replace(' ', '-')}.pdf"
    document = Document(
        sha256=hashlib.sha256(content).hexdigest(),
        filename=filename,
        media_type=PDF,
        part=f"{about.part}/{name}" if about.part else name,
        size=len(content),
        mail=about.mail,
    )
    return Output(item=DocumentItem(document=document), attach={filename: content}, key=f"{about.sha256}:{name}")
