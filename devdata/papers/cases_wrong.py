"""The trouble of real life: documents that a person has to see, and what is none at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from devdata.papers.bills import Bill
from devdata.papers.cases import Expected, Post, file_name, letter, refused, review
from devdata.papers.hybrid import broken, locked, with_xml
from devdata.papers.layouts import LAYOUTS
from devdata.papers.letters import delivery_note, reminder
from devdata.papers.mails import Attachment
from devdata.papers.scans import Scanner, holiday_picture, scanned
from devdata.papers.xml_cii import cii
from devdata.papers.xml_ubl import ubl

UNKNOWN: dict[str, Any] = {
    "name": "Brandt & Lohse Fördertechnik GmbH",
    "address": {"street": "Hafenstraße 27", "postal_code": "47119", "city": "Duisburg", "country": "DE"},
    "vat_id": "DE304551206",
    "tax_number": None,
    "phone": "+49 203 5550 318",
    "email": "rechnung@brandt-lohse.example",
    "website": None,
    "register": "HRB 30771 Amtsgericht Duisburg",
    "contact": "Uwe Lohse",
}


def against_orders(post: Post) -> None:
    """Invoices that do not fit what was ordered and received."""
    of = post.company.bill
    chairs = of("RE-263531", date(2026, 9, 17), {("PO-2026-0133", 1): "6"})
    _pdf(post, "hansen-zu-viel", chairs, "din", "6 chairs invoiced, 3 received", "quantity_over_received")

    course = of("R26-577", date(2026, 9, 17), "PO-2026-0154", prices={("PO-2026-0154", 1): "940.00"})
    _pdf(post, "alpenquell-preis", course, "din-serif", "price 5.6 % above the order", "price_too_high")

    cancelled = of("9026163", date(2026, 9, 18), {("PO-2026-0135", 1): "80"})
    _pdf(post, "kessler-storniert", cancelled, "grid", "the order was cancelled", "order_cancelled")

    pallets = post.company.free_bill(
        "luxtrans", "LX/2026/208", date(2026, 9, 18), [("Groupage par palette", "6", "Unit", "78.00", "RC0")]
    )
    pallets = replace(pallets, orders=("PO-2026-0150",))
    _pdf(
        post,
        "luxtrans-fremd",
        pallets,
        "facture-blue",
        "names an order given to somebody else",
        "order_of_other_supplier",
    )

    early = of("126/2026", date(2026, 9, 18), {("PO-2026-0162", 1): "90"})
    _xml(post, "bertolini-zu-frueh", early, "invoiced before anything was received", "quantity_over_received")

    draft = of("MC-26-00729", date(2026, 9, 21), {("PO-2026-0163", 1): "400"})
    _xml(post, "meridian-entwurf", draft, "the order is only a draft", "order_draft")

    again = of("VF26127", date(2026, 9, 21), {("PO-2026-0109", 1): "48"})
    codes = ("quantity_over_ordered", "quantity_over_received")
    _xml(post, "vandersteen-doppelt", again, "all of it was invoiced before, under another number", *codes)

    typo = of("BR-INV-20241", date(2026, 9, 22), {("PO-2026-0106", 1): "1"}, orders=("PO-2026-0910",))
    _xml(post, "ballinrae-bestellnummer", typo, "an order number that does not exist", "unknown_order")

    law = post.company.free_bill(
        "ahrens",
        "26/014-SA",
        date(2026, 9, 22),
        [("Beratung Rahmenvertrag, 6,5 Stunden", "6.5", "Hour", "240.00", "DE19")],
    )
    _pdf(post, "ahrens-ohne-bestellung", law, "din-serif", "no order", "no_order", "no_order_limit")

    power = [("Strom 09/2026", "1", "Unit", "2047.35", "DE19"), ("Wasser 09/2026", "1", "Unit", "143.20", "DE7")]
    energy = post.company.free_bill("energie", "VK-778120-0926", date(2026, 9, 30), power)
    _pdf(post, "stadtwerk-strom", energy, "modern", "no order, two VAT rates", "no_order", "no_order_limit")


def suspicious(post: Post) -> None:
    """Invoices whose own data are wrong, or that come twice."""
    of = post.company.bill
    trucks = of("LX/2026/211", date(2026, 9, 23), "PO-2026-0148", stated_total=Decimal("1730.00"))
    _pdf(
        post,
        "luxtrans-summe",
        trucks,
        "facture-blue",
        "the total has two digits exchanged",
        "total_arithmetic",
        "tax_arithmetic",
        "tax_sum",
    )

    hours = of(
        "AR202609-28", date(2026, 9, 23), "PO-2026-0144", iban="DE83100110012625581904", bic="NTSBDEB1XXX", bank="N26"
    )
    text = "anbei unsere Rechnung. Bitte überweisen Sie ab sofort nur noch auf unsere neue Bankverbindung."
    _pdf(
        post,
        "adler-neue-bank",
        hours,
        "modern",
        "another bank account than in the master data",
        "bank_details_changed",
        text=text,
    )

    boxes = of("VF26131", date(2026, 9, 24), "PO-2026-0120", prices={("PO-2026-0120", 1): "1.32"})
    hidden = replace(of("VF26131", date(2026, 9, 24), "PO-2026-0120"))
    pdf = with_xml(LAYOUTS["plain"](boxes), cii(hidden, "en16931"))
    name = "Invoice_VF26131.pdf"
    expected = review(name, hidden, "the page shows another total than the XML", "xml_page_mismatch")
    post.from_supplier("vandersteen-zweierlei", hidden, letter(hidden), Attachment(name, pdf), expected)

    belt = post.company.free_bill(
        "hansen", "BL-2026-3307", date(2026, 9, 24), [("Förderband FB 400, Ersatzgurt", "2", "Unit", "486.00", "DE19")]
    )
    belt = replace(belt, supplier=UNKNOWN, iban="DE88350400380733104512", bic="COBADEFFXXX", bank="Commerzbank")
    _pdf(post, "unbekannt", belt, "grid", "a supplier that is not in the ERP", "unknown_supplier")

    hotel = dict(post.company.buyer, name="Hotel Porta Romana GmbH", vat_id="DE304551214")
    hotel["address"] = {"street": "Simeonstiftplatz 3", "postal_code": "54290", "city": "Trier", "country": "DE"}
    rows = [("Espresso Römerblend, ganze Bohne", "12", "Kilogram", "21.50", "DE7")]
    coffee = replace(post.company.free_bill("moselkaffee", "MK-2026-0046", date(2026, 9, 25), rows), buyer=hotel)
    _pdf(post, "fremder-empfaenger", coffee, "shop", "addressed to another company", "other_buyer")

    february = of("2026/003", date(2026, 2, 26), {("PO-2026-0107", 1): "1"})
    _pdf(post, "sauber-schon-gebucht", february, "shop", "posted in the ERP months ago", "duplicate_in_erp")

    _again(post)
    fax = of("MC-26-00741", date(2026, 9, 28), "PO-2026-0152")
    page = scanned(
        LAYOUTS["plain-serif"](fax), Scanner(dpi=80, skew=2.2, noise=22, shade=30, blur=0.9, quality=30, seed=21)
    )
    expected = Expected("", "review", "a fax that can hardly be read", also=("posted",), bill=fax)
    post.dropped("Fax_20260929_1113.pdf", page, expected)


def _again(post: Post) -> None:
    of = post.company.bill
    office = of("RE-263524", date(2026, 9, 10), "PO-2026-0138")
    name = "Rechnung_RE-263524.pdf"
    expected = review(name, office, "the very same file once more", "duplicate_file", "duplicate_number")
    text = "Die hier ist auch noch bei mir angekommen, bitte einbuchen.\n\nGruß\nPetra\n"
    sender = "Petra Wirtz <p.wirtz@moselbrueck.example>"
    part = Attachment(name, LAYOUTS["din"](office))
    post.by_mail("doppelte-datei", sender, "WG: Rechnung RE-263524", text, part, expected=[expected])

    metal = of("9026158", date(2026, 9, 11), "PO-2026-0140")
    page = scanned(LAYOUTS["grid"](metal), Scanner(skew=-0.7, seed=22))
    expected = review("", metal, "an invoice that came by mail before, now on paper", "duplicate_number")
    post.dropped("Scan_20260929_0745.pdf", page, expected)


def no_invoices(post: Post) -> None:
    """Files that cannot be read, and paper and mails that are no invoice."""
    of = post.company.bill
    law = post.company.free_bill(
        "ahrens", "26/015-SA", date(2026, 9, 29), [("Prüfung AGB Einkauf", "4", "Hour", "240.00", "DE19")]
    )
    text = "anbei unsere Kostennote, wie gewohnt verschlüsselt. Das Passwort teilen wir Ihnen telefonisch mit."
    name = "Kostennote_26-015-SA.pdf"
    part = Attachment(name, locked(LAYOUTS["din-serif"](law), "Fleischstrasse60"))
    told = Expected(name, "review", "behind a password", ("encrypted",), ("rejected",))
    post.from_supplier("ahrens-verschluesselt", law, letter(law, text), part, told)

    parts = of("129/2026", date(2026, 9, 29), "PO-2026-0156")
    name = "fattura_129_2026.pdf"
    part = Attachment(name, broken(with_xml(LAYOUTS["plain"](parts), ubl(parts))))
    told = Expected(name, "review", "cut off in transfer", ("unreadable",), ("rejected",))
    post.from_supplier("bertolini-kaputt", parts, letter(parts), part, told)

    post.dropped("Scan_20261001_0007.pdf", b"", refused("", "an empty file", "empty_file"))
    _mails(post)
    holiday = Attachment("IMG_2214.jpg", holiday_picture())
    told = refused(holiday.name, "a picture that is no document", "blank", "unknown_kind", "no_desk", "no_request")
    post.by_mail(
        "urlaub",
        "Petra Wirtz <p.wirtz@moselbrueck.example>",
        "Falscher Anhang?",
        "Hier noch die Rechnung vom Hausmeister.\nGesendet von meinem Telefon\n",
        holiday,
        expected=[told],
    )
    toner = of("RE-263540", date(2026, 9, 30), {("PO-2026-0160", 1): "6"})
    note = Attachment("Lieferschein_LS-70412.pdf", delivery_note(toner, "LS-70412", date(2026, 9, 30)))
    told = review(note.name, None, "a delivery note", "no_desk", "unknown_kind")
    post.from_supplier("hansen-lieferschein", toner, letter(toner, "Ihre Ware ist unterwegs."), note, told)

    cleaning = of("2026/029", date(2026, 8, 26), {("PO-2026-0107", 1): "1"})
    sentences = [
        "Sehr geehrte Damen und Herren,",
        "sicherlich haben Sie übersehen, dass unsere Rechnung 2026/029 vom 26.08.2026 noch offen ist.",
        "Wir bitten Sie, den Betrag von 1.475,60 € bis zum 09.10.2026 zu überweisen.",
        "Haben Sie inzwischen bezahlt, betrachten Sie dieses Schreiben bitte als gegenstandslos.",
    ]
    paper = Attachment("Zahlungserinnerung.pdf", reminder(cleaning, date(2026, 9, 30), sentences))
    told = Expected(
        paper.name, "review", "a payment reminder", ("no_desk", "unknown_kind", "no_request"), ("rejected",)
    )
    post.from_supplier("sauber-mahnung", cleaning, letter(cleaning, "anbei eine Zahlungserinnerung."), paper, told)


def _mails(post: Post) -> None:
    text = (
        "Die Bürotrends im Herbst\n\n20 % auf alle Stehpulte bis Sonntag.\nJetzt im Shop entdecken!\n\nAbmelden: {}\n"
    )
    link = "https://news.buero-trends.example/abmelden"
    html = (
        "<html><body><h1>Die Bürotrends im Herbst</h1><p>20&nbsp;% auf alle Stehpulte bis Sonntag.</p>"
        f'<p>Jetzt im Shop entdecken!</p><p><a href="{link}">Abmelden</a></p>'
        "</body></html>"
    )
    told = Expected(None, "rejected", "a newsletter", ("no_request",))
    sender = "Büro-Trends <news@buero-trends.example>"
    post.by_mail(
        "newsletter", sender, "Herbst-Rabatt: 20 % auf Stehpulte", text.format(link), expected=[told], html=html
    )

    question = "Pouvez-vous nous confirmer la date de règlement de notre facture F2026-0871 du 31 juillet ?"
    told = refused(None, "a question without a document", "no_request", "no_desk", "unknown_kind")
    sender = "Imprimerie Vauclair SARL <facturation@vauclair-imprimeur.example>"
    post.by_mail(
        "vauclair-question",
        sender,
        "Règlement facture F2026-0871",
        f"Bonjour,\n\n{question}\n\nCordialement\nHélène Vauclair\n",
        expected=[told],
    )


def _pdf(post: Post, slug: str, bill: Bill, layout: str, about: str, *codes: str, text: str = "") -> None:
    name = file_name(bill)
    part = Attachment(name, LAYOUTS[layout](bill))
    post.from_supplier(slug, bill, letter(bill, text), part, review(name, bill, about, *codes))


def _xml(post: Post, slug: str, bill: Bill, about: str, *codes: str) -> None:
    name = f"{bill.number.replace('/', '-')}.xml"
    post.from_supplier(slug, bill, letter(bill), Attachment(name, ubl(bill)), review(name, bill, about, *codes))
