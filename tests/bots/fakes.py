"""A small company and its fakes: builders that name only what a test is about, and a fake per disaster."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from bots.invoices.draft import Draft, draft_from
from bots.invoices.facts import House
from bots.invoices.policy import Company, InvoicePolicy
from connectors import Account, Order, OrderLine, Supplier
from workitems.errors import NeedsReview, TryLater
from workitems.items import (
    Answer,
    Document,
    Doubt,
    Invoice,
    InvoiceLine,
    Item,
    Kind,
    Mail,
    Paper,
    PostedEntry,
    Posting,
    Reading,
    TaxLine,
)
from workitems.work import Work

TODAY = date(2026, 4, 20)
COMPANY = Company(
    names=("Moselbrück Apparatebau GmbH",), vat_ids=("DE813620474",), ibans=("DE70585501300001207349",), country="DE"
)
HANSEN = Supplier(id="7", name="Hansen Büro & Papier GmbH", vat_id="DE291846309", ibans=("DE45200505501032455873",))
KESSLER = Supplier(id="8", name="Kessler Metallhandel KG", vat_id="DE147639208", ibans=("DE67600501017482100349",))
WHITCOMBE = Supplier(id="9", name="Whitcombe Instruments Ltd", vat_id="GB980780684")
SUPPLIERS = (HANSEN, KESSLER, WHITCOMBE)
ACCOUNTS = (
    Account(id="1", code="6815", name="Office supplies"),
    Account(id="2", code="6330", name="Cleaning"),
    Account(id="3", code="6740", name="Outbound freight"),
    Account(id="4", code="6845", name="Small tools and low-value equipment"),
)
STRANGE_IBAN = "DE89370400440532013000"  # sound, and of nobody in the master data


def d(value: str | int | Decimal) -> Decimal:
    return Decimal(value)


def reading(value: str, confidence: float = 0.995, reader: str = "fake") -> Reading:
    return Reading(value=value, confidence=confidence, reader=reader)


def line(
    description: str = "Copy paper A4", quantity: str | None = "10", price: str | None = "4.29", **more: Any
) -> InvoiceLine:
    """An invoice line; its amount follows from quantity and price unless it is given."""
    numbers = {k: d(more.pop(k)) for k in ("amount", "tax_rate") if more.get(k) is not None}
    if "amount" not in numbers and quantity and price:
        numbers["amount"] = d(quantity) * d(price)
    more.pop("amount", None)
    return InvoiceLine(
        description=description,
        quantity=d(quantity) if quantity else None,
        unit_price=d(price) if price else None,
        confidence=more.pop("confidence", 0.95),
        **numbers,
        **more,
    )


def order_line(
    id: str = "101", description: str = "Copy paper A4", quantity: str = "10", price: str = "4.29", **more: Any
) -> OrderLine:
    """An order line that was received in full and not invoiced yet."""
    numbers = {k: d(more.pop(k)) for k in ("received", "invoiced", "tax_rate") if k in more}
    return OrderLine(
        id=id,
        description=description,
        quantity=d(quantity),
        unit_price=d(price),
        received=numbers.pop("received", d(quantity)),
        account=more.pop("account", "6815"),
        **numbers,
        **more,
    )


def order(number: str = "PO-2026-0101", lines: Sequence[OrderLine] = (), **more: Any) -> Order:
    return Order(
        id=number[-4:],
        number=number,
        supplier_id=more.pop("supplier_id", HANSEN.id),
        currency=more.pop("currency", "EUR"),
        state=more.pop("state", "open"),
        lines=tuple(lines) or (order_line(),),
        **more,
    )


def paper(kind: Kind = "invoice", lines: Sequence[InvoiceLine] | None = None, **fields: Any) -> Paper:
    """Hansen's invoice over ten packs of paper, order PO-2026-0101. A field that is None is not on the paper.

    Net, tax (19 %) and total follow from the lines unless they are given. A field may be a text or a Reading.
    """
    rows = (line(),) if lines is None else tuple(lines)
    more = {
        k: fields.pop(k)
        for k in ("kind_confidence", "source", "taxes", "doubts", "discounts", "adjustment")
        if k in fields
    }
    net = sum((row.amount or Decimal(0) for row in rows), Decimal(0)) + more.get("adjustment", Decimal(0))
    tax = (net * d("0.19")).quantize(d("0.01"))
    usual: dict[str, Any] = {
        "supplier_name": HANSEN.name,
        "vat_id": HANSEN.vat_id,
        "iban": HANSEN.ibans[0],
        "number": "RE-26-0815",
        "issued_on": "2026-04-14",
        "currency": "EUR",
        "net": str(net),
        "tax": str(tax),
        "total": str(net + tax),
        "order_number": "PO-2026-0101",
        "buyer_name": COMPANY.names[0],
    }
    said = {k: v if isinstance(v, Reading) else reading(str(v)) for k, v in (usual | fields).items() if v is not None}
    return Paper(kind=kind, fields=said, lines=rows, **({"kind_confidence": 0.99, "source": "text", "pages": 1} | more))


def draft(kind: Kind = "invoice", lines: Sequence[InvoiceLine] | None = None, **fields: Any) -> Draft:
    return draft_from(paper(kind, lines, **fields))


def taxes(*rows: tuple[str, str, str]) -> tuple[TaxLine, ...]:
    return tuple(TaxLine(rate=d(r), base=d(b), tax=d(t), confidence=0.95) for r, b, t in rows)


def answer(field: str, value: str, who: str = "anna") -> Answer:
    return Answer(field=field, value=value, who=who, at=datetime(2026, 4, 20, 9, tzinfo=UTC))


def document(filename: str = "invoice.pdf", sha256: str = "ab" * 32, **more: Any) -> Document:
    return Document(
        sha256=sha256, filename=filename, media_type=more.pop("media_type", "application/pdf"), mail=Mail(), **more
    )


def house(**policy: Any) -> House:
    return House(company=COMPANY, policy=InvoicePolicy.model_validate(policy))


def posting(number: str = "RE-26-0815", **more: Any) -> Posting:
    return Posting(
        system="tryton",
        reference=more.pop("reference", "2026/17"),
        state=more.pop("state", "posted"),
        posted_at=datetime(2026, 4, 15, tzinfo=UTC),
        number=number,
        currency=more.pop("currency", "EUR"),
        **more,
    )


class FakeRecords:
    """The company's records in memory; `post` books an invoice, so that later questions see it."""

    def __init__(self, *orders: Order, suppliers: Sequence[Supplier] = SUPPLIERS) -> None:
        self.orders = {o.number: o for o in orders or (order(),)}
        self._suppliers = tuple(suppliers)
        self.postings: dict[tuple[str, str], Posting] = {}
        self.issued: dict[tuple[str, str], date] = {}

    def suppliers(self) -> Sequence[Supplier]:
        return self._suppliers

    def find_order(self, number: str) -> Order | None:
        return self.orders.get(number)

    def open_orders(self, supplier_id: str) -> Sequence[Order]:
        return [o for o in self.orders.values() if o.supplier_id == supplier_id and o.state == "open"]

    def find_posting(self, supplier_id: str, number: str) -> Posting | None:
        return self.postings.get((supplier_id, number))

    def similar_postings(self, supplier_id: str, total: Decimal, issued_on: date, days: int) -> Sequence[Posting]:
        return [
            p
            for key, p in self.postings.items()
            if key[0] == supplier_id and p.total == total and abs((self.issued[key] - issued_on).days) <= days
        ]

    def accounts(self) -> Sequence[Account]:
        return ACCOUNTS

    def post(self, invoice: Invoice, entry: Posting) -> None:
        """Books an invoice: its lines count as invoiced on their orders."""
        key = (invoice.supplier_id, invoice.number)
        self.postings[key], self.issued[key] = entry, invoice.issued_on
        for number, found in self.orders.items():
            asked = {line.order_line: line.quantity or Decimal(0) for line in invoice.lines}
            lines = [ol.model_copy(update={"invoiced": ol.invoiced + asked.get(ol.id, 0)}) for ol in found.lines]
            self.orders[number] = found.model_copy(update={"lines": tuple(lines)})


