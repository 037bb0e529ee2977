"""Documents that fit the orders and receipts to the cent: they are to be posted."""

from __future__ import annotations

from datetime import date

from devdata.papers.bills import Bill
from devdata.papers.cases import Post, file_name, letter, posted
from devdata.papers.hybrid import with_xml
from devdata.papers.layouts import LAYOUTS
from devdata.papers.mails import Attachment, archive
from devdata.papers.scans import Scanner, photographed, scanned
from devdata.papers.xml_cii import cii
from devdata.papers.xml_ubl import ubl
from devdata.papers.xml_zugferd1 import zugferd1


def e_invoices(post: Post) -> None:
    """E-invoices of several syntaxes, alone and inside PDFs."""
    of = post.company.bill
    hansen = of("RE-263518", date(2026, 9, 1), "PO-2026-0113")
    pdf = with_xml(LAYOUTS["din-embedded"](hansen), cii(hansen, "en16931"))
    _pdf(post, "hansen-zugferd", hansen, pdf, "ZUGFeRD 2 (EN 16931) in a PDF, cash discount")

    kessler = of("9026141", date(2026, 9, 2), "PO-2026-0119")
    _xml(post, "kessler-xrechnung", kessler, ubl(kessler, xrechnung=True), "XRechnung (UBL), goods and a service")

    adler = of("AR202609-17", date(2026, 9, 3), "PO-2026-0137")
    _xml(post, "adler-xrechnung-cii", adler, cii(adler, "xrechnung"), "XRechnung (CII)")

    steen = of("VF26118", date(2026, 9, 3), "PO-2026-0158")
    _xml(post, "vandersteen-peppol", steen, ubl(steen), "Peppol BIS (UBL), intra-Community supply")

    vauclair = of("F2026-0914", date(2026, 9, 4), "PO-2026-0159")
    pdf = with_xml(LAYOUTS["facture"](vauclair), cii(vauclair, "basic"), level="BASIC")
    _pdf(post, "vauclair-facturx", vauclair, pdf, "Factur-X BASIC in a French PDF, two VAT rates")

    fonderie = of("FC260482", date(2026, 9, 7), "PO-2026-0143")
    pdf = with_xml(LAYOUTS["facture-blue"](fonderie), cii(fonderie, "en16931"))
    _pdf(post, "fonderie-facturx", fonderie, pdf, "Factur-X EN 16931, exempt supply")

    lindenau = of("L260217", date(2026, 9, 8), "PO-2026-0128")
    pdf = with_xml(LAYOUTS["din-serif"](lindenau), zugferd1(lindenau), "ZUGFeRD-invoice.xml", "COMFORT")
    _pdf(post, "lindenau-zugferd1", lindenau, pdf, "ZUGFeRD 1.0 (comfort), two VAT rates")

    lines = {("PO-2026-0123", 1): "64", ("PO-2026-0141", 1): "120", ("PO-2026-0141", 2): "12"}
    collective = of("9026152", date(2026, 9, 9), lines)
    pdf = with_xml(LAYOUTS["grid"](collective), cii(collective, "extended"), level="EXTENDED")
    text = "anbei unsere Sammelrechnung über Ihre Bestellungen PO-2026-0123 und PO-2026-0141."
    _pdf(post, "kessler-sammelrechnung", collective, pdf, "one invoice for two orders, named by its lines", text=text)

    credit = of(
        "VF26121",
        date(2026, 9, 10),
        {("PO-2026-0109", 1): "4"},
        credit=True,
        refers_to="VF26009",
        reason="Four rolls returned: wrong width delivered.",
        delivery_notes=(),
        delivered_on=None,
    )
    _xml(post, "vandersteen-credit", credit, ubl(credit), "UBL credit note for goods of an earlier invoice")


def digital(post: Post) -> None:
    """PDFs with a text layer, in many layouts."""
    of = post.company.bill
    plain = (
        ("hansen", "din", of("RE-263524", date(2026, 9, 10), "PO-2026-0138"), "German office letter"),
        ("kessler", "grid", of("9026158", date(2026, 9, 11), "PO-2026-0140"), "German, everything in boxes"),
        ("moselkaffee", "shop", of("MK-2026-0041", date(2026, 9, 11), "PO-2026-0122"), "German, reduced VAT rate"),
        ("vauclair", "facture", of("F2026-0933", date(2026, 9, 14), "PO-2026-0132"), "French"),
        ("whitcombe", "plain", of("WI-26-1187", date(2026, 9, 14), "PO-2026-0131"), "British, in pounds"),
        ("ballinrae", "modern-green", of("BR-INV-20233", date(2026, 9, 15), "PO-2026-0149"), "Irish, reverse charge"),
        ("cascadia", "american", of("CS-104417", date(2026, 9, 15), "PO-2026-0147"), "American, in dollars"),
    )
    for slug, layout, bill, about in plain:
        _pdf(post, f"{slug}-pdf", bill, LAYOUTS[layout](bill), f"digital PDF: {about}")

    order = "PO-2026-0130"
    details = {(order, 1): _serials("PF4", 3, "Intel Core Ultra 7, 32 GB, 1 TB SSD, Tastatur DE")}
    details[(order, 2)] = _serials("MQ27", 10, "Panel IPS 2560 x 1440, Kabel DP und USB-C beigelegt")
    long = of("AR202609-22", date(2026, 9, 16), order, details=details)
    about = "digital PDF of several pages, serial numbers below the lines, part of an order"
    _pdf(post, "adler-mehrseitig", long, LAYOUTS["modern"](long), about, text="anbei die Rechnung zur Teillieferung.")

    credit = of(
        "AV260031",
        date(2026, 9, 16),
        {("PO-2026-0110", 1): "2"},
        credit=True,
        refers_to="FC260113",
        reason="Deux brides refusées au contrôle (défaut de surface).",
        delivery_notes=(),
        delivered_on=None,
    )
    _pdf(
        post,
        "fonderie-avoir",
        credit,
        LAYOUTS["facture-blue"](credit),
        "digital PDF: French credit note",
        text="ci-joint notre avoir.",
    )


