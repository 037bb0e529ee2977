"""What papers say of a joiner, field by field, as the pages show it."""

from __future__ import annotations

from dataclasses import dataclass

from bots.joiners.facts import known
from bots.joiners.nouns import Fact, Joiner
from desk.items import Spec

FIELDS = (
    Spec("kind", "Kind of document", "kind"),
    Spec("surname", "Surname"),
    Spec("given_names", "Given names"),
    Spec("born_on", "Born on", "date"),
    Spec("nationality", "Nationality"),
    Spec("document_number", "Number of the paper"),
    Spec("expires_on", "Valid until", "date"),
    Spec("email", "Mail address"),
    Spec("address", "Address"),
    Spec("employer", "Employer"),
    Spec("department", "Department"),
    Spec("role", "Role"),
    Spec("manager", "Manager"),
    Spec("starts_on", "First day", "date"),
    Spec("weekly_hours", "Weekly hours"),
    Spec("signed", "Signed by both (yes, no)"),
)


@dataclass(frozen=True)
class FactRow:
    """What the papers say of one field, the one that counts first."""

    name: str
    label: str
    value: str
    source: str
    others: tuple[Fact, ...]


def fact_rows(joiner: Joiner) -> tuple[FactRow, ...]:
    """What is known, in the order of the fields."""
    counts = known(joiner)
    rows = []
    for spec in FIELDS:
        if spec.name in counts:
            fact = counts[spec.name].fact
            others = tuple(f for f in joiner.facts[spec.name] if f.value != fact.value)
            rows.append(FactRow(spec.name, spec.label, fact.value, fact.source, others))
    return tuple(rows)
