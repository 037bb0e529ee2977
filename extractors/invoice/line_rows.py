"""From the rows under a table's header to items: which row carries the figures, and which text belongs to it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from extractors.invoice.candidates import Context
from extractors.invoice.columns import Chunk, chunks
from extractors.invoice.layout import Row
from extractors.invoice.line_parts import Body, Charge, Item
from extractors.invoice.sums import ADJUSTMENT
from extractors.invoice.table import Header, heads_columns

_TOTALS = re.compile(
    r"^\W*(?:zwischen|rechnungs|gesamt|end|netto|brutto|positions)?-?\s?(?:summen?|betrag"
    r"|gesamt|total|totals|subtotal|sub-total|sous-total)\b"
    r"|^\W*(?:ubertrag|ubertrage|a\s+reporter|report|carried|brought|carry|grand\s+total"
    r"|(?:net|items?|goods|lines?)\s+total|invoice\s+total|order\s+total|tax\s+total)"
    r"|^\W*(?:zzgl|zuzuglich|plus|inkl|incl|davon)\b|^\W*(?:total|montant|nettobetrag"
    r"|warenwert|nett?o?\s+(?:h\.?t|a\s+payer|commercial)|steuer\w*betrag|mwst|ust|tva|vat|gst|iva|btw|moms)\b(?!.*\bpos\b)"
    r"|^\W*(?:totale|totaal|imponibile|base\s+imponible|subtotaal|subtotale|razem|suma|summa|riporto|saldo)\b"
)
_CARRIED = re.compile(r"ubertrag|a\s+reporter|carried|brought|carry|riporto")
_GROUP = re.compile(r"zwischensumme|sub-?\s?total|sous-?\s?total|ubertrag|a\s+reporter|carried|brought|carry|riporto")
_SECTION = re.compile(
    r"aufschlusselung|belegsummen|zahlungs(?:bedingungen|informationen|art)|payment\s+(?:terms"
    r"|details|information)|(?:vat|tax|gst)\s+summary"
    r"|bankverbindung|rechnungsbegleitende|zu-\s+und\s+abschlage|conditions\s+de\s+paiement"
    r"|^\s*(?:page|seite)\s+\d+|vat\s+clause|^detail\s+tva"
)
_CODE = re.compile(r"[A-ZÄÖÜ\d./-]+")
_REDUCED = re.compile(r"^\W*(?:abzgl|abzuglich|less|moins|./.)")


def items_under(context: Context, header: Header, end: int) -> tuple[list[Item], list[Charge]]:
    """The items between a header and the next one; without a repeated header a table may run on to the next page."""
    stretches: list[list[Body]] = [[]]
    charges: list[Charge] = []
    found = is_past_totals = is_past_group = False
    for row in context.sheet.rows[header.last_row + 1 : end]:
        if row.page != header.page and (is_past_totals or (row.page > header.page + 1 and not found)):
            break
        if _SECTION.search(row.folded) or (found and heads_columns(context, row)):
            is_past_totals = True
            stretches.append([])
            continue
        body = Body(row, chunks(context, header, row))
        if is_total(body.parts, row) and not _is_whole(body.parts):
            is_past_totals = is_past_totals or (found and not _GROUP.search(row.folded))
            is_past_group = is_past_group or found
            stretches.append([])
            continue
        body.is_anchor = _is_anchor(header, body.parts) and (
            _is_whole(body.parts) or not (is_past_totals or (is_past_group and not _is_full(body)))
        )
        charge = _charge(header, body)
        if charge:
            charges.append(charge)
            if found and not is_past_totals and any(_REDUCED.search(c.folded) for c in row.cells):
                body.is_anchor, body.reduction = False, charge.chunk
                stretches[-1].append(body)
            continue
        if body.is_anchor or not is_past_totals:
            stretches[-1].append(body)
        found = found or body.is_anchor
    return [item for s in stretches for item in _items(header, s)], charges


def _charge(header: Header, body: Body) -> Charge | None:
    """Freight, discounts and the like: an amount without quantity and price, though the table has columns for them."""
    amount = next((c for c in body.parts if c.role == "amount" and c.amount), None)
    roles = {c.role for c in body.parts if c.amount and not c.amount.percent}
    if amount is None or not header.roles & {"quantity", "unit_price"} or roles & {"quantity", "unit_price"}:
        return None
    return Charge(body.row, amount) if ADJUSTMENT.search(body.row.folded) else None


def is_total(parts: Sequence[Chunk], row: Row) -> bool:
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


def _is_full(body: Body) -> bool:
    """Whether a row has a text and all three figures, so that it may be an item behind a group's subtotal."""
    return {"quantity", "unit_price", "amount"} <= {c.role for c in body.parts if c.amount} and bool(body.texts())


def _is_anchor(header: Header, parts: Sequence[Chunk]) -> bool:
    """Whether a row carries an item's figures."""
    numbers = {c.role for c in parts if c.amount}
    if header.first("amount"):
        amount = next((c.amount for c in parts if c.role == "amount" and c.amount), None)
        return amount is not None and not amount.percent and (amount.decimals > 0 or len(numbers) >= 3)
    return {"unit_price", "quantity"} <= numbers


