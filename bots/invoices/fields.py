"""Fields that must be there, and fields that must be sure: by their confidence, or because a rule vouches for them."""

from __future__ import annotations

import math
import re
from collections.abc import Collection

from bots.invoices.codes import doubt
from bots.invoices.draft import Draft
from bots.invoices.findings import ENTERED, Findings, doubts, vouch
from bots.invoices.policy import InvoicePolicy, SupplierPolicy
from bots.invoices.values import one_line
from bots.invoices.wording import listed, money
from connectors import Supplier
from workitems.items import Document, Doubt

LABELS = {
    "number": "invoice number",
    "issued_on": "date of issue",
    "due_on": "due date",
    "currency": "currency",
    "net": "net amount",
    "tax": "tax",
    "total": "total",
    "supplier_name": "supplier's name",
    "buyer_name": "buyer's name",
    "order_number": "order number",
    "period_from": "beginning of the period",
    "period_to": "end of the period",
}
_CURRENCIES = {"GB": "GBP", "CH": "CHF", "LI": "CHF", "SE": "SEK", "DK": "DKK", "NO": "NOK", "PL": "PLN", "CZ": "CZK"}
_EUROS = "AT BE CY DE EE EL ES FI FR GR HR IE IT LT LU LV MT NL PT SI SK XI"
_EURO = frozenset(_EUROS.split())
_INVOICE = re.compile(r"rechnung|invoice|facture|fattura|factuur|factura", re.IGNORECASE)
_CREDIT = re.compile(r"gutschrift|credit|avoir|nota di credito|creditnota|korrektur|storno", re.IGNORECASE)
_NO_INVOICE = re.compile(
    r"mahn|erinnerung|reminder|overdue|relance|rappel|sollecito|angebot|quot|offer|offre|devis|best[äa]e?tigung"
    r"|confirm|lieferschein|delivery|livraison|pro-?\s?forma|statement|auszug|relev[ée]|contract|vertrag",
    re.IGNORECASE,
)


def label(field: str) -> str:
    """A field's name in a sentence."""
    return LABELS.get(field, field.replace("_", " "))


def check_missing(draft: Draft, tax_free: bool = False) -> Findings:
    """What nobody can post without: number, date, currency, total, and the tax.

    `tax_free`: no tax is expected (a supplier abroad), so that none need be stated.
    """
    found = [_missing(f) for f in ENTERED if getattr(draft, f) is None and f"invalid_{f}" not in _codes(draft)]
    untold = draft.tax is None or ("tax" in draft.derived and draft.tax == 0)
    if draft.total is not None and untold and not tax_free:
        message = "The paper states no tax. Enter it; 0 where the invoice is without tax."
        found.append(doubt("missing_tax", message, "tax"))
    return doubts(*found)


def _missing(field: str) -> Doubt:
    return doubt(f"missing_{field}", f"The {label(field)} was not found.", field)


def _codes(draft: Draft) -> set[str]:
    return {d.code for d in draft.doubts}


def check_unsure(draft: Draft, fields: Collection[str], confirmed: Collection[str], policy: InvoicePolicy) -> Findings:
    """Fields below their threshold that no rule confirmed; "lines" stands for all lines."""
    found = []
    for field in fields:
        reading = draft.readings.get(field)
        if reading is None or field in confirmed or reading.confidence >= policy.threshold(field, draft.kind):
            continue
        value = one_line(reading.value)
        message = f"The {label(field)}, “{value}”, was read with {_percent(reading.confidence)} certainty only."
        found.append(doubt(f"unsure_{field}", message, field))
    if "lines" in fields and "lines" not in confirmed and not draft.lines_by_person:
        least = policy.threshold("lines", draft.kind)
        unsure = [i + 1 for i, line in enumerate(draft.lines) if line.confidence < least]
        if unsure:
            names = f"Line {unsure[0]} was" if len(unsure) == 1 else f"Lines {listed([str(n) for n in unsure])} were"
            found.append(doubt("unsure_lines", f"{names} not read surely, and no sum confirms them.", "lines"))
    return doubts(*found)


def _percent(confidence: float) -> str:
    return f"{math.floor(confidence * 100)} %"


def number_in_name(draft: Draft, document: Document) -> Findings:
    """A file name or a subject that repeats the invoice number confirms it."""
    number = "".join(c for c in (draft.number or "").casefold() if c.isalnum())
    told = "".join(c for c in f"{document.filename} {document.mail.subject or ''}".casefold() if c.isalnum())
    if len(number) >= 5 and any(c.isdigit() for c in number) and number in told:
        return Findings(confirmed=frozenset({"number"}), rules=("number_in_file_name",))
    return Findings()


def kind_in_name(draft: Draft, document: Document) -> Findings:
    """A file that its sender named an invoice or a credit note is one, if it looks like one at all."""
    name, told = document.filename, f"{document.filename} {document.mail.subject or ''}"
    if _NO_INVOICE.search(told):
        return Findings()
    credit = bool(_CREDIT.search(told))
    named = bool(_CREDIT.search(name)) if draft.kind == "credit_note" else bool(_INVOICE.search(name)) and not credit
    fits = draft.kind in ("invoice", "credit_note") and named
    return vouch("kind_in_file_name", "kind") if fits else Findings()


def check_amounts(draft: Draft, own: SupplierPolicy, policy: InvoicePolicy) -> Findings:
    """The total's sign, and amounts that nobody posts unseen."""
    total, found = draft.total, []
    if total is None:
        return Findings()
    shown = money(total, draft.currency)
    if total == 0:
        found.append(doubt("zero_total", "The total is zero.", "total"))
    if total < 0 and not draft.is_credit_note:
        found.append(doubt("negative_total", f"The total is {shown}, but the paper is no credit note.", "kind"))
    limit = own.review_above if own.review_above is not None else policy.review_above
    if limit is not None and abs(total) > limit:
        message = f"The total is {shown}; above {money(limit, draft.currency)} a person approves."
        found.append(doubt("large_amount", message, "total"))
    return doubts(*found)


def check_currency(draft: Draft, supplier: Supplier | None, policy: InvoicePolicy) -> Findings:
    """A currency that the company posts; that of the supplier's country is right, however badly it was read."""
    if draft.currency is None:
        return Findings()
    if draft.currency in policy.currencies:
        marks = [supplier.vat_id or "", *supplier.ibans] if supplier else []
        countries = {mark[:2].upper() for mark in marks}
        home = {_CURRENCIES.get(c, "EUR" if c in _EURO else "") for c in countries}
        return vouch("currency_of_the_country", "currency") if home == {draft.currency} else Findings()
    message = f"Invoices in {draft.currency} are not posted; the settings allow {listed(list(policy.currencies))}."
    return doubts(doubt("currency_not_supported", message, "currency"))