class RecordsThatAreAway(FakeRecords):
    """The ERP does not answer."""

    def suppliers(self) -> Sequence[Supplier]:
        raise TryLater("erp_away", "The ERP does not answer.")


class FakeErp:
    """The ERP's screens over the fake records."""

    name = "fake"

    def __init__(self, records: FakeRecords) -> None:
        self.records, self.posted, self.scans = records, list[Invoice](), list[str]()

    def find_posting(self, supplier_name: str, number: str) -> Posting | None:
        found = next((s for s in self.records.suppliers() if s.name == supplier_name), None)
        return self.records.find_posting(found.id, number) if found else None

    def post_invoice(self, invoice: Invoice, scan: Path, again: bool = False) -> Posting:
        self.scans.append(scan.name)
        entry = posting(
            invoice.number, reference=f"2026/{len(self.posted) + 1}", total=invoice.total, currency=invoice.currency
        )
        self.posted.append(invoice)
        self.records.post(invoice, entry)
        return entry

    def reverse(self, entry: PostedEntry) -> Posting:
        raise NotImplementedError  # tests/bots/test_reverse_invoices.py has ERPs that do

    def close(self) -> None:
        pass


class ErpThatDiesAfterPosting(FakeErp):
    """The invoice is posted, and then the bot is killed: nobody hears of it. The next bot lives."""

    died = False

    def post_invoice(self, invoice: Invoice, scan: Path, again: bool = False) -> Posting:
        entry = super().post_invoice(invoice, scan)
        if not self.died:
            self.died = True
            raise KeyboardInterrupt
        return entry


