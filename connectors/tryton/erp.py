"""Tryton's invoice screens, driven through sao: the port ErpSystem.

One browser and one login serve a batch. Every posting begins with a search, so an attempt that died is found again and
finished or discarded, never doubled. Any failure leaves evidence and a screen that is opened anew for the next invoice.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path, PurePosixPath

from pydantic import SecretStr

from connectors.browser import BrowserSession, Recorder
from connectors.tryton.keying import ROUNDING, Keying, same_amounts, total_differs
from connectors.tryton.pages import InvoiceForm, InvoiceShown, InvoiceTab, LoginPage, WarningQuestion
from connectors.tryton.refusals import SessionLost, refusal, review
from connectors.tryton.waits import CLIENT, Client, DialogShown, FormRefused, ScreenChanged, ServerAway, Waited
from workitems.errors import NeedsReview, TryLater
from workitems.items import Invoice, Noun, Posting

ENTERED = {"posted", "paid"}
MARK_DIGITS = 16


class TrytonSite(Noun):
    """Where a Tryton stands and who keys there; `url` without the database's name."""

    url: str
    database: str
    login: str
    password: SecretStr


class TrytonErp:
    """Implements `ErpSystem` on sao's screens."""

    name = "tryton"

    def __init__(
        self, site: TrytonSite, evidence: Path, rounding: Decimal = ROUNDING, recorder: Recorder | None = None
    ) -> None:
        """`evidence`: folder for masked screenshots and traces of failures; `rounding`: see Keying."""
        self._site = site
        self._recorder = recorder or Recorder()
        self._browser = BrowserSession(evidence, CLIENT, self._recorder)
        self._keying = Keying(self._recorder, rounding)
        self._tab: InvoiceTab | None = None
        self._client: Client | None = None

    def find_posting(self, supplier_name: str, number: str) -> Posting | None:
        """Looks on the screens for the supplier's invoice of exactly that number; cancelled ones do not count."""
        with self._guarded("find"):
            found = [shown for _, shown in self._standing(supplier_name, number)]
            best = max(found, key=lambda shown: (shown.state in ENTERED, shown.number), default=None)
            return self._posting(best, self._keying.currency_code(best.currency)) if best else None

    def post_invoice(self, invoice: Invoice, scan: Path) -> Posting:
        """Keys the invoice, or finishes what an earlier attempt began, and posts it. See the port."""
        item = invoice.document.sha256[:MARK_DIGITS]
        try:
            with self._guarded(item):
                return self._post(invoice, scan)
        except SessionLost:
            pass
        try:
            with self._guarded(item):  # once more, from the search on, with a new login
                return self._post(invoice, scan)
        except SessionLost:
            raise TryLater("erp_session", "The ERP ended the session twice.") from None

    def close(self) -> None:
        """Ends the session."""
        self._tab = self._client = None
        self._browser.close()

    def _post(self, invoice: Invoice, scan: Path) -> Posting:
        step = self._recorder.step
        mark = f"Deskhand {invoice.document.sha256[:MARK_DIGITS]}"
        with step("search"):
            form = self._earlier(invoice, mark)
        if form is None:
            with step("new"):
                form = self._open().new()
            self._keying.key(form, invoice, mark)
        if form.shown().state == "draft":
            with step("validate"):
                self._validate(form, invoice)
        if form.shown().state not in ENTERED:
            with step("attach"):
                _attach(form, invoice, scan)
            with step("post"):
                form = self._enter(form, invoice, mark)
        with step("read back"):
            shown = form.shown()
        if shown.state not in ENTERED:
            raise review("erp_not_posted", f"The ERP leaves the invoice in state {shown.state!r}.")
        return self._posting(shown, invoice.currency)

    def _validate(self, form: InvoiceForm, invoice: Invoice) -> None:
        try:
            form.validate()
        except (DialogShown, FormRefused) as shown:
            failure = refusal(shown)
            if isinstance(failure, NeedsReview):
                self._forget(invoice.document.sha256[:MARK_DIGITS], str(shown))
                self._decline(shown)
                self._discard(invoice)
            raise failure from None
        if not same_amounts(form.shown(), invoice):
            raise total_differs(form.shown(), invoice)

    def _enter(self, form: InvoiceForm, invoice: Invoice, mark: str) -> InvoiceForm:
        """Posts. Where the ERP refuses because it is posted by now, that is found out: a dead bot's browser may have
        gone on for a moment.
        """
        try:
            form.post()
        except (DialogShown, FormRefused) as shown:
            failure = refusal(shown)
            if isinstance(failure, NeedsReview):
                self._forget(invoice.document.sha256[:MARK_DIGITS], str(shown))
                for other, now in self._standing(invoice.supplier_name, invoice.number):
                    if now.state in ENTERED and mark in now.description and same_amounts(now, invoice):
                        return other
            raise failure from None
        return form

    def _decline(self, shown: DialogShown | FormRefused) -> None:
        if isinstance(shown, DialogShown) and shown.dialog.kind == "user-warning-dialog" and self._client:
            WarningQuestion(self._client).decline()

    def _discard(self, invoice: Invoice) -> None:
        """Deletes the draft that was just refused; where that fails, the next attempt finds it."""
        mark = f"Deskhand {invoice.document.sha256[:MARK_DIGITS]}"
        with contextlib.suppress(DialogShown, FormRefused, ServerAway, ScreenChanged):
            for form, shown in self._standing(invoice.supplier_name, invoice.number):
                if shown.state == "draft" and mark in shown.description:
                    form.delete()
                    return

    def _earlier(self, invoice: Invoice, mark: str) -> InvoiceForm | None:
        """The form of what an earlier attempt left behind, ready to be finished; None where there is nothing."""
        for form, shown in self._standing(invoice.supplier_name, invoice.number):
            if mark not in shown.description:
                what = f"{shown.number or 'without a number'} in state {shown.state!r}"
                message = f"The ERP has {invoice.supplier_name}'s invoice {invoice.number} already: {what}."
                raise review("duplicate_in_erp", message, "number")
            if same_amounts(shown, invoice):
                return form
            if shown.state != "draft":
                raise total_differs(shown, invoice)
            form.delete()
            return self._earlier(invoice, mark)
        return None

    def _standing(self, supplier_name: str, number: str) -> Iterator[tuple[InvoiceForm, InvoiceShown]]:
        """The supplier's invoices of exactly that number, each open on the screen; cancelled ones do not count."""
        tab = self._open()
        for index in range(tab.search(number, supplier_name)):
            if index and tab.search(number, supplier_name) <= index:
                return
            form = tab.show(index)
            shown = form.shown()
            if shown.reference == number and shown.state != "cancelled":
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

    def _open(self) -> InvoiceTab:
        """The invoice list, after a login where one is needed."""
        if self._tab is not None and self._browser.alive:
            return self._tab
        with self._recorder.step("login"):
            client = self._client = self._login()
            tab = InvoiceTab(client, self._site.database)
            tab.open()
        self._tab = tab
        return tab

    def _login(self) -> Client:
        from playwright.sync_api import Error

        client = Client(self._browser.fresh_page(), self._note)
        try:
            client.page.goto(f"{self._site.url.rstrip('/')}/#{self._site.database}")
        except Error as failure:
            raise ServerAway("the ERP's address does not answer") from failure
        client.settle(expect="login-dialog")
        secret = self._site.password.get_secret_value()
        try:
            LoginPage(client).enter(self._site.database, self._site.login, secret)
        except DialogShown as shown:
            raise TryLater("erp_login", f"The ERP refuses the login ({shown.dialog.kind}).") from None
        return client

    def _note(self, waited: Waited) -> None:
        calls = [[c.method, round(c.seconds, 4), c.status, c.blocking] for c in waited.calls]
        self._recorder.add("action", seconds=round(waited.seconds, 4), calls=calls)

    @contextlib.contextmanager
    def _guarded(self, item: str) -> Iterator[None]:
        """Turns what goes wrong into the two intended failures, keeps evidence, and forgets the screen."""
        from playwright.sync_api import Error

        self._recorder.failed = None
        try:
            yield
        except (NeedsReview, TryLater) as failure:
            self._forget(item, type(failure).__name__)
            raise
        except (DialogShown, FormRefused) as shown:
            self._forget(item, str(shown))
            raise refusal(shown) from None
        except ServerAway as away:
            self._forget(item, "ServerAway")
            raise TryLater("erp_away", f"{away}".capitalize() + ".") from None
        except Error as lost:
            alive = self._browser.alive
            self._forget(item, type(lost).__name__)
            if alive:
                raise ScreenChanged(f"no answer from the screen in step {self._recorder.failed!r}") from lost
            self._browser.close()
            raise TryLater("browser_ended", "The browser ended.") from None
        except ScreenChanged:
            self._forget(item, "ScreenChanged")
            raise

    def _forget(self, item: str, failure: str) -> None:
        if self._tab is not None or failure not in ("NeedsReview", "TryLater"):  # else it was kept already
            self._browser.keep_evidence(item, failure)
        self._tab = None


def _attach(form: InvoiceForm, invoice: Invoice, scan: Path) -> None:
    """Attaches the document, unless an earlier attempt did."""
    name = PurePosixPath(invoice.document.filename.replace("\\", "/")).name or scan.name
    menu = form.attachments()
    if name not in menu.names():
        menu.add({"name": name, "mimeType": invoice.document.media_type, "buffer": scan.read_bytes()})
