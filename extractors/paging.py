"""The pages of a PDF or a picture: their text layer where it can be trusted, else what an OCR engine recognises."""

from __future__ import annotations

import os
from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from extractors.images import frame_count, frames, open_picture
from extractors.pages import skewed_box, turned_box
from extractors.pdf_text import Pdf, TextLayer
from extractors.refusal import Refused
from extractors.render import render
from extractors.settings import ReadingSettings
from extractors.text_quality import plausible_share
from extractors.views import Views
from workitems.items import Box, Doubt, Page, Paper, Reading

if TYPE_CHECKING:
    from PIL.Image import Image

    from extractors import OcrEngine
    from extractors.ocr import Corners

Make = Callable[[], "Image | None"]
POOR, VERY_POOR = 0.75, 0.55  # mean confidence of recognised characters: a warning, a person has to look


@dataclass
class Sheets:
    """The pages that were read, what is doubtful about them, and how they lie in the file."""

    pages: list[Page]
    doubts: list[Doubt] = field(default_factory=list)
    page_count: int = 0  # pages of the file; 0: as many as were read
    engine: str | None = None  # the OCR engine that took part
    skews: dict[int, float] = field(default_factory=dict)  # degrees clockwise by which a page was levelled
    cuts: dict[int, Corners] = field(default_factory=dict)  # where a page's corners lie on its photograph
    views: Views = field(default_factory=Views)  # images of recognised pages, for second looks

    def as_shown(self, paper: Paper) -> Paper:
        """The paper with boxes on the pages as they are shown, not as they were put right for reading."""
        moved = {p.number: p for p in self.pages if p.rotation or p.number in self.skews or p.number in self.cuts}
        if not moved:
            return paper

        def back(number: int | None, box: Box | None) -> Box | None:
            page = moved.get(number or 0)
            return box if page is None or box is None else self._shown(page, box)

        def put_back(reading: Reading) -> Reading:
            why = reading.why
            if why is not None and why.alternatives:
                others = tuple(a.model_copy(update={"box": back(a.page, a.box)}) for a in why.alternatives)
                why = why.model_copy(update={"alternatives": others})
            return reading.model_copy(update={"box": back(reading.page, reading.box), "why": why})

        fields = {name: put_back(reading) for name, reading in paper.fields.items()}
        lines = tuple(line.model_copy(update={"box": back(line.page, line.box)}) for line in paper.lines)
        return paper.model_copy(update={"fields": fields, "lines": lines})

    def _shown(self, page: Page, box: Box) -> Box:
        levelled = self.skews.get(page.number, 0.0)
        held = turned_box(skewed_box(box, -levelled, page.width / page.height), -page.rotation)
        if page.number not in self.cuts:
            return held
        from extractors.ocr import box_in_photograph

        return box_in_photograph(held, self.cuts[page.number])


