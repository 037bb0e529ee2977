"""Cash discount terms that stand in the text of the payment terms in a fixed form."""

from __future__ import annotations

import re
from decimal import Decimal

from workitems.items import DiscountTerm

# XRechnung (BR-DE-18): one term a line, "#SKONTO#TAGE=14#PROZENT=2.25#BASISBETRAG=357.93#"
_SKONTO = re.compile(r"#SKONTO#TAGE=(\d{1,4})#PROZENT=(\d{1,2}(?:\.\d{1,4})?)#")


def discounts_in(description: str | None) -> list[DiscountTerm]:
    """The discount terms in the notation of XRechnung; days count from the date of the invoice."""
    found = _SKONTO.findall((description or "").upper())
    return [DiscountTerm(percent=Decimal(percent), days=int(days)) for days, percent in found]
