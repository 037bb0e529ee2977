"""Names of the parties that follow a heading: `Seller`, `Rechnungsempfänger`, `Facturé à`, `Advertiser` ..."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractors.invoice.blocks import (
    is_company,
    is_contact,
    is_country,
    is_id,
    is_label,
    is_street,
    is_town,
    may_be_party,
)
from extractors.invoice.candidates import Candidate, Context, Hit, Label, hits, label
from extractors.invoice.layout import Cell
from extractors.invoice.wrapped_names import ATTENTION, whole_name
from extractors.values import plain

SELLER: tuple[Label, ...] = (
    label("seller", 0.0, r"[a-z.]+-(?:lieferant|lief|verkaufer)|bill(?:ed|ing)?\s+(?:from|address)"),
    label(
        "seller",
        0.0,
        r"(?:lieferanten|supplier|seller|vendor|fournisseur|verkaufer)-?\s*(?:nr|nummer|no"
        r"|number|id|code|vat|iban|bic|legal|#|item|art)\S*",
    ),
    label(
        "seller",
        0.97,
        r"ver\s?kaufer|seller|rechnungs(?:ersteller|steller|aussteller)|vendeur|emetteur|vendor",
        r"supplier|fournisseur|lieferant|verkauft\s+von|sold\s+by|leistungserbringer|prestataire",
    ),
    label(
        "seller",
        0.8,
        r"from|remit(?:\s+payment)?\s+to|send\s+payment\s*to|absender|payable\s+to",
        r"contract\s+agreement\s+between",
    ),
)
BUYER: tuple[Label, ...] = (
    label("buyer", 0.0, r"ver\s?kaufer|[a-z.]+-kunde|(?:tva|vat|ust\S*)\s+(?:client|kunde|customer)"),
    label(
        "buyer",
        0.0,
        r"(?:kunden|customer|client|buyer|kaufer|advertiser|bill\s+to)-?\s*(?:nr|nummer|no\b|n\s?[°º]"
        r"|number|id|code|vat|ref\w*|order|legal|electronic|external|#|konto|tax|name:?\s*$"
        r"|contact|po|reference|service|copy)\S*",
    ),
    label(
        "buyer",
        0.97,
        r"kaufer(?:\s*/\s*leistungsempfanger)?|buyer|bill(?:ed)?\s*-?\s*to|invoice(?:d)?\s+to",
        r"rechnungs(?:empfanger|adresse|anschrift)|leistungsempfanger|sold\s*-?\s*to|acheteur",
        r"(?:factur[ée]e?|adresse[ée]?e?)\s+a|client|adresse\s+de\s+facturation|(?:billing|invoice)\s+address",
    ),
    label("buyer", 0.85, r"kunde|customer|auftraggeber|besteller|empfanger|issued\s+to|to"),
)
ADVERTISER: tuple[Label, ...] = (
    label(
        "advertiser",
        0.0,
        r"advertiser\s*(?:code|ref\w*|external|id|#|share|rating)\S*",
        r"(?:agency\s*/\s*advertiser|advertiser\s*/\s*agency)",
    ),
    label("advertiser", 0.98, r"advertiser(?:\s*/\s*t-code)?(?:\s+name)?"),
    label("advertiser", 0.6, r"client"),
)
_NAME = re.compile(r"^(?:firmen)?name\s*:?$|^firma\s*:?$")
_NUMBERED = re.compile(r"^\d{1,4}[a-z]?,?\s|\s\d{1,3}[a-z]?$")
"""`994 Harbour View`, `Zur Mühle 7`: no line of a name."""
_CODE_HEAD = re.compile(
    r"^(?:(?:name|firma)\s*:\s*|[a-z]{2,12}\.?-?\s?(?:nr|no)\b\s?\.?\s*:\s*\d+\s+(?=[a-z]))", re.IGNORECASE
)
_CODE_TAIL = re.compile(r"\s*\(\s*\d+\s*\)?$|\s+\(\d*$")


def is_heading(text: str) -> bool:
    """Whether a line (lower case, without accents) is nothing but the heading of a party."""
    bare = text.strip(" :.-")
    return any(entry.weight > 0.8 and entry.pattern.fullmatch(bare) for entry in (*SELLER, *BUYER))


def headed(context: Context, labels: tuple[Label, ...]) -> Iterator[Candidate]:
    """Names under, beside or after a heading; on later pages they count less."""
    first = context.sheet.first_page
    for hit in hits(context.sheet, labels):
        if hit.label.weight <= 0 or not _is_heading(context, hit):
            continue
        for candidate in _after_heading(context, hit):
            yield candidate if candidate.page == first else candidate.scaled(0.85)


def _is_heading(context: Context, hit: Hit) -> bool:
    """Headings open their cell; on crowded advertising papers they may follow another field."""
    if not hit.cell.text[hit.start].isupper():
        return False
    return hit.start <= 2 or (context.is_advertising and _is_terse(hit.cell))


def _after_heading(context: Context, hit: Hit) -> Iterator[Candidate]:
    rest = hit.cell.text[hit.end :]
    if name := clean(rest.lstrip(" :.-#")):
        if rest.lstrip()[:1] in (":", "") or context.is_advertising:
            yield _valued(context, hit, (hit.cell, hit.end), name, hit.label.weight)
    elif (name := _in_capitals(rest)) and not context.is_advertising:
        yield _candidate(name, hit.label.weight, hit.cell, hit)
    elif len(rest.strip(" :")) <= 25:
        yield from _named_cell(context, hit)


def _in_capitals(rest: str) -> str | None:
    """A name right behind the colon that consists of everyday words of forms: `BUYER: BUYER NAME`."""
    found = re.match(r"\s*:\s*([A-Z][A-Z _\d]{5,})$", rest)
    return found[1] if found and len(found[1].split()) > 1 else None


def _is_terse(cell: Cell) -> bool:
    """Whether a cell is made of fields, not of sentences."""
    return len(cell.pieces) <= 16


def _named_cell(context: Context, hit: Hit) -> Iterator[Candidate]:
    """The cell that a heading without text of its own points to."""
    row = context.sheet.rows[hit.cell.row]
    beside = row.cells[hit.cell.index + 1 : hit.cell.index + 3]
    while beside and _NAME.match(beside[0].folded):
        beside = beside[1:]
    colon = hit.cell.text[hit.end :].strip().startswith(":") or context.is_advertising
    if beside and colon and (name := clean(beside[0].text)):
        yield _valued(context, hit, (beside[0], 0), name, hit.label.weight * 0.97)
        return
    if cell := _below_heading(context, hit):
        if name := clean(cell.text):
            yield _valued(context, hit, (cell, 0), name, hit.label.weight * 0.94)
        return
    if beside and not colon and (name := clean(beside[0].text)) and is_company(beside[0].folded):
        yield _candidate(name, hit.label.weight * 0.7, beside[0], hit)


def _below_heading(context: Context, hit: Hit) -> Cell | None:
    """A `Name:` row of the section, or the first line under the heading that may be a name."""
    cell = hit.cell
    for n, row in context.sheet.below(cell, 8):
        for at, other in enumerate(row.cells):
            near = abs(other.x0 - cell.x0) < 4 * cell.height
            if near and _NAME.match(other.folded) and at + 1 < len(row.cells):
                return row.cells[at + 1]
            if near and n <= 4 and not _is_form(row.cells[at:]) and may_be_party(other.folded):
                return other
    return None


def _is_form(cells: list[Cell]) -> bool:
    """`Nummer:   549910`: a form's row, not a line of an address."""
    return cells[0].text.rstrip().endswith(":")


