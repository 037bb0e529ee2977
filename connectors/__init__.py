"""Other systems, seen as ports. Bots know these protocols and nouns, never a concrete system."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Literal, Protocol

from workitems.items import Doubt, Invoice, Mail, Noun, PostedEntry, Posting

Folder = Literal["done", "review", "rejected"]


class MailRef(Noun):
    """A mail or bare file that waits in a mailbox. `id` is whatever the system needs to find it again.

    It holds while the mail stays where it is: most systems give a moved mail a new id. `received_at` is when the
    mailbox got it, `size` is in bytes of the raw mail as the mailbox counts them.
    """

    mailbox: str
    id: str
    received_at: datetime | None = None
    size: int | None = None


class RawMail(Noun):
    """The bytes of one mail (RFC 5322), or of one bare file (`filename` set)."""

    ref: MailRef
    data: bytes
    filename: str | None = None  # None: `data` is a whole MIME message
    truncated: bool = False  # the mail is larger than was allowed: `data` is only its header block or first bytes


class Part(Noun):
    """One document of a mail or archive. `media_type` comes from the bytes, never from what the sender claims.

    `name` is a safe file name, unique within the mail. `path` says where it lay, as a person would say it
    ("invoices.zip/2026/17.pdf"); None: the part is the very file that was given.
    """

    name: str
    data: bytes
    media_type: str
    path: str | None = None
    doubts: tuple[Doubt, ...] = ()


class Ignored(Noun):
    """A part that is no document, and why: a logo, a calendar entry, a detached signature."""

    name: str
    why: str


class Unpacked(Noun):
    """A mail or file taken apart. A container that cannot be opened safely and wholly is a part itself, in doubt."""

    mail: Mail
    parts: tuple[Part, ...]
    ignored: tuple[Ignored, ...] = ()


class Reply(Noun):
    """A plain-text answer to a mail. Without `to` (an address) the connector asks the mail itself."""

    subject: str
    text: str
    to: str | None = None
    in_reply_to: str | None = None  # the Message-ID that is answered


class Mailbox(Protocol):
    """A shared mailbox. The claim on a mail is the ledger's unique key; moving is only presentation.

    Every method raises TryLater when the system is away or refuses for now.
    """

    name: str

    def list_inbox(self, limit: int) -> list[MailRef]:
        """The oldest `limit` mails, oldest first, as a finished list."""
        ...

    def fetch(self, ref: MailRef, max_bytes: int) -> RawMail | None:
        """The mail, not marked as read; None when it is no longer there.

        Of a mail larger than `max_bytes` only the beginning comes, and `truncated` says so.
        """
        ...

    def move(self, ref: MailRef, folder: Folder) -> None:
        """Moves the mail; a mail that is no longer there is no error."""
        ...

    def draft_reply(self, ref: MailRef, reply: Reply, key: str) -> None:
        """Leaves one draft reply per `key`, however often it is called."""
        ...

    def close(self) -> None:
        """Ends the connection, if there is one."""
        ...


class Supplier(Noun):
    """A supplier of the master data."""

    id: str
    name: str
    vat_id: str | None = None
    ibans: tuple[str, ...] = ()
    address: str | None = None
    active: bool = True


class OrderLine(Noun):
    """One line of a purchase order, with what came and what was invoiced already (posted or draft in the ERP)."""

    id: str
    product_code: str | None = None
    product_name: str | None = None
    description: str = ""
    quantity: Decimal
    unit: str | None = None
    unit_price: Decimal
    received: Decimal = Decimal(0)
    invoiced: Decimal = Decimal(0)
    is_service: bool = False  # services and goods that are not stocked have no receipt: two-way match
    account: str | None = None
    tax_rate: Decimal | None = None


class Order(Noun):
    """A purchase order. `state` is one of draft, open, done, cancelled."""

    id: str
    number: str
    supplier_id: str
    currency: str
    state: Literal["draft", "open", "done", "cancelled"]
    ordered_on: date | None = None
    lines: tuple[OrderLine, ...] = ()


class Account(Noun):
    """An expense account that invoice lines may be booked on."""

    id: str
    code: str
    name: str


class ErpRecords(Protocol):
    """The company's records, read only: what an invoice is checked against."""

    def suppliers(self) -> Sequence[Supplier]:
        """All active suppliers, with VAT ids and bank accounts."""
        ...

    def find_order(self, number: str) -> Order | None:
        """The order of that number, with what was received and already invoiced per line, as of now."""
        ...

    def open_orders(self, supplier_id: str) -> Sequence[Order]:
        """The supplier's orders that are not finished, newest first."""
        ...

    def find_posting(self, supplier_id: str, number: str) -> Posting | None:
        """The supplier's invoice of exactly that number, in whatever state it stands (draft included)."""
        ...

    def similar_postings(self, supplier_id: str, total: Decimal, issued_on: date, days: int) -> Sequence[Posting]:
        """The supplier's invoices of the same gross amount within `days` of that date."""
        ...

    def accounts(self) -> Sequence[Account]:
        """Expense accounts, for suggestions."""
        ...


class ErpSystem(Protocol):
    """The ERP's invoice screens."""

    name: str

    def find_posting(self, supplier_name: str, number: str) -> Posting | None:
        """Looks on the screens for the supplier's invoice of exactly that number, draft or posted."""
        ...

    def post_invoice(self, invoice: Invoice, scan: Path, again: bool = False) -> Posting:
        """Keys the invoice, lines linked to their order lines, attaches `scan`, posts it and reads it back.

        A draft of the same number that an earlier attempt left behind is finished or discarded, never doubled.
        `again`: a person has decided that it is posted once more after its posting was reversed.
        Raises NeedsReview when the ERP refuses a value or warns of a similar invoice, TryLater when it is away.
        """
        ...

    def reverse(self, entry: PostedEntry) -> Posting:
        """Takes a posted invoice back by the ERP's own cancellation, and reads it back: its state is "cancelled".

        `entry` has supplier and number. One that is cancelled already is returned as it stands. Raises NeedsReview
        where the ERP does not have it, or cannot take it back (paid, period closed); TryLater when it is away.
        """
        ...

    def close(self) -> None:
        """Ends the session."""
        ...
