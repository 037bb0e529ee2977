"""Finders of who sells and who buys."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import takewhile

from extractors.invoice.blocks import address_after, blocks, is_company, is_contact, is_id, is_town
from extractors.invoice.candidates import Candidate, Context, merged
from extractors.invoice.headings import ADVERTISER, BUYER, SELLER, headed
from extractors.invoice.layout import Cell, Piece
from extractors.invoice.letterhead import letterhead, sender, separated, window
from extractors.invoice.ranked import ranked
from extractors.invoice.receipts import shop_address, shop_names
from extractors.values import plain

NEAR = 4.0
"""An address begins at most so far below its name, in heights of the name."""


@lru_cache(maxsize=2)
def find_supplier_name(context: Context) -> list[Candidate]:
    """Who sells: whom the invoice wants paid, to whom an order is addressed."""
    if context.kind == "receipt":
        by_model = ranked(context)
        return by_model.names if by_model else merged(shop_names(context))
    named = list(headed(context, SELLER))
    buyers = {c.value.lower() for c in headed(context, BUYER) if c.score > 0.7}
    unnamed = window(context) if context.kind == "order" and not context.is_advertising else letterhead(context)
    found = [*named, *unnamed]
    return merged([_firm(c.scaled(0.3) if c.value.lower() in buyers else c, found) for c in found])


@lru_cache(maxsize=2)
def find_buyer_name(context: Context) -> list[Candidate]:
    """Who buys; on advertising papers the advertiser."""
    if context.kind == "receipt":
        return []
    if context.is_advertising:
        return merged(list(headed(context, ADVERTISER)))
    named = list(headed(context, BUYER))
    if any(c.score > 0.8 for c in named):
        return merged(named)
    sellers = {c.value.lower() for c in find_supplier_name(context)[:1]}
    unnamed = letterhead(context) if context.kind == "order" else window(context)
    return merged([*named, *(c.scaled(0.35) if c.value.lower() in sellers else c for c in unnamed)])


def find_supplier_address(context: Context) -> list[Candidate]:
    """Street, postal code and town of the supplier, as one text."""
    if by_model := ranked(context):
        return by_model.addresses
    names = find_supplier_name(context)
    if context.kind == "receipt":
        return shop_address(context, names[0] if names else None)
    buyers = {plain(c.value) for c in find_buyer_name(context)[:1]} - {plain(c.value) for c in names[:1]}
    found: list[Candidate] = []
    for name in names[:2]:
        found += _sent_from(context, name)
        for cells, here in _lines_after(context, name):
            address = address_after(cells)
            if not address or any(c.folded in buyers for c in cells[: cells.index(address[0])]):
                continue
            lines = [_without_contact(c) for c in address]
            text = ", ".join(said.strip(" ,") for said, _ in lines)
            pieces = tuple(p for _, of_line in lines for p in of_line)
            notes = frozenset({"town"} if any(is_town(c.folded) for c in address) else set())
            score = name.score * (0.85 if notes else 0.5) * (1.0 if here else 0.97) * (1.0 if len(text) > 20 else 0.8)
            found.append(Candidate(text, score, address[0].page, pieces, "below name", notes))
    return merged(found)


def _without_contact(line: Cell) -> tuple[str, Sequence[Piece]]:
    """A line of an address (`Brotstraße 31 · 54290 Trier · +49 651 5550`) up to the telephone, mail or web address."""
    parts = separated(line.text)
    kept = list(takewhile(lambda p: not is_contact(plain(p)), parts))
    if not kept or len(kept) == len(parts):
        return line.text, line.pieces
    end = line.text.find(kept[-1]) + len(kept[-1])
    return line.text[:end], line.span(0, end)


def _firm(candidate: Candidate, others: list[Candidate]) -> Candidate:
    """A short form (`Alphabet`) is worth less where the full name of a firm (`Alphabet ... GmbH`) stands, too."""
    short = candidate.value.lower()
    if is_company(short) or candidate.pattern == "seller":
        return candidate
    longer = any(o.value.lower().startswith(short + " ") and is_company(o.value.lower()) for o in others)
    return candidate.scaled(0.55) if longer else candidate


def _sent_from(context: Context, name: Candidate) -> Iterator[Candidate]:
    """The rest of a sender line that begins with the name, unless it is the seller's contact."""
    for cell in (c for r in context.sheet.rows if r.page == name.page for c in r.cells):
        sent = sender(cell)
        if sent is None or plain(sent) != plain(name.value):
            continue
        parts = [p for p in separated(cell.text)[1:] if not is_contact(plain(p)) and not is_id(plain(p))]
        if not parts:
            continue
        pieces = tuple(cell.span(cell.text.find(parts[0]), cell.text.find(parts[-1]) + len(parts[-1])))
        yield Candidate(", ".join(parts), name.score * 0.86, name.page, pieces, "sender line", frozenset({"town"}))


def _lines_after(context: Context, name: Candidate) -> Iterator[tuple[list[Cell], bool]]:
    """What stands below a name wherever the page has it, and whether it is the place where the name was found."""
    last, text = name.pieces[-1], plain(name.value)
    for block in blocks(context.sheet, name.page):
        for n, cell in enumerate(block.cells):
            here = cell.pieces[-1] is last
            if sender(cell) is not None or not (here or cell.folded == text):
                continue
            below = block.cells[n + 1 :]
            if below and below[0].y0 - cell.y1 < NEAR * cell.height:
                yield below, here
