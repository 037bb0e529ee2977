"""Labelled invoices of many made-up sellers, each with its house's layout, wording and habits.

Half of the layouts (`HALVES`) are those that finders may be looked at with while they are changed; the other half,
which also uses other words for its labels, is only counted. Confidences may be fitted to both.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from benchmarks.confidence_papers import Paper, text_pages
from devdata.papers import houses_desk, houses_firm, houses_online, houses_trade
from devdata.papers.drafts import Draft, Habits
from devdata.papers.firms import Language
from devdata.papers.sales import Sale, Trader
from workitems.items import Page

HALVES = (houses_desk.HOUSES | houses_firm.HOUSES, houses_trade.HOUSES | houses_online.HOUSES)
SELLERS = 5
"""Sellers of each house."""
BILLS = 2
"""Bills of each seller."""
ORIGIN = "made invoice"
_LANGUAGES: tuple[Language, ...] = ("de", "fr", "en", "de", "fr")
_NATIVE: dict[str, Language] = {
    "office": "de", "craftsman": "de", "corporate": "de", "trade_suite": "de", "adviser": "de", "utility": "de",
    "plant": "de", "bilingual": "de", "french_desk": "fr", "two_boxes": "fr", "american": "en", "cloud": "en",
    "solicitor": "en", "wholesaler": "en", "payment_service": "en",
}  # fmt: skip


def made_bills(half: int) -> Iterator[tuple[str, str, Sale, bytes]]:
    """Name, house, sale and PDF of every paper of a half."""
    for n, (name, house) in enumerate(HALVES[half].items()):
        for seller in range(SELLERS):
            language = _NATIVE.get(name) if seller < 2 else None
            seed = f"{name} {seller}"
            trader = Trader(seed, language or _LANGUAGES[(n + seller) % len(_LANGUAGES)])
            for bill in range(BILLS):
                sale = trader.sale()
                yield f"{name}-{seller}-{bill}", name, sale, house(Draft(sale, Habits(seed, half)))


def made_papers(folder: Path, halves: tuple[int, ...] = (0, 1)) -> Iterator[Paper]:
    """The papers by their text layers; PDFs are written to `folder`. A paper's group is its house."""
    folder.mkdir(parents=True, exist_ok=True)
    for half in halves:
        for name, house, sale, content in made_bills(half):
            path = folder / f"{name}.pdf"
            path.write_bytes(content)
            yield paper_of(name, house, sale, text_pages(path))


def paper_of(name: str, house: str, sale: Sale, pages: list[Page]) -> Paper:
    """The labelled paper of a sale whose pages were read."""
    kind = "credit_note" if sale.credit else "invoice"
    lines = [
        {
            "description": row.text,
            "quantity": str(row.quantity),
            "unit_price": str(row.price),
            "line_total": str(row.amount),
        }
        for row in sale.rows
    ]
    return Paper(f"{name}.pdf", ORIGIN, f"house:{house}", kind, pages, truth_of(sale), lines)  # type: ignore[arg-type]


def truth_of(sale: Sale) -> dict[str, str | None]:
    """What is printed of the header; fields that the paper does not show have no truth."""
    place = sale.supplier["address"]
    town = f"{place['postal_code']} {place['city']}"
    if place["country"] in ("US", "GB"):
        region = f" {place['subdivision']}" if place.get("subdivision") else ""
        town = f"{place['city']},{region} {place['postal_code']}"
    truth: dict[str, str | None] = {
        "number": sale.number,
        "issued_on": sale.issued_on.isoformat(),
        "currency": sale.currency,
        "supplier_name": sale.supplier["name"],
        "supplier_address": f"{place['street']}, {town}, {place['country']}",
        "buyer_name": sale.buyer["name"],
        "net": str(sale.net),
        "tax": str(sale.tax),
        "total": str(sale.total),
    }
    more = {
        "order_number": sale.orders[0] if sale.orders else None,
        "due_on": None if sale.credit else sale.due_on.isoformat(),
        "vat_id": sale.supplier["vat_id"],
        "iban": sale.iban,
        "period_from": sale.period[0].isoformat() if sale.period else None,
        "period_to": sale.period[1].isoformat() if sale.period else None,
    }
    return truth | {field: value for field, value in more.items() if value}


def digest(papers: Iterator[tuple[str, str, Sale, bytes]]) -> str:
    """What all papers together are, for a model's card."""
    found = hashlib.sha256()
    for _, _, _, content in papers:
        found.update(content)
    return found.hexdigest()
