"""A day's mails at a mid-sized company, drawn by the demo's own generator: what suppliers send, and what goes wrong."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Literal

from devdata.papers.bills import Bill, Company, Row
from devdata.papers.cases import file_name, letter
from devdata.papers.hybrid import with_xml
from devdata.papers.layouts import LAYOUTS
from devdata.papers.mails import Attachment, mail
from devdata.papers.scans import Scanner, photographed, scanned
from devdata.papers.xml_cii import cii
from devdata.papers.xml_ubl import ubl
from devdata.papers.xml_zugferd1 import zugferd1

Sort = Literal["e-invoice", "digital", "scan", "trouble"]

# Twenty documents as they come: 35 % e-invoices, 45 % digital PDFs, 15 % scans, 5 % trouble.
PATTERN: tuple[Sort, ...] = tuple(
    {"e": "e-invoice", "d": "digital", "s": "scan", "x": "trouble"}[sign]  # type: ignore[misc]
    for sign in "edxdseddedsdeeddsede"
)
LAYOUTS_OF: dict[str, tuple[str, ...]] = {
    "de": ("din", "grid", "din-serif", "modern", "shop"),
    "fr": ("facture", "facture-blue"),
    "en": ("plain", "modern-green", "plain-serif", "american"),
}
NUMBERS = ("RE-26{:04d}", "F2026-{:04d}", "26/{:04d}", "9026{:04d}", "INV-2026-{:05d}", "R26{:05d}", "{:04d}/2026")
MOST_UNITS = 12  # of a line; the price says how much that is worth
NEW_IBAN = {"iban": "DE83100110012625581904", "bic": "NTSBDEB1XXX", "bank": "N26"}
_ZONE = timezone(timedelta(hours=2))


@dataclass(frozen=True)
class Expected:
    """One document of the day. `codes`: none for a document that fits; else one of them shall hold it for a person."""

    sort: Sort
    document: str
    codes: tuple[str, ...] = ()


@dataclass
class Day:
    """The mailbox as it fills; the same `seed` gives the same bytes."""

    company: Company
    seed: int
    files: list[tuple[str, bytes]] = field(default_factory=list)
    expected: list[Expected] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)  # noqa: S311 - no secret hangs on it
        self._at = datetime(2026, 10, 1, 6, 30, tzinfo=_ZONE)
        self._sellers: Iterator[str] = _in_turns(self.company, self._random)
        self._written: dict[str, int] = {}
        self._totals: set[tuple[str, Decimal]] = set()
        self._troubles = _endless(TROUBLES)
        self._sent: list[tuple[Bill, Attachment]] = []

    def fill(self, count: int) -> None:
        """Adds `count` documents, one a mail or a dropped file, in the usual mix."""
        for number in range(count):
            match PATTERN[number % len(PATTERN)]:
                case "e-invoice":
                    self._e_invoice()
                case "digital":
                    self._digital()
                case "scan":
                    self._scan()
                case "trouble":
                    next(self._troubles)(self)

    # ---- what suppliers send

    def bill(self, fits: Callable[[dict[str, str]], bool] = lambda _: True, **changes: object) -> Bill:
        """The next supplier's bill for parts of one of its framework orders, of an amount that it never billed."""
        seller = next(s for s in self._sellers if fits(self.company.suppliers[s]))
        order = [o for o in self.company.orders.values() if o["supplier"] == seller][-1]
        issued_on = date(2026, 9, 1) + timedelta(days=self._random.randrange(29))
        number = self._number(seller)
        while True:
            wanted = self._random.randint(1, len(order["lines"]))
            lines = sorted(self._random.sample([line["line"] for line in order["lines"]], wanted))
            quantities = {(order["number"], line): str(self._random.randint(1, MOST_UNITS)) for line in lines}
            bill = self.company.bill(number, issued_on, quantities)
            if (seller, bill.total) not in self._totals:
                break
        self._totals.add((seller, bill.total))
        if changes.pop("dearer", False):
            prices = {key: str((row.price * Decimal("1.06")).quantize(Decimal("0.01"))) for key, row in _rows(bill)}
            bill = self.company.bill(number, issued_on, quantities, prices=prices)
        return replace(bill, **changes)  # type: ignore[arg-type]

    def _number(self, seller: str) -> str:
        place = sorted(self.company.suppliers).index(seller)
        self._written[seller] = self._written.get(seller, 3000 + place) + 7
        return NUMBERS[place % len(NUMBERS)].format(self._written[seller])

    def _e_invoice(self) -> None:
        bill = self.bill(lambda s: bool(s["iban"]) and s["currency"] == "EUR")
        make = self._random.choice(SYNTAXES)
        self._post(bill, make(bill, _layout(bill)), "e-invoice")

    def _digital(self) -> None:
        bill = self.bill()
        self._post(bill, Attachment(file_name(bill), LAYOUTS[_layout(bill)](bill)), "digital")

    def _scan(self) -> None:
        bill = self.bill()
        page, number = LAYOUTS[_layout(bill)](bill), len(self.files)
        if number % 5 == 0:
            shot = photographed(page, Scanner(dpi=190, noise=4, quality=72, colour=True, seed=number))
            self._drop(f"IMG_{number:05d}.jpg", shot, "scan")
            return
        skew = self._random.uniform(-1.4, 1.4)
        dpi = self._random.choice((150, 200, 200, 300))
        paper = scanned(page, Scanner(dpi=dpi, skew=skew, noise=self._random.uniform(3, 9), seed=number))
        self._drop(f"Scan_{number:05d}.pdf", paper, "scan")

    # ---- what goes wrong

    def twice(self) -> None:
        """The very same file once more, forwarded by a colleague."""
        bill, part = self._random.choice(self._sent)
        self._mail("Petra Wirtz <p.wirtz@moselbrueck.example>", f"WG: {bill.number}", "Bitte einbuchen.\n", part)
        self.expected.append(Expected("trouble", part.name, ("duplicate_file", "duplicate_number")))

    def wrong(self, bill: Bill, *codes: str) -> None:
        """A bill that a person has to see."""
        self._post(bill, Attachment(file_name(bill), LAYOUTS[_layout(bill)](bill)), "trouble", codes)

    def _post(self, bill: Bill, part: Attachment, sort: Sort, codes: tuple[str, ...] = ()) -> None:
        name = bill.supplier["name"]
        self._mail(f'"{name}" <{bill.supplier["email"]}>', f"{part.name} {bill.number}", letter(bill), part)
        self.expected.append(Expected(sort, part.name, codes))
        if not codes:
            self._sent.append((bill, part))

    def _mail(self, sender: str, subject: str, text: str, part: Attachment) -> None:
        self._at += timedelta(minutes=1)
        self.files.append((f"{len(self.files):05d}.eml", mail(sender, subject, text, self._at, part)))

    def _drop(self, name: str, content: bytes, sort: Sort) -> None:
        self.files.append((name, content))
        self.expected.append(Expected(sort, name))


