"""How suppliers write: labels, amounts, dates and units in German, French and English."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

NBSP = "\u00a0"
SYMBOLS = {"EUR": "€", "GBP": "£", "USD": "$"}

LABELS: dict[str, dict[str, str]] = {
    "de": {
        "invoice": "Rechnung",
        "credit": "Gutschrift",
        "number": "Rechnungsnummer",
        "credit_number": "Gutschriftsnummer",
        "date": "Rechnungsdatum",
        "credit_date": "Datum",
        "order": "Ihre Bestellung",
        "delivery": "Lieferschein",
        "delivered": "Lieferdatum",
        "customer": "Kundennummer",
        "due": "Zahlbar bis",
        "position": "Pos.",
        "code": "Artikel-Nr.",
        "text": "Bezeichnung",
        "quantity": "Menge",
        "unit": "Einheit",
        "price": "Einzelpreis",
        "rate": "USt",
        "amount": "Betrag",
        "net": "Summe netto",
        "tax": "zzgl. {rate} % USt auf {base}",
        "tax_short": "USt {rate} %",
        "total": "Rechnungsbetrag",
        "credit_total": "Gutschriftsbetrag",
        "vat_id": "USt-IdNr.",
        "tax_number": "Steuernummer",
        "page": "Seite {n} von {of}",
        "carry": "Übertrag",
        "refers": "zu unserer Rechnung",
        "discount": "{percent} % Skonto bei Zahlung bis {day}",
        "pay": "Zahlbar ohne Abzug bis {due}.",
        "payee": "Bitte überweisen Sie auf unser Konto",
    },
    "fr": {
        "invoice": "Facture",
        "credit": "Avoir",
        "number": "Facture n°",
        "credit_number": "Avoir n°",
        "date": "Date de facture",
        "credit_date": "Date",
        "order": "Votre commande",
        "delivery": "Bon de livraison",
        "delivered": "Date de livraison",
        "customer": "Code client",
        "due": "Échéance",
        "position": "N°",
        "code": "Référence",
        "text": "Désignation",
        "quantity": "Quantité",
        "unit": "Unité",
        "price": "Prix unitaire HT",
        "rate": "TVA",
        "amount": "Montant HT",
        "net": "Total HT",
        "tax": "TVA {rate} % sur {base}",
        "tax_short": "TVA {rate} %",
        "total": "Total TTC",
        "credit_total": "Total TTC de l'avoir",
        "vat_id": "N° TVA intracommunautaire",
        "tax_number": "SIRET",
        "page": "Page {n} / {of}",
        "carry": "Report",
        "refers": "sur notre facture",
        "discount": "Escompte de {percent} % pour paiement avant le {day}",
        "pay": "Paiement à réception, au plus tard le {due}. Pas d'escompte pour paiement anticipé.",
        "payee": "Règlement par virement",
    },
    "en": {
        "invoice": "Invoice",
        "credit": "Credit note",
        "number": "Invoice number",
        "credit_number": "Credit note number",
        "date": "Invoice date",
        "credit_date": "Date",
        "order": "Your order",
        "delivery": "Delivery note",
        "delivered": "Date of supply",
        "customer": "Customer no.",
        "due": "Due date",
        "position": "Line",
        "code": "Item",
        "text": "Description",
        "quantity": "Qty",
        "unit": "Unit",
        "price": "Unit price",
        "rate": "VAT",
        "amount": "Amount",
        "net": "Subtotal",
        "tax": "VAT {rate}% on {base}",
        "tax_short": "VAT {rate}%",
        "total": "Total",
        "credit_total": "Total credit",
        "vat_id": "VAT no.",
        "tax_number": "Tax ID",
        "page": "Page {n} of {of}",
        "carry": "Carried forward",
        "refers": "for our invoice",
        "discount": "{percent}% discount if paid by {day}",
        "pay": "Payment due by {due}.",
        "payee": "Please pay by bank transfer",
    },
}

UNITS: dict[str, dict[str, str]] = {
    "de": {"Unit": "Stk", "Kilogram": "kg", "Square meter": "m²", "Meter": "m", "Hour": "Std", "Liter": "l"},
    "fr": {"Unit": "pce", "Kilogram": "kg", "Square meter": "m²", "Meter": "m", "Hour": "h", "Liter": "l"},
    "en": {"Unit": "pcs", "Kilogram": "kg", "Square meter": "m²", "Meter": "m", "Hour": "hrs", "Liter": "l"},
}
UNECE = {"Unit": "H87", "Kilogram": "KGM", "Square meter": "MTK", "Meter": "MTR", "Hour": "HUR", "Liter": "LTR"}
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
COUNTRIES = {
    "DE": {"de": "Deutschland", "fr": "Allemagne", "en": "Germany"},
    "FR": {"de": "Frankreich", "fr": "France", "en": "France"},
    "AT": {"de": "Österreich", "fr": "Autriche", "en": "Austria"},
    "GB": {"de": "Vereinigtes Königreich", "fr": "Royaume-Uni", "en": "United Kingdom"},
    "IE": {"de": "Irland", "fr": "Irlande", "en": "Ireland"},
    "NL": {"de": "Niederlande", "fr": "Pays-Bas", "en": "Netherlands"},
    "US": {"de": "USA", "fr": "États-Unis", "en": "USA"},
    "LU": {"de": "Luxemburg", "fr": "Luxembourg", "en": "Luxembourg"},
    "IT": {"de": "Italien", "fr": "Italie", "en": "Italy"},
    "BE": {"de": "Belgien", "fr": "Belgique", "en": "Belgium"},
    "CH": {"de": "Schweiz", "fr": "Suisse", "en": "Switzerland"},
}


def number(value: Decimal, language: str, decimals: int | None = 2) -> str:
    """A number as the language writes it; `decimals` None: as many as it needs."""
    plain = f"{value:,.{decimals}f}" if decimals is not None else f"{value.normalize():,f}"
    if language == "en":
        return plain
    return plain.translate(str.maketrans({",": "." if language == "de" else NBSP, ".": ","}))


def money(value: Decimal, currency: str, language: str) -> str:
    """An amount with its currency sign."""
    shown = number(value, language)
    return f"{SYMBOLS[currency]}{shown}" if language == "en" else f"{shown}{NBSP}{SYMBOLS[currency]}"


def percent(value: Decimal, language: str) -> str:
    """A rate without its sign: 19, 5,5."""
    return number(value, language, None)


def day(value: date, language: str, style: str = "") -> str:
    """A date as the language writes it; `style` "us": October 3, 2026, "long": 3 October 2026."""
    if style == "us":
        return f"{_MONTHS[value.month - 1]} {value.day}, {value.year}"
    if language == "en":
        return f"{value.day} {_MONTHS[value.month - 1]} {value.year}" if style == "long" else f"{value:%d/%m/%Y}"
    return f"{value:%d.%m.%Y}" if language == "de" else f"{value:%d/%m/%Y}"


def spaced(iban: str) -> str:
    """An IBAN in groups of four."""
    return " ".join(iban[i : i + 4] for i in range(0, len(iban), 4))


def address(party: dict[str, object], language: str) -> list[str]:
    """The lines of a party's address, name first."""
    place = party["address"]
    assert isinstance(place, dict)
    region = f" {place['subdivision']}" if place.get("subdivision") else ""
    city = f"{place['postal_code']} {place['city']}"
    if place["country"] in ("US", "GB"):
        city = f"{place['city']},{region} {place['postal_code']}"
    if place["country"] == "IE":
        city = f"{place['city']} {place['postal_code']}"
    return [str(party["name"]), str(place["street"]), city, COUNTRIES[str(place["country"])][language]]
