"""What Tryton's rows mean: which fields to ask for, and the nouns that they become."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Literal

from connectors import Order, OrderLine, Supplier
from connectors.tryton.rpc import Row
from workitems.items import Posting

SYSTEM = "tryton"

# Tryton names tax identifiers by country and local name; eu_vat is the usual one.
VAT_TYPE = re.compile(r"[a-z]{2}_(vat|tva|btw|iva|uid|dic|dph|ddv|cvr|kmkr|alv|oib|anum|pvm|pvn|mva|nip|nif|cf)")
ORDER_STATES: dict[str, Literal["draft", "open", "done", "cancelled"]] = {
    "draft": "draft",
    "quotation": "draft",
    "confirmed": "open",
    "processing": "open",
    "done": "done",
    "cancelled": "cancelled",
}
SUPPLIER_FIELDS = [
    "name",
    "active",
    "identifiers.type",
    "identifiers.code",
    "addresses.street",
    "addresses.postal_code",
    "addresses.city",
    "addresses.country.name",
    "bank_accounts.numbers.type",
    "bank_accounts.numbers.number_compact",
]
ORDER_FIELDS = [
    "number",
    "state",
    "party",
    "purchase_date",
    "currency.code",
    *(
        f"lines.{field}"
        for field in (
            "type",
            "sequence",
            "description",
            "quantity",
            "unit_price",
            "unit.name",
            "unit.factor",
            "product.code",
            "product.name",
            "product.type",
            "product.account_category.account_expense.code",
            "product.account_category.parent.account_expense.code",
            "product_supplier.code",
            "taxes.rate",
            "moves.state",
            "moves.quantity",
            "moves.unit.factor",
            "moves.to_location.type",
            "invoice_lines.quantity",
            "invoice_lines.unit.factor",
            "invoice_lines.invoice.state",
        )
    ),
]
POSTING_FIELDS = [
    "number",
    "reference",
    "state",
    "total_amount",
    "currency.code",
    "party.name",
    "create_date",
    "write_date",
]


def plain_number(number: str | None) -> str:
    return re.sub(r"\W|_", "", number or "").casefold()


def supplier(row: Row) -> Supplier:
    numbers = [number for account in row["bank_accounts."] for number in account["numbers."]]
    return Supplier(
        id=str(row["id"]),
        name=row["name"] or "",
        vat_id=next((_vat_id(i) for i in row["identifiers."] if VAT_TYPE.fullmatch(i["type"] or "")), None),
        ibans=tuple(n["number_compact"] for n in numbers if n["type"] == "iban" and n["number_compact"]),
        address=next((_address(a) for a in row["addresses."]), None),
        active=row["active"],
    )


def _address(place: Row) -> str:
    """In one line; Tryton's own formatting by country would turn names into capitals."""
    city = " ".join(part for part in (place["postal_code"], place["city"]) if part)
    parts = [*(place["street"] or "").splitlines(), city, (place["country."] or {}).get("name")]
    return ", ".join(part for part in parts if part)


def _vat_id(identifier: Row) -> str:
    """Tryton keeps some national VAT ids without their country; on paper they carry it."""
    country: str = identifier["type"].split("_")[0].upper().replace("GR", "EL")
    code: str = identifier["code"].replace(" ", "").upper()
    return code if country == "EU" or code.startswith(country) else country + code


def order(row: Row) -> Order:
    lines = [line for line in row["lines."] if line["type"] == "line"]
    return Order(
        id=str(row["id"]),
        number=row["number"] or "",
        supplier_id=str(row["party"]),
        currency=row["currency."]["code"],
        state=ORDER_STATES[row["state"]],
        ordered_on=row["purchase_date"],
        lines=tuple(order_line(line) for line in sorted(lines, key=lambda r: (r["sequence"] or 0, r["id"]))),
    )


def order_line(line: Row) -> OrderLine:
    product, supplied = line["product."] or {}, line["product_supplier."] or {}
    goods = product.get("type") in ("goods", "assets")
    return OrderLine(
        id=str(line["id"]),
        product_code=supplied.get("code") or product.get("code"),
        product_name=product.get("name"),
        description=line["description"] or "",
        quantity=_decimal(line["quantity"]),
        unit=(line["unit."] or {}).get("name"),
        unit_price=line["unit_price"],
        received=_received(line),
        invoiced=_invoiced(line),
        is_service=not goods,
        account=_account_code(product.get("account_category.") or {}),
        tax_rate=_tax_rate(line),
    )


def _account_code(category: Row) -> str | None:
    """The expense account of a product's accounting category, or of the category above it."""
    for holder in (category, category.get("parent.") or {}):
        if account := holder.get("account_expense."):
            return str(account["code"])
    return None


def _received(line: Row) -> Decimal:
    """What came, less what went back."""
    total = Decimal(0)
    for move in line["moves."]:
        if move["state"] == "done":
            back = move["to_location."]["type"] == "supplier"
            total += _in_unit(move, line) * (-1 if back else 1)
    return total


def _invoiced(line: Row) -> Decimal:
    """What stands on invoices that are not cancelled, drafts included; credit notes count against it."""
    return sum(
        (_in_unit(i, line) for i in line["invoice_lines."] if (i["invoice."] or {}).get("state") != "cancelled"),
        Decimal(0),
    )


def _in_unit(part: Row, line: Row) -> Decimal:
    """The part's quantity in the order line's unit; Tryton's factors lead to the reference unit of a category."""
    quantity, own, wanted = _decimal(part["quantity"]), part["unit."], line["unit."]
    if not own or not wanted or own["id"] == wanted["id"]:
        return quantity
    return _decimal(round(float(quantity) * own["factor"] / wanted["factor"], 6))


def _tax_rate(line: Row) -> Decimal | None:
    rates = [tax["rate"] for tax in line["taxes."] if tax["rate"] is not None]
    return (sum(rates, Decimal(0)) * 100).normalize() + 0 if rates else None


def _decimal(number: float | None) -> Decimal:
    """Tryton sends quantities as floats; their shortest text is what somebody typed."""
    value = Decimal(str(number or 0))
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


def posting(row: Row) -> Posting:
    changed: datetime | None = row["write_date"] or row["create_date"]
    return Posting(
        system=SYSTEM,
        reference=row["number"] or f"#{row['id']}",
        state=row["state"],
        posted_at=changed or datetime.now(UTC),
        supplier=row["party."]["name"],
        number=row["reference"],
        total=row["total_amount"],
        currency=row["currency."]["code"],
    )