def archives(post: Post) -> None:
    """A zip of three invoices, which a colleague forwards."""
    of = post.company.bill
    adler = of("AR202609-25", date(2026, 9, 21), "PO-2026-0118")
    sauber = of("2026/031", date(2026, 9, 21), "PO-2026-0125")
    meridian = of("MC-26-00713", date(2026, 9, 22), "PO-2026-0116")
    files = (
        Attachment("Rechnung_AR202609-25.pdf", LAYOUTS["modern"](adler)),
        Attachment("Sauber_Soehne_2026-031.pdf", LAYOUTS["shop"](sauber)),
        Attachment("MC-26-00713.xml", ubl(meridian)),
    )
    post.by_mail(
        "einkauf-zip",
        "Einkauf Moselbrück <einkauf@moselbrueck.example>",
        "Rechnungen KW 39",
        "Hallo zusammen,\n\nhier die drei Rechnungen, die bei uns gelandet sind.\n\nViele Grüße\nJana\n",
        Attachment("Rechnungen_KW39.zip", archive(files)),
        expected=[
            posted(files[0].name, adler, "digital PDF from a zip"),
            posted(files[1].name, sauber, "digital PDF from a zip, services only"),
            posted(files[2].name, meridian, "Peppol XML from a zip"),
        ],
    )


def scans(post: Post) -> None:
    """Paper that went through a scanner or before a telephone."""
    of = post.company.bill
    coffee = of("MK-2026-0044", date(2026, 9, 23), "PO-2026-0121")
    page = scanned(LAYOUTS["shop"](coffee), Scanner(skew=0.9, seed=11))
    post.dropped("Scan_20260924_0815.pdf", page, posted("", coffee, "scan, 200 dpi, a little skewed", "review"))

    bertolini = of("118/2026", date(2026, 9, 23), "PO-2026-0153")
    page = scanned(LAYOUTS["plain"](bertolini), Scanner(skew=-1.4, noise=9, seed=12))
    name = "fattura_118_2026.pdf"
    expected = posted(name, bertolini, "scan, 200 dpi, skewed and noisy", "review")
    post.from_supplier("bertolini-scan", bertolini, letter(bertolini), Attachment(name, page), expected)

    cleaning = of("2026/034", date(2026, 9, 24), "PO-2026-0142")
    shot = photographed(LAYOUTS["shop"](cleaning), Scanner(dpi=190, noise=4, quality=72, colour=True, seed=13))
    name = "IMG_2209.jpg"
    expected = posted(name, cleaning, "photograph at an angle, shaded", "review")
    text = "Hallo, hier die Rechnung vom Hausmeister, lag auf dem Tisch.\nGesendet von meinem Telefon\n"
    sender = "Petra Wirtz <p.wirtz@moselbrueck.example>"
    post.by_mail("foto-sauber", sender, "Rechnung Hausmeister", text, Attachment(name, shot), expected=[expected])

    books = of("L260229", date(2026, 9, 25), "PO-2026-0134")
    page = scanned(LAYOUTS["din-serif"](books), Scanner(dpi=150, skew=0.5, noise=5, seed=14, quality=70))
    post.dropped("Scan_20260928_0902.pdf", page, posted("", books, "scan, 150 dpi", "review"))


def _serials(prefix: str, count: int, sort: str) -> tuple[str, ...]:
    found = []
    for n in range(count):
        found += [f"Seriennummer {prefix}{7301 + 17 * n}", sort, f"Gewährleistung 36 Monate, Gerätekarte G-{4410 + n}"]
    return tuple(found)


def _pdf(post: Post, slug: str, bill: Bill, content: bytes, about: str, *, text: str = "") -> None:
    name = file_name(bill)
    post.from_supplier(slug, bill, letter(bill, text), Attachment(name, content), posted(name, bill, about))


def _xml(post: Post, slug: str, bill: Bill, content: bytes, about: str) -> None:
    name = f"{bill.number.replace('/', '-')}.xml"
    post.from_supplier(slug, bill, letter(bill), Attachment(name, content), posted(name, bill, about))
