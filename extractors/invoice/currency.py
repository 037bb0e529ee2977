"""Finder of the currency."""

from __future__ import annotations

import re
from collections import Counter

from extractors.invoice.candidates import Candidate, Context
from extractors.invoice.layout import Cell, Sheet
from extractors.values import CODES, amounts_in, currency_code

_LABEL = re.compile(r"wahrung|currency|devise|monnaie|betrage in|amounts? in|montants en|all prices in")
_CODE = re.compile(
    r"(?<![A-Za-z])(?:" + "|".join(sorted(CODES)) + r"|RM)(?![A-Za-z])|US\$|(?<![A-Za-z])[€£$¥](?![A-Za-z])"
)


def find_currency(context: Context) -> list[Candidate]:
    """ISO code: what the paper says it is, else what stands beside most amounts."""
    found: list[Candidate] = []
    votes: Counter[str] = Counter()
    first: dict[str, Cell] = {}
    for row in context.sheet.rows:
        said = bool(_LABEL.search(row.folded))
        for cell in row.cells:
            for hit in _CODE.finditer(cell.text):
                code = currency_code(hit[0])
                votes[code] += 1
                first.setdefault(code, cell)
                if said:
                    pieces = tuple(cell.span(hit.start(), hit.end()))
                    found.append(Candidate(code, 0.98, row.page, pieces, "label", frozenset({"label"})))
    total = sum(votes.values())
    for code, count in votes.most_common(3):
        share = count / total
        notes = frozenset({"only"} if share == 1 else {"mixed"})
        score = 0.95 * share * (1 - 0.3 / (1 + count))
        found.append(Candidate(code, score, first[code].page, tuple(first[code].pieces[:1]), "symbol", notes))
    best: dict[str, Candidate] = {}
    for candidate in sorted(found, key=lambda c: -c.score):
        best.setdefault(candidate.value, candidate)
    return list(best.values())


def usual_currency(sheet: Sheet) -> str | None:
    """The currency beside most amounts, for reading dates."""
    votes = Counter(a.currency for c in sheet.cells if _CODE.search(c.text) for a in amounts_in(c.text) if a.currency)
    return votes.most_common(1)[0][0] if votes else None
