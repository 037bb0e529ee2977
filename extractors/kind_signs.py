"""The signs by which kinds of documents are told apart: expressions with weights in log-odds."""

from __future__ import annotations

import re
from dataclasses import dataclass

from workitems.items import Kind


@dataclass(frozen=True)
class Sign:
    """An expression over lower-case text, and what it is worth as a heading, near the top, anywhere."""

    pattern: re.Pattern[str]
    heading: float
    top: float
    anywhere: float


def _title(heading: float, top: float, anywhere: float, *words: str) -> Sign:
    """Whole words that weigh more the more they stand out."""
    return Sign(re.compile(rf"\b(?:{'|'.join(words)})\b"), heading, top, anywhere)


def _body(weight: float, *parts: str) -> Sign:
    """Expressions that count once, wherever they stand."""
    return Sign(re.compile("|".join(parts)), weight, weight, weight)


def _words(weight: float, *words: str) -> Sign:
    return _title(weight, weight, weight, *words)


SIGNS: dict[Kind, tuple[Sign, ...]] = {
    "invoice": (
        _title(
            5.0,
            3.5,
            1.5,
            "(?:tax ?)?invoice",
            "(?:handels|schluss|abschlags|teil|sammel)?rechnung",
            "facture",
            "(?:verkoop)?factuur",
            "fattura",
            "factura",
        ),
        _body(1.0, r"invoice\s*(no|number|nr|#|date|id)\b", "invoice #", r"rechnungs-?\s?(nr|nummer|datum)"),
        _body(1.0, "facture n", "n° (de )?facture", "date de facture", r"rechnung\s+(nr|\d)"),
        _words(1.0, "due date", "payment due", "amount due", "balance due", "fällig", "zahlbar", "échéance", "à payer"),
        _words(1.2, r"bill(?:ed)? to", "invoice to", r"remit(?:tance)? to", "remit payment", "rechnungsadresse"),
        _words(0.7, "facturé à", "adresse de facturation", "rechnungsempfänger", "käufer"),
        _words(1.0, "iban", "bic", "swift"),
        _words(
            0.7, r"ust\.?-?id(?:\.?-?nr)?", r"vat (?:no|number|id|reg)", "tva intracom", "steuernummer", "mwst", "vat"
        ),
        _words(0.7, "payment terms", "terms of payment", "zahlungsbedingungen", "conditions de règlement", "net 30"),
        _words(-0.7, "credit note", "credit memo", "gutschrift", "avoir", "purchase order"),
        _title(-4.0, -1.0, 0.0, "lieferschein", "delivery note", "packing list", "bon de livraison"),
    ),
    "receipt": (
        _title(3.5, 3.0, 1.5, "(?:cash )?receipt", "cash bill", "quittung", "kassenbon", "kassenbeleg", "reçu"),
        _title(
            3.5, 3.0, 1.5, "scontrino", "kassabon", "recibo", "factura simplificada", "documento commerciale", "ticket"
        ),
        _title(3.5, 3.0, 1.5, "ticket de caisse", "bewirtungsbeleg", "kassenzettel"),
        _words(
            2.5, "cash", r"change(?: due)?", r"tender(?:ed)?", "bar gegeben", "rückgeld", "espèces", "rendu", "gegeben"
        ),
        _words(1.5, "cashier", "till", "pos", "terminal", "kasse", "kassierer", "bediener", "caisse", "counter"),
        _body(1.2, "thank ?you", "come again", "vielen dank", "merci de votre visite", "goods sold", "no refund"),
        _body(2.0, r"\bround(ing|ed)?\b", r"\bround \w{0,3}adj", r"item count|total qty|no\.? of items|total items"),
        _body(1.0, r"\bgst\b", r"\brm\s?\d"),
        _body(1.0, "gst summary", "payment mode", "nett total", r"gst ?@", "tax summary"),
        _words(1.0, "visa", "mastercard", "debit", "ec-?karte", "girocard", "carte bancaire", "approval code"),
        _body(0.8, r"\b\d{1,2}:\d{2}(:\d{2})?\s*(am|pm)?\b"),
        _words(-2.0, "due date", "payment due", "bill to", "remit", "zahlbar", "échéance", "purchase order", "iban"),
    ),
    "credit_note": (
        _title(8.0, 5.0, 1.5, r"credit (?:note|memo|advice)", "gutschrift", "avoir", "rechnungskorrektur"),
        _title(
            8.0,
            5.0,
            1.5,
            "storno-?rechnung",
            "note de crédit",
            "facture d.avoir",
            "nota de crédito",
            "korrekturrechnung",
        ),
        _title(
            8.0,
            5.0,
            1.5,
            "factura rectificativa",
            "nota de abono",
            "nota di (?:ac)?credito",
            "creditnota",
            "creditfactuur",
        ),
        _body(2.5, r"credit (note|memo) (no|number|date|#)", r"gutschrifts?-?\s?(nr|nummer|datum)", "avoir n"),
        _words(0.8, r"refund(?:ed)?", "credited", "erstattung", "gutgeschrieben", "original invoice"),
    ),
    "order": (
        _title(4.5, 3.2, 0.8, "purchase order", "bestellung", "bon de commande", "commande", "insertion order"),
        _title(
            4.5,
            3.2,
            0.8,
            "pedido",
            "orden de compra",
            "ordine(?: di acquisto)?",
            "(?:inkoop)?order",
            "bestelbon",
            "bestelling",
        ),
        _title(4.5, 3.2, 0.8, "auftragsbestätigung", "bestellschein", "confirmation de commande", "orderbevestiging"),
        _title(4.5, 3.2, 0.8, "order form", "sales order", "auftrag", "order", "order confirmation"),
        _body(1.0, r"\b(purchase order|p\.?o\.?|order|bestell|commande)\s*-?(no|number|nr|nummer|#|date|datum|n°)"),
        _words(
            0.8, "ship to", "deliver to", "delivery date", "liefertermin", "date de livraison", "requested by", "vendor"
        ),
        _words(
            1.2, r"flight (?:date|start|end)s?", "spots?", "advertiser", "estimate", "revenue codes?", "billing cycle"
        ),
        _body(3.0, "contract dates", "contract / rev", "agreement between", "order / rev", "alt order", "ordered as"),
        _body(2.0, "contract / rev", "contract agreement"),
        _body(-2.5, r"\binvoice (no|number|date|#)", "rechnungsnummer", r"\bremit", "nr facture"),
    ),
    "delivery_note": (
        _title(8.0, 2.5, 1.0, r"delivery (?:note|slip|docket)", r"packing (?:slip|list)", "lieferschein"),
        _title(
            8.0,
            2.5,
            1.0,
            "albarán",
            "documento di trasporto",
            "bolla di consegna",
            "pakbon",
            "leveringsbon",
            "packliste",
        ),
        _title(
            8.0,
            2.5,
            1.0,
            r"de?spatch note",
            "warenbegleitschein",
            "bon d.expédition",
            "liste de colisage",
            "vrachtbrief",
        ),
        _title(8.0, 2.5, 1.0, "bon de livraison", "goods received note", "bordereau de livraison"),
        _body(1.0, r"lieferschein-?\s?(nr|nummer)", r"delivery note (no|number)", "bon de livraison n"),
        _words(1.0, "received by", "warenempfang", "ware erhalten", "gross weight", "packages", "colis", "packstücke"),
        _body(
            -3.0,
            r"invoice (no|number|date)",
            r"rechnungs-?\s?(nr|nummer|datum)",
            r"rechnung\s+(nr|\d)",
            "handelsrechnung",
        ),
    ),
    "contract": (
        _title(
            4.0,
            3.2,
            1.0,
            r"\w*vereinbarung",
            "contrato",
            "contratto",
            r"\w*overeenkomst",
            "convention",
            r"(?:\w+ )?contract",
        ),
        _title(4.0, 3.2, 1.0, r"(?:\w+ )?agreement", r"\w*vertrag", "contrat", "amendment", "addendum"),
        _body(
            2.0, "by and between", r"between .{3,80} and\b", "entered into", r"zwischen .{3,120} und\b", "soussignés"
        ),
        _words(
            2.0,
            "whereas",
            "witnesseth",
            "hereinafter",
            "herein",
            "hereto",
            "hereby",
            "thereof",
            "nachstehend",
            "ci-après",
        ),
        _body(2.0, r"govern(ed|ing) (by the )?law", "gerichtsstand", "droit applicable", "governed by and construed"),
        _words(1.5, r"confidential(?:ity)? information", "disclosing party", "receiving party", r"indemnif\w+"),
        _words(1.5, "termination", "kündigung", "résiliation", "in witness whereof", "the parties", "die parteien"),
        _body(0.7, r"\b(article|section|§|ziffer)\s*\d"),
        _words(-2.5, "subtotal", "grand total", "qty", "invoice number", "invoice date", "rechnungsnummer"),
        _words(-4.0, "spots?", "advertiser", "flight dates", "billing cycle"),
    ),
    "application": (
        _title(5.5, 4.0, 0.8, r"application (?:form|for)", "bewerbung", "antrag", "formulaire", "personalfragebogen"),
        _title(
            5.5, 4.0, 0.8, "fiche de renseignements", r"personal(?:bogen|datenblatt)", "einstellungsbogen", r"\w*antrag"
        ),
        _title(
            5.5,
            4.0,
            0.8,
            "employee information",
            "(?:new )?(?:starter|joiner) form",
            "ficha de empleado",
            "scheda dipendente",
        ),
        _title(
            5.5, 4.0, 0.8, "mitarbeiterstammblatt", "solicitud de empleo", "employment application", "job application"
        ),
        _title(
            5.5, 4.0, 0.8, r"new (?:hire|employee|starter) form", "onboarding form", r"employee (?:data|details) form"
        ),
        _words(1.8, "applicant", "bewerber", "antragsteller", "date of birth", "geburtsdatum", "date de naissance"),
        _words(
            1.2,
            "curriculum vitae",
            "lebenslauf",
            "work experience",
            "berufserfahrung",
            "marital status",
            "familienstand",
        ),
    ),
    "identity": (
        _title(
            5.0,
            4.0,
            0.8,
            "passport",
            "reisepass",
            "passeport",
            "identity card",
            "personalausweis",
            "pasaporte",
            "passaporto",
            "paspoort",
        ),
        _title(5.0, 4.0, 0.8, "carte nationale d.identité", "driving licen[cs]e", "führerschein", "residence permit"),
        _body(5.0, r"[a-z0-9<]{12,}<<+[a-z0-9<]*"),
        _words(1.5, "surname", r"given names?", "nachname", "vornamen", "nationality", "staatsangehörigkeit"),
        _words(1.2, "date of expiry", "gültig bis", "place of birth", "geburtsort"),
    ),
    "letter": (
        _body(
            2.5, r"\b(dear|sehr geehrte[rn]?|madame|monsieur|liebe[rn]?|hi|hello)\b.{0,60}(,|!|:|$)", "to whom it may"
        ),
        _words(2.2, "sincerely", r"(?:kind |best |warm )?regards", r"yours (?:truly|faithfully)", "cordialement"),
        _words(2.2, "mit freundlichen grüßen", "freundliche grüße", "viele grüße", "salutations distinguées", "cheers"),
        _title(5.0, 4.0, 0.5, "zahlungserinnerung", r"(?:letzte )?mahnung", "payment reminder", "lettre de relance"),
        _title(5.0, 4.0, 0.5, "final notice", "statement of account", "kontoauszug", "relevé de compte", "rappel"),
        _body(0.8, r"\bre:", "subject:", r"betreff:?", "objet :?"),
        _words(
            -2.0, "subtotal", "grand total", "total due", "invoice number", "invoice date", "rechnungsnummer", "whereas"
        ),
    ),
    "other": (
        _words(2.0, "unsubscribe", "newsletter", "abmelden", "privacy policy", "click here", "view in browser"),
        _body(1.5, r"\bwrote:", r"mailing list", r"https?://\S+"),
    ),
}
