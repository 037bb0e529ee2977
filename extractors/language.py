"""In which language a document is written, by its small words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

_SMALL_WORDS = {
    "en": """the of and to in for is on by with this that from your at be or are not please amount date invoice number
        total tax due bill ship order description quantity price payment thank you no subtotal page account""",
    "de": """der die das und zu in für ist auf von mit dem den des im bei nicht sie wir ein eine bitte rechnung datum
        betrag nummer gesamt mwst ust summe menge preis einzelpreis netto brutto zahlung seite lieferung kunde über nach
        am zum bestellung artikel zzgl inkl steuer konto bank bezeichnung kundennummer rechnungsnummer""",
    "fr": """le la les de des du et à en pour est sur par avec ce cette dans un une au aux ne pas vous votre nous notre
        facture date montant numéro total tva ht ttc prix quantité désignation paiement page client commande échéance
        unitaire adresse règlement livraison net taux remise""",
    "nl": """de het een en van voor op met niet is te bij factuur datum bedrag nummer totaal btw aantal prijs uw wij""",
    "it": """il la le di del della e per con un una non è fattura data importo numero totale iva quantità prezzo
        pagamento""",
    "es": """el la los las de del y para con un una no es factura fecha importe número total iva cantidad precio
        pago""",
}
_SMALL = {language: frozenset(words.split()) for language, words in _SMALL_WORDS.items()}
_WORD = re.compile(r"[^\W\d_]+")
FEW = 5  # with fewer known small words nothing is said
LEAD = 1.15  # how many times the runner-up's hits the best language needs


def language_of(words: Iterable[str]) -> str | None:
    """The ISO 639-1 code of the language of most of the small words; None where it is unclear."""
    found = Counter(_WORD.findall(" ".join(words)))
    told: Counter[str] = Counter()
    for word, times in found.items():
        told[word.lower()] += times
    hits = {language: sum(told[w] for w in small) for language, small in _SMALL.items()}
    best, second = sorted(hits.items(), key=lambda hit: -hit[1])[:2]
    return best[0] if best[1] >= FEW and best[1] >= LEAD * second[1] else None
