"""Takes a posted invoice back on Tryton's screens: its button "Cancel", which books a move that undoes the invoice's.

It begins with a search: an invoice that an earlier attempt has cancelled is found so, and nothing is done twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from connectors.tryton.pages import InvoiceForm, InvoiceShown
from connectors.tryton.refusals import refusal, review
from connectors.tryton.session import Session
from connectors.tryton.waits import DialogShown, FormRefused
from workitems.errors import NeedsReview
from workitems.items import PostedEntry

Entries = Callable[[str, str], Iterator[tuple[InvoiceForm, InvoiceShown]]]
CANCELLED = "cancelled"


def reverse(entry: PostedEntry, session: Session, entries: Entries) -> InvoiceShown:
    """The invoice as it stands cancelled. Raises NeedsReview where it cannot be; dialogs that say nothing about it too.

    `entries` opens the supplier's invoices of a number, in whatever state.
    """
    step = session.recorder.step
    with step("search"):
        found = _of_reference(entry, entries)
    if found is None:
        raise review("reversal_not_found", f"The ERP has no entry {entry.reference} of that supplier and number.")
    form, shown = found
    if shown.state == CANCELLED:
        return shown
    _may_be_reversed(entry, shown)
    with step("cancel"):
        try:
            form.cancel()
        except (DialogShown, FormRefused) as refused:
            return _after_refusal(refused, entry, session, entries)
    shown = form.shown()
    if shown.state != CANCELLED:
        raise review("reversal_refused", f"The ERP leaves {entry.reference} in state {shown.state!r}.")
    return shown


def _of_reference(entry: PostedEntry, entries: Entries) -> tuple[InvoiceForm, InvoiceShown] | None:
    for form, shown in entries(entry.supplier or "", entry.number or ""):
        if shown.number == entry.reference:
            return form, shown
    return None


def _may_be_reversed(entry: PostedEntry, shown: InvoiceShown) -> None:
    """Raises NeedsReview with what a person has to do first."""
    if shown.state == "paid":
        message = f"{entry.reference} is paid. Take the payment back in the ERP, then retry; or ask for a credit note."
        raise review("reversal_paid", message)
    if shown.state != "posted":
        raise review("reversal_not_posted", f"{entry.reference} is in state {shown.state!r}: there is nothing to undo.")
    if entry.total is not None and shown.total != entry.total:
        message = f"{entry.reference} stands in the ERP with {shown.total}; it was posted with {entry.total}."
        raise review("reversal_differs", message, "total")


def _after_refusal(
    refused: DialogShown | FormRefused, entry: PostedEntry, session: Session, entries: Entries
) -> InvoiceShown:
    """A dead bot's browser may have cancelled it a moment ago, and then the ERP refuses to do it twice."""
    failure = refusal(refused)
    if not isinstance(failure, NeedsReview):
        raise failure from None
    session.forget("reversal", failure)
    session.decline(refused)
    found = _of_reference(entry, entries)
    if found is not None and found[1].state == CANCELLED:
        return found[1]
    said = failure.doubts[0].message
    raise review("reversal_refused", f"{entry.reference} cannot be taken back by itself. {said}") from None
