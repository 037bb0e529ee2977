"""Texts and numbers from paper and people, made safe: understood, or refused; never too large to be computed with."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal

from workitems.items import InvoiceLine, TaxLine

_MAX_DIGITS = 15
_MOST, _LEAST = Decimal(10) ** 12, Decimal(10) ** -6  # beyond that no number on an invoice means anything
_YEARS = range(1990, 2100)
_LONGEST = 300  # characters of a text that are compared and shown
LONGEST_NUMBER = 60  # characters of an invoice or order number


def parse_amount(text: str) -> Decimal:
    """A plain decimal, or one with a decimal comma as people type it. Raises ValueError for anything unclear."""
    plain = re.sub(r"[\s'’]", "", text)
    if re.fullmatch(r"[-+]?\d+,\d{1,2}", plain):
        plain = plain.replace(",", ".")
    if not re.fullmatch(r"[-+]?\d*\.?\d+", plain) or len(plain) > _MAX_DIGITS + 2:
        raise ValueError(text)
    return Decimal(plain)


def parse_date(text: str) -> date:
    """ISO 8601, or day.month.year as people type it. Raises ValueError for anything else."""
    dotted = re.fullmatch(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})", text.strip())
    if dotted:
        found = date(int(dotted[3]), int(dotted[2]), int(dotted[1]))
    else:
        found = datetime.strptime(text.strip(), "%Y-%m-%d").date()  # noqa: DTZ007  a date has no zone
    if found.year not in _YEARS:
        raise ValueError(text)
    return found


def parse_number(text: str) -> str | None:
    """An invoice number as it is printed. Raises ValueError for one that is too long to be one."""
    if len(text) > LONGEST_NUMBER:
        raise ValueError(text[:LONGEST_NUMBER])
    return one_line(text)


def one_line(text: str, longest: int = _LONGEST) -> str | None:
    """A text without line breaks and control characters, short enough to be quoted; None where none is left."""
    plain = "".join(c if unicodedata.category(c)[0] != "C" else " " for c in text[: 2 * longest])
    return " ".join(plain.split())[:longest] or None


def sensible(line: InvoiceLine) -> InvoiceLine | None:
    """The line with texts of a usable length; None where a number is beyond all sense."""
    if not all(is_sensible(n) for n in (line.quantity, line.unit_price, line.amount, line.tax_rate)):
        return None
    texts = {f: one_line(getattr(line, f) or "") for f in ("description", "order_number", "order_line", "product_code")}
    return line.model_copy(update=texts)


def is_sensible(number: Decimal | None) -> bool:
    """Whether a number may stand on an invoice at all."""
    return number is None or number == 0 or _LEAST <= number.copy_abs() <= _MOST  # abs() overflows


def sensible_tax(row: TaxLine) -> bool:
    """Whether all numbers of a tax row may."""
    return all(is_sensible(n) for n in (row.rate, row.base, row.tax))


def compact(text: str | None) -> str | None:
    """An identifier without spaces and punctuation, upper case: IBANs and VAT ids as they are compared."""
    return re.sub(r"[^0-9A-Za-z]", "", text[:_LONGEST]).upper() or None if text else None
