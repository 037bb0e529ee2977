"""The invoice desk."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bots.invoices.intake import InvoiceDesk
from tasks.desks import Desk
from tasks.settings import ROOT, Settings
from tasks.steps import office_of
from workitems.ledger import Ledger

if TYPE_CHECKING:
    from desk.sheets import Sheet

MAILS = ROOT / "devdata" / "demo" / "mailbox"


def _reading(settings: Settings, ledger: Ledger) -> InvoiceDesk:
    return InvoiceDesk(office_of(settings, ledger))


def _sheet() -> Sheet:
    from desk.invoices import InvoiceSheet

    return InvoiceSheet()


def _fill(home: Path) -> int:
    from tasks.demo.mailbox import files_of, fill

    return fill(home, "invoices", lambda: files_of(MAILS))


DESK = Desk("invoices", reading=_reading, sheet=_sheet, fill=_fill)
