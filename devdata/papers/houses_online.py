"""Houses of the second half that bill online or abroad: other blocks in other places than those of the first."""

from __future__ import annotations

from reportlab.lib.colors import HexColor

from devdata.papers.drafts import Draft
from devdata.papers.house_parts import (
    centred,
    facts_left,
    facts_right,
    footer,
    party_box,
    sentences,
    sheet,
    sums,
    table,
)
from devdata.papers.sheet import GREY, HELVETICA, PALE, TIMES, VERA, Sheet


def payment_service(d: Draft) -> bytes:
    """Payment service: labels and values under the title, seller and buyer in two columns, the sum in large print."""
    s = sheet(d, HELVETICA, bottom=275)
    s.text(20, 24, d.title, 20, bold=True)
    y = facts_left(d, s, (20, 60, 34), 9, bold=True) + 6
    s.lines(20, y, [d.sale.supplier["name"]], 9, bold=True)
    one = s.lines(20, y + 4.6, [*d.seller()[1:], d.sale.supplier["email"], *d.ids()[:1]], 9)
    s.text(105, y, d.w("to"), 9, bold=True)
    two = s.lines(105, y + 4.6, d.buyer(), 9)
    s.y = max(one, two) + 8
    if not d.sale.credit:
        due = {"de": "fällig am", "fr": "à payer le", "en": "due"}[d.of]
        s.text(20, s.y, f"{d.sums()[-1][1]} {due} {d.due}", 14, bold=True)
        s.y += 12
    table(d, s, "text:20-100 quantity>102-115 price>117-142 rate>144-158 amount>160-190", 9)
    sums(d, s, 105, 190, 9)
    sentences(s, [*d.closing(), *d.account()])
    return s.done()


def start_up(d: Draft) -> bytes:
    """Online billing: logo right, right-aligned facts, pale table head, one centred line at the foot."""

    def frame(s: Sheet, page: int) -> None:
        centred(s, [" · ".join([*d.seller(), *d.contacts()]), " · ".join([*d.ids(), *d.account()])], 281, 6.5)
        s.text(190, 270, d.w("page", n=str(page)), 7, align="r")

    s = sheet(d, VERA, frame, top=30, bottom=264)
    s.text(190, 24, d.sale.supplier["name"].split()[0].upper(), 18, bold=True, color=HexColor("#d1495b"), align="r")
    s.text(20, 46, d.sender(), 6, color=GREY)
    s.lines(20, 52, d.buyer(), 9.5, 4.8)
    y = 52.0
    for label, value in d.facts():
        s.text(160, y, label, 8, align="r")
        s.text(190, y, value, 8, align="r")
        y += 4.4
    s.text(
        20,
        max(96, y + 6),
        f"{d.title} {d.sale.number}" if d.of != "de" else f"{d.title} Nr. {d.sale.number}",
        13,
        bold=True,
    )
    s.y = max(96, y + 6) + 12
    table(
        d,
        s,
        "position:21-28 text:30-98 measure>100-120 price>122-144 rate>149-163 amount>166-189",
        8.5,
        head_fill=PALE,
        under="code",
    )
    sums(d, s, 110, 189, 9)
    sentences(s, d.closing(), 20, 165, 8.5)
    return s.done()


def web_shop(d: Draft) -> bytes:
    """Web shop: billing and delivery address side by side, facts in one line, sums as the table's last rows."""

    def frame(s: Sheet, page: int) -> None:
        s.text(190, 16, d.w("page", n=str(page)), 7, align="r")
        footer(s, (d.seller(), d.contacts(), [*d.account(), *d.ids()]), (20, 190, 272))

    s = sheet(d, HELVETICA, frame, top=28, bottom=262)
    s.text(20, 22, d.sale.supplier["website"], 15, bold=True)
    one = party_box(s, d.w("to"), d.buyer(), (18, 34, 100), boxed=False)
    two = party_box(s, d.w("ship_to"), d.buyer(d.sale.ship_to), (108, 34, 190), boxed=False) if d.sale.ship_to else 0
    s.y = max(one, two) + 10
    s.text(20, s.y, d.title, 13, bold=True)
    s.y += 7
    for n in range(0, len(d.facts()), 2):
        for x, (label, value) in zip((20, 105), d.facts()[n : n + 2], strict=False):
            s.text(x, s.y, f"{label.rstrip(' :')}: {value}", 9)
        s.y += 4.8
    s.y += 8
    table(d, s, "quantity:20-32 code:34-58 text:60-120 rate>122-135 price>137-160 amount>164-190", 9, boxed=True)
    s.y -= 3
    sums(d, s, 122, 190, 9, boxed=True)
    sentences(s, d.closing())
    return s.done()


def solicitor(d: Draft) -> bytes:
    """Chambers: seller's block flush right, facts left of it with bold labels, wide descriptions, sums at the left."""
    s = sheet(d, TIMES, bottom=278)
    s.lines(190, 20, [*d.seller(), *d.contacts()], 10.5, 4.8, align="r")
    s.lines(22, 40, [d.w("to").upper() + ":", *d.buyer()], 10.5, 5)
    s.text(22, 82, d.title.upper(), 15, bold=True)
    y = facts_left(d, s, (22, 70, 90), 10, bold=True)
    s.y = y + 10
    table(d, s, "position:22-30 text:32-140 quantity>142-158 amount>162-190", 10)
    sums(d, s, 32, 110, 10.5)
    sentences(s, [*d.closing(), *d.account(), *d.ids()], 22, 165, 10)
    return s.done()


def bilingual(d: Draft) -> bytes:
    """Exporter: all titles in two languages with a stroke between them, facts in a column of boxes."""

    def frame(s: Sheet, page: int) -> None:
        s.text(20, 18, d.sale.supplier["name"], 13, bold=True)
        centred(s, [" • ".join([*d.seller(), *d.contacts()]), " • ".join([*d.account(), *d.ids()])], 283)

    s = sheet(d, HELVETICA, frame, top=32, bottom=274)
    s.lines(20, 40, d.buyer(), 9.5, 4.8)
    other = "" if d.of == "en" else (" / Credit note" if d.sale.credit else " / Invoice")
    s.text(115, 34, d.title + other, 13, bold=True)
    s.y = facts_right(d, s, (115, 190, 42), 8.5) + 10
    s.y = max(s.y, 90.0)
    table(
        d,
        s,
        "position:20-27 code:28-46 text:47-102 quantity>104-118 unit:120-130 price>131-152 rate>153-164 amount>166-190",
        8,
        ruled=True,
    )
    sums(d, s, 118, 190, 9)
    sentences(s, [d.says_currency(), *d.closing()], 20, 165, 8.5)
    return s.done()


HOUSES = {
    "payment_service": payment_service,
    "start_up": start_up,
    "web_shop": web_shop,
    "solicitor": solicitor,
    "bilingual": bilingual,
}
