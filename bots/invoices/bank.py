"""Bank details: an IBAN that is not in the supplier's master data stops the invoice, whoever says otherwise here.

Redirected payments are the commonest fraud on accounts payable. So nothing that is entered at the review desk clears
a changed IBAN: it clears when the ERP's master data has it, which is a change with a control of its own.
"""

from __future__ import annotations

from collections.abc import Sequence

from bots.invoices.codes import doubt
from bots.invoices.draft import Draft
from bots.invoices.findings import NOTHING, Findings, doubts, together, vouch
from bots.invoices.policy import Company, InvoicePolicy
from bots.invoices.values import compact
from connectors import Supplier
from workitems.items import Doubt

_READING_ERRORS = 2  # characters by which a misread IBAN may differ from the one on file


def check_bank(
    draft: Draft, supplier: Supplier | None, suppliers: Sequence[Supplier], company: Company, policy: InvoicePolicy
) -> Findings:
    """Every IBAN of the paper and of the answers against the supplier's master data. No IBAN at all is fine."""
    ours = {compact(i) for i in company.ibans}
    printed = [i for i in draft.printed_ibans if i not in ours]
    sound = [i for i in printed if iban_fault(i) is None]
    answered = [draft.iban] if draft.iban and draft.iban not in ours and draft.iban not in draft.printed_ibans else []
    # A person may correct or remove a misread IBAN, which its check digits tell, but not one that is sound as printed.
    spoken = bool(answered) or "iban" not in draft.readings
    wanted = sound + answered if spoken else printed
    return together(_check(iban, supplier, suppliers, policy) for iban in dict.fromkeys(wanted))


def iban_fault(iban: str) -> str | None:
    """What is wrong with an IBAN, in words; None where nothing is."""
    from schwifty import IBAN
    from schwifty.exceptions import InvalidChecksumDigits, SchwiftyException

    try:
        IBAN(iban)
    except InvalidChecksumDigits:
        return "its check digits are wrong"
    except SchwiftyException:
        return "it is too long, too short or has wrong characters"
    return None


def _check(iban: str, supplier: Supplier | None, suppliers: Sequence[Supplier], policy: InvoicePolicy) -> Findings:
    known = {compact(i) or "" for i in supplier.ibans} if supplier else set()
    if iban in known:
        return vouch("iban_on_file", "iban", "supplier_name")
    fault = iban_fault(iban)
    if fault:
        return doubts(_misread(iban, fault, known, supplier))
    return doubts(_foreign(iban, supplier, known, suppliers, policy)) if supplier else NOTHING


def _foreign(
    iban: str, supplier: Supplier, known: set[str], suppliers: Sequence[Supplier], policy: InvoicePolicy
) -> Doubt | None:
    """A sound IBAN that is not the supplier's."""
    owner = next((s for s in suppliers if s.id != supplier.id and iban in {compact(i) for i in s.ibans}), None)
    if owner:
        message = (
            f"The invoice comes from {supplier.name}, but its IBAN {spaced(iban)} belongs to {owner.name}. "
            "Treat it as an attempted fraud until both have confirmed it."
        )
        return doubt("bank_details_of_other_supplier", message, "iban")
    if known:
        message = (
            f"The invoice asks for payment to {spaced(iban)}; for {supplier.name} the ERP has "
            f"{spaced(sorted(known)[0])}. Call the supplier at a number that you know, not the one on the paper."
        )
        return doubt("bank_details_changed", message, "iban")
    if policy.iban_not_on_file == "ignore":
        return None
    message = f"The invoice asks for payment to {spaced(iban)}; the ERP has no bank account of {supplier.name} yet."
    return doubt("bank_details_new", message, "iban")


def _misread(iban: str, fault: str, known: set[str], supplier: Supplier | None) -> Doubt:
    from rapidfuzz.distance import Levenshtein

    near = next((k for k in sorted(known) if Levenshtein.distance(iban, k) <= _READING_ERRORS), None)
    hint = f" It looks like the {spaced(near)} of {supplier.name}, misread." if near and supplier else ""
    return doubt("iban_checksum", f"The IBAN {spaced(iban)} cannot be right: {fault}.{hint}", "iban")


def spaced(iban: str) -> str:
    """An IBAN in groups of four, as it is printed."""
    return " ".join(iban[i : i + 4] for i in range(0, len(iban), 4))
