"""Finders of the supplier's VAT id and bank account; their own check digits are the best evidence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from extractors.invoice.blocks import blocks
from extractors.invoice.candidates import Candidate, Context, merged
from extractors.invoice.layout import Cell, Row
from extractors.invoice.parties import find_buyer_name, find_supplier_name
from extractors.values import plain

_IBAN = re.compile(r"(?<![A-Za-z0-9])([A-Z]{2}\s?\d{2}(?:\s?[A-Z0-9]){11,30})(?![A-Za-z0-9])")
_VAT = re.compile(
    r"(?<![A-Za-z0-9])(ATU\d{8}|BE\s?[01]?\d{3}[. ]?\d{3}[. ]?\d{3}"
    r"|CHE[- ]?\d{3}[. ]?\d{3}[. ]?\d{3}(?:\s?(?:MWST|TVA|IVA))?"
    r"|DE\s?\d{3}\s?\d{3}\s?\d{3}|DE\d{8,11}|FR\s?[0-9A-Z]{2}\s?\d{3}\s?\d{3}\s?\d{3}"
    r"|ES[A-Z0-9]\d{7}[A-Z0-9]|IT\s?\d{11}"
    r"|NL\s?\d{9}B\d{2}|PL\s?\d{10}|PT\d{9}|GB\s?\d{3}\s?\d{4}\s?\d{2}"
    r"|IE\d[A-Z0-9+*]\d{5}[A-Z]{1,2}|LU\d{8}|SE\d{12}|DK\d{8}|FI\d{8}"
    r"|CZ\d{8,10}|SK\d{10}|HU\d{8}|RO\d{2,10}|BG\d{9,10}|HR\d{11}|SI\d{8}|EL\d{9}|EE\d{9}"
    r"|LV\d{11}|LT\d{9,12}|MT\d{8}|CY\d{8}[A-Z])"
    r"(?![A-Za-z0-9])"
)  # fmt: skip
_VAT_LABEL = re.compile(
    r"ust|umsatzsteuer|vat|tva|btw|iva|mwst|uid|tax\s*(?:id|no|reg)|n[°o]\s*(?:de\s+)?tva|intracom|steuer-?id"
)
_BUYER = re.compile(
    r"kaufer|leistungsempfanger|rechnungsempfanger|\bkunde|client|customer|buyer|bill\s*to|sold\s*to|your|\bihre|votre"
    r"|invoicee|empfanger|ship\s*to|livraison|deliver"
)
_SELLER = re.compile(
    r"verkaufer|lieferant|seller|supplier|vendor|fournisseur|vendeur|rechnungs(?:ersteller|steller)|absender"
)

FAILED = "check digits fail"
"""The note of an account that is misread or misprinted: money cannot be sent to it."""


MOST_IN_A_CELL = 20
"""Account numbers of one cell that are looked at: no letterhead has more."""


def find_iban(context: Context) -> list[Candidate]:
    """The account to pay to. Of several, one that the paper calls the buyer's (direct debit) comes last."""
    found: list[Candidate] = []
    for row in context.sheet.rows:
        for cell, text, at in _wrapped(context, row):
            for hit in islice(_IBAN.finditer(text), MOST_IN_A_CELL):
                value, valid = _iban(hit[1])
                if value is None:
                    continue
                score = 0.97 if valid else 0.55
                notes = {"checksum"} if valid else {FAILED}
                if "iban" not in row.folded:
                    score *= 0.93 if valid else 0.4
                if re.search(r"mandat|lastschrift|direct\s+debit|prelevement|debit[eo]r|kaufer-iban", row.folded):
                    score *= 0.5
                end = min(hit.end(), at)
                pieces = tuple(cell.span(min(hit.start(), end - 1), end)) if end > 0 else tuple(cell.pieces)
                found.append(Candidate(value, score, row.page, pieces, "iban", frozenset(notes)))
    return merged(found)


def _wrapped(context: Context, row: Row) -> Iterator[tuple[Cell, str, int]]:
    """Each cell's text, continued by what stands beneath where it looks cut, and the length of its own part."""
    for cell in row.cells:
        text = cell.text
        if re.search(r"[A-Z]{2}\d{2}(\s?[A-Z0-9]{4}){2,6}$", text):
            for _, below in context.sheet.below(cell, 1):
                for other in below.cells:
                    if abs(other.x0 - cell.x0) < cell.height and re.fullmatch(r"[\dA-Z ]{2,20}", other.text):
                        text = f"{text} {other.text}"
        yield cell, text, len(cell.text)


