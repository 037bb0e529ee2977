"""What sao says, as doubts for a person or as a reason to try again.

The ERP's own sentences go into the doubt's message, which a clerk reads, and never into an exception's message.
"""

from __future__ import annotations

from connectors.tryton.waits import Completion, Dialog, DialogShown, FormRefused
from workitems.errors import NeedsReview, TryLater
from workitems.items import Doubt

WARNINGS: dict[str, tuple[str, str | None]] = {  # by the last part of the warning's name: "7b3c....invoice_similar"
    "invoice_similar": ("erp_similar_invoice", "number"),
    "invoice_taxes": ("erp_taxes_differ", "tax"),
}
SHOWN_OFFERS = 3


class SessionLost(Exception):
    """sao asks for the password again."""


def review(code: str, message: str, field: str | None = None) -> NeedsReview:
    """One blocking doubt."""
    return NeedsReview([Doubt(code=code, message=message, field=field)])


def refusal(shown: DialogShown | FormRefused) -> NeedsReview | TryLater | SessionLost:
    """What follows from a dialog, or from a form that sao marks as not valid."""
    if isinstance(shown, FormRefused):
        return review("erp_refused", f"The ERP does not take the invoice: {shown.sentence}")
    dialog = shown.dialog
    if dialog.secret or dialog.kind == "login-dialog":
        return SessionLost()
    if dialog.kind == "user-warning-dialog":
        name = "".join(dialog.refused[1:]).rpartition(".")[2]
        code, field = WARNINGS.get(name, ("erp_warning", None))
        return review(code, f"The ERP warns: {dialog.sentence}", field)
    if dialog.kind == "warning-dialog":
        return review("erp_refused", f"The ERP refuses: {dialog.sentence}")
    return _trouble(dialog)


def is_similar(shown: DialogShown | FormRefused) -> bool:
    """Whether the ERP warns of a similar invoice."""
    warning = refusal(shown)
    return isinstance(warning, NeedsReview) and warning.code == WARNINGS["invoice_similar"][0]


def _trouble(dialog: Dialog) -> TryLater:
    """A dialog that says nothing about the invoice."""
    if "ConcurrencyException" in dialog.refused:
        return TryLater("erp_concurrent", "Somebody else changed the invoice at the same time.")
    if dialog.kind == "error-dialog":
        return TryLater("erp_error", "The ERP reports an internal error.")
    return TryLater("erp_dialog", f"The ERP shows a {dialog.kind} that nobody expected.")


def not_offered(what: str, value: str, completion: Completion, code: str, field: str | None = None) -> NeedsReview:
    """The ERP offers nothing that fits, or more than one."""
    if not completion.offers:
        return review(code, f"The ERP offers no {what} for {value!r}.", field)
    names = ", ".join(offer.name for offer in completion.offers[:SHOWN_OFFERS])
    return review(code, f"The ERP offers no single {what} for {value!r}, but: {names}.", field)
