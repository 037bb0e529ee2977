"""What holds for a whole document: language, decimal mark, order of dates, whether it is an advertising paper."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractors.invoice.candidates import Context
from extractors.invoice.currency import usual_currency
from extractors.invoice.layout import Sheet, lay_out
from extractors.values import date_order, decimal_mark
from workitems.items import Kind, Page

_WORDS = {
    "de": "rechnung datum betrag menge preis ust mwst netto brutto lieferant kunde bestellung steuer zahlbar vom und",
    "fr": "facture montant tva quantite prix client commande paiement echeance total ht ttc avoir de du le la les",
    "en": "invoice date amount quantity price tax total due customer order payment description number the of and to",
}
_ADVERTISING = re.compile(r"\badvertiser\b")
_BROADCAST = re.compile(
    r"\b(?:spots?|flight|broadcast|station|daypart|air\s?(?:date|time)|contract\s+dates|schedule\s+dates)\b"
)


def context_of(pages: Sequence[Page], kind: Kind, language: str | None) -> Context:
    """The document's rows with everything that helps to read them."""
    sheet = lay_out(pages)
    texts = [cell.text for cell in sheet.cells]
    language = language or guess_language(sheet)
    currency = usual_currency(sheet)
    text = "\n".join(r.folded for r in sheet.rows)
    return Context(
        sheet=sheet,
        kind=kind,
        language=language,
        mark=decimal_mark(texts),
        order=date_order(texts, language, currency),
        currency=currency,
        is_advertising=bool(_ADVERTISING.search(text)) and len(_BROADCAST.findall(text)) >= 2,
    )


def guess_language(sheet: Sheet) -> str | None:
    """The language whose everyday invoice words occur most; None on a tie."""
    words = set(re.findall(r"[a-z]+", " ".join(r.folded for r in sheet.rows)))
    counts = sorted(((len(words & set(w.split())), name) for name, w in _WORDS.items()), reverse=True)
    return counts[0][1] if counts[0][0] > counts[1][0] else None
