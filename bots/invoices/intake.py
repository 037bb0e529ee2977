"""The invoice desk's part in reading: an invoice that was read is checked, and handed on where it is sure."""

from __future__ import annotations

from bots.invoices.assemble import Source
from bots.invoices.checks import Verdict
from bots.invoices.decisions import decision
from bots.invoices.draft import draft_from, overlaid
from bots.invoices.findings import Findings
from bots.invoices.identity import without_our_marks
from bots.invoices.look_up import Office, look_up
from bots.reading.route import INVOICES, judge
from workitems.items import DocumentItem, Kind, Paper, Route
from workitems.work import Outcome, Output, Work

STEP = "read_documents"


class InvoiceDesk:
    """Takes invoices and credit notes."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def takes(self, item: DocumentItem, kind: Kind) -> bool:
        """Whether it is an invoice or a credit note."""
        return kind in INVOICES

    def handle(self, work: Work, item: DocumentItem) -> Outcome:
        """To the posting step where everything is sure, else to a person. Raises TryLater when the records are away."""
        paper = item.paper or NOTHING_READ
        draft = without_our_marks(draft_from(paper, item.answers), self._office.house.company)
        source = Source(document=item.document, paper=paper, answers=item.answers)
        facts = look_up(work.id, item.document, draft, self._office)
        route, verdict = judge(source, draft, facts, self._office.house, shown=item.doubts)
        outcome = end(item, route, verdict.findings, verdict)
        if route != "straight" or verdict.invoice is None:
            return outcome
        invoice = verdict.invoice.model_copy(update={"doubts": verdict.findings.doubts, "route": "straight"})
        return outcome.model_copy(update={"outputs": (Output(item=invoice, files=(item.document.filename,)),)})


NOTHING_READ = Paper(kind="other", kind_confidence=0.0)


def end(item: DocumentItem, route: Route, findings: Findings, verdict: Verdict | None = None) -> Outcome:
    """The outcome with its audit row. The readings on the item are those that counted."""
    found = overlaid(item.paper.fields, item.answers) if item.paper else {}
    readings = {name: r.model_copy(update={"why": None}) for name, r in found.items()}  # the paper says why
    done = item.model_copy(update={"doubts": findings.doubts, "route": route, "readings": readings})
    row = decision(STEP, done, done.paper or NOTHING_READ, findings, verdict=verdict)
    return Outcome(item=done, decision=row)
