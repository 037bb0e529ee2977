"""Houses of the first half, with programs for the desk: how they lay out an invoice."""

from __future__ import annotations

from reportlab.lib.colors import HexColor

from devdata.papers.drafts import Draft
from devdata.papers.house_parts import (
    centred,
    facts_above,
    facts_boxes,
    facts_left,
    facts_right,
    footer,
    sentences,
    sheet,
    sums,
    table,
    tax_table,
)
from devdata.papers.sheet import GREY, HELVETICA, TIMES, VERA, Sheet


def office(d: Draft) -> bytes:
    """German office suite: sender line over the window, facts flush right beside it, footer of four columns."""

    def frame(s: Sheet, page: int) -> None:
        footer(s, (d.seller(), d.contacts(), d.account(), d.ids()))
        if page > 1:
            s.text(20, 15, f"{d.title} {d.sale.number}", 8)
            s.text(190, 15, d.w("page", n=str(page)), 8, align="r")

    s = sheet(d, HELVETICA, frame, top=28, bottom=262)
    s.text(190, 22, d.sale.supplier["name"], 16, bold=True, align="r")
    s.text(20, 48, d.sender(), 6.5)
    s.rule(20, 105, 49, 0.3)
    s.lines(20, 55, d.buyer(), 10.5, 5)
    y = facts_right(d, s, (130, 190, 55))
    s.text(20, max(98, y + 8), d.title, 15, bold=True)
    s.y = max(98, y + 8) + 8
    sentences(s, [d.w("greet"), d.w("intro")])
    s.y += 4
    table(d, s, "position:20-28 measure>28-48 text:52-112 discount>113-126 price>128-156 amount>160-190", carry=True)
    sums(d, s, 125, 190)
    sentences(s, d.closing())
    return s.done()


def open_erp(d: Draft) -> bytes:
    """Open-source suite: buyer at the right, a large title with the number, labels above values in a row."""

    def frame(s: Sheet, page: int) -> None:
        s.text(18, 18, d.sale.supplier["name"], 13, bold=True, color=HexColor("#875a7b"))
        s.lines(18, 23, d.seller()[1:], 8, 3.8)
        s.rule(18, 192, 35, 0.6, GREY)
        s.rule(18, 192, 278, 0.6, GREY)
        centred(s, [" | ".join([*d.contacts(), *d.ids()[:1]]), d.w("page", n=str(page))], 282)

    s = sheet(d, VERA, frame, top=44, bottom=270)
    s.lines(115, 48, d.buyer(), 9.5, 4.8)
    s.text(18, 86, f"{d.title} {d.sale.number}", 17, color=HexColor("#875a7b"))
    s.y = facts_boxes(d, s, (18, 192, 92), 4, boxed=False) + 10
    table(d, s, "text:20-92 quantity>94-114 price>116-140 discount>140-152 rate>153-168 amount>170-190", 8)
    sums(d, s, 112, 190, 9)
    sentences(s, [*d.closing(), *d.account()], 20, 165, 8.5)
    return s.done()


def french_desk(d: Draft) -> bytes:
    """French desk program: facts in ruled boxes, a table in a cage, taxes at the left of the sums."""

    def frame(s: Sheet, page: int) -> None:
        centred(s, [" - ".join(d.seller()), " - ".join(d.ids()), " - ".join(d.account())], 280)
        s.text(195, 12, d.w("page", n=str(page)), 7, align="r")

    s = sheet(d, HELVETICA, frame, top=25, bottom=268)
    s.text(15, 20, d.sale.supplier["name"], 14, bold=True)
    s.lines(15, 26, [*d.seller()[1:], *d.contacts()], 9, 4.4)
    s.lines(112, 52, d.buyer(), 10, 5)
    s.text(15, 80, d.title.upper(), 14, bold=True)
    s.y = facts_boxes(d, s, (15, 195, 86), 5) + 12
    spec = "code:16-38 text:40-96 quantity>98-113 price>115-138 discount>139-150 amount>152-176 rate>180-193"
    table(d, s, spec, 8.5, boxed=True, carry=True)
    s.room(45)
    top = s.y = s.y + 3
    tax_table(d, s, "16-34 35-60 62-84", boxed=True)
    left_end, s.y = s.y, top
    sums(d, s, 128, 193, 9, boxed=True)
    s.y = max(s.y, left_end) + 2
    sentences(s, d.closing(), 15, 110, 8.5)
    return s.done()


