"""How houses lay out their bills: `LAYOUTS` maps a name to a function that draws a bill as PDF bytes."""

from __future__ import annotations

from collections.abc import Callable

from reportlab.lib.colors import Color, HexColor, white

from devdata.papers.bills import Bill
from devdata.papers.layouts_abroad import american, facture, plain_english
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
    three_columns,
    total_block,
)
from devdata.papers.sheet import BLACK, GREY, HELVETICA, PALE, TIMES, VERA, Column, Face, Grid, Sheet
from devdata.papers.wording import address

Draw = Callable[[Bill], bytes]
_PETROL = HexColor("#0f5c7a")


def din(bill: Bill, face: Face = HELVETICA, accent: Color = BLACK) -> bytes:
    """German office letter: address window, facts at the right, a table with thin lines, a footer in three columns."""
    t, seller = labels(bill), bill.supplier

    def frame(s: Sheet, page: int) -> None:
        three_columns(
            s, (address(seller, bill.language)[:3], account(bill), [*seller_ids(bill), *contacts(bill)[1:2]]), 274
        )
        if page > 1:
            s.text(22, 14, f"{t['invoice']} {bill.number}", 8.5, color=GREY)
            s.text(
                190, 14, f"{t['page'].split(' {of}')[0].rsplit(' ', 1)[0].format(n=page)}", 8.5, color=GREY, align="r"
            )

    s = Sheet(face, title=f"{t['invoice']} {bill.number}", each_page=frame, top=28, bottom=262)
    s.text(22, 22, seller["name"], 17, bold=True, color=accent)
    s.lines(190, 20, contacts(bill), 8, 3.8, color=GREY, align="r")
    s.text(22, 50, " · ".join(address(seller, bill.language)[:3]), 6.5, color=GREY)
    s.lines(22, 56, address(bill.buyer, bill.language), 10.5, 5)
    y = 56.0
    for label, value in facts(bill):
        s.text(122, y, label, 9)
        s.text(190, y, value, 9, bold=label == t["number"], align="r")
        y += 5
    s.text(22, 100, f"{t['invoice']} {bill.number}", 14, bold=True)
    s.y = 108
    if not bill.credit and bill.language == "de":
        paragraphs(s, ["Sehr geehrte Damen und Herren, für unsere Lieferungen und Leistungen berechnen wir Ihnen:"])
    s.y += 4
    columns = (
        Column(t["position"], 22, 30),
        Column(t["code"], 31, 62),
        Column(t["text"], 63, 118),
        Column(t["quantity"], 120, 140, True),
        Column(t["price"], 141, 164, True),
        Column(t["amount"], 166, 190, True),
    )
    body(bill, Grid(s, columns), rows(bill, ("position", "code", "text", "measure", "price", "amount")))
    s.y += 2
    total_block(s, sums(bill), 112, 190)
    paragraphs(s, closing(bill))
    return s.done()


