"""Finders of the sums: net, tax and total. Which of their candidates fit together is decided in arithmetic.py."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from extractors.invoice.candidates import Candidate, Context, Hit, Label, hits, merged
from extractors.invoice.layout import Cell, Piece, Row
from extractors.invoice.ranked import ranked
from extractors.invoice.sum_labels import ADVERTISING, ADVERTISING_NET, NET, NEVER, RECEIPT, TAX, TOTAL
from extractors.values import Amount, amounts_in


def find_net(context: Context) -> list[Candidate]:
    """The sum without tax; on advertising papers after commission."""
    if context.is_advertising:
        return _sums(context, ADVERTISING_NET)
    return _sums(context, (*NEVER, *NET, *TOTAL, *TAX), "net")


def find_tax(context: Context) -> list[Candidate]:
    """The sum of all taxes."""
    if context.is_advertising:
        return []
    return _sums(context, (*NEVER, *NET, *TAX, *TOTAL), "tax")


def find_total(context: Context) -> list[Candidate]:
    """The sum with tax, before anything that was paid already."""
    if context.is_advertising:
        return _sums(context, (*NEVER, *ADVERTISING_NET, *ADVERTISING), "gross")
    if context.kind == "receipt":
        by_model = ranked(context)
        if by_model:
            return by_model.totals
        return _nonzero(_sums(context, (*RECEIPT, *NEVER, *TAX, *NET, *TOTAL), "total"))
    return _sums(context, (*NEVER, *NET, *TAX, *TOTAL), "total")


def _nonzero(found: list[Candidate]) -> list[Candidate]:
    """A zero beside `total` on a receipt is some other column's."""
    return sorted((c.scaled(0.3) if not Decimal(c.value) else c for c in found), key=lambda c: -c.score)


def _sums(context: Context, labels: Sequence[Label], name: str = "net") -> list[Candidate]:
    found: list[Candidate] = []
    for hit in hits(context.sheet, labels):
        if hit.label.name == name and hit.label.weight > 0:
            found += _beside(context, hit) or _displaced(context, hit)
            found += _column(context, hit)
    return merged([c.scaled(_position(c, context)) for c in found])


def _position(candidate: Candidate, context: Context) -> float:
    """Sums stand low; among equals the later page is likelier."""
    pages = [p.number for p in context.sheet.pages]
    at = pages.index(candidate.page) + candidate.pieces[0].middle / context.sheet.sizes[candidate.page][1]
    return 0.93 + 0.07 * at / len(pages)


def money(context: Context, cell: Cell, start: int = 0) -> list[Amount]:
    """The amounts of a cell that may be sums of money: not the digits of an account or a telephone."""
    if re.search(
        r"iban|\bbic\b|konto|\btel|\bfax|id-?nr|\bcapital\b|\bsire[tn]\b|[a-z]{2}\d{2}(?:\s\d{4}){2}", cell.folded
    ):
        return []
    return [a for a in amounts_in(cell.text, context.mark) if a.start >= start and not a.percent]


def _quality(amount: Amount) -> float:
    quality = {2: 1.0, 0: 0.62, 1: 0.8}.get(amount.decimals, 0.6)
    if amount.currency and quality < 1:
        quality += 0.2
    return quality * (0.85 if amount.unclear else 1.0)


def _candidate(hit: Hit, cell: Cell, amount: Amount, fit: float, where: str) -> Candidate:
    notes = {where} | ({"unclear"} if amount.unclear else set()) | ({"currency"} if amount.currency else set())
    pieces: tuple[Piece, ...] = tuple(cell.span(amount.start, amount.end))
    score = hit.label.weight * fit * _quality(amount)
    return Candidate(_text(amount.value), score, cell.page, pieces, hit.label.name, frozenset(notes))


def _text(value: Decimal) -> str:
    return format(value, "f")


