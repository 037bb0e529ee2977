"""Every reason code of the invoice desk: what it means, what the clerk does, and whether a click may accept it.

Codes are stable: reports, answers and other people's scripts name them. docs/checks.md repeats this table, held by a
test. `accept` says whether a person may confirm the doubt as it stands; where not, the values, the ERP's records or
the paper itself have to change first.
"""

from __future__ import annotations

from bots.invoices.codes_elsewhere import ELSEWHERE, UNREADABLE, Reason
from workitems.items import Doubt, Severity

__all__ = ["REASONS", "UNREADABLE", "Reason", "confirmable", "doubt", "reason"]


_READING = {
    "unknown_kind": Reason("it is not clear what kind of document this is", "look, and set the kind"),
    "no_desk": Reason("a kind of document that no bot works on", "pass it on to whom it concerns, then reject it here"),
    "no_request": Reason("a newsletter or a mail that asks for nothing", "nothing"),
    "missing_FIELD": Reason("a field that is needed was not found", "enter it from the paper"),
    "unsure_FIELD": Reason("a field was read, but not surely, and no rule confirms it", "compare with the paper", True),
    "unsure_lines": Reason("lines were not read surely, and no rule confirms them", "compare with the paper", True),
    "invalid_FIELD": Reason("what was read or answered is no date or no amount", "enter it as 2026-03-31 or 1234.50"),
    "bad_answer": Reason("an answer is not understood", "answer again"),
    "too_many_lines": Reason("more lines than are matched by machine", "key it by hand, then reject it here"),
    "negative_total": Reason("an invoice with a total below zero", "set the kind to credit_note, or reject it"),
    "zero_total": Reason("the total is zero", "check whether anything is to be posted, else reject it", True),
}
_ARITHMETIC = {
    "line_arithmetic": Reason("quantity times price is not the line's amount", "correct the line, or accept it", True),
    "line_discount": Reason("the line is charged below quantity times price", "nothing", True, "warn"),
    "lines_sum": Reason("the lines do not add up to the net amount", "correct or complete the lines"),
    "lines_gross": Reason("the lines add up to the gross amount", "enter the lines' net amounts"),
    "tax_arithmetic": Reason("a tax amount does not fit its rate and base", "correct the taxes, or reject the invoice"),
    "tax_sum": Reason("the tax rows do not add up to the net or the tax", "correct the taxes, or reject the invoice"),
    "total_arithmetic": Reason(
        "net and tax do not add up to the total", "correct what was misread; where the paper is wrong, reject it"
    ),
}
_IDENTITY = {
    "unknown_supplier": Reason("nobody in the master data fits", "create the supplier in the ERP, or choose one"),
    "supplier_ambiguous": Reason("several suppliers of the master data fit", "choose one"),
    "supplier_conflict": Reason("VAT id, IBAN and name point to different suppliers", "find out who sent it; choose"),
    "supplier_inactive": Reason("the supplier is no longer active in the ERP", "reactivate it in the ERP, or reject"),
    "supplier_name_differs": Reason("another name than in the master data", "compare the names", True, "warn"),
    "vat_id_differs": Reason("another VAT id than in the master data", "check the VAT id; correct the ERP", True),
    "vat_id_checksum": Reason("the VAT id's check digits are wrong", "compare with the paper and correct", True),
    "other_buyer": Reason("the invoice is addressed to somebody else", "check the address; reject it", True),
    "bank_details_changed": Reason(
        "an IBAN that is not in the supplier's master data",
        "call the supplier at a number that you know. Right: enter it in the ERP, then retry. Wrong: reject it",
    ),
    "bank_details_of_other_supplier": Reason(
        "the IBAN belongs to another supplier of ours", "call both suppliers; treat it as an attempted fraud"
    ),
    "bank_details_new": Reason(
        "an IBAN, and the ERP knows none of this supplier", "call the supplier, enter it in the ERP, then retry"
    ),
    "iban_checksum": Reason("the IBAN's check digits are wrong", "enter the IBAN that stands on the paper"),
}
_DUPLICATES = {
    "duplicate_file": Reason("the very same file came before", "reject it; accept only where the first was lost", True),
    "duplicate_number": Reason("the supplier's invoice number came before", "compare with its twin, reject one", True),
    "duplicate_in_erp": Reason("the ERP has the supplier's invoice of that number", "reject it"),
    "duplicate_amount": Reason("same supplier and amount at about the same time", "compare with its twin", True),
}
_ORDERS = {
    "no_order": Reason("no order is named", "enter the order's number, or accept it and choose accounts", True),
    "order_found": Reason("no order is named; the only open one that fits is taken", "nothing", True, "warn"),
    "no_order_limit": Reason("without an order, and above the limit for that", "have it approved, then accept", True),
    "unknown_order": Reason("the ERP has no order of that number", "enter the right number"),
    "order_of_other_supplier": Reason("the order was given to somebody else", "enter the right order or supplier"),
    "order_cancelled": Reason("the order was cancelled", "ask the buyer; enter another order, or reject it"),
    "order_draft": Reason("the order is only a draft", "have it confirmed in the ERP, then retry"),
    "order_currency": Reason("another currency than the order's", "correct what was misread, or ask the supplier"),
    "line_not_on_order": Reason("a line that is on none of the orders", "name its order line or an account"),
    "line_unclear": Reason("the line was matched on weak evidence", "compare it with the order line", True),
    "line_description": Reason(
        "price and quantity fit the order line, the wording does not", "compare it with the order line", True, "warn"
    ),
    "line_incomplete": Reason("a line without quantity or amount", "complete the line"),
    "lines_from_order": Reason(
        "no lines were read; the order's open lines fit the net amount", "compare with the paper", True, "warn"
    ),
    "unit_differs": Reason("quantity and price are in another unit than the order's", "check the conversion", True),
    "price_too_high": Reason("the price is above the order's by more than allowed", "ask the buyer, then accept", True),
    "price_too_low": Reason("the price is far below the order's", "check that it is the right order line", True),
    "price_below_order": Reason("the price is below the order's", "nothing", True, "warn"),
    "tax_rate_differs": Reason("another tax rate than on the order", "ask accounting which rate holds", True),
    "quantity_over_received": Reason(
        "more is invoiced than was received", "wait for the goods receipt and retry, or accept", True
    ),
    "quantity_over_ordered": Reason("more is invoiced than was ordered", "ask the buyer, then accept or reject", True),
    "credit_over_invoiced": Reason("more is credited than was invoiced", "find the invoice it refers to", True),
    "charge_not_ordered": Reason("freight or another charge that was not ordered", "choose an account for it"),
}
_REST = {
    "missing_account": Reason("a line without order has no account", "choose an account"),
    "unknown_account": Reason("the ERP has no such account", "choose another account"),
    "currency_not_supported": Reason("a currency that the company does not post", "check the currency"),
    "due_before_issue": Reason("due before the date of issue", "correct the dates", True),
    "due_earlier_than_agreed": Reason("due earlier than agreed; ours is taken", "nothing", True, "warn"),
    "unsure_due_date": Reason("the due date was not read surely and is left out", "enter it", True, "warn"),
    "issued_in_future": Reason("the date of issue lies in the future", "correct the date, or wait and retry", True),
    "issued_long_ago": Reason("the date of issue is long ago", "check the date, and whether it was paid", True),
    "period_closed": Reason("the date of issue lies in a closed period", "ask accounting, then accept", True),
    "discount_unusual": Reason("an unusual cash discount; it is left out", "check the terms", True, "warn"),
    "large_amount": Reason("above the amount that is posted unseen", "have it approved, then accept", True),
    "high_risk": Reason("the expected loss of a wrong reading is above the limit", "compare with the paper", True),
}
_POSTING = {
    "draft_left": Reason("a draft of an earlier attempt stands in the ERP", "delete it there, then retry"),
    "posting_reversed": Reason(
        "its posting was reversed on purpose", "accept it to have it posted once more; else reject it", True
    ),
    "posting_differs": Reason("what stands in the ERP is not what was to be posted", "compare and correct in the ERP"),
}
NEVER_BY_ANSWER = frozenset({"iban"})
"""Fields that nothing a person says here settles."""

