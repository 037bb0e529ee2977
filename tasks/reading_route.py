"""What becomes of a document, as far as the document alone can say."""

from __future__ import annotations

from bots.invoices.policy import InvoicePolicy
from workitems.items import Doubt, Kind, Paper, Route

REJECTING = frozenset(
    (
        "encrypted",
        "unreadable",
        "empty_file",
        "unsupported_type",
        "blank",
        "too_large",
        "timeout",
        "memory",
        "mail_empty",
        "archive_empty",
    )
)
NEEDED: dict[Kind, tuple[str, ...]] = {
    "invoice": ("supplier_name", "number", "issued_on", "currency", "total"),
    "credit_note": ("supplier_name", "number", "issued_on", "currency", "total"),
    "receipt": ("supplier_name", "issued_on", "total"),
    "order": ("number", "total"),
}


def route_of(paper: Paper, policy: InvoicePolicy) -> tuple[Route, tuple[Doubt, ...]]:
    """The route and all doubts. Where the route is not straight, a blocking doubt says why."""
    doubts = [*paper.doubts, *_unsure(paper, policy)]
    if any(doubt.code in REJECTING and doubt.severity == "block" for doubt in doubts):
        return "reject", tuple(paper.doubts)
    return ("review" if any(doubt.severity == "block" for doubt in doubts) else "straight"), tuple(doubts)


def _unsure(paper: Paper, policy: InvoicePolicy) -> list[Doubt]:
    """Doubts about the kind and about fields that are missing or not sure enough."""
    doubts = []
    if paper.source and paper.kind_confidence < policy.confidence.kind:
        kind = paper.kind.replace("_", " ")
        doubts.append(Doubt(code="kind_unsure", message=f"This may be something else than: {kind}."))
    for field in NEEDED.get(paper.kind, ()):
        reading, name = paper.fields.get(field), field.replace("_", " ")
        if reading is None:
            doubts.append(Doubt(code="field_missing", field=field, message=f"The {name} was not found."))
        elif reading.confidence < policy.confidence.of(field):
            sure = f"{reading.confidence:.0%}"
            doubts.append(Doubt(code="field_unsure", field=field, message=f"The {name} is only {sure} sure."))
    return doubts