def _beside(context: Context, hit: Hit) -> list[Candidate]:
    """Amounts to the right on the same row, up to the next words; the last of them is the likeliest."""
    row = context.sheet.rows[hit.cell.row]
    reached: list[tuple[Cell, Amount]] = [(hit.cell, a) for a in money(context, hit.cell, hit.end)]
    if re.search(r"[a-z]{4}", hit.cell.folded[hit.end :]) and not reached and not _is_sum_row(hit):
        return []
    for cell in row.cells[hit.cell.index + 1 :]:
        amounts = money(context, cell)
        if not amounts and re.search(r"[a-z]{4}", cell.folded) and (reached or _is_sum_label(cell)):
            break
        reached += [(cell, a) for a in amounts]
    exact = [(c, a) for c, a in reached if a.decimals == 2] or reached
    return [
        _candidate(hit, cell, amount, 1.0 if n == len(exact) else 0.72, "right")
        for n, (cell, amount) in enumerate(exact, 1)
    ]


def _is_sum_label(cell: Cell) -> bool:
    """Whether a cell announces a sum of its own."""
    return any(entry.pattern.match(cell.folded) for entry in (*NET, *TAX, *TOTAL) if entry.weight > 0)


def _is_sum_row(hit: Hit) -> bool:
    """Whether the label opens its row, so that words after it only explain it."""
    return hit.start == 0 and len(hit.cell.text) < 60


def _displaced(context: Context, hit: Hit) -> list[Candidate]:
    """An amount set a little higher or lower (crooked scans, larger type) has slipped to the neighbouring row."""
    found = []
    for n in (hit.cell.row - 1, hit.cell.row + 1):
        if not 0 <= n < len(context.sheet.rows) or context.sheet.rows[n].page != hit.cell.page:
            continue
        for cell in context.sheet.rows[n].cells:
            near = abs(cell.middle - hit.cell.middle) < 1.1 * hit.cell.height and cell.x0 > hit.cell.x1
            if near and (amounts := money(context, cell)):
                found.append(_candidate(hit, cell, amounts[-1], 0.78, "displaced"))
    return found


def _column(context: Context, hit: Hit) -> list[Candidate]:
    """Amounts under a label that heads a column; one that sums up those above it is the likeliest."""
    if re.search(r"[a-z]{4}", hit.cell.folded[hit.end :]) and hit.end - hit.start < len(hit.cell.text) // 2:
        return []
    left, right = _extent(hit)
    above: list[Decimal] = []
    found: list[Candidate] = []
    bottom = hit.cell.y1
    for _, row in context.sheet.below(hit.cell, 40 if context.is_advertising else 12):
        if row.y0 - bottom > 6 * hit.cell.height:
            break
        for cell, amount, piece in _amounts_under(context, row, left, right):
            bottom = piece.y1
            is_sum = len(above) >= 2 and (amount.value == sum(above) or amount.value in _running(above))
            is_total = bool(re.search(r"\b(?:grand\s+|gross\s+)?totals?\b|summe|gesamt", row.folded))
            fit = 0.95 if is_sum or is_total else 0.8 if not above else 0.5
            found.append(_candidate(hit, cell, amount, fit, "below"))
            above.append(amount.value)
    return found


def _extent(hit: Hit) -> tuple[float, float]:
    pieces = hit.cell.span(hit.start, hit.end)
    return pieces[0].x0, pieces[-1].x1


def _running(values: Sequence[Decimal]) -> set[Decimal]:
    """Sums of the last two or more values."""
    sums, total = set(), Decimal(0)
    for n, value in enumerate(reversed(values), 1):
        total += value
        if n > 1 and total:
            sums.add(total)
    return sums


def _amounts_under(context: Context, row: Row, left: float, right: float) -> Iterator[tuple[Cell, Amount, Piece]]:
    for cell in row.cells:
        if cell.x1 < left or cell.x0 > right + (right - left):
            continue
        for amount in money(context, cell):
            pieces = cell.span(amount.start, amount.end)
            x0, x1 = pieces[0].x0, pieces[-1].x1
            if min(right, x1) - max(left, x0) > 0.3 * min(right - left, x1 - x0) and amount.decimals == 2:
                yield cell, amount, pieces[-1]