def _iban(text: str) -> tuple[str | None, bool]:
    """The account number without spaces, cut to its country's length, and whether its checksum holds."""
    from schwifty import IBAN
    from schwifty.exceptions import SchwiftyException

    body = re.sub(r"\s", "", text)
    try:
        value = body[: IBAN(body, allow_invalid=True).spec.iban_length]
        if len(value) < 15 or sum(c.isdigit() for c in value) < 8:
            return None, False
        valid = bool(IBAN(value, allow_invalid=True).validate())
    except SchwiftyException:
        return (body, False) if 15 <= len(body) <= 34 and sum(c.isdigit() for c in body) > 12 else (None, False)
    return value, valid


def find_vat_id(context: Context) -> list[Candidate]:
    """The supplier's VAT id: not the one in the buyer's block."""
    found: list[Candidate] = []
    supplier, buyer = _party(find_supplier_name(context)), _party(find_buyer_name(context))
    for row in context.sheet.rows:
        for cell in row.cells:
            for hit in _VAT.finditer(cell.text):
                value = re.sub(r"[^A-Z0-9]", "", hit[1])
                before = cell.folded[: hit.start()] + " " + _left_text(row, cell)
                has_label = bool(_VAT_LABEL.search(before)) or _label_above(context, cell)
                if not has_label and (len(value) < 10 or _IBAN.search(cell.text)):
                    continue
                score = (0.82 if has_label else 0.42) * _side(context, cell) * _owner(context, cell, supplier, buyer)
                valid = is_valid_vat(value)
                score *= 1.0 if valid else 0.75
                pieces = tuple(cell.span(hit.start(), hit.end()))
                notes = frozenset({"checksum" if valid else "bad checksum"})
                found.append(Candidate(value, score, row.page, pieces, "vat", notes))
    return merged(found)


def _party(names: list[Candidate]) -> str:
    """The likeliest name in lower case, or an empty text."""
    return plain(names[0].value) if names and names[0].score > 0.4 else ""


def _owner(context: Context, cell: Cell, supplier: str, buyer: str) -> float:
    """Whose name stands on the same row, or at the head of the same block."""
    row = context.sheet.rows[cell.row]
    if supplier and supplier in row.folded:
        return 1.15
    block = next((b for b in blocks(context.sheet, cell.page) if cell in b.cells), None)
    heads = block.lines if block else []
    if buyer and any(buyer in line for line in heads):
        return 0.3
    return 1.1 if supplier and any(supplier in line for line in heads) else 1.0


def is_valid_vat(value: str) -> bool:
    """Whether a VAT id has the form and check digits of its country."""
    from stdnum.ch import uid
    from stdnum.eu import vat as eu_vat
    from stdnum.gb import vat as gb_vat

    if value.startswith("CH"):
        return bool(uid.is_valid(re.sub(r"(MWST|TVA|IVA)$", "", value)))
    if value.startswith("GB"):
        return bool(gb_vat.is_valid(value))
    return bool(eu_vat.is_valid(value))


def _left_text(row: Row, cell: Cell) -> str:
    return " ".join(c.folded for c in row.cells[: cell.index])[-60:]


def _label_above(context: Context, cell: Cell) -> bool:
    for n in range(1, 3):
        at = cell.row - n
        if at < 0 or context.sheet.rows[at].page != cell.page:
            return False
        for other in context.sheet.rows[at].cells:
            if abs(other.x0 - cell.x0) < 2 * cell.height and _VAT_LABEL.search(other.folded):
                return True
    return False


def _side(context: Context, cell: Cell) -> float:
    """How much the surroundings speak for the supplier: the nearest heading above in the same column decides."""
    row = context.sheet.rows[cell.row]
    own = cell.folded + " " + _left_text(row, cell)
    if _BUYER.search(own) and not _SELLER.search(own):
        return 0.25
    if _SELLER.search(own):
        return 1.08
    for n in range(1, 16):
        at = cell.row - n
        if at < 0 or context.sheet.rows[at].page != cell.page:
            break
        for other in context.sheet.rows[at].cells:
            if other.x0 > cell.x0 + 3 * cell.height or other.x1 < cell.x0 - 30 * cell.height:
                continue
            if len(other.text) < 60 and _BUYER.match(other.folded):
                return 0.3
            if len(other.text) < 60 and _SELLER.match(other.folded):
                return 1.08
    height = context.sheet.sizes[cell.page][1]
    return 1.0 if cell.middle / height > 0.75 or cell.middle / height < 0.2 else 0.9
