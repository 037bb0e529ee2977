"""Houses of the second half, in trade and letters: other blocks in other places than those of the first."""

from __future__ import annotations

from reportlab.lib.colors import HexColor

from devdata.papers.drafts import Draft
from devdata.papers.house_parts import (
    centred,
    facts_above,
    facts_boxes,
    facts_left,
    footer,
    party_box,
    sentences,
    sheet,
    sums,
    table,
    tax_table,
)
from devdata.papers.sheet import HELVETICA, PALE, TIMES, VERA, Sheet


def trade_suite(d: Draft) -> bytes:
    """Trade program: title with the number above a row of facts between rules, unit column, taxes in a table."""

    def frame(s: Sheet, page: int) -> None:
        s.text(20, 20, d.sale.supplier["name"], 14, bold=True, color=HexColor("#0b6e4f"))
        s.lines(20, 25, [" • ".join(d.seller()[1:])], 8)
        footer(s, (d.contacts(), d.account(), d.ids()), (20, 190, 275))

    s = sheet(d, HELVETICA, frame, top=38, bottom=266)
    s.lines(20, 52, d.buyer(), 10, 5)
    s.text(20, 88, f"{d.title} {d.sale.number}", 13, bold=True)
    s.rule(20, 190, 92)
    y = facts_boxes(d, s, (20, 190, 93), 6, boxed=False)
    s.rule(20, 190, y + 1)
    s.y = y + 10
    figures = "quantity>106-118 unit:120-130 price>131-150 discount>151-162 amount>165-190"
    table(d, s, "position:20-27 code:29-50 text:52-104 " + figures, 8.5, carry=True, head_fill=PALE)
    sums(d, s, 120, 190)
    tax_table(d, s, "20-40 45-75 80-105 110-140", 8)
    sentences(s, d.closing())
    return s.done()


def adviser(d: Draft) -> bytes:
    """Adviser's letter: name centred, facts in one column under the title, text first, no lines around the table."""

    def frame(s: Sheet, page: int) -> None:
        s.text(105, 22, d.sale.supplier["name"], 15, bold=True, align="c")
        s.rule(60, 150, 25, 0.4)
        centred(
            s, [" | ".join(d.seller()[1:]), " | ".join(d.contacts()), " | ".join([*d.account(), *d.ids()])], 278, 7.5
        )

    s = sheet(d, TIMES, frame, top=40, bottom=268)
    s.text(25, 50, d.sender(), 7)
    s.lines(25, 56, d.buyer(), 11, 5.2)
    s.text(25, 96, d.title, 14, bold=True)
    y = facts_left(d, s, (25, 75, 104), 10.5)
    s.y = y + 8
    sentences(s, [d.w("greet"), d.w("intro")], 25, 160, 11)
    s.y += 4
    table(d, s, "text:25-110 quantity>112-128 price>130-155 amount>160-187", 10.5)
    sums(d, s, 95, 187, 11)
    sentences(s, d.closing(), 25, 160, 11)
    return s.done()


def two_boxes(d: Draft) -> bytes:
    """Open-source French suite: title and facts flush right, seller and buyer in boxes, tax before price."""

    def frame(s: Sheet, page: int) -> None:
        centred(s, [" - ".join(d.ids()), " - ".join(d.contacts())], 283)
        s.text(195, 291, f"{page}", 7, align="r")

    s = sheet(d, HELVETICA, frame, bottom=272)
    s.text(12, 18, d.sale.supplier["name"], 13, bold=True, color=HexColor("#1d3f72"))
    s.text(198, 16, d.title, 13, bold=True, align="r")
    y = 22.0
    for label, value in d.facts():
        s.text(198, y, f"{label.rstrip(' :')} : {value}", 8.5, align="r")
        y += 4.2
    y = max(y, 44.0)
    one = party_box(s, d.w("from"), [*d.seller(), *d.contacts()[:2]], (12, y, 94), boxed=True)
    two = party_box(s, d.w("to"), d.buyer(), (108, y, 198), boxed=True)
    s.y = max(one, two) + 6
    s.text(198, s.y, d.says_currency(), 8, align="r")
    s.y += 8
    table(
        d, s, "text:14-106 rate>108-124 price>126-148 quantity>150-162 discount>162-172 amount>174-196", 8.5, boxed=True
    )
    top = s.y
    sentences(s, [*d.closing(), *d.account()], 14, 95, 8)
    end, s.y = s.y, top
    sums(d, s, 120, 196, 9)
    s.y = max(end, s.y)
    return s.done()


