"""Has this invoice been here before: the same file, the same number, the same amount at about the same time.

The document that came first goes on, the later one waits; that does not depend on which of them is looked at again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from bots.invoices.codes import doubt
from bots.invoices.draft import Draft
from bots.invoices.findings import Findings, doubts
from bots.invoices.wording import day, money
from connectors import Supplier
from workitems.items import Document, Doubt, Noun, Posting
from workitems.rows import Twin

SHA, NUMBER, AMOUNT = "sha256", "number", "amount"


class Earlier(Noun):
    """What is known of documents that may be the same: earlier ones of the ledger, and postings of the ERP."""

    same_file: tuple[str, ...] = ()  # file names of the twins
    same_number: tuple[str, ...] = ()
    same_amount: tuple[str, ...] = ()
    posted: Posting | None = None  # the supplier's invoice of that number
    similar: tuple[Posting, ...] = ()  # of that amount, at about that time


def normal_number(number: str) -> str:
    """An invoice number as it is compared: letters and digits, upper case, without leading zeros of its parts.

    `RE-2026/0017` and `re 2026 17` are the same; `117` and `11-7` are not.
    """
    parts, part = [], ""
    for c in number.upper() + " ":
        if c.isalnum():
            part += c
        elif part:
            parts.append(part.lstrip("0") or "0")
            part = ""
    return "-".join(parts)


def fingerprints(document: Document, draft: Draft | None = None, supplier: Supplier | None = None) -> dict[str, str]:
    """The keys under which a document is remembered, for `Ledger.remember`: its file, its number, its amount."""
    keys = {SHA: document.sha256}
    if draft and supplier and draft.number:
        keys[NUMBER] = f"{supplier.id}:{normal_number(draft.number)}"
    if draft and supplier and draft.total and draft.issued_on:
        keys |= _amount_key(draft, supplier, draft.issued_on)
    return keys


def search_keys(document: Document, draft: Draft | None, supplier: Supplier | None, days: int) -> dict[str, str]:
    """The keys under which twins are looked for: as remembered, the amount for each date within `days`."""
    keys = fingerprints(document, draft, supplier)
    if draft and supplier and draft.total and draft.issued_on:
        for offset in range(-days, days + 1):
            keys |= _amount_key(draft, supplier, draft.issued_on + timedelta(days=offset))
    return keys


def _amount_key(draft: Draft, supplier: Supplier, issued_on: date) -> dict[str, str]:
    return {f"{AMOUNT} {issued_on.isoformat()}": f"{supplier.id}:{draft.total:.2f}:{draft.currency or ''}"}


def came_before(rows: Sequence[Twin], document_id: str) -> Earlier:
    """Who came first: `rows` are all documents under the keys, this one among them, oldest first within a key."""
    found: dict[str, list[str]] = {}
    for kind in (SHA, NUMBER, AMOUNT):
        same = [t for t in rows if _kind(t) == kind]
        mine = [_age(t) for t in same if t.document_id == document_id]
        found[kind] = _names(t for t in same if t.document_id != document_id and (not mine or _age(t) < min(mine)))
    return Earlier(same_file=tuple(found[SHA]), same_number=tuple(found[NUMBER]), same_amount=tuple(found[AMOUNT]))


def _age(twin: Twin) -> tuple[datetime, str]:
    return twin.created_at, twin.document_id


def _kind(twin: Twin) -> str:
    return twin.key.partition(":")[0].partition(" ")[0]


def _names(twins: Iterable[Twin]) -> list[str]:
    return list(dict.fromkeys(f"{t.filename or 'a document'} of {day(t.created_at.date())}" for t in twins))


def check_duplicates(draft: Draft, supplier: Supplier | None, earlier: Earlier, matched: bool) -> Findings:
    """The strongest sign of a duplicate, with its twin.

    `matched`: every line is on an order that has room for it. Then two invoices of one amount are two deliveries, and
    their likeness is only remarked.
    """
    return doubts(
        _in_erp(draft, supplier, earlier) or _same(draft, supplier, earlier) or _alike(draft, earlier, matched)
    )


def _in_erp(draft: Draft, supplier: Supplier | None, earlier: Earlier) -> Doubt | None:
    posted = earlier.posted
    if posted is None or supplier is None:
        return None
    twin = f" It came with {earlier.same_number[0]}." if earlier.same_number else ""
    message = f"The ERP has invoice {draft.number} of {supplier.name} already: {_posting(posted)}.{twin}"
    return doubt("duplicate_in_erp", message, "number")


def _posting(posting: Posting) -> str:
    amount = f", {money(posting.total, posting.currency)}" if posting.total is not None else ""
    return f"{posting.reference or 'a draft'} ({posting.state}{amount})"


def _same(draft: Draft, supplier: Supplier | None, earlier: Earlier) -> Doubt | None:
    if earlier.same_file:
        return doubt("duplicate_file", f"The very same file came before: {earlier.same_file[0]}.")
    if earlier.same_number and supplier:
        message = f"Invoice {draft.number} of {supplier.name} came before: {earlier.same_number[0]}."
        return doubt("duplicate_number", message, "number")
    return None


def _alike(draft: Draft, earlier: Earlier, matched: bool) -> Doubt | None:
    twins = [*earlier.same_amount, *(f"{p.number or ''} in the ERP, {_posting(p)}".strip() for p in earlier.similar)]
    if not twins or draft.total is None:
        return None
    message = f"The supplier's invoice over {money(draft.total, draft.currency)} has a twin: {twins[0]}."
    return doubt("duplicate_amount", message, "total", "warn" if matched else None)
