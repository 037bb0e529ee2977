"""The nouns that the bots hand to each other.

All are frozen and refuse unknown fields; fields are only ever added, with defaults, so that old items load.
Money and quantities are `Decimal`, dates are `datetime.date`, datetimes are aware (UTC).
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Box = tuple[float, float, float, float]
"""x0, y0, x1, y1 as fractions of the page, origin at the top left."""

Kind = Literal[
    "invoice",
    "receipt",
    "credit_note",
    "order",
    "delivery_note",
    "contract",
    "application",
    "identity",
    "letter",
    "other",
]
Source = Literal["xml", "text", "ocr"]
Severity = Literal["block", "warn"]
Route = Literal["straight", "review", "reject"]


class Noun(BaseModel):
    """A frozen value that refuses unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Alternative(Noun):
    """Another value that was weighed for a field. `score` only ranks, between 0 and 1."""

    value: str
    score: float
    page: int | None = None
    box: Box | None = None


class Why(Noun):
    """What a reading rests on: who recognised the words, the strongest signs for and against, what else was weighed.

    `signs` are named weights in log-odds, strongest first; below 0 they speak against the value.
    """

    engine: str | None = None  # "text layer", or the OCR engine of the page
    signs: tuple[tuple[str, float], ...] = ()
    alternatives: tuple[Alternative, ...] = ()  # best first


class Reading(Noun):
    """One value that somebody (a finder, a model, an XML parser, a person) read, and how sure it is.

    `value` is always a string: dates ISO 8601, amounts plain decimals ("-1234.50"), currency ISO 4217.
    `confidence` is the probability that the value is right. `reader` says who read it: "cii", "ubl", "regex",
    "total@7", "person:anna". `page` counts from 1; None where the value has no place (XML, a person).
    """

    value: str
    confidence: float
    reader: str
    page: int | None = None
    box: Box | None = None
    why: Why | None = None


class Doubt(Noun):
    """Why a document is not simply passed on. `code` is stable, `message` is a sentence that a clerk understands."""

    code: str
    message: str
    field: str | None = None
    severity: Severity = "block"
    proposed: tuple[tuple[str, str], ...] = ()  # what a person might answer, likeliest first: field and value


class InvoiceLine(Noun):
    """One line of an invoice, credit note, order or receipt. What was not found is None, never a default."""

    description: str | None = None
    quantity: Decimal | None = None
    unit: str | None = None
    unit_price: Decimal | None = None
    tax_rate: Decimal | None = None  # per cent: Decimal("19")
    amount: Decimal | None = None  # net, after line discounts
    account: str | None = None
    order_number: str | None = None  # where a line names an order of its own
    order_line: str | None = None
    product_code: str | None = None  # the seller's article number
    counts: bool = True  # False: a subtotal or a mere mention, whose amount is not added to the others
    confidence: float = 0.0
    cells: dict[str, float] = {}  # confidence of single cells (quantity, amount ...) where a reader knows it
    page: int | None = None
    box: Box | None = None


class TaxLine(Noun):
    """One row of the tax breakdown."""

    rate: Decimal | None = None  # per cent
    base: Decimal | None = None
    tax: Decimal | None = None
    confidence: float = 0.0


class DiscountTerm(Noun):
    """Pay within `days` (or until `until`) and deduct `percent` (cash discount, Skonto, escompte)."""

    percent: Decimal
    days: int | None = None
    until: date | None = None


class Clause(Noun):
    """A span of a contract, by CUAD's categories.

    `confidence` decides: from 0.5 on the clause is better said than left out. `probability` is calibrated: of a
    category's surest span that there is such a clause, of another one that it is such a clause; None where nobody
    measured it (a person's word, what was read before there was one).
    """

    category: str
    start: int
    end: int
    page: int
    text: str
    confidence: float
    probability: float | None = None


class Shadowed(Noun):
    """What a model that is not in force yet would have said of a document. It decides nothing."""

    model: str
    version: str
    values: dict[str, str] = {}
    confidences: dict[str, float] = {}


