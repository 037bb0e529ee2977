"""Line items: rows under a header, wrapped descriptions, tables that run over pages, and checks of each row."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from extractors.invoice.candidates import Context
from extractors.invoice.columns import Chunk, chunks
from extractors.invoice.confidence import probability
from extractors.invoice.layout import Piece, Row
from extractors.invoice.sums import CENT, adjustment_of, rows_of, without_subtotals
from extractors.invoice.table import Header, headers, heads_columns
from workitems.items import InvoiceLine

_TOTALS = re.compile(
    r"^\W*(?:zwischen|rechnungs|gesamt|end|netto|brutto|positions)?-?\s?(?:summen?|betrag"
    r"|gesamt|total|totals|subtotal|sub-total|sous-total)\b"
    r"|^\W*(?:ubertrag|ubertrage|a\s+reporter|report|carried|brought|carry|grand\s+total"
    r"|net\s+total|invoice\s+total|order\s+total|tax\s+total)"
    r"|^\W*(?:zzgl|zuzuglich|plus|abzgl|inkl|incl|davon)\b|^\W*(?:total|montant|nettobetrag"
    r"|warenwert|steuer\w*betrag|mwst|ust|tva|vat|gst)\b(?!.*\bpos\b)"
)
_CARRIED = re.compile(r"ubertrag|a\s+reporter|carried|brought|carry")
_SECTION = re.compile(
    r"aufschlusselung|belegsummen|zahlungs(?:bedingungen|informationen|art)|payment\s+(?:terms"
    r"|details|information)|(?:vat|tax|gst)\s+summary"
    r"|bankverbindung|rechnungsbegleitende|zu-\s+und\s+abschlage|conditions\s+de\s+paiement"
    r"|^\s*(?:page|seite)\s+\d+|vat\s+clause"
)
_ORDER_LINE = re.compile(
    r"(?:bestell\S*|order|commande|po\b|p\.o\.|ln:).{0,40}?(?:zeile|line|ligne|pos(?:ition"
    r"|\.)?|ln:)\s*:?\s*0*(\d{1,6})(?!\d)"
)
_ORDER = re.compile(
    r"(?:bestell-?\s?(?:nr|nummer|ung)\.?|order\s*(?:no\.?|number|#)"
    r"|commande\s*n?[°o]?)\s*:?\s*(?:referenz:\s*)?([\w/-]*\d[\w/-]*)"
)
_CODE = re.compile(
    r"(?:art\S*-?nr\S*-?(?:lieferant|lief)\S*|(?:unsere\s+)?art\.?-?\s?nr\.?|item\s+no\.?"
    r"|sku)\s*:?\s*([a-z0-9][\w./-]*\d[\w./-]*|[a-z]{1,4}\d[\w-]*)"
)
_MAX_LINES = 2000


@dataclass
class Item:
    """A line in the making: its chunks by role, and the rows of text that follow."""

    row: Row
    parts: list[Chunk]
    description: list[str] = field(default_factory=list)
    extra: list[str] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    is_open: bool = True
    is_borrowed: bool = False  # the description stands above the figures

    def number(self, role: str) -> Decimal | None:
        """The number in a column."""
        return next((c.amount.value for c in self.parts if c.role == role and c.amount), None)

    def text(self, role: str) -> str | None:
        """The text in a column."""
        return " ".join(c.text for c in self.parts if c.role == role and not c.amount) or None

    def code(self) -> str | None:
        """The article number, which may be a mere number."""
        return " ".join(c.text for c in self.parts if c.role == "code") or None


def find_lines(context: Context, net: Decimal | None, total: Decimal | None) -> tuple[tuple[InvoiceLine, ...], Decimal]:
    """All line items in the order in which they are printed, and the charges less allowances of the whole paper."""
    found, adjustment = lines_with_evidence(context, net, total)
    lines = (
        line.model_copy(update={"confidence": probability("line", evidence, _guess(evidence))})
        for line, evidence in found
    )
    return tuple(lines), adjustment


def lines_with_evidence(
    context: Context, net: Decimal | None, total: Decimal | None
) -> tuple[list[tuple[InvoiceLine, dict[str, float]]], Decimal]:
    """The lines, each with what speaks for it: its own arithmetic, and whether all together make the sum."""
    items: list[Item] = []
    tables = list(headers(context))
    for n, header in enumerate(tables):
        end = tables[n + 1].last_row if n + 1 < len(tables) else len(context.sheet.rows)
        items += _items(context, header, end)
        if len(items) > _MAX_LINES:
            break
    kept = [item for item in items if item.description or item.number("unit_price") is not None]
    lines = without_subtotals([_line(context, item) for item in kept], net)
    counted = sum((line.amount for line in lines if line.counts and line.amount is not None), Decimal(0))
    adjustment = adjustment_of(context, rows_of(context, lines), net - counted) if net is not None and lines else None
    agrees = adjustment is not None or (total is not None and abs(counted - total) <= CENT)
    found = [
        (line, _evidence(context, item, line) | {"sum": float(agrees)}) for item, line in zip(kept, lines, strict=True)
    ]
    return found, adjustment or Decimal(0)


def _items(context: Context, header: Header, end: int) -> list[Item]:
    """The items between a header and the next one; without a repeated header a table may run on to the next page."""
    items: list[Item] = []
    pending: list[tuple[Row, list[Chunk]]] = []
    is_past_totals = False
    for row in context.sheet.rows[header.last_row + 1 : end]:
        if row.page != header.page and (is_past_totals or (row.page > header.page + 1 and not items)):
            break
        if _SECTION.search(row.folded) or (items and heads_columns(context, row)):
            is_past_totals = True
            if items:
                items[-1].is_open = False
            pending = []
            continue
        parts = chunks(context, header, row)
        if _is_total(parts, row) and not _is_whole(parts):
            is_past_totals = is_past_totals or bool(items)
            if items:
                items[-1].is_open = False
            pending = []
            continue
        if _is_anchor(header, parts) and (not is_past_totals or _is_whole(parts)):
            items.append(_begin(row, parts, pending))
            pending = []
        elif not is_past_totals:
            taken = bool(items) and items[-1].is_open and _continue(header, items[-1], row, parts)
            pending = [] if taken else [*pending[-8:], (row, parts)]
    return items


def _is_total(parts: Sequence[Chunk], row: Row) -> bool:
    """Whether the first words of a row, or those before its last number, announce a sum."""
    words = [c for c in parts if not c.amount and re.search(r"[A-Za-z]{3}", c.text)]
    if not words or not (any(c.amount and c.amount.decimals for c in parts) or _CARRIED.search(row.folded)):
        return False
    last = [c for c in words if any(n.amount and n.x0 > c.x0 for n in parts)][-1:]
    return any(_TOTALS.search(row.folded[row.text.find(c.text) :]) for c in [words[0], *last])


def _is_whole(parts: Sequence[Chunk]) -> bool:
    """Quantity x price = amount within the row: surely an item."""
    values = {c.role: c.amount.value for c in parts if c.amount}
    if not {"quantity", "unit_price", "amount"} <= values.keys():
        return False
    full = values["quantity"] * values["unit_price"]
    reduced = full * (1 - values.get("discount", Decimal(0)) / 100)
    return min(abs(full - values["amount"]), abs(reduced - values["amount"])) <= Decimal("0.05")


def _is_anchor(header: Header, parts: Sequence[Chunk]) -> bool:
    """Whether a row carries an item's figures."""
    numbers = {c.role for c in parts if c.amount}
    if header.first("amount"):
        amount = next((c.amount for c in parts if c.role == "amount" and c.amount), None)
        return amount is not None and not amount.percent and (amount.decimals > 0 or len(numbers) >= 3)
    return {"unit_price", "quantity"} <= numbers


