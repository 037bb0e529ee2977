"""Paper that is no invoice: reminders, delivery notes, terms."""

from __future__ import annotations

from datetime import date

from devdata.papers.bills import Bill
from devdata.papers.parts import account, seller_ids, three_columns
from devdata.papers.sheet import GREY, HELVETICA, Column, Grid, Sheet
from devdata.papers.wording import UNITS, address, day, number


def _letterhead(bill: Bill, title: str) -> Sheet:
    s = Sheet(HELVETICA, title=title)
    s.text(22, 22, bill.supplier["name"], 16, bold=True)
    s.text(22, 50, " · ".join(address(bill.supplier, bill.language)[:3]), 6.5, color=GREY)
    s.lines(22, 56, address(bill.buyer, bill.language), 10.5, 5)
    s.text(22, 100, title, 13, bold=True)
    three_columns(s, (address(bill.supplier, bill.language)[:3], account(bill), seller_ids(bill)), 274)
    s.y = 112
    return s


def reminder(bill: Bill, on: date, sentences: list[str]) -> bytes:
    """A payment reminder (German)."""
    s = _letterhead(bill, "Zahlungserinnerung")
    s.text(190, 100, day(on, bill.language), 10, align="r")
    for sentence in sentences:
        s.y = s.lines(22, s.y, s.wrapped(sentence, 165, 10.5), 10.5, 5) + 3
    return s.done()


def delivery_note(bill: Bill, note: str, on: date) -> bytes:
    """A delivery note (German): quantities without prices."""
    s = _letterhead(bill, f"Lieferschein {note}")
    s.lines(
        122,
        56,
        [f"Lieferschein-Nr. {note}", f"Datum {day(on, 'de')}", f"Ihre Bestellung {bill.orders[0]}"],
        9.5,
        5,
    )
    columns = (
        Column("Pos.", 22, 30),
        Column("Artikel-Nr.", 32, 62),
        Column("Bezeichnung", 64, 140),
        Column("Liefermenge", 150, 188, True),
    )
    table = Grid(s, columns, ruled=True)
    table.head()
    for row in bill.rows:
        shown = f"{number(row.quantity, 'de', None)} {UNITS['de'][row.unit]}"
        table.row([str(row.position), row.code, row.text, shown])
    table.close()
    s.y += 20
    s.lines(22, s.y, ["Ware vollständig und in einwandfreiem Zustand erhalten:", "", "_______________________________"])
    return s.done()
