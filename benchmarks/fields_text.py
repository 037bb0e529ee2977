"""How labels and readings of the named data sets are compared: by value, or by letters and digits."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from extractors.invoice.fitting import squeezed

__all__ = ["number", "squeezed"]


def number(value: str) -> Decimal | None:
    """The decimal in a label such as `RM 1,234.50` or `($76.50)`."""
    try:
        return Decimal(re.sub(r"[^\d.-]", "", value))
    except InvalidOperation:
        return None