REASONS: dict[str, Reason] = {
    **_READING,
    **_ARITHMETIC,
    **_IDENTITY,
    **_DUPLICATES,
    **_ORDERS,
    **_REST,
    **_POSTING,
    **ELSEWHERE,
}
"""By code; a code that ends in FIELD stands for one code per field (missing_number, unsure_total ...)."""


def reason(code: str) -> Reason | None:
    """The table's row for a code, also for `missing_number` and its like; None for codes of other parts."""
    if code in REASONS:
        return REASONS[code]
    family = code.partition("_")[0] + "_FIELD"
    return REASONS.get(family)


def confirmable(code: str, field: str | None = None) -> bool:
    """Whether a person may accept the doubt as it stands (`Answer(field="confirm", value=code)`).

    `field` is the doubt's. Doubts of parts that are not in the table, and all about bank accounts, are not accepted.
    """
    row = reason(code)
    return row is not None and row.accept and field not in NEVER_BY_ANSWER


def doubt(
    code: str,
    message: str,
    field: str | None = None,
    severity: Severity | None = None,
    proposed: tuple[tuple[str, str], ...] = (),
) -> Doubt:
    """A doubt of this desk, with its table's severity. Raises KeyError for a code that is not in the table."""
    row = reason(code)
    if row is None:
        raise KeyError(code)
    return Doubt(code=code, message=message, field=field, severity=severity or row.severity, proposed=proposed)
