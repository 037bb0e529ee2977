"""By what a supplier is known again: VAT id, bank account, telephone and register numbers, name and letterhead."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from extractors.invoice.candidates import Candidate, Context
from extractors.values import plain

_NUMBERED = re.compile(r"\b(?:tel|phone|fon|fax|hp|gst|sst|tax|reg|siret|siren|ust|vat|tva|uid|hrb|rcs|co)\b")
_DIGITS = re.compile(r"\d[\d\s./()\-]{5,18}\d")
_WEIGHTS = {"vat": 1.0, "iban": 1.0, "number": 0.6, "name": 0.6, "head": 0.45, "short": 0.3}
HEAD_ROWS = 4
MOST = 24


def signs_of(context: Context, candidates: Mapping[str, list[Candidate]]) -> tuple[str, ...]:
    """The signs on a paper. None is a secret, and none is more than what its letterhead says."""
    found = [f"{kind}:{_squeezed(c.value)}" for kind in ("vat", "iban") for c in candidates.get(_FIELD[kind], [])[:2]]
    for name in candidates.get("supplier_name", [])[:1]:
        text = _squeezed(name.value)
        found.append(f"name:{text}" if len(text) >= 8 else f"short:{text}")
    page = context.sheet.first_page
    rows = [r for r in context.sheet.rows if r.page == page]
    heads = [text for r in rows[:HEAD_ROWS] if len(text := _letters(r.folded)) >= 8]
    found += [f"head:{text[:40]}" for text in heads]
    height = context.sheet.sizes[page][1] if rows else 1.0
    for row in rows:
        if (row.y0 < 0.35 * height or row.y0 > 0.85 * height) and _NUMBERED.search(row.folded):
            digits = (re.sub(r"\D", "", d) for d in _DIGITS.findall(row.text))
            found += [f"number:{d}" for d in digits if 7 <= len(d) <= 15]
    return tuple(dict.fromkeys(found))[:MOST]


_FIELD = {"vat": "vat_id", "iban": "iban"}


def strength(shared: Collection[str]) -> float:
    """1 and more: it is the same supplier."""
    return sum(_WEIGHTS.get(sign.partition(":")[0], 0.0) for sign in shared)


def _squeezed(text: str) -> str:
    return "".join(c for c in plain(text) if c.isalnum())


def _letters(folded: str) -> str:
    return "".join(c for c in folded if c.isalpha())