def cloud(d: Draft) -> bytes:
    """Cloud bookkeeping: title and buyer left, facts in a middle column, seller right, a payment slip at the end."""

    def frame(s: Sheet, page: int) -> None:
        centred(s, [" ".join(d.ids())], 285)

    s = sheet(d, HELVETICA, frame, bottom=272)
    s.text(20, 30, d.title.upper(), 22)
    s.lines(26, 42, d.buyer(), 9.5, 4.7)
    y = facts_above(d, s, 105, 38)
    s.lines(150, 38, [*d.seller(), *d.contacts()[:1]], 9, 4.4)
    s.y = max(y, 85) + 12
    table(d, s, "text:20-100 quantity>102-118 price>120-142 rate>144-158 amount>160-190", 9, ruled=True)
    sums(d, s, 120, 190)
    sentences(s, [*d.closing(), *d.account()])
    if s.y < 225:
        s.rule(20, 190, 232, 0.4, GREY)
        s.lines(20, 240, ["Payment advice" if d.of == "en" else "", d.sale.supplier["name"]], 9, 5)
        facts_right(d, s, (125, 190, 240), pairs=[d.facts()[0], (d.w("payable"), d.sums()[-1][1])])
    return s.done()


def craftsman(d: Draft) -> bytes:
    """Craftsman: everything about the firm centred on top, a serif face, facts in a line, sums in the table's width."""

    def frame(s: Sheet, page: int) -> None:
        if page == 1:
            s.text(105, 20, d.sale.supplier["name"], 20, bold=True, align="c")
            s.lines(105, 27, [" · ".join(d.seller()[1:]), " · ".join(d.contacts())], 9, 4.4, align="c")
        centred(s, [" · ".join(d.account()), " · ".join(d.ids())], 280, 8)

    s = sheet(d, TIMES, frame, bottom=272)
    s.lines(25, 55, d.buyer(), 11, 5.2)
    town = d.sale.supplier["address"]["city"]
    s.text(185, 92, f"{town}, {d.day(d.sale.issued_on)}", 11, align="r")
    s.text(25, 102, f"{d.title} Nr. {d.sale.number}" if d.of == "de" else f"{d.title} {d.sale.number}", 13, bold=True)
    pairs = [p for p in d.facts() if d.sale.number not in p[1] and p[1] != d.day(d.sale.issued_on)]
    s.y = facts_right(d, s, (25, 85, 110), 10, pairs or d.facts()) + 6
    table(
        d,
        s,
        "position:25-33 text:35-102 quantity>103-120 unit:122-132 price>134-154 discount>155-166 amount>168-187",
        10,
    )
    sums(d, s, 110, 187, 10.5)
    sentences(s, d.closing(), 25, 160, 10.5)
    return s.done()


def form(d: Draft) -> bytes:
    """A viewer's printout of an electronic invoice: sections of labels and values, no letterhead."""
    s = sheet(d, VERA, bottom=280)
    s.text(15, 18, d.title, 14, bold=True)
    for x, key, lines in ((15, "from", d.seller()), (108, "to", d.buyer())):
        s.box(x, 24, x + 88, 30, fill=HexColor("#dde6ee"), edge=None)
        s.text(x + 2, 28.5, d.w(key), 9, bold=True)
        s.lines(x + 2, 35, lines, 8.5, 4.4)
    s.lines(17, 55, d.ids(), 8, 4.2)
    s.lines(110, 55, d.account(), 8, 4.2)
    s.box(15, 80, 196, 86, fill=HexColor("#dde6ee"), edge=None)
    s.text(17, 84.5, {"de": "Rechnungsdaten", "fr": "Informations", "en": "Details"}[d.of], 9, bold=True)
    s.y = facts_left(d, s, (17, 75, 92), 8.5, color=GREY) + 8
    table(
        d,
        s,
        "position:16-24 code:25-45 text:46-96 quantity>98-112 unit:114-124 price>125-148 rate>150-164 amount>166-194",
        8,
        ruled=True,
    )
    tax_table(d, s, "16-40 45-80 85-115 120-150")
    sums(d, s, 110, 194, 8.5)
    sentences(s, [d.says_currency(), *d.closing()], 17, 175, 8.5)
    return s.done()


HOUSES = {
    "office": office,
    "open_erp": open_erp,
    "french_desk": french_desk,
    "cloud": cloud,
    "craftsman": craftsman,
    "form": form,
}
