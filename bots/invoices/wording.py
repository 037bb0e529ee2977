"""Amounts, dates and lines as they stand in sentences for a clerk: always unambiguous, whatever language is spoken."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from workitems.items import InvoiceLine

_SHOWN = 40  # characters of a description


def money(amount: Decimal, currency: str | None) -> str:
    """`1,234.50 EUR`."""
    text = f"{amount:,.2f}"
    return f"{text} {currency}" if currency else text


def number(value: Decimal) -> str:
    """A quantity or rate without trailing zeros."""
    plain = format(value.normalize(), "f")
    return "0" if plain in ("-0", "") else plain


def day(value: date) -> str:
    """`2026-03-31`."""
    return value.isoformat()


def line_name(index: int, line: InvoiceLine) -> str:
    """`Line 3 “Copy paper A4”`; `index` counts from 0."""
    text = " ".join((line.description or "").split())
    if len(text) > _SHOWN:
        text = text[: _SHOWN - 1].rstrip() + "…"
    return f"Line {index + 1} “{text}”" if text else f"Line {index + 1}"


def listed(names: Sequence[str], word: str = "and") -> str:
    """`A, B and C`."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {word} {names[-1]}"
