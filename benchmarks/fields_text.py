"""How labels and readings of the named data sets are compared: by value, or by letters and digits."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal, InvalidOperation


def squeezed(value: str) -> str:
    """Letters and digits in lower case."""
    folded = unicodedata.normalize("NFKC", value).replace("&", " and ").casefold()
    return "".join(c for c in folded if c.isalnum())


def number(value: str) -> Decimal | None:
    """The decimal in a label such as `RM 1,234.50` or `($76.50)`."""
    try:
        return Decimal(re.sub(r"[^\d.-]", "", value))
    except InvalidOperation:
        return None