def a_day(company: Path, count: int, seed: int) -> Day:
    """A day of `count` documents for the company of a file."""
    day = Day(Company(company), seed)
    day.fill(count)
    return day


def _dearer(day: Day) -> None:
    day.wrong(day.bill(dearer=True), "price_too_high")


def _other_total(day: Day) -> None:
    bill = day.bill()
    codes = ("total_arithmetic", "tax_arithmetic", "tax_sum", "net_sum")
    day.wrong(replace(bill, stated_total=bill.total + Decimal("90.00")), *codes)


def _other_bank(day: Day) -> None:
    bill = day.bill(lambda s: s["language"] == "de")
    day.wrong(replace(bill, **NEW_IBAN), "bank_details_changed")  # type: ignore[arg-type]


def _other_order(day: Day) -> None:
    day.wrong(day.bill(orders=("PO-2026-9910",)), "unknown_order")


TROUBLES: tuple[Callable[[Day], None], ...] = (Day.twice, _dearer, _other_total, _other_bank, _other_order)


def _xml(write: Callable[[Bill], bytes]) -> Callable[[Bill, str], Attachment]:
    return lambda bill, _: Attachment(f"{file_name(bill)[:-4]}.xml", write(bill))


def _hybrid(
    write: Callable[[Bill], bytes], level: str, name: str = "factur-x.xml"
) -> Callable[[Bill, str], Attachment]:
    return lambda bill, layout: Attachment(
        file_name(bill), with_xml(LAYOUTS[layout](bill), write(bill), name=name, level=level)
    )


SYNTAXES: tuple[Callable[[Bill, str], Attachment], ...] = (
    _hybrid(lambda bill: cii(bill, "en16931"), "EN 16931"),
    _xml(lambda bill: ubl(bill, xrechnung=True)),
    _xml(lambda bill: cii(bill, "xrechnung")),
    _xml(ubl),
    _hybrid(lambda bill: cii(bill, "basic"), "BASIC"),
    _hybrid(zugferd1, "COMFORT", "ZUGFeRD-invoice.xml"),
    _hybrid(lambda bill: cii(bill, "extended"), "EXTENDED"),
)


def _layout(bill: Bill) -> str:
    """A supplier's paper always looks the same."""
    names, supplier = LAYOUTS_OF[bill.language], str(bill.supplier["name"])
    return names[sum(supplier.encode()) % len(names)]


def _rows(bill: Bill) -> list[tuple[tuple[str, int], Row]]:
    return [((row.order, row.order_line), row) for row in bill.rows if row.order and row.order_line]


def _in_turns(company: Company, chance: random.Random) -> Iterator[str]:
    """Suppliers with orders, for ever, in an order that changes from round to round."""
    sellers = sorted({o["supplier"] for o in company.orders.values() if o["ordered_on"].startswith("2026-08")})
    while True:
        chance.shuffle(sellers)
        yield from sellers


def _endless(things: tuple[Callable[[Day], None], ...]) -> Iterator[Callable[[Day], None]]:
    while True:
        yield from things