def _begin(row: Row, parts: list[Chunk], pending: list[tuple[Row, list[Chunk]]]) -> Item:
    """A new item. Figures without a description take the rows above them, from a position number on."""
    item = Item(row, parts, pieces=[*row.pieces])
    item.description = [c.text for c in parts if c.role == "description" and not c.amount]
    if item.description:
        return item
    starts = [n for n, (_, cs) in enumerate(pending) if any(c.role == "position" for c in cs)]
    for upper, cs in pending[starts[-1] :] if starts else pending[-1:]:
        item.description += [c.text for c in cs if c.role == "description"]
        item.extra.append(upper.text)
        item.pieces += upper.pieces
    item.is_borrowed = True
    return item


def _continue(header: Header, item: Item, row: Row, parts: list[Chunk]) -> bool:
    """A row of text below an item: the rest of its description (then True), or a remark."""
    last = item.pieces[-1]
    gap = row.y0 - max(p.y1 for p in item.pieces)
    if gap > 2.2 * header.height or row.page != item.row.page:
        item.is_open = row.page != item.row.page
        return False
    texts = [c for c in parts if c.role == "description"]
    others = [c for c in parts if c.role not in ("description", "code", "position", "")]
    fits = texts and not others and len(item.extra) == len(item.description) - 1 and gap < 0.9 * max(last.height, 1e-6)
    is_description = bool(fits) and _within(header, texts[-1])
    if is_description:
        item.description.append(" ".join(c.text for c in texts))
    item.extra.append(row.text)
    item.pieces += row.pieces
    return is_description


