"""Houses of the first half, of firms with programs of their own: how they lay out an invoice."""

from __future__ import annotations

from reportlab.lib.colors import HexColor, white
from reportlab.lib.pagesizes import LETTER

from devdata.papers.drafts import Draft
from devdata.papers.house_parts import (
    facts_above,
    facts_left,
    facts_right,
    footer,
    party_box,
    sentences,
    sheet,
    sums,
    table,
)
from devdata.papers.sheet import COURIER, GREY, HELVETICA, TIMES, VERA, Sheet


def corporate(d: Draft) -> bytes:
    """Group software: a box of numbers with their dates at the right, codes above texts, plain amounts."""

    def frame(s: Sheet, page: int) -> None:
        s.text(15, 16, d.sale.supplier["name"].upper(), 12, bold=True)
        footer(s, (d.seller(), [*d.contacts(), *d.ids()], d.account()), (15, 195, 274), 6.5)
        s.text(195, 16, d.w("page", n=str(page)), 8, align="r")

    s = sheet(d, HELVETICA, frame, top=30, bottom=264)
    s.text(15, 42, d.sender(), 6)
    s.lines(15, 48, d.buyer(), 10, 4.8)
    s.text(118, 34, d.title, 13, bold=True)
    y = 40.0
    s.box(116, 36, 195, 41 + 4.8 * len(d.facts()))
    for label, value in d.facts():
        s.text(118, y + 1, label, 8.5)
        s.text(158, y + 1, value, 8.5)
        y += 4.8
    if d.sale.ship_to:
        party_box(s, d.w("ship_to"), d.buyer(d.sale.ship_to), (13, 74, 90), boxed=False)
    s.y = max(y, 104) + 6
    s.text(15, s.y, d.says_currency(), 8)
    s.y += 8
    table(
        d,
        s,
        "position:15-24 code:25-46 text:48-104 quantity>105-122 unit:124-134 price>136-162 amount>168-195",
        8.5,
        carry=True,
    )
    sums(d, s, 105, 195, 9)
    sentences(s, d.closing(), 15, 175)
    return s.done()


def sole_trader(d: Draft) -> bytes:
    """A word processor's page: seller's lines at the left, a sentence for number and date, few columns."""
    s = sheet(d, TIMES, bottom=275)
    s.lines(25, 25, [*d.seller(), *d.contacts(), *d.ids()[:1]], 11, 5)
    s.lines(120, 65, d.buyer(), 11, 5)
    told = d.w("credit_number" if d.sale.credit else "number")
    link = {"de": "vom", "fr": "du", "en": "dated"}[d.of]
    s.text(
        25,
        105,
        f"{told} {d.sale.number} {link} {d.day(d.sale.issued_on)}",
        13,
        bold=True,
    )
    pairs = [p for p in d.facts() if d.sale.number not in p[1] and p[1] != d.day(d.sale.issued_on)]
    s.y = 112.0
    sentences(s, [f"{label} {value}" for label, value in pairs], 25, 160, 11)
    s.y += 6
    table(d, s, "text:25-105 quantity>108-125 price>128-155 amount>158-187", 11)
    sums(d, s, 115, 187, 11)
    sentences(s, [*d.closing(), *d.account(), *d.ids()[1:]], 25, 160, 11)
    return s.done()


def american(d: Draft) -> bytes:
    """Small-business bookkeeping on letter paper: bill to and ship to side by side, balance due."""
    s = sheet(d, HELVETICA, size=LETTER, bottom=262)
    s.text(18, 22, d.sale.supplier["name"], 12, bold=True)
    s.lines(18, 27, [*d.seller()[1:], *d.contacts()], 9, 4.3)
    s.text(197, 24, d.title.upper(), 20, color=HexColor("#2a6f97"), align="r")
    party_box(s, d.w("to").upper(), d.buyer(), (16, 58, 80), boxed=False)
    if d.sale.ship_to:
        party_box(s, d.w("ship_to").upper(), d.buyer(d.sale.ship_to), (84, 58, 140), boxed=False)
    y = facts_right(d, s, (145, 197, 60), 8.5)
    s.y = max(y, 92) + 8
    table(
        d,
        s,
        "code:19-40 text:42-118 quantity>120-134 price>136-160 discount>160-172 amount>174-196",
        9,
        head_fill=HexColor("#d7e6ef"),
    )
    sums(d, s, 135, 196)
    sentences(s, [*d.closing(), *d.account(), *d.ids()], 18, 165)
    return s.done()


def printer(d: Draft) -> bytes:
    """A line printer: one face of even width, rules of dashes, facts in columns."""
    s = sheet(d, COURIER, bottom=275)
    s.lines(15, 18, [d.sale.supplier["name"].upper(), *d.seller()[1:], *d.contacts()[:1], *d.ids()[:2]], 9, 4.2)
    s.lines(110, 50, d.buyer(), 9, 4.2)
    s.text(15, 78, "-" * 92, 9)
    s.text(15, 83, f"{d.title.upper()}", 9, bold=True)
    s.y = facts_left(d, s, (15, 70, 90), 9) + 4
    s.text(15, s.y, "=" * 92, 9)
    s.y += 7
    table(d, s, "position:15-23 text:25-90 quantity>92-108 unit:110-124 price>124-150 rate>151-166 amount>168-192", 8.5)
    sums(d, s, 105, 192, 9)
    sentences(s, [*d.closing(), *d.account()], 15, 175, 9)
    return s.done()


def sidebar(d: Draft) -> bytes:
    """Agency: a coloured bar, facts and firm in a narrow column at the right of the page."""

    def frame(s: Sheet, page: int) -> None:
        s.box(0, 0, 210, 12, fill=HexColor("#22333b"), edge=None)
        s.text(20, 8, d.sale.supplier["name"], 11, bold=True, color=white)

    s = sheet(d, VERA, frame, top=30, bottom=275)
    s.text(20, 42, d.sender(), 6, color=GREY)
    s.lines(20, 48, d.buyer(), 9.5, 4.8)
    y = facts_above(d, s, 150, 42, 8)
    s.lines(150, y + 5, [*d.seller(), "", *d.contacts(), "", *d.account(), "", *d.ids()], 6.5, 3.4, color=GREY)
    s.text(20, 90, d.title, 16, bold=True)
    s.y = max(y + 70, 120)
    table(d, s, "text:20-95 measure>97-122 price>124-148 rate>150-162 amount>164-190", 8.5, ruled=True)
    sums(d, s, 118, 190, 9)
    sentences(s, d.closing(), 20, 120, 8.5)
    return s.done()


HOUSES = {
    "corporate": corporate,
    "sole_trader": sole_trader,
    "american": american,
    "printer": printer,
    "sidebar": sidebar,
}
