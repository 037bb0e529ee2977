"""sao's screens, a class each: the only place that knows where things are.

Fields are found by the model's field name, which sao puts on every input, and buttons by their id or name, so the
screens may be in any language. What a method does is done when it returns: `waits.Client` sees to that.
"""

from __future__ import annotations

from connectors.tryton.pages.dialogs import LoginPage, WarningQuestion
from connectors.tryton.pages.invoices import InvoiceForm, InvoiceShown, InvoiceTab
from connectors.tryton.pages.popups import AttachmentMenu, LinePopup, TaxPopup

__all__ = [
    "AttachmentMenu",
    "InvoiceForm",
    "InvoiceShown",
    "InvoiceTab",
    "LinePopup",
    "LoginPage",
    "TaxPopup",
    "WarningQuestion",
]
