"""The invoice desk's page: its fields, lines and taxes. Whatever no other desk shows is shown here, too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar, get_args

from pydantic import TypeAdapter, ValidationError

from bots.invoices.codes import NEVER_BY_ANSWER, confirmable, reason
from bots.invoices.draft import draft_from
from bots.invoices.order_numbers import wanted_numbers
from desk.choices import Offers
from desk.items import Codes, DoubtView, FieldView, ItemView, Spec, view_of
from desk.sheets import Summary
from workitems.items import Alternative, Answer, Doubt, InvoiceLine, Kind, Paper, Severity, TaxLine, Why
from workitems.rows import ItemRow

KINDS: tuple[str, ...] = get_args(Kind)
LINES = TypeAdapter(tuple[InvoiceLine, ...])
TAXES = TypeAdapter(tuple[TaxLine, ...])
CODES = Codes(reason, confirmable, NEVER_BY_ANSWER)
R = TypeVar("R")
MOST_LINES = 500  # of an invoice; each is a row of inputs, and the checks take 300

FIELDS = (
    Spec("kind", "Kind of document", "kind"),
    Spec("number", "Invoice number"),
    Spec("issued_on", "Issued on", "date"),
    Spec("due_on", "Due on", "date"),
    Spec("order_number", "Order number"),
    Spec("supplier_name", "Supplier on the paper"),
    Spec("supplier_id", "Supplier in the ERP", "choice"),
    Spec("vat_id", "Supplier's VAT id"),
    Spec("iban", "IBAN"),
    Spec("buyer_name", "Addressed to"),
    Spec("currency", "Currency"),
    Spec("net", "Net", "amount"),
    Spec("tax", "Tax", "amount"),
    Spec("total", "Total", "amount"),
    Spec("account", "Account for lines without order", "choice"),
)
SPLIT = Spec("split", "Pages of each document")
"""Of a file that seems to hold several."""
LINE_FIELDS = (
    Spec("description", "Description"),
    Spec("quantity", "Quantity", "amount"),
    Spec("unit", "Unit"),
    Spec("unit_price", "Price", "amount"),
    Spec("tax_rate", "Tax %", "amount"),
    Spec("amount", "Amount", "amount"),
    Spec("account", "Account", "choice"),
    Spec("order_line", "Order line", "choice"),
)
TAX_FIELDS = (Spec("rate", "Rate %", "amount"), Spec("base", "Base", "amount"), Spec("tax", "Tax", "amount"))


@dataclass(frozen=True)
class InvoiceView(ItemView):
    """An invoice, or what may become one: with its lines and taxes as they stand."""

    lines: tuple[InvoiceLine, ...] = ()
    unshown: int = 0  # so many lines that a page of them would help nobody; then `lines` holds none
    taxes: tuple[TaxLine, ...] = ()

    @property
    def order_numbers(self) -> list[str]:
        """The orders that the document names, as it stands."""
        return list(wanted_numbers(draft_from(self.paper, self.answers))) if self.paper else []


def view(item: ItemRow) -> InvoiceView:
    """The item as the page shows it."""
    shown = view_of(item, FIELDS, CODES)
    if shown.paper and shown.paper.parts:
        shown = replace(shown, fields=(_split(shown, shown.paper), *shown.fields))
    lines = _answered("lines", LINES, shown.paper.lines, shown.answers) if shown.paper else ()
    taxes = _answered("taxes", TAXES, shown.paper.taxes, shown.answers) if shown.paper else ()
    unshown = len(lines) if len(lines) > MOST_LINES else 0
    return InvoiceView(**vars(shown), lines=() if unshown else lines, unshown=unshown, taxes=taxes)


def _split(shown: ItemView, paper: Paper) -> FieldView:
    """Which pages belong together: empty until a person says so, with what is proposed to choose from."""
    proposed = ", ".join(part.name.removeprefix("pages ").removeprefix("page ") for part in paper.parts)
    said = next((a for a in reversed(shown.answers) if a.field == SPLIT.name), None)
    sure = min(part.confidence for part in paper.parts)
    ways = (Alternative(value=proposed, score=sure), Alternative(value=f"1-{paper.pages}", score=1 - sure))
    return FieldView(
        spec=SPLIT,
        value=said.value.strip() if said else "",
        sure=1.0 if said else sure,
        by=said.who if said else "",
        page=None,
        box=None,
        doubts=tuple(d for view in shown.doubts if SPLIT.name in view.fields for d in _doubts_of(view)),
        why=Why(alternatives=ways),
    )


def _doubts_of(view: DoubtView) -> tuple[Doubt, ...]:
    severity: Severity = "block" if view.blocks else "warn"
    return tuple(Doubt(code=view.code, message=m, field=SPLIT.name, severity=severity) for m in view.messages)


class InvoiceSheet:
    """The page of invoices, and of everything that no other desk shows."""

    desk = "invoices"
    form = "form.html"

    def shows(self, item: ItemRow) -> bool:
        """Always: it stands last."""
        return True

    def view(self, item: ItemRow) -> InvoiceView:
        """The item as the page shows it."""
        return view(item)

    def summary(self, shown: ItemView) -> Summary:
        """Its supplier and total."""
        value = shown.values
        return Summary(value.get("supplier_name", ""), value.get("total", ""), value.get("currency", ""))

    def answers(
        self, shown: ItemView, form: Mapping[str, str], offers: Offers, by: tuple[str, datetime]
    ) -> tuple[Answer, ...]:
        """What the form says. Raises NotUnderstood."""
        from desk.answers import answers_of

        if not isinstance(shown, InvoiceView):
            raise TypeError(type(shown))
        return answers_of(shown, form, offers, by)

    def orders(self, shown: ItemView) -> Sequence[str]:
        """The orders that the records are asked for."""
        return shown.order_numbers if isinstance(shown, InvoiceView) else ()


def _answered(name: str, adapter: TypeAdapter[R], read: R, answers: Sequence[Answer]) -> R:
    """What a person last said about the lines or taxes, else what was read."""
    for answer in reversed(answers):
        if answer.field == name:
            try:
                return adapter.validate_json(answer.value)
            except ValidationError:
                return read
    return read
