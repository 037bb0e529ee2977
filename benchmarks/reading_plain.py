"""The baseline: what an evening with Tesseract and regular expressions gives. It knows no set and has no confidence."""

from __future__ import annotations

import re
from decimal import Decimal

from benchmarks.reading_values import MONTHS, written

_MONTH = "|".join(MONTHS)
_DATE = re.compile(
    rf"\b(\d{{1,2}}[./-]\d{{1,2}}[./-]\d{{2,4}}|\d{{4}}-\d\d-\d\d|\d{{1,2}}\.? ?(?:{_MONTH})[a-z]*\.?,? \d{{2,4}}"
    rf"|(?:{_MONTH})[a-z]* \d{{1,2}},? \d{{4}})\b",
    re.IGNORECASE,
)
_AMOUNT = re.compile(r"(?<![\d.,])-?\d{1,3}(?:[., ]?\d{3})*[.,]\d{2}(?![\d.,]*\d)")
_TOTAL = re.compile(r"\b(grand total|total due|amount due|gesamtbetrag|brutto\w*|total ttc|gross|total|summe)\b", re.I)
_NET = re.compile(r"\b(net|netto\w*|subtotal|sub-total|total ht|zwischensumme)\b", re.I)
_TAX = re.compile(r"\b(vat|mwst|ust|umsatzsteuer|tva|tax|gst)\b", re.I)
_NUMBER = re.compile(
    r"\b(?:invoice|rechnung|facture|contract|order|bestell|commande)\w*[ -]*(?:no|nr|number|nummer|n°|#)?\W{0,4}"
    r"([A-Z0-9][\w/-]*\d[\w/-]*)",
    re.IGNORECASE,
)
_CURRENCY = re.compile(r"\b(EUR|USD|GBP|CHF|MYR)\b|[€$£]|\bRM\b")
_SIGNS = {"€": "EUR", "$": "USD", "£": "GBP", "RM": "MYR"}
_BUYER = re.compile(r"\b(?:advertiser|bill to|sold to|client)\W*(.{3,60})", re.IGNORECASE)
_PERIOD = re.compile(rf"({_DATE.pattern})\s*(?:-|to|–)\s*({_DATE.pattern})", re.IGNORECASE)


def extract(page: str, american: bool = False) -> dict[str, str]:
    """The fields of a text: the first date, the largest amount behind "total", the first line as company."""
    lines = [line.strip() for line in page.splitlines() if sum(c.isalpha() for c in line) > 2]
    found: dict[str, str | None] = {
        "supplier_name": lines[0] if lines else None,
        "supplier_address": " ".join(lines[1:4]) or None,
        "issued_on": _first_date(page, american),
        "number": _first(_NUMBER, page),
        "buyer_name": _first(_BUYER, page),
        "currency": _currency(page),
        "total": _behind(_TOTAL, lines, largest=True),
        "net": _behind(_NET, lines),
        "tax": _behind(_TAX, lines),
    }
    if period := _PERIOD.search(page):
        found["period_from"] = written(period[1], american)
        found["period_to"] = written(period[len(period.groups()) // 2 + 1], american)
    return {name: value for name, value in found.items() if value}


def _first(pattern: re.Pattern[str], page: str) -> str | None:
    found = pattern.search(page)
    return found[1].strip() if found else None


def _first_date(page: str, american: bool) -> str | None:
    return next((d for m in _DATE.finditer(page) if (d := written(m[0], american))), None)


def _currency(page: str) -> str | None:
    found = _CURRENCY.search(page)
    return _SIGNS.get(found[0], found[0]) if found else None


def _behind(label: re.Pattern[str], lines: list[str], largest: bool = False) -> str | None:
    """The last amount of the first line with that label; of all such lines the largest."""
    found = [_number(a[-1]) for line in lines if label.search(line) and (a := _AMOUNT.findall(line))]
    return str(max(found) if largest else found[0]) if found else None


def _number(text: str) -> Decimal:
    digits = re.sub(r"[., ]", "", text)
    return Decimal(digits) / 100
