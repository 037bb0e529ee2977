"""From labelled papers to readings that are known to be right or wrong, with what spoke for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import Any, NamedTuple

from benchmarks.confidence_fit import Sample
from benchmarks.confidence_papers import Paper, same
from benchmarks.fields_text import number, squeezed
from extractors.invoice import candidates_of
from extractors.invoice.candidates import Candidate, Context
from extractors.invoice.confidence_signs import features_of, shop_signs, told_by_items
from extractors.invoice.line_cells import CELL
from extractors.invoice.lines import Evidence, lines_with_evidence
from extractors.invoice.second_look import HINTS, Seen, look
from extractors.ocr import engine_named
from extractors.settings import ReadingSettings
from extractors.views import Views
from workitems.items import InvoiceLine, Reading

_CELLS = {"quantity": "quantity", "unit_price": "unit_price", "amount": "line_total", "description": "description"}


class Read(NamedTuple):
    """A paper with its best candidates, its lines with what speaks for them, and the shops known without it."""

    paper: Paper
    context: Context
    candidates: Mapping[str, list[Candidate]]
    lines: Sequence[tuple[InvoiceLine, Evidence]]
    shops: Mapping[str, Sequence[float]] = MappingProxyType({})


def read(paper: Paper) -> Read:
    """The candidates of a paper's fields."""
    context, candidates = candidates_of(paper.pages, paper.kind, None)
    lines = lines_with_evidence(context, *_sums(candidates))[0]
    if paper.kind == "receipt":
        candidates["total"] = told_by_items(candidates["total"], [line for line, _ in lines])
    return Read(paper, context, candidates, lines)


def _sums(candidates: Mapping[str, list[Candidate]]) -> tuple[Decimal | None, Decimal | None]:
    net, total = (Decimal(candidates[f][0].value) if candidates[f] else None for f in ("net", "total"))
    return net, total


def samples_of(reads: Iterable[Read]) -> dict[str, list[Sample]]:
    """Every reading of a field that is labelled, of lines and of their cells, by field.

    A reading where the label says that there is nothing is wrong.
    """
    found: dict[str, list[Sample]] = defaultdict(list)
    for one in reads:
        for name in _judged(one):
            features = features_of(one.context, name, one.candidates[name])
            if name == "supplier_name" and one.paper.kind == "receipt":
                features |= shop_signs(one.shops, one.candidates[name][0].value)
            found[name].append(_sample(one.paper, features, is_right(one, name)))
        for name, sample in _of_lines(one) if one.paper.lines else ():
            found[name].append(sample)
    return found


def _judged(one: Read) -> list[str]:
    return [name for name in one.paper.truth if one.candidates.get(name)]


def is_right(one: Read, name: str) -> bool:
    """Whether the best candidate is what the label says."""
    wanted = one.paper.truth[name]
    return bool(wanted) and same(one.paper, name, one.candidates[name][0].value, str(wanted))


def _sample(paper: Paper, features: Mapping[str, float], right: bool) -> Sample:
    return Sample(paper.origin, paper.group, features, right, paper.weight, paper.name, paper.variant)


def _of_lines(one: Read) -> Iterator[tuple[str, Sample]]:
    left = list(one.paper.lines)
    for line, evidence in one.lines:
        hit = next((x for x in left if _same_line(line, x)), None)
        yield "line", _sample(one.paper, evidence["line"], hit is not None)
        label = hit or next((x for x in left if _like(line, x)), None)
        if label:
            left.remove(label)
            yield from _of_cells(one.paper, line, label, evidence)


def _of_cells(
    paper: Paper, line: InvoiceLine, label: Mapping[str, Any], evidence: Evidence
) -> Iterator[tuple[str, Sample]]:
    for cell, key in _CELLS.items():
        if CELL + cell in evidence and label.get(key):
            yield CELL + cell, _sample(paper, evidence[CELL + cell], _same_cell(getattr(line, cell), str(label[key])))


def _same_line(line: InvoiceLine, label: Mapping[str, Any]) -> bool:
    """Amount and quantity by size (credit notes differ in signs), and the beginning of the description."""
    wanted = ("amount", "quantity") if label.get("quantity") else ("amount",)
    return all(_same_cell(getattr(line, c), str(label[_CELLS[c]])) for c in wanted) and _same_cell(
        line.description, str(label.get("description") or "")
    )


def _same_cell(value: Decimal | str | None, label: str) -> bool:
    if isinstance(value, Decimal):
        wanted = number(label)
        # Unit prices are labelled with more digits than papers print.
        return wanted is not None and abs(abs(wanted) - abs(value)) <= Decimal("0.005")
    return squeezed(label)[:40] in squeezed(value or "")


def _like(line: InvoiceLine, label: Mapping[str, Any]) -> bool:
    """A line that is the labelled one, though one of its cells was misread."""
    same_text = bool(label.get("description")) and _same_cell(line.description, str(label["description"]))
    return same_text or (line.amount is not None and _same_cell(line.amount, str(label["line_total"])))


class Looked(NamedTuple):
    """A second look at a reading: whose it was, and what it saw."""

    field: str
    sample: Sample
    seen: Seen


def looks_of(reads: Iterable[Read]) -> Iterator[Looked]:
    """A second look at each recognised reading of a field that is looked at."""
    engine_named(ReadingSettings())  # names are read once more by the engine that read them
    for one in reads:
        names = [name for name in _judged(one) if name in HINTS]
        views = _views(one, {one.candidates[name][0].page for name in names})
        for name in names if views.kept else ():
            best = one.candidates[name][0]
            box = one.context.sheet.box(best.page, best.pieces)
            reading = Reading(value=best.value, confidence=0.5, reader=name, page=best.page, box=box)
            seen = look(name, reading, views)
            if seen is not None:
                features = features_of(one.context, name, one.candidates[name])
                yield Looked(name, _sample(one.paper, features, is_right(one, name)), seen)


def _views(one: Read, wanted: set[int]) -> Views:
    """The images of the pages from which they were read."""
    from extractors.ocr import flattened

    views, path = Views(looks=3), one.paper.image
    if path is None or not path.is_file():
        return views
    for page in (p for p in one.paper.pages if p.number in wanted):
        if path.suffix == ".pdf":
            from extractors.pdf_text import Pdf
            from extractors.render import render

            with Pdf(path) as pdf:
                image = render(pdf, page.number)
        else:
            from PIL import Image

            with Image.open(path) as opened:
                image = flattened(opened.convert("RGB"))[0]
        if image is not None:
            views.keep(page, image, one.paper.skews.get(str(page.number), 0.0))
    return views
