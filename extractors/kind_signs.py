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


def _sign(pattern: str, heading: float, top: float, anywhere: float) -> Sign:
    return Sign(re.compile(pattern), heading, top, anywhere)


def _body(pattern: str, weight: float) -> Sign:
    return _sign(pattern, weight, weight, weight)


SIGNS: dict[Kind, tuple[Sign, ...]] = {
    "invoice": (
        _sign(r"\b(tax )?invoice\b|\brechnung\b|\bfacture\b|\bfactuur\b|\bfattura\b|\bfactura\b", 5.0, 3.5, 1.5),
        _body(
            r"invoice\s*(no|number|nr|#|date|id)\b|invoice #|rechnungs-?\s?(nr|nummer|datum)|facture n|n° (de )?facture|date de facture",
            2.0,
        ),
        _body(r"\b(due date|payment due|amount due|balance due|fällig|zahlbar|échéance|à payer|zahlungsziel)\b", 1.0),
        _body(
            r"\b(bill(ed)? to|invoice to|remit(tance)? to|remit payment|rechnungsadresse|facturé à|adresse de facturation)\b",
            1.2,
        ),
        _body(r"\biban\b|\bbic\b|\bswift\b", 1.0),
        _body(
            r"\b(ust-?id(-?nr)?|vat (no|number|id|reg)|n° tva|tva intracom|steuernummer|mwst|umsatzsteuer|tva|vat)\b",
            0.7,
        ),
        _body(
            r"\b(payment terms|terms of payment|zahlungsbedingungen|conditions de (paiement|règlement)|net 30)\b", 0.7
        ),
        _body(
            r"\bcredit note\b|\bcredit memo\b|\bgutschrift\b|\bavoir\b|lieferschein|delivery note|purchase order\b",
            -0.7,
        ),
    ),
    "receipt": (
        _sign(
            r"\b(cash )?receipt\b|\bquittung\b|\bkassenbon\b|\bkassenbeleg\b|ticket de caisse|\breçu\b", 3.5, 3.0, 1.5
        ),
        _body(r"\b(cash|change( due)?|tender(ed)?|bar gegeben|rückgeld|espèces|rendu|gegeben)\b", 2.5),
        _body(r"\b(cashier|till|pos|terminal|kasse|kassierer|bediener|caisse|counter|server|table no)\b", 1.5),
        _body(
            r"thank you|please come again|vielen dank|merci de votre visite|goods sold are not|no refund|exchange", 1.2
        ),
        _body(r"\b(rounding|round(ing)? adj\w*|gst summary|gst @|item count|qty:|total qty|no of items)", 2.0),
        _body(r"\b(visa|mastercard|debit|ec-?karte|girocard|carte bancaire|approval code|auth code)\b", 1.0),
        _body(r"\b\d{1,2}:\d{2}(:\d{2})?\s*(am|pm)?\b", 0.8),
        _body(r"\b(due date|payment due|bill to|remit|zahlbar|échéance|purchase order|iban)\b", -2.0),
    ),
    "credit_note": (
        _sign(
            r"\bcredit (note|memo|advice)\b|\bgutschrift\b|\bavoir\b|rechnungskorrektur|stornorechnung|note de crédit|\bcreditnota\b",
            8.0,
            6.0,
            1.5,
        ),
        _body(r"credit (note|memo) (no|number|date|#)|gutschrift(s)?-?\s?(nr|nummer|datum)|avoir n", 2.5),
        _body(r"\b(refund(ed)?|credited|erstattung|gutgeschrieben|original invoice|ursprüngliche rechnung)\b", 0.8),
    ),
    "order": (
        _sign(
            r"\b(purchase order|bestellung|bon de commande|commande|insertion order|order form|sales order|auftrag|order)\b",
            4.5,
            3.2,
            0.8,
        ),
        _body(r"\b(purchase order|p\.?o\.?|order|bestell|commande)\s*-?(no|number|nr|nummer|#|date|datum|n°)", 1.0),
        _body(
            r"\b(ship to|deliver to|delivery date|liefertermin|lieferadresse|date de livraison|requested by|vendor|supplier)\b",
            0.8,
        ),
        _body(
            r"\b(flight (date|start|end)s?|spots?|advertiser|estimate|station|contract (date|#|no)|revenue codes?|agency commission)\b",
            1.2,
        ),
        _body(r"\b(contract dates|contract / revision|orderr|line ch start date|agreement between|order / rev)\b", 3.0),
        _body(r"\binvoice (no|number|date|#)|\binvoice #|rechnungsnummer|remit", -2.5),
    ),
    "delivery_note": (
        _sign(
            r"\b(delivery (note|slip|docket)|packing (slip|list)|lieferschein|bon de livraison|goods received note)\b",
            8.0,
            6.0,
            1.0,
        ),
        _body(r"lieferschein-?\s?(nr|nummer)|delivery note (no|number)|bon de livraison n", 2.0),
        _body(
            r"\b(received by|warenempfang|ware erhalten|received in good|gross weight|packages|colis|packstücke)\b", 1.0
        ),
    ),
    "contract": (
        _sign(
            r"\b(\w+ agreement|agreement|vertrag|\w+vertrag|contrat|amendment|addendum|terms and conditions)\b",
            4.0,
            3.2,
            1.0,
        ),
        _body(
            r"\b(by and between|between .{3,80} and|entered into|made and entered|zwischen .{3,120} und|entre les soussignés)\b",
            2.0,
        ),
        _body(
            r"\b(whereas|witnesseth|hereinafter|herein|hereto|hereby|thereof|nachstehend|nachfolgend|ci-après)\b", 2.0
        ),
        _body(r"\b(govern(ed|ing) (by the )?law|gerichtsstand|droit applicable|governed by and construed)\b", 2.0),
        _body(
            r"\b(confidential(ity)? information|disclosing party|receiving party|indemnif\w+|termination|kündigung|résiliation)\b",
            1.5,
        ),
        _body(r"\b(in witness whereof|the parties|die parteien|les parties|party|parteien)\b", 1.5),
        _body(r"\b(article|section|§|ziffer)\s*\d", 0.7),
        _body(r"\b(subtotal|grand total|qty|spots?|advertiser|invoice (no|date|number))\b", -2.5),
    ),
    "application": (
        _sign(
            r"application (form|for)|\bbewerbung\b|\bantrag\b|\bformulaire\b|new (hire|employee) form|onboarding form|personalfragebogen",
            5.5,
            4.0,
            0.8,
        ),
        _body(
            r"\b(applicant|bewerber|antragsteller|date of birth|geburtsdatum|date de naissance|marital status|familienstand)\b",
            1.8,
        ),
        _body(
            r"\b(curriculum vitae|lebenslauf|résumé|work experience|berufserfahrung|education|skills|references)\b", 1.2
        ),
    ),
    "identity": (
        _sign(
            r"\b(passport|reisepass|passeport|identity card|personalausweis|carte (nationale )?d.identité|driving licence|führerschein|residence permit|aufenthaltstitel)\b",
            5.0,
            4.0,
            0.8,
        ),
        _body(r"[a-z0-9<]{12,}<<+[a-z0-9<]*", 5.0),
        _body(
            r"\b(surname|given names?|nachname|vornamen|nationality|staatsangehörigkeit|date of expiry|gültig bis|place of birth|geburtsort)\b",
            1.5,
        ),
    ),
    "letter": (
        _sign(
            r"\b(dear|sehr geehrte[rn]?|madame|monsieur|liebe[rn]?|hi|hello|to whom it may concern)\b.{0,60}(,|!|:|$)",
            2.5,
            2.5,
            1.6,
        ),
        _body(
            r"\b(sincerely|(kind |best |warm )?regards|yours (truly|faithfully)|mit freundlichen grüßen|freundliche grüße|cordialement|salutations)\b",
            2.2,
        ),
        _body(r"\b(re:|subject:|betreff:?|objet :?)", 0.8),
        _body(r"\b(subtotal|grand total|total due|invoice (no|number|date)|rechnungsnummer|whereas)\b", -2.0),
    ),
    "other": (
        _body(
            r"\b(unsubscribe|newsletter|abmelden|privacy policy|click here|view in browser|wrote:|on .{5,40} wrote)\b",
            2.0,
        ),
    ),
}