def utility(d: Draft) -> bytes:
    """Utility: firm and contact in a column at the right, sums first in a letter, the rows after them."""

    def frame(s: Sheet, page: int) -> None:
        footer(s, (d.account(), d.ids()), (20, 190, 280), 6.5)

    s = sheet(d, VERA, frame, top=25, bottom=270)
    s.text(140, 22, d.sale.supplier["name"], 9.5, bold=True)
    s.lines(140, 27, [*d.seller()[1:], *d.contacts()], 7.5, 3.8)
    s.lines(20, 50, d.buyer(), 9.5, 4.8)
    y = facts_above(d, s, 140, 56, 7.5)
    s.text(20, 92, d.title, 14, bold=True)
    s.y = 100.0
    sentences(s, [d.w("greet"), d.w("intro")], 20, 105, 9)
    s.y += 2
    sums(d, s, 20, 120, 9)
    s.y = max(s.y, y) + 8
    table(d, s, "text:20-98 measure>100-126 price>128-152 rate>153-164 amount>166-190", 8.5, ruled=True)
    sentences(s, d.closing(), 20, 160, 8.5)
    return s.done()


def wholesaler(d: Draft) -> bytes:
    """British trade house: facts in a small table with lines, quantity first, net and VAT apart, sums in boxes."""

    def frame(s: Sheet, page: int) -> None:
        s.text(105, 16, d.sale.supplier["name"], 14, bold=True, align="c")
        s.lines(105, 21, [", ".join(d.seller()[1:]), "  ".join(d.contacts()), "  ".join(d.ids())], 8, 3.8, align="c")

    s = sheet(d, HELVETICA, frame, top=42, bottom=280)
    s.text(15, 42, d.title, 15, bold=True)
    party_box(s, d.w("to"), d.buyer(), (15, 48, 95), boxed=True)
    y = 52.0
    for label, value in d.facts():
        s.box(115, y - 4, 195, y + 1.6)
        s.text(117, y, label.rstrip(" :"), 8.5, bold=True)
        s.text(157, y, value, 8.5)
        y += 5.6
    s.y = max(y, 86) + 10
    spec = "quantity>15-27 code:30-50 text:52-112 price>114-135 discount>136-148 amount>150-176 rate>180-194"
    table(d, s, spec, 8.5, boxed=True, carry=True)
    sums(d, s, 130, 193, 9, boxed=True)
    sentences(s, [*d.closing(), *d.account()], 15, 110, 8.5)
    return s.done()


def plant(d: Draft) -> bytes:
    """Manufacturer: letterhead at the foot, labels above values, delivery address, codes under texts."""

    def frame(s: Sheet, page: int) -> None:
        footer(s, (d.seller(), d.contacts(), d.account(), d.ids()), (15, 195, 272), 6.5)
        s.text(105, 290, f"- {page} -", 7, align="c")

    s = sheet(d, HELVETICA, frame, top=25, bottom=262)
    s.lines(15, 45, d.buyer(), 10, 4.8)
    facts_boxes(d, s, (105, 195, 42), 2, boxed=False)
    if d.sale.ship_to:
        party_box(s, d.w("ship_to") + ":", d.buyer(d.sale.ship_to), (13, 70, 95), boxed=False)
    s.text(15, 106, d.title.upper(), 13, bold=True)
    s.y = 118.0
    table(
        d,
        s,
        "position:15-23 text:25-105 quantity>107-122 unit:124-134 price>133-153 discount>156-168 amount>172-195",
        9,
        under="code",
    )
    tax_table(d, s, "15-35 40-70 75-100")
    sums(d, s, 115, 195, 9.5)
    sentences(s, d.closing(), 15, 165)
    return s.done()


HOUSES = {
    "trade_suite": trade_suite,
    "adviser": adviser,
    "two_boxes": two_boxes,
    "utility": utility,
    "wholesaler": wholesaler,
    "plant": plant,
}
