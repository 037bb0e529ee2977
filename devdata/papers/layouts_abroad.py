"""How houses outside Germany lay out their bills: French, British and Benelux, American."""

from __future__ import annotations

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.pagesizes import LETTER

from devdata.papers.bills import Bill
from devdata.papers.parts import (
    account,
    body,
    closing,
    contacts,
    facts,
    labels,
    paragraphs,
    rows,
    seller_ids,
    sums,
    total_block,
)
from devdata.papers.sheet import COURIER, GREY, HELVETICA, PALE, Column, Face, Grid, Sheet
from devdata.papers.wording import address, day, money, number, percent

_CLARET = HexColor("#7a1f2b")


def facture(bill: Bill, accent: Color = _CLARET) -> bytes:
    """French house: client box at the right, columns ruled, a recapitulation of VAT beside the totals."""
    t, seller, of = labels(bill), bill.supplier, bill.language
    s = Sheet(HELVETICA, title=bill.number, bottom=262)
    s.text(15, 20, seller["name"], 14, bold=True, color=accent)
    s.lines(15, 26, [*address(seller, of)[1:3], *contacts(bill)[:2]], 8.5, 4)
    s.text(15, 58, f"{t['number']} {bill.number}", 15, bold=True, color=accent)
    s.box(110, 30, 195, 62, edge=GREY)
    s.lines(115, 38, address(bill.buyer, of), 10, 5)
    s.text(115, 59, f"{t['vat_id']} : {bill.buyer['vat_id']}", 7.5, color=GREY)
    s.y = 72
    for label, value in facts(bill)[1:]:
        s.text(15, s.y, f"{label} :", 9)
        s.text(62, s.y, value, 9, bold=True)
        s.y += 4.8
    s.y += 8
    columns = (
        Column(t["code"], 16, 44),
        Column(t["text"], 46, 104),
        Column(t["quantity"], 106, 124, True),
        Column(t["price"], 126, 153, True),
        Column(t["rate"], 155, 168, True),
        Column(t["amount"], 170, 194, True),
    )
    body(
        bill,
        Grid(s, columns, 8.5, PALE, boxed=True),
        rows(bill, ("code", "text", "measure", "price", "rate", "amount")),
    )
    s.room(45)
    start = s.y
    recap = Grid(s, (Column("Base HT", 16, 40, True), Column("Taux", 42, 58, True), Column("TVA", 60, 84, True)), 8)
    recap.head()
    for row in bill.taxes:
        recap.row([number(row.base, of), f"{percent(row.rate, of)} %", number(row.tax, of)])
    recap.close()
    below, s.y = s.y, start
    total_block(s, sums(bill, "tax_short"), 120, 194)
    s.y = max(s.y, below) + 4
    paragraphs(s, [*closing(bill), f"{t['payee']} : {' - '.join(account(bill))}"], 15, 180, 9)
    s.text(105, 284, " - ".join([seller["name"], *seller_ids(bill)]), 7, color=GREY, align="c")
    return s.done()


def plain_english(bill: Bill, face: Face = HELVETICA) -> bytes:
    """British and Benelux house: a large grey heading, facts left, sums right."""
    t, seller, of = labels(bill), bill.supplier, bill.language
    s = Sheet(face, title=bill.number, bottom=262)
    s.text(190, 26, t["invoice"].upper(), 26, bold=True, color=HexColor("#b4b9c0"), align="r")
    s.text(20, 22, seller["name"], 13, bold=True)
    s.lines(20, 28, [*address(seller, of)[1:], *contacts(bill)[:2]], 8.5, 4)
    s.text(20, 62, "Bill to" if not bill.credit else "Credit to", 8, color=GREY)
    s.lines(20, 68, address(bill.buyer, of), 10, 5)
    y = 62.0
    for label, value in facts(bill, "long"):
        s.text(118, y, label, 9, color=GREY)
        s.text(190, y, value, 9, bold=True, align="r")
        y += 5.2
    s.y = 106
    columns = (
        Column(t["position"], 20, 28),
        Column(t["code"], 29, 58),
        Column(t["text"], 59, 112),
        Column(t["quantity"], 114, 132, True),
        Column(t["price"], 134, 158, True),
        Column(t["amount"], 162, 190, True),
    )
    cells = rows(bill, ("position", "code", "text", "measure", "price", "amount"), "signs")
    body(bill, Grid(s, columns, 9, ruled=True), cells)
    s.y += 4
    total_block(s, sums(bill, "tax_short"), 128, 190)
    paragraphs(s, [*closing(bill, "long"), f"{t['payee']}: {', '.join(account(bill))}"], 20, 168)
    s.lines(20, 280, [" · ".join([seller["name"], *seller_ids(bill)])], 7.5, color=GREY)
    return s.done()


def american(bill: Bill) -> bytes:
    """US house on Letter paper: boxes for the addresses, quantity first, dates with the month's name."""
    t, seller, of = labels(bill), bill.supplier, bill.language
    s = Sheet(COURIER, LETTER, title=bill.number, bottom=245)
    s.text(18, 22, seller["name"], 16, bold=True)
    s.lines(18, 28, [*address(seller, of)[1:], seller["phone"]], 9, 4.2)
    s.text(198, 22, t["invoice"].upper(), 18, bold=True, align="r")
    s.lines(198, 30, [f"No. {bill.number}", day(bill.issued_on, of, "us")], 10, 5, align="r")
    for x, title in ((18, "BILL TO"), (110, "SHIP TO")):
        s.box(x, 54, x + 88, 86)
        s.text(x + 3, 60, title, 8, bold=True)
        s.lines(x + 3, 66, address(bill.buyer, of), 9, 4.6)
    s.y = 96
    terms = f"Net {bill.term['days']}"
    told = [("P.O. NUMBER", bill.orders[0]), ("TERMS", terms), ("DUE DATE", day(bill.due_on, of, "us"))]
    for i, (label, value) in enumerate(told):
        s.text(18 + 62 * i, s.y, label, 8, bold=True)
        s.text(18 + 62 * i, s.y + 5, value, 9.5)
    s.y += 18
    columns = (
        Column("QTY", 18, 30, True),
        Column("ITEM", 34, 62),
        Column("DESCRIPTION", 63, 140),
        Column("RATE", 142, 166, True),
        Column("AMOUNT", 168, 198, True),
    )
    body(bill, Grid(s, columns, 9, PALE), rows(bill, ("quantity", "code", "text", "price", "amount")))
    s.y += 3
    pairs = [
        ("SUBTOTAL", money(bill.net, bill.currency, of)),
        ("SALES TAX (0%)", money(bill.tax, bill.currency, of)),
        (f"TOTAL {bill.currency}", money(bill.total, bill.currency, of)),
    ]
    total_block(s, pairs, 128, 198)
    paragraphs(s, [bill.note() or "", f"Remit to: {', '.join(account(bill))}", "Thank you for your business."], 18, 178)
    return s.done()