class Paper(Noun):
    """What the readers found in one document (one file, or one part of a mail, zip or PDF).

    This is the cascade's result and what `run.py read` prints. `fields` maps the names of docs/interface (number,
    issued_on, total, ...) to readings; a field that was not found is absent.
    """

    kind: Kind
    kind_confidence: float
    source: Source | None = None  # None: nothing could be read
    pages: int = 0
    fields: dict[str, Reading] = {}
    lines: tuple[InvoiceLine, ...] = ()
    taxes: tuple[TaxLine, ...] = ()
    discounts: tuple[DiscountTerm, ...] = ()
    adjustment: Decimal = Decimal(0)  # charges less allowances of the whole document: net is the lines' sum plus this
    clauses: tuple[Clause, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    language: str | None = None  # en, de, fr ...
    models: dict[str, str] = {}  # which model versions took part
    shadow: tuple[Shadowed, ...] = ()  # what candidates said beside them
    parts: tuple[PageRange, ...] = ()  # where the file holds several documents, or may
    seconds: float = 0.0


class PageRange(Noun):
    """One of several documents in a file: its pages, from 1, and how sure it is that it begins and ends there."""

    first: int
    last: int
    confidence: float
    paper: Paper | None = None  # what was read on these pages; None where that is not sure enough

    @property
    def name(self) -> str:
        """What it is called: `pages 1-2`, `page 3`."""
        return f"page {self.first}" if self.first == self.last else f"pages {self.first}-{self.last}"


class Mail(Noun):
    """Where a document came from. Personal data: only what a reply and an audit need."""

    mailbox: str = ""
    message_key: str = ""  # sha256 over Message-ID, From, Date, Subject and decoded part hashes
    message_id: str | None = None
    sender: str | None = None
    subject: str | None = None
    received_at: datetime | None = None
    authenticity: str | None = None


class Document(Noun):
    """The file that an item is about; its bytes are the item's work item file `filename`."""

    sha256: str
    filename: str
    media_type: str
    part: str | None = None  # path inside the mail or archive it came in; None: the file itself
    size: int = 0
    mail: Mail = Mail()
    id: str = ""  # the item that it came in as: what names the document across steps


class Answer(Noun):
    """What a person said about one field (`value`), or about the whole item (`field` "approve", "reject" ...)."""

    field: str
    value: str
    who: str
    at: datetime


class Posting(Noun):
    """An entry that stands in another system."""

    system: str
    reference: str  # that system's own number
    state: str
    posted_at: datetime
    supplier: str | None = None
    number: str | None = None
    total: Decimal | None = None
    currency: str | None = None
    evidence: str | None = None


class Item(Noun):
    """What every work item's payload has. `kind` is also the name of the queue that takes it."""

    kind: str
    document: Document
    answers: tuple[Answer, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    readings: dict[str, Reading] = {}
    route: Route | None = None
    ended: str | None = None  # what became of it in the end, where that is no posting: "registered", "joined"


class DocumentItem(Item):
    """A document that waits to be read, or waits for a person because of what was read."""

    kind: str = "document"
    paper: Paper | None = None


class Invoice(Item):
    """An invoice or credit note that passed the checks and waits to be posted; amounts of credit notes are negative."""

    kind: str = "invoice"
    is_credit_note: bool = False
    supplier_id: str
    supplier_name: str
    number: str
    issued_on: date
    due_on: date | None = None
    currency: str
    net: Decimal | None = None
    tax: Decimal | None = None
    total: Decimal
    iban: str | None = None
    vat_id: str | None = None
    order_number: str | None = None
    lines: tuple[InvoiceLine, ...] = ()
    taxes: tuple[TaxLine, ...] = ()
    discounts: tuple[DiscountTerm, ...] = ()
    posting: Posting | None = None
    paper: Paper | None = None


class PostedEntry(Noun):
    """An entry of another system as somebody names it who wants it reversed; what is not said is looked up."""

    system: str
    reference: str
    state: str | None = None
    posted_at: datetime | None = None
    supplier: str | None = None
    number: str | None = None
    total: Decimal | None = None
    currency: str | None = None
    evidence: str | None = None


class Reversal(Item):
    """An entry that shall be taken back, by the other system's own means. It is about no file."""

    kind: str = "reversal"
    document: Document = Document(sha256="", filename="", media_type="")
    posting: PostedEntry
    reason: str = Field(min_length=1)
    asked_by: str = ""
    reversed_as: Posting | None = None  # how the entry stands afterwards


class Trace(Noun):
    """Where a reading that a decision rests on came from, without its value: that is in the item, as long as it is."""

    reader: str
    page: int | None = None
    box: Box | None = None
    engine: str | None = None
    signs: tuple[tuple[str, float], ...] = ()
    rivals: tuple[float, ...] = ()  # scores of the alternatives


class Decision(Noun):
    """One automated decision, as an auditor wants to see it."""

    step: str
    input_hash: str
    models: dict[str, str] = {}
    scores: dict[str, float] = {}
    rules: tuple[str, ...] = ()  # codes of the rules that fired
    route: str
    cost: float | None = None  # expected loss, where it was computed
    who: str = "bot"
    traces: dict[str, Trace] = {}  # by field


class Word(Noun):
    """A word or OCR segment with its place. `confidence` is 1.0 where the text was not recognised but given."""

    text: str
    box: Box
    confidence: float = 1.0
    start: int | None = None  # of a text file: where the word begins in its characters


class Page(Noun):
    """One page of text with positions, whatever it came from. `width` and `height` in points or pixels (for ratios)."""

    number: int
    width: float
    height: float
    words: tuple[Word, ...] = ()
    source: Source = "text"
    engine: str | None = None
    rotation: int = 0
