"""What a person should look at because the paper itself is unclear."""

from __future__ import annotations

from collections.abc import Mapping

from extractors.invoice.candidates import Candidate, Context
from workitems.items import Doubt

_DATES = {"issued_on": "invoice date", "due_on": "due date", "period_from": "start", "period_to": "end"}
_SUMS = {"net": "net amount", "tax": "tax amount", "total": "total"}


def doubts_of(context: Context, chosen: Mapping[str, Candidate]) -> tuple[Doubt, ...]:
    """What is unclear: a date whose day and month may be exchanged, an amount whose separator may mean two things.

    Also that the paper was too long to be read to its end.
    """
    found: list[Doubt] = []
    if context.sheet.is_cut:
        message = "The document has too many words: its last pages were not read."
        found.append(Doubt(code="too_many_words", message=message))
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