class ErpThatDiesOverADraft(FakeErp):
    """The bot is killed when the draft stands; the next attempt finishes the draft and doubles nothing."""

    died = False

    def post_invoice(self, invoice: Invoice, scan: Path, again: bool = False) -> Posting:
        if not self.died:
            self.died = True
            self.records.post(invoice, posting(invoice.number, state="draft", reference="#5", total=invoice.total))
            raise KeyboardInterrupt
        entry = posting(invoice.number, reference="2026/1", total=invoice.total)
        self.posted.append(invoice)
        self.records.postings[(invoice.supplier_id, invoice.number)] = entry
        return entry


class ErpThatRefuses(FakeErp):
    """The ERP does not take a value."""

    def post_invoice(self, invoice: Invoice, scan: Path, again: bool = False) -> Posting:
        raise NeedsReview([Doubt(code="erp_refused", message="The fiscal year 2031 is not open.")])


class ErpThatIsAway(FakeErp):
    """The screens do not come up."""

    def post_invoice(self, invoice: Invoice, scan: Path, again: bool = False) -> Posting:
        raise TryLater("erp_away", "The ERP does not answer.")


class ErpThatRoundsOtherwise(FakeErp):
    """The ERP computes another tax than the paper states."""

    def post_invoice(self, invoice: Invoice, scan: Path, again: bool = False) -> Posting:
        entry = super().post_invoice(invoice, scan)
        return entry.model_copy(update={"total": invoice.total + d("0.01")})


class FileOnDisk:
    """What a work item's files look like to `Work`."""

    def __init__(self, contents: dict[str, bytes]) -> None:
        self._contents, self.files = contents, list(contents)

    def get_file(self, name: str, path: Any = None) -> Path:
        if name not in self._contents:
            raise FileNotFoundError(name)
        Path(path).write_bytes(self._contents[name])
        return Path(path)


def work(item: Item, folder: Path, id: str = "1", content: bytes = b"%PDF-1.7") -> Work:
    """The item in hand, with its document as a file."""
    files = FileOnDisk({item.document.filename: content})
    return Work(id, item.model_dump(mode="json"), files, Path(tempfile.mkdtemp(dir=folder)))
