"""Dates and terms of payment: plausible, in an open period, and no earlier than agreed."""

from __future__ import annotations

from datetime import date, timedelta

from bots.invoices.codes import doubt
from bots.invoices.draft import Draft
from bots.invoices.findings import Findings, doubts, vouch
from bots.invoices.policy import Company, InvoicePolicy, SupplierPolicy
from bots.invoices.wording import day, number
from bots.working_days import shifted
from workitems.items import DiscountTerm, Doubt, Noun

_CLOCKS_DIFFER = 1  # days by which a date of issue may be ahead of us
_LONGEST_TERM = 366
_USUAL_TERMS = (7, 10, 14, 21, 28, 30, 45, 60, 90)  # days between issue and due date


class Terms(Noun):
    """When the invoice will be paid, and what was found."""

    due_on: date | None = None
    discounts: tuple[DiscountTerm, ...] = ()
    findings: Findings = Findings()


def check_issue_date(draft: Draft, policy: InvoicePolicy, today: date) -> Findings:
    """Not in the future, not long ago, not in a closed period."""
    issued = draft.issued_on
    if issued is None:
        return Findings()
    found: list[Doubt] = []
    if issued > today + timedelta(days=_CLOCKS_DIFFER):
        found.append(doubt("issued_in_future", f"The date of issue, {day(issued)}, lies in the future.", "issued_on"))
    elif _months(issued, today) >= policy.max_age_months:
        message = f"The date of issue, {day(issued)}, is {policy.max_age_months} months ago or more."
        found.append(doubt("issued_long_ago", message, "issued_on"))
    if policy.books_closed_until and issued <= policy.books_closed_until:
        message = f"The books are closed until {day(policy.books_closed_until)}; the invoice is of {day(issued)}."
        found.append(doubt("period_closed", message, "issued_on"))
    return doubts(*found)


def check_dates_together(draft: Draft, own: SupplierPolicy) -> Findings:
    """A due date just a usual term after the date of issue confirms both: misread dates seldom do that."""
    if draft.issued_on is None or draft.due_on is None:
        return Findings()
    usual = (own.payment_days,) if own.payment_days is not None else _USUAL_TERMS
    if (draft.due_on - draft.issued_on).days in usual:
        return vouch("due_date_fits_terms", "issued_on", "due_on")
    return Findings()


def _months(earlier: date, later: date) -> int:
    """Whole months between two dates."""
    whole = (later.year - earlier.year) * 12 + later.month - earlier.month
    return whole - (later.day < earlier.day)


def terms_of(draft: Draft, policy: InvoicePolicy, own: SupplierPolicy, company: Company) -> Terms:
    """The due date that is followed, and the cash discounts that are usual; what is left out is remarked."""
    together = check_dates_together(draft, own)
    found: list[Doubt] = []
    due, issued = draft.due_on, draft.issued_on
    reading = draft.readings.get("due_on")
    if due and reading and reading.confidence < policy.threshold("due_on", draft.kind) and not together.confirmed:
        found.append(
            doubt("unsure_due_date", f"The due date {day(due)} was not read surely; it is left out.", "due_on")
        )
        due = None
    if due and issued and due < issued:
        message = f"Due on {day(due)}, before the date of issue, {day(issued)}."
        found.append(doubt("due_before_issue", message, "due_on"))
    if issued and own.payment_days is not None:
        agreed = issued + timedelta(days=own.payment_days)
        if due and due < agreed:
            message = f"Due on {day(due)}; agreed are {own.payment_days} days, {day(agreed)}. The agreed date is taken."
            found.append(doubt("due_earlier_than_agreed", message, "due_on"))
        due = max(due, agreed) if due else agreed
    discounts = tuple(t for t in draft.discounts if _usual(t, policy, issued))
    found += [_unusual(t) for t in draft.discounts if t not in discounts]
    if due:
        due = shifted(due, company.country, policy.due_on_holiday)
    return Terms(due_on=due, discounts=tuple(_dated(t, issued) for t in discounts), findings=doubts(*found) + together)


def _usual(term: DiscountTerm, policy: InvoicePolicy, issued: date | None) -> bool:
    in_time = term.days is None or 0 <= term.days <= _LONGEST_TERM
    not_before = term.until is None or issued is None or term.until >= issued
    return 0 <= term.percent <= policy.max_discount and in_time and not_before


def _unusual(term: DiscountTerm) -> Doubt:
    when = f"until {day(term.until)}" if term.until else f"within {term.days} days"
    return doubt("discount_unusual", f"A discount of {number(term.percent)} % {when} is unusual; it is left out.")


def _dated(term: DiscountTerm, issued: date | None) -> DiscountTerm:
    """The term with its last day, where it follows."""
    if term.until is not None or term.days is None or issued is None:
        return term
    return term.model_copy(update={"until": issued + timedelta(days=term.days)})
