"""Thresholds from target precisions: from which confidence on readings were right as often as they have to be.

thresholds.json beside this file is written by benchmarks/train_invoice_fields.py from readings of papers whose supplier
the models had not seen. Where no confidence reaches the target, nothing passes that no rule vouches for.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import Field

from workitems.items import Kind, Noun

Target = Annotated[float, Field(gt=0, lt=1)]
_TABLE = Path(__file__).with_name("thresholds.json")
UNPROVEN = 0.9985
"""Surer than any reading of paper; what an electronic invoice or a person says is surer still."""


class Targets(Noun):
    """The share of the readings that pass unseen which has to be right, by field.

    Fields that decide what is paid have to be right 99 times in 100; a wrong number or name is mostly noticed (by the
    supplier's statement, by VAT id and bank account), so less is asked of them.
    """

    currency: Target = 0.99
    total: Target = 0.99
    net: Target = 0.98
    tax: Target = 0.98
    issued_on: Target = 0.99
    due_on: Target = 0.95
    number: Target = 0.97
    supplier_name: Target = 0.95
    buyer_name: Target = 0.9
    order_number: Target = 0.95
    lines: Target = 0.95
    other: Target = 0.9

    def of(self, field: str) -> float:
        """The target of a field by name."""
        return float(getattr(self, field, self.other))


def threshold(field: str, target: float, kind: Kind = "invoice") -> float | None:
    """The confidence from which on readings of a field reach a target precision; None where none were measured.

    A target between two that were measured counts as the higher one.
    """
    table = _table().get("receipt" if kind == "receipt" else "invoice", {})
    for measured in sorted(table, key=float):
        if float(measured) >= target - 1e-9:
            found = table[measured].get(field)
            return None if found is None else min(found, UNPROVEN)
    return UNPROVEN


@cache
def _table() -> Mapping[str, Mapping[str, Mapping[str, float]]]:
    if not _TABLE.is_file():
        return {}
    found: dict[str, dict[str, dict[str, float]]] = json.loads(_TABLE.read_text(encoding="utf-8"))
    return found
