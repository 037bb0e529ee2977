"""Keys invoices into the ERP: checked once more against what the records say now, posted once, read back.

The effect is exactly once though an item may come twice: an intent row, a look whether the ERP has it, the posting,
a done row. All under a lock for the ERP, so that two bots never spend the same open quantity.
"""

from __future__ import annotations

import logging
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from bots.invoices.assemble import Source, paper_of
from bots.invoices.checks import Verdict
from bots.invoices.codes import doubt
from bots.invoices.decisions import decision, input_hash
from bots.invoices.draft import draft_from
from bots.invoices.duplicates import normal_number
from bots.invoices.findings import Findings, accepted, doubts
from bots.invoices.identity import without_our_marks
from bots.invoices.look_up import Memory, Office, document_id, look_up
from bots.invoices.reversals import Place, place_of
from bots.invoices.wording import money
from bots.reading.route import judge
from connectors import ErpSystem
from workitems.errors import NeedsReview
from workitems.items import Doubt, Invoice, Posting, Route
from workitems.rows import Effect
from workitems.work import Outcome, Work

log = logging.getLogger(__name__)

STEP = "post_invoices"
LOCK_SECONDS = 600.0
"""How long a bot may hold the ERP's lock; a bot that died holds it no longer than that."""
_UNFINISHED = ("draft", "validated")


class Effects(Memory, Protocol):
    """What posting needs of the ledger."""

    def effect(self, key: str) -> Effect | None:
        """What was begun under a key."""
        ...

    def begin_effect(self, key: str, item_id: str, intent: dict[str, Any]) -> Effect:
        """Writes down what is about to be done."""
        ...

    def finish_effect(self, key: str, result: dict[str, Any]) -> None:
        """Writes down what came of it."""
        ...

    def lock(self, name: str, owner_seconds: float) -> AbstractContextManager[None]:
        """Holds a named lock. Raises TryLater when somebody else has it."""
        ...


@dataclass(frozen=True)
class Desk:
    """The office with the ERP's screens and the ledger of effects."""

    office: Office
    erp: ErpSystem
    effects: Effects


def handle(work: Work, desk: Desk) -> Outcome:
    """One invoice: posted, or to a person. Raises TryLater when the ERP is away or another bot is busy with it."""
    item = Invoice.model_validate(work.payload)
    item = item.model_copy(update={"paper": item.paper or paper_of(item)})
    with desk.effects.lock(f"erp:{desk.erp.name}", LOCK_SECONDS):
        return _handle(work, item, desk)


def _handle(work: Work, item: Invoice, desk: Desk) -> Outcome:
    source = Source(document=item.document, paper=item.paper or paper_of(item), answers=item.answers)
    draft = without_our_marks(draft_from(source.paper, source.answers), desk.office.house.company)
    facts = look_up(work.id, item.document, draft, desk.office)
    supplier = facts.identity.supplier
    place = Place("")
    if supplier and draft.number:
        place = place_of(effect_key(desk.erp.name, supplier.id, draft.number), desk.erp.name, desk.effects)
    begun = desk.effects.effect(place.key) if place.key else None
    if begun and _document(begun) == document_id(item.document, work.id):
        before = _before(begun, item, facts.earlier.posted)
        if isinstance(before, Doubt):
            return _review(item, Findings(doubts=(before, *item.doubts)), None)
        if isinstance(before, Posting):
            return _posted(item, before)
        if isinstance(before, Invoice):
            return _post(work, before, place, desk, None)
    _, verdict = judge(source, draft, facts, desk.office.house, shown=item.doubts)
    asked = accepted(doubts(place.reversed), source.answers, item.doubts)
    verdict = verdict.model_copy(update={"findings": asked + verdict.findings})
    if verdict.invoice is None or asked.blocking:
        return _review(item, verdict.findings, verdict)
    invoice = verdict.invoice.model_copy(update={"doubts": verdict.findings.doubts})
    return _post(work, invoice, place, desk, verdict)