def clean(text: str) -> str | None:
    """The name without codes and labels around it; None where the text is no name."""
    text = _CODE_HEAD.sub("", text.strip())
    text = _CODE_TAIL.sub("", text).strip(" ,:;|")
    if text.endswith(".") and len(text.split()) > 6:
        return None  # a sentence
    folded = plain(text)
    letters = sum(c.isalpha() for c in folded)
    if (
        letters < 2
        or len(text) > 90
        or is_town(folded)
        or is_label(folded)
        or (is_contact(folded) and not is_company(folded))
    ):
        return None
    if is_country(folded) and len(folded) > 3:
        return None
    return text


def _valued(context: Context, hit: Hit, place: tuple[Cell, int], name: str, score: float) -> Candidate:
    """The name with the lines above and below that belong to the same field: nothing stands to their left."""
    cell, start = place
    is_field = context.is_advertising or (cell is not hit.cell and cell.index > 0)
    x0 = cell.span(min(start + 1, len(cell.text) - 1), len(cell.text))[0].x0
    lines = whole_name(context.sheet, cell)[1:] if not is_field and cell is not hit.cell else []
    parts = [name, *(c.text for c in lines)]
    pieces = [p for c in (cell, *lines) for p in c.pieces]
    for step in (-1, 1) if is_field else ():
        at, edge = cell.row + step, cell
        while 0 <= at < len(context.sheet.rows) and len(parts) < 4:
            row = context.sheet.rows[at]
            other = next((c for c in row.cells if abs(c.x0 - x0) < 0.6 * c.height), None)
            if (
                other is None
                or row.page != cell.page
                or not _continues_name(other, edge, row.cells[: other.index], hit)
            ):
                break
            parts.insert(0 if step < 0 else len(parts), other.text)
            pieces += other.pieces
            at, edge = at + step, other
    whole = " ".join(parts)
    return _candidate(clean(whole) or whole, score, cell, hit)


def _continues_name(cell: Cell, edge: Cell, left: list[Cell], hit: Hit) -> bool:
    gap = max(cell.y0 - edge.y1, edge.y0 - cell.y1)
    text = cell.folded
    if gap > 0.35 * edge.height or any(c.x1 > hit.cell.x0 - cell.height for c in left):
        return False
    return (
        not (
            ":" in text
            or ATTENTION.match(text)
            or _NUMBERED.search(text)
            or is_street(text)
            or is_town(text)
            or is_contact(text)
            or is_id(text)
            or is_label(text)
            or is_heading(text)
        )
        and len(text) < 60
    )


def _candidate(name: str, score: float, cell: Cell, hit: Hit) -> Candidate:
    notes = frozenset({"legal"} if is_company(plain(name)) else set())
    return Candidate(name, score, cell.page, tuple(cell.pieces), hit.label.name, notes)