def grid(bill: Bill) -> bytes:
    """Trade house: everything in boxes, columns ruled, grey head."""
    t, seller = labels(bill), bill.supplier

    def frame(s: Sheet, page: int) -> None:
        s.box(15, 10, 195, 30, fill=HexColor("#d9dde2"))
        s.text(20, 20, seller["name"].upper(), 15, bold=True)
        s.text(20, 26, " | ".join(address(seller, bill.language)[1:3]), 8.5)
        s.text(190, 26, f"{t['invoice']} {bill.number}", 8.5, align="r")
        s.lines(
            15, 279, [" · ".join(account(bill)), " · ".join([*seller_ids(bill), *contacts(bill)])], 7, 3.4, color=GREY
        )
        s.text(195, 290, str(page), 7, color=GREY, align="r")

    s = Sheet(HELVETICA, title=bill.number, each_page=frame, top=42, bottom=268)
    s.box(15, 38, 100, 70)
    s.lines(19, 46, address(bill.buyer, bill.language), 10, 5)
    s.text(122, 46, t["invoice"].upper(), 16, bold=True)
    pairs = facts(bill)
    for i, (label, value) in enumerate(pairs):
        top = 76 + 12 * (i // 3)
        left = 15 + 60 * (i % 3)
        s.box(left, top, left + 60, top + 12)
        s.text(left + 2, top + 4, label, 7, color=GREY)
        s.text(left + 2, top + 9.5, value, 9.5, bold=i < 2)
    s.y = 76 + 12 * ((len(pairs) + 2) // 3) + 12
    columns = (
        Column(t["position"], 16, 24),
        Column(t["code"], 26, 52),
        Column(t["text"], 54, 104),
        Column(t["quantity"], 106, 121, True),
        Column(t["unit"], 123, 135),
        Column(t["price"], 137, 160, True),
        Column(t["rate"], 162, 172, True),
        Column(t["amount"], 174, 194, True),
    )
    order = ("position", "code", "text", "quantity", "unit", "price", "rate", "amount")
    body(bill, Grid(s, columns, 8.5, HexColor("#d9dde2"), boxed=True, ruled=True), rows(bill, order))
    total_block(s, sums(bill), 116, 194)
    paragraphs(s, closing(bill), 16, 178, 9)
    return s.done()


def modern(bill: Bill, accent: Color = _PETROL) -> bytes:
    """System house: a coloured band, facts in a row of cards, total in a coloured box."""
    t, seller = labels(bill), bill.supplier

    def frame(s: Sheet, page: int) -> None:
        s.box(0, 0, 210, 26, fill=accent, edge=None)
        s.text(18, 16, seller["name"], 16, bold=True, color=white)
        s.text(192, 16, t["invoice"].upper(), 12, color=white, align="r")
        three_columns(s, (account(bill), seller_ids(bill), contacts(bill)), 278, 7.5)
        s.text(190, 271, f"{page}", 8, color=GREY, align="r")

    s = Sheet(VERA, title=bill.number, each_page=frame, top=40, bottom=262)
    s.lines(18, 38, address(seller, bill.language)[1:], 7.5, 3.8, color=GREY)
    s.lines(18, 58, address(bill.buyer, bill.language), 9.5, 4.8)
    pairs = facts(bill, "long")
    for i, (label, value) in enumerate(pairs):
        x, y = 18 + 58 * (i % 3), 90 + 14 * (i // 3)
        s.box(x, y, x + 55, y + 12, fill=PALE, edge=None)
        s.text(x + 3, y + 4.6, label, 6.5, color=GREY)
        s.text(x + 3, y + 9.6, value, 8.5, bold=True)
    s.y = 90 + 14 * ((len(pairs) + 2) // 3) + 10
    columns = (
        Column(t["text"], 20, 98),
        Column(t["quantity"], 100, 122, True),
        Column(t["price"], 124, 152, True),
        Column(t["rate"], 153, 164, True),
        Column(t["amount"], 166, 190, True),
    )
    cells = rows(bill, ("text", "measure", "price", "rate", "amount"))
    for row, values in zip(bill.rows, cells, strict=True):
        values[0] = f"{row.code}  {row.text}" if row.code else row.text
    body(bill, Grid(s, columns, 8, accent, white), cells)
    total_block(s, sums(bill, "tax_short"), 124, 190, 9)
    paragraphs(s, closing(bill, "long"), 20, 165, 8.5)
    return s.done()


def shop(bill: Bill) -> bytes:
    """Small business: centred letterhead, serif, a table without lines."""
    t, seller = labels(bill), bill.supplier
    s = Sheet(TIMES, title=bill.number, bottom=265)
    s.text(105, 24, seller["name"], 22, bold=True, color=HexColor("#5a3217"), align="c")
    s.text(105, 31, " · ".join([*address(seller, bill.language)[1:3], seller["phone"]]), 10, align="c")
    s.rule(60, 150, 34, 1, HexColor("#5a3217"))
    s.lines(25, 52, address(bill.buyer, bill.language), 11, 5.2)
    s.text(105, 88, f"{t['invoice']} Nr. {bill.number}", 15, bold=True, align="c")
    s.y = 98
    told = facts(bill)[1:]
    s.lines(25, s.y, [f"{label}: {value}" for label, value in told], 10.5, 5.2)
    s.y += 5.2 * len(told) + 8
    columns = (
        Column(t["quantity"], 25, 47),
        Column(t["text"], 50, 128),
        Column(t["price"], 130, 155, True),
        Column(t["amount"], 158, 185, True),
    )
    body(bill, Grid(s, columns, 10.5), rows(bill, ("measure", "text", "price", "amount"), "signs"))
    s.y += 2
    total_block(s, sums(bill), 105, 185, 10.5)
    paragraphs(s, closing(bill), 25, 160, 10.5)
    s.lines(105, 272, [" · ".join(account(bill)), " · ".join([*seller_ids(bill), seller["email"]])], 8.5, 4, align="c")
    return s.done()


LAYOUTS: dict[str, Draw] = {
    "din": din,
    "din-serif": lambda bill: din(bill, TIMES, HexColor("#1d3f72")),
    "din-embedded": lambda bill: din(bill, VERA, HexColor("#234d20")),
    "grid": grid,
    "modern": modern,
    "modern-green": lambda bill: modern(bill, HexColor("#1f6b3b")),
    "shop": shop,
    "facture": facture,
    "facture-blue": lambda bill: facture(bill, HexColor("#1d3f72")),
    "plain": plain_english,
    "plain-serif": lambda bill: plain_english(bill, TIMES),
    "american": american,
}