def _spent() -> float:
    """CPU seconds of this process and of the programs it ran: on a busy machine no page is left out for that."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


class Reader:
    """The engine and the time that one document has for recognition."""

    def __init__(self, settings: ReadingSettings) -> None:
        self.settings = settings
        self.views = Views(settings.second_looks)
        self._until = _spent() + settings.ocr_seconds
        self._engine: OcrEngine | None = None
        self._slowest = 0.0

    def open_pdf(self, path: Path) -> Pdf:
        """Raises Refused."""
        return Pdf(path)

    def text_layers(self, pdf: Pdf) -> list[TextLayer]:
        """The text layers of the pages that are to be read; damaged pages are left out."""
        found = (pdf.text_layer(number) for number in pdf.page_numbers(self.settings.max_pages))
        return [layer for layer in found if layer is not None]

    def has_time(self) -> bool:
        """Whether another page can be expected to be recognised in time."""
        return _spent() + self._slowest < self._until

    def recognise(self, image: Image, number: int, drawn: bool) -> tuple[Page, float, Corners | None]:
        """The words of a page image however it lies; by how many degrees clockwise it was levelled, and where its
        corners lie if it was cut out of a photograph.

        `drawn`: it is no scan or photograph, so it lies as it should.
        """
        from extractors.joiner.mrz_image import looks_like_identity, zone_words
        from extractors.ocr import engine_named, flattened, held_as_read, read_upright
        from extractors.ocr.shape import is_till_strip

        started = _spent()
        if self._engine is None:
            self._engine = engine_named(self.settings)
            self._until += _spent() - started  # loading an engine is not the document's time
            started = _spent()
        flat, corners = (image, None) if drawn else flattened(image)
        page, levelled = read_upright(self._engine, flat, number, drawn)
        if not is_till_strip(page) and looks_like_identity(page):
            page = zone_words(held_as_read(flat, page, levelled), page, self._engine)
        self.views.keep(page, flat, levelled)
        self._slowest = max(self._slowest, _spent() - started)
        return page, levelled, corners


def read_pdf(pdf: Pdf, layers: list[TextLayer], reader: Reader) -> Sheets:
    """The pages of a PDF: each from its text layer if that is usable, else recognised. Raises Refused."""
    wanted = len(pdf.page_numbers(reader.settings.max_pages))
    if not layers:
        raise Refused("unreadable", "The PDF is damaged: none of its pages can be opened.")
    sheets = Sheets([], page_count=pdf.page_count, views=reader.views)
    if len(layers) < wanted:
        message = f"{wanted - len(layers)} of {wanted} pages of the PDF are damaged and were not read."
        sheets.doubts.append(Doubt(code="pages_damaged", message=message))
    if wanted < pdf.page_count:
        message = f"Only {wanted} of {pdf.page_count} pages were read: the first {wanted - 1} and the last."
        sheets.doubts.append(Doubt(code="pages_skipped", message=message, severity="warn"))
    ready = [layer.page for layer in layers if layer.usable or not layer.objects]
    images = (
        (layer.page.number, lambda n=layer.page.number: render(pdf, n)) for layer in layers if not _is_ready(layer)
    )
    sheets.pages = ready
    _recognise(images, sheets, reader)
    return sheets


def _is_ready(layer: TextLayer) -> bool:
    return layer.usable or not layer.objects


def read_picture(path: Path, reader: Reader) -> Sheets:
    """The pages of a picture file, recognised. Raises Refused."""
    picture = open_picture(path)
    with picture:
        count = frame_count(picture)
        limit = reader.settings.max_pages
        sheets = Sheets([], page_count=count, views=reader.views)
        if count > limit:
            message = f"Only the first {limit} of {count} pages were read."
            sheets.doubts.append(Doubt(code="pages_skipped", message=message, severity="warn"))
        _recognise(_frames(picture, min(count, limit), sheets), sheets, reader)
    return sheets


def _same(image: Image) -> Image:
    return image


def _frames(picture: Image, count: int, sheets: Sheets) -> Iterator[tuple[int, Make]]:
    try:
        for number, image, complete in frames(picture, list(range(1, count + 1))):
            if not complete:
                message = f"The picture is cut off: part of page {number} is missing."
                sheets.doubts.append(Doubt(code="picture_cut_off", message=message))
            yield number, partial(_same, image)
    except Refused as refused:
        if not sheets.pages:
            raise
        sheets.doubts.append(Doubt(code="pages_damaged", message=refused.doubt.message))


def _recognise(images: Iterable[tuple[int, Make]], sheets: Sheets, reader: Reader, drawn: Container[int] = ()) -> None:
    """Adds the recognised pages to the sheets, in the order of the file, as far as time allows."""
    late: list[int] = []
    for number, make in images:
        if not reader.has_time():
            late.append(number)
            continue
        image = make()
        if image is None:
            continue
        page, levelled, corners = reader.recognise(image, number, number in drawn)
        if corners:
            sheets.cuts[number] = corners
        if levelled:
            sheets.skews[number] = levelled
        sheets.engine = page.engine or sheets.engine
        sheets.pages.append(page)
    sheets.pages.sort(key=lambda page: page.number)
    if late:
        message = f"{len(late)} scanned pages (from page {late[0]}) were not read: recognition takes too long."
        sheets.doubts.append(Doubt(code="pages_unread", message=message))
    sheets.doubts.extend(_poor(sheets.pages))


def _poor(pages: list[Page]) -> Iterator[Doubt]:
    """A doubt where what was recognised is hardly legible."""
    words = [w for page in pages if page.source == "ocr" for w in page.words]
    length = sum(len(w.text) for w in words)
    if not length:
        return
    sure = sum(len(w.text) * w.confidence for w in words) / length
    share = plausible_share([w.text for w in words])
    if sure < POOR or (share is not None and share < POOR):
        severe = sure < VERY_POOR or (share is not None and share < VERY_POOR)
        message = "The scan is hard to read, so what was read may be wrong."
        yield Doubt(code="poor_scan", message=message, severity="block" if severe else "warn")
