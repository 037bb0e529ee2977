"""Bills: what a supplier charges, computed from the company's orders."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

COMPANY = Path(__file__).resolve().parents[1] / "company.json"
_CENT = Decimal("0.01")


def cents(value: Decimal) -> Decimal:
    """Commercial rounding to two decimals."""
    return value.quantize(_CENT, ROUND_HALF_UP)


@dataclass(frozen=True)
class Row:
    """One charged line. `details` are printed below its text."""

    position: int
    code: str
    text: str
    quantity: Decimal
    unit: str
    price: Decimal
    rate: Decimal
    tax_code: str
    order: str | None = None
    order_line: int | None = None
    details: tuple[str, ...] = ()

    @property
    def amount(self) -> Decimal:
        return cents(self.quantity * self.price)


@dataclass(frozen=True)
class TaxRow:
    """One rate of a bill."""

    rate: Decimal
    code: str
    base: Decimal
    tax: Decimal


@dataclass(frozen=True)
class Bill:
    """An invoice or credit note as its supplier issues it; amounts of credit notes are positive here."""

    supplier: dict[str, Any]
    buyer: dict[str, Any]
    number: str
    issued_on: date
    rows: tuple[Row, ...]
    term: dict[str, Any]
    currency: str
    language: str
    tax_notes: dict[str, str | None] = field(default_factory=dict)
    credit: bool = False
    refers_to: str | None = None  # the invoice that a credit note corrects
    reason: str | None = None
    orders: tuple[str, ...] = ()
    delivery_notes: tuple[str, ...] = ()
    delivered_on: date | None = None
    iban: str | None = None
    bic: str | None = None
    bank: str | None = None
    stated_total: Decimal | None = None  # a wrong total, as it is printed

    @property
    def net(self) -> Decimal:
        return sum((row.amount for row in self.rows), Decimal(0))

    @property
    def taxes(self) -> tuple[TaxRow, ...]:
        codes = dict.fromkeys((row.rate, row.tax_code) for row in self.rows)
        bases = {key: sum((r.amount for r in self.rows if (r.rate, r.tax_code) == key), Decimal(0)) for key in codes}
        return tuple(TaxRow(rate, code, base, cents(base * rate / 100)) for (rate, code), base in bases.items())

    @property
    def tax(self) -> Decimal:
        return sum((row.tax for row in self.taxes), Decimal(0))

    @property
    def total(self) -> Decimal:
        return self.stated_total if self.stated_total is not None else self.net + self.tax

    @property
    def due_on(self) -> date:
        return self.issued_on + timedelta(days=self.term["days"])

    @property
    def discount(self) -> tuple[Decimal, int] | None:
        """Per cent and days."""
        found = self.term["discount"]
        return (Decimal(found["percent"]), int(found["days"])) if found and not self.credit else None

    def note(self) -> str | None:
        """The sentence of a bill without VAT."""
        return next((note for row in self.taxes if (note := self.tax_notes.get(row.code))), None)


class Company:
    """company.json, and the bills that its suppliers could write."""

    def __init__(self, path: Path = COMPANY) -> None:
        data = json.loads(path.read_text(encoding="utf-8"))
        self.buyer: dict[str, Any] = data["company"]
        self.suppliers = {s["id"]: s for s in data["suppliers"]}
        self.orders = {o["number"]: o for o in data["orders"]}
        self.products = {p["code"]: p for p in data["products"]}
        self.terms = {t["code"]: t for t in data["payment_terms"]}
        self.taxes = {t["code"]: t for t in data["taxes"]}

    def bill(
        self,
        number: str,
        issued_on: date,
        quantities: dict[tuple[str, int], str] | str,
        **changes: Any,
    ) -> Bill:
        """The bill for an order (its number: everything received or, of services, ordered), or for chosen lines.

        `quantities` maps (order number, line) to what is billed. `changes` replace fields of the bill; `prices` maps
        (order, line) to another price, `details` to printed details.
        """
        if isinstance(quantities, str):
            quantities = {(quantities, line["line"]): _open(line) for line in self.orders[quantities]["lines"]}
        prices, details = changes.pop("prices", {}), changes.pop("details", {})
        supplier = self.suppliers[self.orders[next(iter(quantities))[0]]["supplier"]]
        supplier = self.suppliers[changes.pop("by", supplier["id"])]
        language = changes.pop("language", supplier["language"])
        rows = tuple(
            self._row(key, Decimal(quantity), position=position, price=prices.get(key), language=language)
            for position, (key, quantity) in enumerate(quantities.items(), 1)
        )
        rows = tuple(replace(r, details=details.get(key, ())) for key, r in zip(quantities, rows, strict=True))
        orders = tuple(dict.fromkeys(order for order, _ in quantities))
        receipts = [r for order in orders for r in self.orders[order]["receipts"]]
        made = Bill(
            supplier=supplier,
            buyer=self.buyer,
            number=number,
            issued_on=issued_on,
            rows=rows,
            term=self.terms[supplier["payment_term"]],
            currency=self.orders[orders[0]]["currency"],
            language=language,
            tax_notes={code: tax["note"] for code, tax in self.taxes.items()},
            orders=orders,
            delivery_notes=tuple(r["delivery_note"] for r in receipts),
            delivered_on=date.fromisoformat(receipts[-1]["date"]) if receipts else None,
            iban=supplier["iban"],
            bic=supplier["bic"],
            bank=supplier["bank"],
        )
        return replace(made, **changes)

    def free_bill(
        self, supplier: str, number: str, issued_on: date, rows: list[tuple[str, str, str, str, str]]
    ) -> Bill:
        """A bill without an order; a row is text, quantity, unit, price, tax code."""
        seller = self.suppliers[supplier]
        made = [
            Row(i, "", text, Decimal(quantity), unit, Decimal(price), Decimal(self.taxes[tax]["rate"]), tax)
            for i, (text, quantity, unit, price, tax) in enumerate(rows, 1)
        ]
        return Bill(
            supplier=seller,
            buyer=self.buyer,
            number=number,
            issued_on=issued_on,
            rows=tuple(made),
            term=self.terms[seller["payment_term"]],
            currency=seller["currency"],
            language=seller["language"],
            tax_notes={code: tax["note"] for code, tax in self.taxes.items()},
            iban=seller["iban"],
            bic=seller["bic"],
            bank=seller["bank"],
        )

    def _row(self, key: tuple[str, int], quantity: Decimal, *, position: int, price: str | None, language: str) -> Row:
        order, number = key
        line = next(found for found in self.orders[order]["lines"] if found["line"] == number)
        product = self.products[line["product"]]
        return Row(
            position=position,
            code=product["supplier_code"],
            text=product["names"][language],
            quantity=quantity,
            unit=line["unit"],
            price=Decimal(price or line["unit_price"]),
            rate=Decimal(self.taxes[line["tax"]]["rate"]),
            tax_code=line["tax"],
            order=order,
            order_line=number,
        )


def _open(line: dict[str, Any]) -> str:
    """What is left to bill of an order line: of goods what came, of services what was ordered."""
    deliverable = line["received"] if line["kind"] == "goods" else line["quantity"]
    return str(Decimal(deliverable) - Decimal(line["invoiced"]))