def _items(header: Header, bodies: list[Body]) -> list[Item]:
    """The items of an unbroken stretch of rows."""
    anchors = [n for n, b in enumerate(bodies) if b.is_anchor]
    blocks = _blocks(header, bodies, anchors) if anchors else None
    if blocks and _is_centred(bodies, anchors, blocks):
        return [_centred(bodies[a], bodies[s:e]) for a, (s, e) in zip(anchors, blocks, strict=True)]
    items: list[Item] = []
    free = 0
    for n, at in enumerate(anchors):
        until = anchors[n + 1] if n + 1 < len(anchors) else len(bodies)
        item, taken = _hanging(header, bodies[free:at], bodies[at], bodies[at + 1 : until])
        items.append(item)
        free = at + 1 + taken
    return items


def _blocks(header: Header, bodies: Sequence[Body], anchors: Sequence[int]) -> list[tuple[int, int]] | None:
    """Groups of rows parted by the larger gaps, one around each anchor; None where gaps do not part them so."""
    foot, gaps = bodies[0].row.y1, []
    for upper, lower in pairwise(bodies):
        is_new_page = upper.row.page != lower.row.page
        gaps.append(float("inf") if is_new_page else lower.row.y0 - foot)
        foot = lower.row.y1 if is_new_page else max(foot, lower.row.y1)
    widest = 1.2 * header.height
    for limit in (widest, *sorted({g for g in gaps if 0 < g < widest}, reverse=True)):
        cuts = [0, *(n + 1 for n, g in enumerate(gaps) if g >= limit), len(bodies)]
        spans = list(pairwise(cuts))
        held = [sum(s <= a < e for a in anchors) for s, e in spans]
        if max(held) <= 1:
            return [span for span, n in zip(spans, held, strict=True) if n]
    return None


def _is_centred(bodies: Sequence[Body], anchors: Sequence[int], blocks: Sequence[tuple[int, int]]) -> bool:
    """Whether the figures stand at half the height of the text, not beside its first line."""
    centred = 0
    for at, (start, end) in zip(anchors, blocks, strict=True):
        rows = [b.row for b in bodies[start:end] if b.texts() or b.is_anchor]
        row = bodies[at].row
        middle = (min(r.y0 for r in rows) + max(r.y1 for r in rows)) / 2
        off = abs(middle - (row.y0 + row.y1) / 2)
        is_below = any(b.texts() for b in bodies[start:at])
        centred += is_below and (off < 0.4 * row.height or not bodies[at].texts())
    return centred * 2 > len(anchors)


def _centred(anchor: Body, block: Sequence[Body]) -> Item:
    """An item whose figures stand at half the height of its text."""
    item = Item(anchor.row, anchor.parts, is_borrowed=True)
    at = block.index(anchor)
    first = max(0, at - max(2, len(block) - at))  # as much above as below, where a letterhead runs into the first item
    for body in block[first:]:
        item.description += [c.text for c in body.texts()]
        item.extra.append(body.row.text)
        item.pieces += body.row.pieces
        if body is not anchor:
            item.parts += [c for c in body.parts if c.role in ("code", "unit") and not c.amount]
    return item


def _hanging(header: Header, above: Sequence[Body], anchor: Body, below: Sequence[Body]) -> tuple[Item, int]:
    """An item whose text begins beside its figures and runs on below, and how many rows below it takes. Figures
    without text take that of the nearer rows: above from a position number on, or below."""
    item = Item(anchor.row, anchor.parts, pieces=[*anchor.row.pieces])
    item.description = [c.text for c in anchor.texts() if not (c.amount and c.amount.decimals)]
    if not item.description and above and not _is_nearer(anchor, above[-1], below):
        starts = [n for n, b in enumerate(above) if any(c.role == "position" for c in b.parts)]
        for body in above[starts[-1] :] if starts else above[-1:]:
            item.description += [c.text for c in body.texts()]
            item.extra.append(body.row.text)
            item.pieces += body.row.pieces
        item.is_borrowed = True
    taken, is_open = 0, True
    for n, body in enumerate(below, 1):
        foot = max(p.y1 for p in item.pieces)
        if body.reduction:
            item.reductions.append(body.reduction)
        if body.row.page != anchor.row.page or body.row.y0 - foot > 2.2 * header.height:
            is_open = False
            continue
        if is_open and _goes_on(header, item, body, body.row.y0 - foot):
            item.description.append(" ".join(c.text for c in body.texts()))
            taken = n
        else:
            is_open = False
        item.extra.append(body.row.text)
        item.pieces += body.row.pieces
    return item, taken


def _is_nearer(anchor: Body, above: Body, below: Sequence[Body]) -> bool:
    """Whether the row below the figures has text and stands nearer than the one above."""
    if not below or not below[0].texts() or below[0].row.page != anchor.row.page:
        return False
    if above.row.page != anchor.row.page or not above.texts():
        return True
    return below[0].row.y0 - anchor.row.y1 < anchor.row.y0 - above.row.y1 - 0.15 * anchor.row.height


def _goes_on(header: Header, item: Item, body: Body, gap: float) -> bool:
    """Whether a row below continues the description: in its column, close, and with nothing in other columns."""
    texts = body.texts()
    others = [c for c in body.parts if c.role not in ("description", "code", "position", "")]
    is_unnamed = all(_CODE.fullmatch(d) for d in item.description)
    return bool(texts) and not others and gap < 0.9 * header.height and (is_unnamed or _within(header, texts[-1]))


def _within(header: Header, chunk: Chunk) -> bool:
    """Whether a text stays in the description's column: remarks run across the next ones."""
    column = header.first("description")
    if column is None:
        return True
    right = min((c.x0 for c in header.columns if c.x0 > column.x1), default=float("inf"))
    return chunk.x1 <= right + header.height
