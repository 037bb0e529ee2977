"""What labels and readings say, folded so that they can be compared: text, amounts and dates by value."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any, NamedTuple

Fold = Callable[[str], object]
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


class Field(NamedTuple):
    """A field as the product names it and as the labels do, and how their values are folded."""

    name: str
    label: str
    of_label: Fold
    of_value: Fold


def text(value: str) -> str | None:
    """Letters and digits in lower case; `&` is a word."""
    plain = unicodedata.normalize("NFKC", value).replace("&", " and ").casefold()
    return "".join(c for c in plain if c.isalnum()) or None


def amount(value: str) -> Decimal | None:
    """The number in `RM 1,234.50`."""
    try:
        return Decimal(re.sub(r"[^\d.-]", "", value)).normalize()
    except InvalidOperation:
        return None


def plain(value: str) -> Decimal | None:
    """A plain decimal, as readings are."""
    return Decimal(value).normalize() if re.fullmatch(r"-?\d+(\.\d+)?", value) else None


def iso(value: str) -> str | None:
    """An ISO date, as readings are."""
    return value if re.fullmatch(r"\d{4}-\d\d-\d\d", value) else None


def written(value: str, month_first: bool = False) -> str | None:
    """The ISO date of a label: `25/12/18`, `5 MAR 2018`, `20180304`, `OCT 3, 2016`."""
    parts = re.findall(r"\d+|[A-Za-z]+", value)
    if len(parts) == 1 and re.fullmatch(r"\d{8}", parts[0]):
        whole = parts[0]
        tries = [(whole[:4], whole[4:6], whole[6:]), (whole[4:], whole[2:4], whole[:2])]
    elif name := next((p for p in parts if p[:3].lower() in MONTHS), None):
        day, year = ([p for p in parts if p.isdigit()] + ["", ""])[:2]
        tries = [(year, str(MONTHS.index(name[:3].lower()) + 1), day)]
    elif len(parts) < 3:
        return None
    else:
        a, b, c = parts[:3]
        tries = [(a, b, c)] if len(a) == 4 else [(c, a, b), (c, b, a)] if month_first else [(c, b, a), (c, a, b)]
    return next((found for order in tries if (found := _date(*order))), None)


def _date(year: str, month: str, day: str) -> str | None:
    try:
        return date(int(year) + (2000 if int(year) < 100 else 0), int(month), int(day)).isoformat()
    except ValueError:
        return None


_american = partial(written, month_first=True)
_HEADER = (
    Field("number", "id", text, text),
    Field("issued_on", "date", written, iso),
    Field("currency", "currency", text, text),
    Field("supplier_name", "seller", text, text),
    Field("buyer_name", "buyer", text, text),
    Field("net", "net", amount, plain),
    Field("tax", "tax", amount, plain),
    Field("total", "gross", amount, plain),
)
FIELDS: dict[str, tuple[Field, ...]] = {
    "sroie": (
        Field("supplier_name", "company", text, text),
        Field("issued_on", "date", written, iso),
        Field("supplier_address", "address", text, text),
        Field("total", "total", amount, plain),
    ),
    "einvoice": (*_HEADER, Field("order_number", "order_ref", text, text)),
    "orderx": _HEADER,
    "fcc_adbuy": (
        Field("total", "gross_amount", amount, plain),
        Field("number", "contract_num", text, text),
        Field("buyer_name", "advertiser", text, text),
        Field("period_from", "flight_from", _american, iso),
        Field("period_to", "flight_to", _american, iso),
    ),
}


def label_of(labels: dict[str, Any], field: Field) -> str | None:
    """What the labels say of a field; None where they say nothing."""
    value = labels.get(field.label)
    return " ".join(str(value).split()) or None if value is not None else None