def _within(header: Header, chunk: Chunk) -> bool:
    """Whether a text stays in the description's column: remarks run across the next ones."""
    column = header.first("description")
    if column is None:
        return True
    right = min((c.x0 for c in header.columns if c.x0 > column.x1), default=float("inf"))
    return chunk.x1 <= right + header.height


def _guess(evidence: Mapping[str, float]) -> float:
    """A cautious score where no model was fitted."""
    score = 0.5 + 0.3 * evidence["product"] + 0.15 * evidence["sum"] - 0.1 * evidence["no product"]
    return score * (0.5 if evidence["no description"] else 1.0)


def _line(context: Context, item: Item) -> InvoiceLine:
    quantity, price, amount = item.number("quantity"), item.number("unit_price"), item.number("amount")
    rate = item.number("tax_rate")
    extra = " ".join([*item.extra, *(c.text for c in item.parts)]).lower()
    order_line, order = _ORDER_LINE.search(extra), _ORDER.search(extra)
    code = _CODE.search(extra)
    box = context.sheet.box(item.row.page, item.pieces)
    return InvoiceLine(
        description=" ".join(" ".join(item.description).split()) or None,
        quantity=quantity,
        unit=item.text("unit"),
        unit_price=price,
        tax_rate=rate if rate is not None and 0 <= rate <= 50 else None,
        amount=amount,
        order_line=order_line[1] if order_line else None,
        order_number=order[1].upper() if order else None,
        product_code=code[1].upper() if code else item.code(),
        page=item.row.page,
        box=box,
    )


def _evidence(context: Context, item: Item, line: InvoiceLine) -> dict[str, float]:
    """What speaks for a line, as features of its probability."""
    numbers = (line.quantity, line.unit_price, line.amount)
    return {
        "one": 1.0,
        "product": float(None not in numbers and _is_product(item, line)),
        "no product": float(None not in numbers and not _is_product(item, line)),
        "no description": float(not item.description),
        "borrowed": float(item.is_borrowed),
        "ocr": float(context.sheet.is_ocr),
        "blur": 1.0 - min(p.confidence for p in item.pieces),
    }


def _is_product(item: Item, line: InvoiceLine) -> bool:
    """Quantity x price = amount, before or after the line's discount, whatever the signs."""
    if line.quantity is None or line.unit_price is None or line.amount is None:
        return False
    discount = item.number("discount") or Decimal(0)
    full = abs(line.quantity) * abs(line.unit_price)
    reduced = full * (1 - abs(discount) / 100) if abs(discount) <= 100 else full - abs(discount)
    tolerance = max(CENT, abs(line.quantity) * Decimal("0.005"))
    return min(abs(full - abs(line.amount)), abs(reduced - abs(line.amount))) <= tolerance
