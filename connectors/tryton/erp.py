"""Tryton's invoice screens, driven through sao: the port ErpSystem.

Every posting begins with a search, so an attempt that died is found again and finished or discarded, never doubled:
its mark, the document's hash, stands in the invoice's description.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path, PurePosixPath

from connectors.evidence import Recorder
from connectors.tryton.keying import ROUNDING, Keying, same_amounts, total_differs
from connectors.tryton.pages import InvoiceForm, InvoiceShown
from connectors.tryton.refusals import SessionLost, is_similar, refusal, review
from connectors.tryton.reversing import reverse
from connectors.tryton.session import Session, TrytonSite
from connectors.tryton.waits import DialogShown, FormRefused, ScreenChanged, ServerAway
from workitems.errors import NeedsReview
from workitems.items import Invoice, PostedEntry, Posting

__all__ = ["TrytonErp", "TrytonSite"]

ENTERED = {"posted", "paid"}
MARK_DIGITS = 16  # of the document's sha256


class TrytonErp:
    """Implements `ErpSystem` on sao's screens."""

    name = "tryton"

    def __init__(
        self, site: TrytonSite, evidence: Path, rounding: Decimal = ROUNDING, recorder: Recorder | None = None
    ) -> None:
        """`evidence`: folder for masked screenshots and traces of failures; `rounding`: see Keying."""
        self.recorder = recorder or Recorder()
        self.session = Session(site, evidence, self.recorder)
        self._keying = Keying(self.recorder, rounding)

    def find_posting(self, supplier_name: str, number: str) -> Posting | None:
        """Looks on the screens for the supplier's invoice of exactly that number; cancelled ones do not count."""
        try:
            return self._find(supplier_name, number)
        except SessionLost:
            return self._find(supplier_name, number)

    def post_invoice(self, invoice: Invoice, scan: Path, again: bool = False) -> Posting:
        """Keys the invoice, or finishes what an earlier attempt began, and posts it. See the port."""
        return self.session.attempt(invoice.document.sha256[:MARK_DIGITS], lambda: self._post(invoice, scan, again))

    def reverse(self, entry: PostedEntry) -> Posting:
        """Cancels a posted invoice, or finds that an earlier attempt did. See the port."""
        shown = self.session.attempt("reversal", lambda: reverse(entry, self.session, self._entries))
        return self._posting(shown, entry.currency).model_copy(update={"evidence": shown.cancel_move or None})

    def close(self) -> None:
        """Ends the session."""
        self.session.close()

    def _find(self, supplier_name: str, number: str) -> Posting | None:
        with self.session.guarded("find"):
            found = [shown for _, shown in self._standing(supplier_name, number)]
        best = max(found, key=lambda shown: (shown.state in ENTERED, shown.number), default=None)
        return self._posting(best, self._keying.currency_code(best.currency)) if best else None

    def _post(self, invoice: Invoice, scan: Path, again: bool) -> Posting:
        step = self.recorder.step
        with step("search"):
            form = self._earlier(invoice)
        if form is None:
            with step("new"):
                form = self.session.tab().new()
            self._keying.key(form, invoice, mark_of(invoice))
        if form.shown().state == "draft":
            with step("validate"):
                form = self._validate(form, invoice, again)
        if form.shown().state not in ENTERED:
            with step("attach"):
                _attach(form, invoice, scan)
            with step("post"):
                form = self._enter(form, invoice)
        with step("read back"):
            shown = form.shown()
        if shown.state not in ENTERED:
            raise review("erp_not_posted", f"The ERP leaves the invoice in state {shown.state!r}.")
        return self._posting(shown, invoice.currency)

    def _validate(self, form: InvoiceForm, invoice: Invoice, again: bool) -> InvoiceForm:
        """Saves and validates. What the ERP refuses is taken out of it again."""
        try:
            form.validate()
        except (DialogShown, FormRefused) as shown:
            found = self._after_refusal(shown, invoice, {"validated", *ENTERED})
            if found is None and again and is_similar(shown):
                found = self._anew(invoice)
            if found is None:
                self._discard(invoice)
                raise refusal(shown) from None
            form = found
        if not same_amounts(form.shown(), invoice):
            raise total_differs(form.shown(), invoice)
        return form

    def _anew(self, invoice: Invoice) -> InvoiceForm | None:
        """Our draft, validated though the ERP warns of a similar invoice: all but ours are cancelled. Else None."""
        standing = self._standing(invoice.supplier_name, invoice.number)
        found = [now.state == "draft" and mark_of(invoice) in now.description for _, now in standing]
        if found != [True]:
            return None
        form = next(form for form, _ in self._standing(invoice.supplier_name, invoice.number))
        try:
            form.validate()
        except DialogShown as shown:
            if not is_similar(shown):
                raise
            self.session.accept()
        return form

    def _enter(self, form: InvoiceForm, invoice: Invoice) -> InvoiceForm:
        """Posts."""
        try:
            form.post()
        except (DialogShown, FormRefused) as shown:
            found = self._after_refusal(shown, invoice, ENTERED)
            if found is None:
                raise refusal(shown) from None
            return found
        return form

    def _after_refusal(
        self, shown: DialogShown | FormRefused, invoice: Invoice, states: set[str]
    ) -> InvoiceForm | None:
        """Our invoice where it has reached one of these states all the same: a dead bot's browser may go on for a
        moment, and then the ERP refuses to do a thing twice. Raises what is no refusal of the invoice.
        """
        failure = refusal(shown)
        if not isinstance(failure, NeedsReview):
            raise failure from None
        self.session.forget(invoice.document.sha256[:MARK_DIGITS], failure)
        self.session.decline(shown)
        for form, now in self._standing(invoice.supplier_name, invoice.number):
            if now.state in states and mark_of(invoice) in now.description and same_amounts(now, invoice):
                return form
        return None

    def _discard(self, invoice: Invoice) -> None:
        """Deletes the draft that was just refused; where that fails, the next attempt finds it."""
        with contextlib.suppress(DialogShown, FormRefused, ServerAway, ScreenChanged):
            for form, shown in self._standing(invoice.supplier_name, invoice.number):
                if shown.state == "draft" and mark_of(invoice) in shown.description:
                    form.delete()
                    return

    def _earlier(self, invoice: Invoice) -> InvoiceForm | None:
        """The form of what an earlier attempt left behind, ready to be finished; None where there is nothing."""
        for form, shown in self._standing(invoice.supplier_name, invoice.number):
            if mark_of(invoice) not in shown.description:
                what = f"{shown.number or 'without a number'} in state {shown.state!r}"
                message = f"The ERP has {invoice.supplier_name}'s invoice {invoice.number} already: {what}."
                raise review("duplicate_in_erp", message, "number")
            if same_amounts(shown, invoice):
                return form
            if shown.state != "draft":
                raise total_differs(shown, invoice)
            form.delete()
            return self._earlier(invoice)
        return None

    def _standing(self, supplier_name: str, number: str) -> Iterator[tuple[InvoiceForm, InvoiceShown]]:
        """The supplier's invoices of exactly that number, each open on the screen; cancelled ones do not count."""
        return (found for found in self._entries(supplier_name, number) if found[1].state != "cancelled")

    def _entries(self, supplier_name: str, number: str) -> Iterator[tuple[InvoiceForm, InvoiceShown]]:
        """The supplier's invoices of exactly that number, in whatever state, each open on the screen."""
        tab = self.session.tab()
        for index in range(tab.search(number, supplier_name)):
            if index and tab.search(number, supplier_name) <= index:
                return
            form = tab.show(index)
            shown = form.shown()
            if shown.reference == number:
                yield form, shown

    def _posting(self, shown: InvoiceShown, currency: str | None) -> Posting:
        return Posting(
            system=self.name,
            reference=shown.number,
            state=shown.state,
            posted_at=datetime.now(UTC),
            supplier=shown.party,
            number=shown.reference,
            total=shown.total,
            currency=currency,
        )


def mark_of(invoice: Invoice) -> str:
    """What tells our attempts at this very document from other people's entries."""
    return f"Deskhand {invoice.document.sha256[:MARK_DIGITS]}"


def _attach(form: InvoiceForm, invoice: Invoice, scan: Path) -> None:
    """Attaches the document, unless an earlier attempt did."""
    name = PurePosixPath(invoice.document.filename.replace("\\", "/")).name or scan.name
    menu = form.attachments()
    if name not in menu.names():
        menu.add({"name": name, "mimeType": invoice.document.media_type, "buffer": scan.read_bytes()})
