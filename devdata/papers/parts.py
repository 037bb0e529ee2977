"""What all layouts of a bill share: its facts as labels and values, its rows as cells, totals and closing sentences."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from devdata.papers.bills import Bill
from devdata.papers.sheet import GREY, Grid, Sheet
from devdata.papers.wording import LABELS, UNITS, day, money, number, percent, spaced


def labels(bill: Bill) -> dict[str, str]:
    """The labels in the bill's language; those of a credit note where it is one."""
    found = LABELS[bill.language]
    if bill.credit:
        found = found | {n: found[f"credit_{n}"] for n in ("number", "date", "total")} | {"invoice": found["credit"]}
    return found


def facts(bill: Bill, style: str = "") -> list[tuple[str, str]]:
    """Number, dates and references, as label and value."""
    t, of = labels(bill), bill.language
    found = [(t["number"], bill.number), (t["date"], day(bill.issued_on, of, style))]
    found += [(t["order"], order) for order in bill.orders]
    found += [(t["delivery"], ", ".join(bill.delivery_notes[-2:]))] if bill.delivery_notes else []
    found += [(t["delivered"], day(bill.delivered_on, of, style))] if bill.delivered_on else []
    if bill.refers_to:
        found.append((t["refers"], bill.refers_to))
    elif not bill.credit:
        found.append((t["due"], day(bill.due_on, of, style)))
    return found


def sums(bill: Bill, style: str = "tax") -> list[tuple[str, str]]:
    """Net, tax by rate and total, as label and amount."""
    t, of, currency = labels(bill), bill.language, bill.currency
    found = [(t["net"], money(bill.net, currency, of))]
    for row in bill.taxes:
        label = t[style].format(rate=percent(row.rate, of), base=money(row.base, currency, of))
        found.append((label, money(row.tax, currency, of)))
    return [*found, (t["total"], money(bill.total, currency, of))]


def closing(bill: Bill, style: str = "") -> list[str]:
    """The sentences below the totals."""
    t, of = labels(bill), bill.language
    found = [text for text in (bill.reason, bill.note()) if text]
    if bill.credit:
        return found
    if bill.discount:
        rate, days = bill.discount
        last = bill.issued_on.fromordinal(bill.issued_on.toordinal() + days)
        found.append(t["discount"].format(percent=percent(rate, of), day=day(last, of, style)) + ".")
    return [*found, t["pay"].format(due=day(bill.due_on, of, style))]


def account(bill: Bill) -> list[str]:
    """Bank, IBAN and BIC, or the account number of banks without."""
    if bill.iban is None:
        return [f"{bill.bank}", f"Account {bill.supplier['account_number']}", f"SWIFT {bill.bic}"]
    return [f"{bill.bank}", f"IBAN {spaced(bill.iban)}", f"BIC {bill.bic}"]


def seller_ids(bill: Bill) -> list[str]:
    """VAT id, tax number and register entry."""
    t, seller = labels(bill), bill.supplier
    vat = f"{t['vat_id']} {seller['vat_id']}" if seller["vat_id"] else ""
    tax = f"{t['tax_number']} {seller['tax_number']}" if seller["tax_number"] else ""
    return [line for line in (vat, tax, seller["register"]) if line]


def contacts(bill: Bill) -> list[str]:
    """Phone, mail and web address."""
    seller = bill.supplier
    return [line for line in (seller["phone"], seller["email"], seller["website"]) if line]


def rows(bill: Bill, order: Sequence[str], style: str = "") -> list[list[str]]:
    """The cells of each row in the given order of columns."""
    of, plain = bill.language, []
    for row in bill.rows:
        price = money(row.price, bill.currency, of) if style == "signs" else number(row.price, of)
        amount = money(row.amount, bill.currency, of) if style == "signs" else number(row.amount, of)
        unit = UNITS[of][row.unit]
        cells = {
            "position": str(row.position),
            "code": row.code,
            "text": row.text,
            "quantity": number(row.quantity, of, None),
            "measure": f"{number(row.quantity, of, None)} {unit}",
            "unit": unit,
            "price": price,
            "rate": f"{percent(row.rate, of)}{'' if of == 'en' else ' '}%",
            "amount": amount,
        }
        plain.append([cells[name] for name in order])
    return plain


def body(bill: Bill, grid: Grid, cells: Sequence[Sequence[str]]) -> None:
    """All rows, with what is carried over where the page is turned."""
    t, running = labels(bill), Decimal(0)
    grid.head()
    for row, values in zip(bill.rows, cells, strict=True):
        sums = (running, running + row.amount)
        before, after = (f"{t['carry']}  {money(v, bill.currency, bill.language)}" if v else "" for v in sums)
        grid.row(values, row.details, before, after)
        running += row.amount
    grid.close()


def total_block(sheet: Sheet, pairs: Sequence[tuple[str, str]], left: float, right: float, size: float = 9.5) -> None:
    """The sums, the last one bold below a line."""
    sheet.room(len(pairs) * 5.4 + 4)
    for label, value in pairs[:-1]:
        sheet.text(left, sheet.y, label, size)
        sheet.text(right, sheet.y, value, size, align="r")
        sheet.y += 5.2
    sheet.rule(left, right, sheet.y - 3.4, 0.7)
    sheet.y += 0.8
    sheet.text(left, sheet.y, pairs[-1][0], size + 1, bold=True)
    sheet.text(right, sheet.y, pairs[-1][1], size + 1, bold=True, align="r")
    sheet.y += 9


def paragraphs(sheet: Sheet, values: Sequence[str], left: float = 22, width: float = 165, size: float = 9.5) -> None:
    """Sentences, wrapped, with space between them."""
    for value in values:
        lines = sheet.wrapped(value, width, size)
        sheet.room(len(lines) * 4.6)
        sheet.y = sheet.lines(left, sheet.y, lines, size) + 1.2


def three_columns(sheet: Sheet, parts: Sequence[Sequence[str]], y: float, size: float = 7) -> None:
    """A footer in three columns."""
    sheet.rule(22, 190, y - 4.2, 0.4, GREY)
    for x, part in zip((22, 82, 140), parts, strict=True):
        sheet.lines(x, y, part, size, 3.3, color=GREY)
