"""What a person should look at because the paper itself is unclear."""

from __future__ import annotations

from collections.abc import Mapping

from extractors.invoice.candidates import Candidate
from workitems.items import Doubt

_DATES = {"issued_on": "invoice date", "due_on": "due date", "period_from": "start", "period_to": "end"}
_SUMS = {"net": "net amount", "tax": "tax amount", "total": "total"}


def doubts_of(chosen: Mapping[str, Candidate]) -> tuple[Doubt, ...]:
    """A doubt for every chosen date whose day and month, and every amount whose separator, can be read two ways."""
    found: list[Doubt] = []
    for field, candidate in chosen.items():
        if "unclear" not in candidate.notes:
            continue
        if field in _DATES:
            message = f"The {_DATES[field]} can be read in two ways: day and month may be exchanged."
            found.append(Doubt(code="date_unclear", field=field, message=message, severity="warn"))
        elif field in _SUMS:
            message = f"In the {_SUMS[field]} it is unclear whether the separator marks thousands or decimals."
            found.append(Doubt(code="amount_unclear", field=field, message=message))
    return tuple(found)
