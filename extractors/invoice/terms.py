"""Discount terms: 3% Skonto within 10 days, 2% 10 days net 30, escompte 2% sous 8 jours."""

from __future__ import annotations

import re
from decimal import Decimal

from extractors.invoice.candidates import Context
from extractors.values import dates_in
from workitems.items import DiscountTerm

_PERCENT = r"(?P<percent>\d{1,2}(?:[.,]\d{1,2})?)\s?%"
_DAYS = r"(?P<days>\d{1,3})\s*(?:tagen?|days?|jours?|tg\.?|d\b)"
_TERMS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_PERCENT}\s*(?:skonto|cash\s+discount|discount|d'escompte|escompte|rabatt)[^%\d]{{0,40}}?{_DAYS}",
        rf"(?:skonto|discount|escompte)\s*(?:von|of|de)?\s*{_PERCENT}[^%\d]{{0,40}}?{_DAYS}",
        rf"{_DAYS}[^%\d.]{{0,40}}?{_PERCENT}\s*(?:skonto|cash\s+discount|discount|d'escompte|escompte)",
        rf"{_PERCENT}\s*[,/]?\s*(?P<days>\d{{1,3}})\s*(?:tagen?|days?|jours?)?\s*[,/]?\s*(?:net|netto|n)\b",
        rf"{_PERCENT}\s*(?:skonto|cash\s+discount|discount|escompte)",
    )
)
_UNTIL = re.compile(r"bis(?:\s+zum)*\s*|until\s*|by\s*|before\s*|avant\s+le\s*|jusqu'au\s*")
_NOT = re.compile(r"nicht|kein|no\s|aucun|pas\s+d|line|zeile")


def find_discounts(context: Context) -> tuple[DiscountTerm, ...]:
    """Every cash discount that the paper offers, at most one per percentage and number of days."""
    found: dict[tuple[Decimal, int | None], DiscountTerm] = {}
    rows = context.sheet.rows
    for n, row in enumerate(rows):
        if not re.search(r"skonto|discount|escompte|\d\s?%\s*[,/]?\s*\d+\s*(?:days|tage|jours|,?\s*net)", row.folded):
            continue
        after = rows[n + 1] if n + 1 < len(rows) and rows[n + 1].page == row.page else None
        text = f"{row.text} {after.text if after else ''}"
        folded = f"{row.folded} {after.folded if after else ''}"
        for term in _terms(context, text, folded, len(row.text)):
            known = found.get((term.percent, term.days))
            if known is None or term.until:
                found[term.percent, term.days] = term
    certain = {t.percent for t in found.values() if t.days is not None or t.until}
    return tuple(t for t in found.values() if t.days is not None or t.until or t.percent not in certain)[:4]


def _terms(context: Context, text: str, folded: str, own: int) -> list[DiscountTerm]:
    found: list[DiscountTerm] = []
    taken: list[tuple[int, int]] = []
    for pattern in _TERMS:
        for hit in pattern.finditer(folded):
            if hit.start() >= own or any(hit.start() < b and a < hit.end() for a, b in taken):
                continue
            if _NOT.search(folded[max(0, hit.start() - 25) : hit.start()]):
                continue
            percent = Decimal(hit["percent"].replace(",", "."))
            days = int(hit["days"]) if "days" in pattern.groupindex else None
            until = next((d.value for d in dates_in(text[hit.end() : hit.end() + 30], context.order)), None)
            if not until and days is None:
                until = next(
                    (d.value for d in dates_in(text[max(0, hit.start() - 45) : hit.start()], context.order)), None
                )
            if not 0 < percent <= 20 or (days is None and until is None):
                continue
            taken.append(hit.span())
            says_until = until and (_UNTIL.match(folded[hit.end() :].lstrip(" ,")) or days is None)
            found.append(DiscountTerm(percent=percent, days=days, until=until if says_until else None))
    return found
