"""Invoices, credit notes, receipts and orders: one field, one finder.

A finder turns a document's rows into candidates with scores; arithmetic and check digits are evidence; a calibrated
table turns the winner's score into a probability. A value that is not printed is not there: nothing is computed
(but the taxes of several rates are one tax where net + taxes = total).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from extractors.invoice.amounts import find_net, find_tax, find_total
from extractors.invoice.arithmetic import TOGETHER, agreeing, without_partial_tax
from extractors.invoice.candidates import Candidate, Context
from extractors.invoice.confidence import NAME as CONFIDENCES
from extractors.invoice.confidence import confidence_of
from extractors.invoice.confidence import label as version_of_confidences
from extractors.invoice.confidence_learning import kept_moves, moved
from extractors.invoice.confidence_signs import told_by_items
from extractors.invoice.context import context_of
from extractors.invoice.credit import credited
from extractors.invoice.currency import find_currency
from extractors.invoice.dates import find_due_on, find_issued_on, find_period_from, find_period_to
from extractors.invoice.doubts import doubts_of
from extractors.invoice.identifiers import find_iban, find_vat_id
from extractors.invoice.lines import find_lines
from extractors.invoice.memory import MEMORY, kept_lessons, remembered
from extractors.invoice.parties import find_buyer_name, find_supplier_address, find_supplier_name
from extractors.invoice.payments import settled
from extractors.invoice.ranked import ranked
from extractors.invoice.ranking import NAME as RANKERS
from extractors.invoice.references import find_number, find_order_number
from extractors.invoice.sums import rows_of
from extractors.invoice.taxes import find_taxes, taxes_together
from extractors.invoice.terms import find_discounts
from extractors.invoice.why import engines_of, why_of
from workitems.items import Kind, Page, Paper, Reading

Finder = Callable[[Context], list[Candidate]]

FINDERS: Mapping[str, Finder] = {
    "supplier_name": find_supplier_name,
    "supplier_address": find_supplier_address,
    "buyer_name": find_buyer_name,
    "number": find_number,
    "issued_on": find_issued_on,
    "due_on": find_due_on,
    "period_from": find_period_from,
    "period_to": find_period_to,
    "currency": find_currency,
    "net": find_net,
    "tax": find_tax,
    "total": find_total,
    "order_number": find_order_number,
    "vat_id": find_vat_id,
    "iban": find_iban,
}


_FAINT = 0.06
"""Candidates below this score are noise."""


def read_invoice(pages: list[Page], kind: Kind, language: str | None) -> Paper:
    """Fields, lines and taxes of an invoice, credit note, receipt or order whose kind is known.

    Amounts of credit notes are those credited: positive, as in e-invoices, whatever the sign on the paper.
    Source, number of pages and seconds are for the caller to fill in.
    """
    context, candidates = candidates_of(pages, kind, language)
    candidates = remembered(context, candidates, kept_lessons())
    net, total = (Decimal(candidates[f][0].value) if candidates[f] else None for f in ("net", "total"))
    lines, adjustment = find_lines(context, net, total)
    if kind == "receipt":
        candidates["total"] = told_by_items(candidates["total"], lines)
    taxes = find_taxes(context, rows_of(context, lines))
    candidates["tax"] = without_partial_tax(candidates["tax"], taxes)
    engines = engines_of(pages)
    chosen = {field: found[0] for field, found in candidates.items() if found}
    paper = Paper(
        kind=kind,
        kind_confidence=1.0,
        fields={f: _reading(context, f, found, engines) for f, found in candidates.items() if found},
        lines=lines,
        taxes=taxes,
        adjustment=adjustment,
        discounts=find_discounts(context),
        doubts=doubts_of(context, chosen),
        language=context.language,
        models=_models(context),
    )
    return credited(paper) if kind == "credit_note" else paper


def _models(context: Context) -> dict[str, str]:
    by_model, sure = ranked(context), version_of_confidences()
    return ({RANKERS: by_model.version} if by_model else {}) | ({CONFIDENCES: sure} if sure else {})


def candidates_of(pages: list[Page], kind: Kind, language: str | None) -> tuple[Context, dict[str, list[Candidate]]]:
    """The candidates of every field, best first, with arithmetic and payment as evidence."""
    context = context_of(pages, kind, language)
    candidates = {f: [c for c in finder(context) if c.score > _FAINT] for f, finder in FINDERS.items()}
    if ranked(context):
        totals = candidates["total"]
        candidates |= agreeing(candidates | {"total": totals[:1]})
        candidates["total"] += totals[1:]
        return context, candidates
    candidates["tax"] = [*taxes_together(context), *candidates["tax"]]
    candidates |= agreeing(candidates)
    candidates["tax"] = [c for c in candidates["tax"] if c.pattern != TOGETHER or "sum" in c.notes]
    if kind == "receipt":
        candidates["total"] = settled(context, candidates["total"])
    return context, candidates


def _reading(context: Context, field: str, found: list[Candidate], engines: Mapping[int, str]) -> Reading:
    best = found[0]
    return Reading(
        value=best.value,
        confidence=best.score
        if best.pattern == MEMORY
        else moved(kept_moves(), field, confidence_of(context, field, found)),
        reader=f"{field}:{best.pattern}",
        page=best.page,
        box=context.sheet.box(best.page, best.pieces),
        why=why_of(context, field, found, engines),
    )
