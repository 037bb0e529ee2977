"""Where a document goes: by itself (`judge_alone`), or with what the company's records say (`judge`)."""

from __future__ import annotations

from collections.abc import Sequence

from bots.desks import JudgeAlone
from bots.invoices.arithmetic import check_arithmetic
from bots.invoices.assemble import Source
from bots.invoices.bank import iban_fault, spaced
from bots.invoices.checks import CHECKED, Verdict, check_invoice
from bots.invoices.codes import doubt
from bots.invoices.draft import Draft, draft_from
from bots.invoices.facts import Facts, House
from bots.invoices.fields import check_unsure, label
from bots.invoices.findings import NOTHING, Findings, doubts, remarks, settled, together
from bots.invoices.identity import check_vat_id
from bots.invoices.policy import InvoicePolicy, SupplierPolicy
from bots.invoices.terms import check_dates_together
from workitems.items import Doubt, Kind, Paper, Route

INVOICES: frozenset[Kind] = frozenset({"invoice", "credit_note"})
"""What the invoice desk takes."""
ALONE: dict[Kind, tuple[str, ...]] = {
    "invoice": ("supplier_name", "number", "issued_on", "currency", "total"),
    "credit_note": ("supplier_name", "number", "issued_on", "currency", "total"),
    "receipt": ("supplier_name", "issued_on", "total"),
    "order": ("number",),
}
"""What a document has to say so that it counts as read; other kinds are read when their kind is sure."""
NAMES: dict[str, str] = {
    "invoice": "an invoice",
    "receipt": "a receipt",
    "credit_note": "a credit note",
    "order": "an order",
    "delivery_note": "a delivery note",
    "contract": "a contract",
    "application": "an application form",
    "identity": "an identity paper",
    "letter": "a letter",
    "other": "none of the known kinds of document",
}


def named(kind: str) -> str:
    """A kind in a sentence; one that has no words yet by its name."""
    return NAMES.get(kind, f"a {kind.replace('_', ' ')}")


def judge_alone(
    paper: Paper, policy: InvoicePolicy, desks: Sequence[JudgeAlone] = ()
) -> tuple[Route, tuple[Doubt, ...]]:
    """The route as far as the document alone can say, and all doubts; where it is not straight, one of them blocks.

    A file that nothing could be read from is rejected. `desks` are asked first for what they take.
    """
    if paper.source is None:
        return "reject", _unreadable(paper)
    for judge_of in desks:
        judged = judge_of(paper)
        if judged is not None:
            return judged
    draft = draft_from(paper)
    found = doubts(*draft.doubts) + check_kind(draft, policy)
    if paper.kind in INVOICES:
        found += _invoice_alone(draft, paper.source, policy)
    elif paper.kind in ALONE:
        found += _missing(draft, paper.kind) + check_unsure(draft, ALONE[paper.kind], (), policy)
    elif paper.kind == "other":
        found += no_desk(paper.kind)
    found = settled(found, draft)
    return ("review" if found.blocking else "straight"), found.doubts


def _unreadable(paper: Paper) -> tuple[Doubt, ...]:
    if any(d.severity == "block" for d in paper.doubts):
        return paper.doubts
    return (*paper.doubts, doubt("unreadable", "Nothing could be read from the file."))


def check_kind(draft: Draft, policy: InvoicePolicy, told: Findings = NOTHING) -> Findings:
    """It must be clear what kind of document this is; `told`: what else was found, which may confirm the kind."""
    if draft.kind_confidence >= policy.confidence.kind or "kind" in told.confirmed:
        return NOTHING
    message = f"This seems to be {named(draft.kind)}, but that is not sure ({draft.kind_confidence:.0%})."
    return doubts(doubt("unknown_kind", message, "kind"))


def no_desk(kind: Kind) -> Findings:
    """No bot works on documents of this kind."""
    return doubts(
        doubt("no_desk", f"This is {named(kind)}; no bot works on that. Pass it on to whom it concerns.", "kind")
    )


def _invoice_alone(draft: Draft, source: str, policy: InvoicePolicy) -> Findings:
    sums, dates = check_arithmetic(draft, policy), check_dates_together(draft, SupplierPolicy())
    marks = check_vat_id(draft, None) + _ibans(draft)
    if source == "xml":  # it stands there so: a wrong mark, but not a misread one
        marks = remarks(marks)
    found = together((_missing(draft, draft.kind), sums, dates, marks))
    needed = [f for f in CHECKED if f != "lines"]
    return found + check_unsure(draft, needed, found.confirmed, policy)


def _missing(draft: Draft, kind: Kind) -> Findings:
    absent = [f for f in ALONE[kind] if f not in draft.readings]
    return doubts(*(doubt(f"missing_{f}", f"The {label(f)} was not found.", f) for f in absent))


def _ibans(draft: Draft) -> Findings:
    faults = [(i, iban_fault(i)) for i in draft.printed_ibans]
    wrong = [doubt("iban_checksum", f"The IBAN {spaced(i)} cannot be right: {f}.", "iban") for i, f in faults if f]
    return doubts(*wrong)


def judge(
    source: Source, draft: Draft, facts: Facts, house: House, shown: Sequence[Doubt] = ()
) -> tuple[Route, Verdict]:
    """The route of an invoice with the company's records, and the verdict behind it."""
    verdict = check_invoice(source, draft, facts, house, shown)
    kind = check_kind(draft, house.policy, verdict.findings)
    verdict = verdict.model_copy(update={"findings": kind + verdict.findings})
    if not verdict.blocking:
        return "straight", verdict
    verdict = verdict.model_copy(update={"invoice": None})
    again = {d.code for d in verdict.blocking} == {"duplicate_file"}
    return ("reject" if again and house.policy.same_file == "reject" else "review"), verdict
