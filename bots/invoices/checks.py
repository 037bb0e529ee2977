"""All checks of an invoice against the company's records, in one pure function: facts in, verdict out."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from bots.invoices.arithmetic import check_arithmetic
from bots.invoices.assemble import Source, invoice_from
from bots.invoices.bank import check_bank
from bots.invoices.codes import doubt
from bots.invoices.draft import Draft
from bots.invoices.duplicates import check_duplicates
from bots.invoices.facts import Facts, House
from bots.invoices.fields import (
    check_amounts,
    check_currency,
    check_missing,
    check_unsure,
    kind_in_name,
    number_in_name,
)
from bots.invoices.findings import NOTHING, Findings, accepted, doubts, settled, together, vouch
from bots.invoices.identity import check_identity
from bots.invoices.loss import expected_loss, probability_wrong, supplier_risk
from bots.invoices.match_lines import match_lines
from bots.invoices.match_orders import LineMatch, Match
from bots.invoices.order_numbers import NamedOrders, named_orders
from bots.invoices.policy import Company, InvoicePolicy
from bots.invoices.terms import Terms, check_issue_date, terms_of
from bots.invoices.wording import money
from connectors import Supplier
from workitems.items import Doubt, Invoice, Noun

CHECKED = ("number", "issued_on", "currency", "total", "net", "tax", "supplier_name", "lines")
"""Fields that must be sure before an invoice is posted."""


class Verdict(Noun):
    """What the checks say: an invoice that may be posted, or the doubts that a person has to settle."""

    findings: Findings
    invoice: Invoice | None = None  # None while a doubt blocks
    rows: tuple[LineMatch, ...] = ()
    wrong: float = 1.0  # probability that something was misread
    cost: float = 0.0  # expected loss of posting unseen, in the invoice's currency

    @property
    def blocking(self) -> tuple[Doubt, ...]:
        """The doubts that keep the invoice from being posted."""
        return self.findings.blocking


def check_invoice(source: Source, draft: Draft, facts: Facts, house: House, shown: Sequence[Doubt] = ()) -> Verdict:
    """Judges an invoice or credit note. `shown`: the doubts that a person saw before answering."""
    policy, supplier = house.policy, facts.identity.supplier
    own = house.own(supplier)
    named = _named(draft, facts)
    draft = _in_orders_currency(draft, named)
    match = match_lines(draft, named, facts, house)
    terms = terms_of(draft, policy, own, house.company)
    findings = together(  # the weightiest first: an item waits under its first blocking doubt
        (
            check_duplicates(draft, supplier, facts.earlier, _has_room(match)),
            check_bank(draft, supplier, facts.suppliers, house.company, policy),
            check_identity(draft, facts.identity, house.company),
            doubts(*draft.doubts),
            check_missing(draft, tax_free=_abroad(supplier, house.company)),
            check_currency(draft, supplier, policy),
            _as_ordered(draft, named),
            check_arithmetic(draft, policy),
            check_issue_date(draft, policy, facts.today),
            terms.findings,
            named.findings,
            match.findings,
            check_amounts(draft, own, policy),
            number_in_name(draft, source.document),
            kind_in_name(draft, source.document),
        )
    )
    findings += check_unsure(draft, CHECKED, findings.confirmed, policy)
    factor = supplier_risk(supplier, own.risk, policy.loss)
    cost = expected_loss(draft, findings.confirmed, policy.loss, factor)
    findings += _risk(draft, expected_loss(draft, _looked_at(findings), policy.loss, factor), policy)
    findings = accepted(settled(findings, draft), source.answers, shown)
    return Verdict(
        findings=findings,
        invoice=_invoice(source, draft, supplier, match, terms) if not findings.blocking else None,
        rows=match.rows,
        wrong=round(probability_wrong(draft, findings.confirmed), 4),
        cost=round(float(cost), 2),
    )


def _has_room(match: Match) -> bool:
    """Every line is on an order line where that much is open, of an order that the paper names."""
    named = all(d.code != "order_found" for d in match.findings.doubts)
    return bool(match.rows) and not match.loose and not match.findings.blocking and named


def _named(draft: Draft, facts: Facts) -> NamedOrders:
    supplier = facts.identity.supplier
    return named_orders(draft, supplier, facts.orders, facts.open_orders) if supplier else NamedOrders()


def _in_orders_currency(draft: Draft, named: NamedOrders) -> Draft:
    """A paper without a currency is in that of its orders."""
    currencies = {o.currency for o in named.orders}
    if draft.currency is None and len(currencies) == 1:
        return draft.model_copy(update={"currency": currencies.pop()})
    return draft


def _as_ordered(draft: Draft, named: NamedOrders) -> Findings:
    """A currency in which the goods were ordered is right."""
    same = bool(named.orders) and {o.currency for o in named.orders} == {draft.currency}
    return vouch("currency_of_the_order", "currency") if same else NOTHING


def _abroad(supplier: Supplier | None, company: Company) -> bool:
    vat_id = (supplier.vat_id or "") if supplier else ""
    country = "GR" if vat_id[:2] == "EL" else vat_id[:2]
    return bool(supplier and company.country and country.isalpha() and country.upper() != company.country)


def _looked_at(findings: Findings) -> frozenset[str]:
    """Fields that a rule vouches for, or that a person is asked about anyway."""
    asked = {d.field for d in findings.doubts if d.field and d.code.startswith("unsure_")}
    return findings.confirmed | asked


def _risk(draft: Draft, cost: Decimal, policy: InvoicePolicy) -> Findings:
    if cost <= policy.most_loss:
        return NOTHING
    look = money(policy.most_loss, draft.currency)
    message = f"A misreading would cost {money(cost, draft.currency)} on average, more than a person's look ({look})."
    return doubts(doubt("high_risk", message, "total"))


def _invoice(source: Source, draft: Draft, supplier: Supplier | None, match: Match, terms: Terms) -> Invoice | None:
    return invoice_from(source, draft, supplier, match.lines, terms) if supplier else None
