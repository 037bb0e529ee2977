"""Posted invoices as rows for training: what is known to be right of each."""

from __future__ import annotations

from bots.invoices.draft import overlaid
from bots.training.lessons import kind_said, typed
from extractors.learning import Row
from workitems.items import Invoice

UNCHALLENGED = 0.3
"""Weight of a document that was posted without anybody having looked: most are right."""
PROVED = ("number", "issued_on", "due_on", "currency", "net", "tax", "total", "iban", "vat_id", "order_number")
"""Fields that a posted invoice shows to be right; others (names, addresses) only a person can have confirmed."""


def row_of(invoice: Invoice) -> Row | None:
    """The row of an invoice that was posted; None for one that teaches readers nothing (e-invoices)."""
    if invoice.posting is None or invoice.paper is None or invoice.paper.source in (None, "xml"):
        return None
    if any(reading.reader == "payload" for reading in invoice.paper.fields.values()):
        return None  # a script's item: nobody read it
    looked = bool(invoice.answers)
    truth = typed(overlaid(invoice.paper.fields, invoice.answers))
    removed = {a.field for a in invoice.answers if not a.value.strip()} - set(truth)
    if not looked:
        truth = {field: value for field, value in truth.items() if field in PROVED}
    kind = kind_said(invoice.paper, invoice.answers)
    return Row(
        item=invoice.document.id,
        at=max((a.at for a in invoice.answers), default=invoice.posting.posted_at),
        group=invoice.supplier_id,
        kind=kind,
        truth={**truth, **dict.fromkeys(removed & set(PROVED), ""), "kind": kind},
        weight=1.0 if looked else UNCHALLENGED,
        language=invoice.paper.language,
        sha256=invoice.document.sha256,
    )
