"""Labelled invoices of many made-up sellers, each with its house's layout, wording and habits.

Half of the layouts (`HALVES`) are those that finders may be looked at with while they are changed; the other half,
which also uses other words for its labels, is only counted. Confidences may be fitted to both.

    python -m benchmarks.invoice_papers --made DIR --pages DIR

draws them and reads scans of some (one to two CPU minutes), for train_invoice_fields.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.confidence_papers import Paper, kept_pages, text_pages
from benchmarks.reading_sets import draw_scan
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
SET = "made"
SCANNED = (["0", "0"], ["2", "1"])
"""Seller and bill of the papers that are scanned, if they are short."""
_LANGUAGES: tuple[Language, ...] = ("de", "fr", "en", "de", "fr")
_NATIVE: dict[str, Language] = {
    "office": "de", "craftsman": "de", "corporate": "de", "trade_suite": "de", "adviser": "de", "utility": "de",
    "plant": "de", "bilingual": "de", "french_desk": "fr", "two_boxes": "fr", "american": "en", "cloud": "en",
    "solicitor": "en", "wholesaler": "en", "payment_service": "en",
}  # fmt: skip


def made_bills(half: int, sellers: int = SELLERS, bills: int = BILLS) -> Iterator[tuple[str, str, Sale, bytes]]:
    """Name, house, sale and PDF of every paper of a half."""
    for n, (name, house) in enumerate(HALVES[half].items()):
        for seller in range(sellers):
            language = _NATIVE.get(name) if seller < 2 else None
            seed = f"{name} {seller}"
            trader = Trader(seed, language or _LANGUAGES[(n + seller) % len(_LANGUAGES)])
            for bill in range(bills):
                sale = trader.sale()
                yield f"{name}-{seller}-{bill}", name, sale, house(Draft(sale, Habits(seed, half)))


def made_papers(folder: Path, pages: Path, halves: tuple[int, ...] = (0, 1)) -> Iterator[Paper]:
    """Every paper by its text layer, and those that were scanned and recognised (`recognise`) by their scans, too.

    PDFs are written to `folder`; pages/made/NAME.json holds what recognition read. A paper's group is its house, so
    confidences are judged on layouts that they have not seen.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for half in halves:
        for name, house, sale, content in made_bills(half):
            path = folder / f"{name}.pdf"
            path.write_bytes(content)
            yield paper_of(name, house, sale, text_pages(path))
            read, skews = kept_pages(pages / SET / f"{name}.json")
            if read:
                paper = paper_of(name, house, sale, read)
                paper.origin, paper.skews, paper.image = f"{ORIGIN} scan", skews, scan_of(folder, name)
                yield paper


def scan_of(folder: Path, name: str) -> Path:
    """Where a paper's scan lies."""
    return folder / "scans" / f"{name}.pdf"


def recognise(folder: Path, pages: Path, most: int = 2) -> None:
    """Draws and reads scans of the first bill of two sellers of each house, where it has no more than `most` pages."""
    from extractors.paging import Reader, read_pdf
    from extractors.pdf_text import Pdf
    from extractors.settings import ReadingSettings

    (pages / SET).mkdir(parents=True, exist_ok=True)
    for paper in made_papers(folder, pages):
        name = Path(paper.name).stem
        file = pages / SET / f"{name}.json"
        if file.exists() or len(paper.pages) > most or name.split("-")[1:] not in SCANNED:
            continue
        draw_scan(folder / paper.name, scan_of(folder, name))
        with Pdf(scan_of(folder, name)) as pdf:
            layers = [layer for n in pdf.page_numbers(most) if (layer := pdf.text_layer(n))]
            read = read_pdf(pdf, layers, Reader(ReadingSettings(ocr_seconds=600)))
        file.with_suffix(".skews").write_text(json.dumps({str(n): d for n, d in read.skews.items()}), encoding="utf-8")
        file.write_text(json.dumps([p.model_dump(mode="json") for p in read.pages]), encoding="utf-8")


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


def digest_of_made() -> str:
    """What all papers together are, for a model's card."""
    found = hashlib.sha256()
    for half in (0, 1):
        for _, _, _, content in made_bills(half):
            found.update(content)
    return found.hexdigest()


def main(argv: list[str]) -> int:
    """Draws the papers, and keeps what recognition reads of their scans."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--made", type=Path, required=True)
    parser.add_argument("--pages", type=Path, required=True)
    args = parser.parse_args(argv)
    recognise(args.made, args.pages)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