def effect_key(system: str, supplier_id: str, number: str) -> str:
    """What names the posting of one invoice, however its number is spelt."""
    return f"post:{system}:{supplier_id}:{normal_number(number)}"


def _document(effect: Effect) -> str:
    told = effect.result if effect.state == "done" and effect.result else effect.intent
    return str(told.get("document", ""))


def _before(begun: Effect, item: Invoice, posted: Posting | None) -> Posting | Invoice | Doubt | None:
    """What an earlier attempt at this very document left: a posting, an invoice to go on with; None: begin anew.

    Its own draft in the ERP already counts as invoiced there, so an attempt that broke off is not checked once more:
    it goes on with what was checked then. Where a person has changed something since, the draft has to go first.
    """
    if begun.state == "done" and begun.result:
        return posted or Posting.model_validate(begun.result["posting"])
    if posted is None:
        return None
    if posted.state in _UNFINISHED and begun.intent.get("input") != input_hash(item):
        message = (
            f"An earlier attempt left {posted.reference} in the ERP, and the values were changed since. "
            "Delete it there, then retry."
        )
        return doubt("draft_left", message, "number")
    then = Invoice.model_validate(begun.intent["invoice"])
    return then.model_copy(update={"paper": item.paper, "answers": item.answers, "readings": item.readings})


def _post(work: Work, invoice: Invoice, place: Place, desk: Desk, verdict: Verdict | None) -> Outcome:
    """Intent, look, posting, done."""
    own, key = document_id(invoice.document, work.id), place.key
    kept = invoice.model_dump(mode="json", exclude={"paper", "readings", "answers"})
    begun = desk.effects.begin_effect(key, work.id, {"document": own, "input": input_hash(invoice), "invoice": kept})
    try:
        found = None if begun.fresh else desk.erp.find_posting(invoice.supplier_name, invoice.number)
        if found is None or found.state in _UNFINISHED:
            scan = work.path(invoice.document.filename)
            found = desk.erp.post_invoice(invoice, scan, again=place.reversed is not None)
    except NeedsReview as refused:
        # What a person has accepted stays on the item: it was shown to them.
        return _review(invoice, Findings(doubts=refused.doubts + invoice.doubts), verdict)
    desk.effects.finish_effect(key, {"document": own, "posting": found.model_dump(mode="json")})
    log.info("item %s posted as %s", work.id, found.reference)
    return _posted(invoice, found, verdict)


def _posted(invoice: Invoice, posting: Posting, verdict: Verdict | None = None) -> Outcome:
    """The posting on the item; where the ERP shows other amounts than were to be posted a person compares."""
    differs = doubts(_differs(invoice, posting))
    done = invoice.model_copy(update={"posting": posting})
    warned = Findings(doubts=tuple(d for d in invoice.doubts if d.severity == "warn"))
    if differs.doubts:
        return _review(done, differs + warned, verdict)
    rules = verdict.findings.rules if verdict else ()
    return _outcome(done, "straight", warned.model_copy(update={"rules": rules}), verdict)


def _differs(invoice: Invoice, posting: Posting) -> Doubt | None:
    same_total = posting.total is None or posting.total == invoice.total
    same_currency = posting.currency is None or posting.currency == invoice.currency
    if same_total and same_currency:
        return None
    shown = money(posting.total, posting.currency) if posting.total is not None else posting.currency
    message = (
        f"The ERP posted {posting.reference} with {shown}; the invoice says {money(invoice.total, invoice.currency)}."
    )
    return doubt("posting_differs", message, "total")


def _review(item: Invoice, findings: Findings, verdict: Verdict | None) -> Outcome:
    return _outcome(item, "review", findings, verdict)


def _outcome(item: Invoice, route: Route, findings: Findings, verdict: Verdict | None) -> Outcome:
    done = item.model_copy(update={"doubts": findings.doubts, "route": route})
    row = decision(STEP, done, done.paper or paper_of(done), findings, verdict=verdict)
    return Outcome(item=done, decision=row)
