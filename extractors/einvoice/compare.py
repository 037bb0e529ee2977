"""Whether the visible page says what the XML says: the sender sees one, the bot reads the other.

A value counts as shown when the page has it in any usual form. It is contradicted only where it is nowhere on the page
and the page clearly states another one: another sum beside a total's label, another valid IBAN, another number beside
"Rechnung Nr.". Pages without a text layer of their own, or with few words, say nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from stdnum import iban as iban_check

from extractors.pages import rows_of, text_of
from extractors.values import amounts_in, dates_in
from workitems.items import Doubt, Page, Paper, Severity

CODE = "xml_page_mismatch"
_FEWEST_WORDS = 25
_MONTHS = (
    ("jan", "janv"),
    ("feb", "fev", "fevr"),
    ("mar", "maerz", "marz", "mrz"),
    ("apr", "avr"),
    ("may", "mai"),
    ("jun", "juin"),
    ("jul", "juil"),
    ("aug", "aout"),
    ("sep", "sept"),
    ("oct", "okt"),
    ("nov",),
    ("dec", "dez"),
)
_TOTAL = re.compile(
    r"\b(gesamt(betrag|summe)?|summe gesamt|rechnungs(betrag|summe)|brutto(betrag|summe)|end(betrag|summe)|zu zahlen|"
    r"(grand|invoice|gross) total|amount due|(montant|net) (total|ttc|a payer)|summe brutto|total)\b"
)
_PART = re.compile(r"\b(net|netto|ht|hors|excl|ohne|zwischen|sub|steuer|tax|tva|mwst|zuschl|abschl|remise|pos)")
_KINDS = r"(?:\w*rechnung|\w*gutschrift|rechnungskorrektur|invoice|credit note|facture|avoir|bestellung|order|commande)"
_ID = r"(?P<id>[a-z0-9][a-z0-9/._-]*\d[a-z0-9/._-]*)"
_NUMBERS = (
    # "Rechnungsnummer: 4711", "Handelsrechnung (380) Nr. 4711 vom", "Facture n° F-12", "Beleg-Nr : RK2"
    re.compile(
        rf"(?:\b{_KINDS}s?|\bbeleg)(?:\s?\(\d+\))?\s?-?\.?\s?(?:nummer|number|nr|no|n°|#|num|numero)\b[\s.:#]*{_ID}"
    ),
    re.compile(rf"^{_KINDS} {_ID}$"),  # "Invoice 103767" as a heading
)
_DATE = re.compile(r"\b(rechnungs-?\s?datum|invoice date|date of invoice|date (de )?(la )?facture)\b")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?:\s?[A-Z0-9]){11,30}")
_VAT = re.compile(r"\b(?:DE|ATU|FR|BE|NL|LU|IT|ES|PL|CZ|DK|SE|FI|PT|IE|CHE)[0-9][0-9A-Z]{7,11}\b")


def disagreements(paper: Paper, pages: Sequence[Page], payable: Decimal | None = None) -> list[Doubt]:
    """Doubts `xml_page_mismatch` for what the page states otherwise than the XML: `paper` is what the XML says.

    Total, IBAN and number block; date and supplier only warn, because pages write them in too many ways. `payable` is
    the amount due where that differs from the total (prepaid, retained): a page may show it alone.
    """
    given = [page for page in pages if page.source == "text" and all(w.confidence >= 1 for w in page.words)]
    if sum(len(page.words) for page in given) < _FEWEST_WORDS:
        return []
    shown = _Shown(given)
    found = (
        _total(paper, shown, payable),
        _account(paper, shown),
        _number(paper, shown),
        _issued(paper, shown),
        _supplier(paper, shown),
    )
    return [doubt for doubt in found if doubt is not None]


class _Shown:
    """The visible text: as rows in lower case without accents, and run together for codes with spaces in them."""

    def __init__(self, pages: Sequence[Page]) -> None:
        self.rows = [_folded(text_of(row)) for page in pages for row in rows_of(page)]
        self.text = "\n".join(self.rows)
        self.joined = re.sub(r"[^a-z0-9]", "", self.text)


def _folded(value: str) -> str:
    flat = unicodedata.normalize("NFKD", value.replace("ß", "ss").replace("°", "~")).replace("~", "°")
    return "".join(c for c in flat if not unicodedata.combining(c)).lower()


def _value(paper: Paper, name: str) -> str | None:
    reading = paper.fields.get(name)
    return reading.value if reading else None


def _doubt(field: str, sentence: str, severity: Severity = "block") -> Doubt:
    return Doubt(code=CODE, field=field, message=sentence, severity=severity)


def shows_amount(text: str, value: Decimal) -> bool:
    """Whether an amount is in the text with any usual separators, with or without its sign."""
    units, cents = format(abs(value), ".2f").split(".")
    groups = [units[max(i - 3, 0) : i] for i in range(len(units), 0, -3)][::-1]
    decimals = rf"[.,]\s?{cents}0*" if cents != "00" else r"(?:[.,]\s?(?:0+|-+))?"
    if cents.endswith("0") and cents != "00":
        decimals = rf"[.,]\s?{cents[0]}0*"
    return re.search(r"(?<!\d)(?<!\d[.,'’])" + r"[.,'’\s]?".join(groups) + decimals + r"(?![\d])", text) is not None


def _total(paper: Paper, shown: _Shown, payable: Decimal | None) -> Doubt | None:
    stated = _value(paper, "total")
    if stated is None or any(shows_amount(shown.text, v) for v in (Decimal(stated), payable) if v is not None):
        return None
    others = list(_labelled_totals(shown.rows))
    if not others:
        return None
    told = ", ".join(sorted({format(v, ".2f") for v in others})[:3])
    return _doubt("total", f"The electronic invoice states a total of {stated}, but the page shows {told}.")


def _labelled_totals(rows: Sequence[str]) -> Iterator[Decimal]:
    for row in rows:
        label = _TOTAL.search(row)
        if label and not _PART.search(row):
            yield from (a.value for a in amounts_in(row[label.end() :]) if a.decimals == 2 and not a.percent)


def _account(paper: Paper, shown: _Shown) -> Doubt | None:
    stated = _value(paper, "iban")
    if stated is None or stated.lower() in shown.joined:
        return None
    others = {found for row in shown.rows for found in _ibans(row.upper())}
    if not others:
        return None
    endings = ", ".join(sorted(f"{o[:4]}...{o[-4:]}" for o in others)[:3])
    told = f"{stated[:4]}...{stated[-4:]}"
    return _doubt("iban", f"The electronic invoice names the bank account {told}, but the page shows {endings}.")


def _ibans(row: str) -> Iterator[str]:
    """IBANs with a right checksum; words may follow in the same row, so shorter ends are tried too."""
    for found in _IBAN.finditer(row):
        joined = re.sub(r"\s", "", found[0])
        valid = (joined[:n] for n in range(min(len(joined), 34), 14, -1) if iban_check.is_valid(joined[:n]))
        yield from [first] if (first := next(valid, None)) else []


def _number(paper: Paper, shown: _Shown) -> Doubt | None:
    stated = _value(paper, "number")
    code = re.sub(r"[^a-z0-9]", "", _folded(stated or ""))
    if not stated or not code or code in shown.joined:
        return None
    other = next((m["id"] for row in shown.rows for pattern in _NUMBERS if (m := pattern.search(row))), None)
    if other is None:
        return None
    sentence = f"The electronic invoice has the number {stated}, but the page shows {other.upper()}."
    return _doubt("number", sentence)


def _issued(paper: Paper, shown: _Shown) -> Doubt | None:
    stated = _value(paper, "issued_on")
    if stated is None or _shows_date(shown.text, date.fromisoformat(stated)):
        return None
    labelled = (_DATE.search(row) for row in shown.rows)
    others = [d for row, label in zip(shown.rows, labelled, strict=True) if label for d in dates_in(row[label.end() :])]
    if not others or any(d.value.isoformat() == stated or d.unclear for d in others):
        return None
    told = others[0].value.isoformat()
    return _doubt("issued_on", f"The electronic invoice is dated {stated}, but the page shows {told}.", "warn")


def _shows_date(text: str, day: date) -> bool:
    month = "|".join((f"0?{day.month}", *(f"{name}[a-z]*" for name in _MONTHS[day.month - 1])))
    year = f"(?:{day.year}|{day.year % 100:02d})"
    gap = r"[\s./,-]*(?:st|nd|rd|th|er|de|of)?[\s./,-]*"
    orders = (
        rf"0?{day.day}{gap}(?:{month}){gap}{year}",
        rf"(?:{month}){gap}0?{day.day}{gap}{year}",
        rf"{year}{gap}(?:{month}){gap}0?{day.day}",
    )
    return any(re.search(rf"(?<!\d){order}(?!\d)", text) for order in orders)


def _supplier(paper: Paper, shown: _Shown) -> Doubt | None:
    """Warns where neither name, nor VAT id, nor bank account of the seller stands on a page with other VAT ids."""
    name, vat, account = (_value(paper, n) for n in ("supplier_name", "vat_id", "iban"))
    if name is None or vat is None:
        return None
    words = [w for w in re.findall(r"[a-z0-9]{3,}", _folded(name)) if w not in _LEGAL_FORMS]
    if not words or any(w in shown.joined for w in words):
        return None
    if any(code.lower() in shown.joined for code in (vat, account) if code):
        return None
    if len({v for row in shown.rows for v in _VAT.findall(re.sub(r"(?<=[A-Z0-9])\s(?=\d)", "", row.upper()))}) < 2:
        return None  # one VAT id alone may be the buyer's, and the seller's name a picture
    return _doubt("supplier_name", f"The electronic invoice is from {name}, who is not named on the page.", "warn")


_LEGAL_FORMS = {"gmbh", "mbh", "und", "and", "the", "ltd", "limited", "sarl", "sas", "inc", "corp", "company", "llc"}
